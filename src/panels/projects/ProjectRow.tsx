import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import type { ProjectItem } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/Field.tsx";
import { formatDay } from "../../ui/format.ts";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { useProjectExport } from "./useProjectExport.ts";

export interface ProjectRowProps {
  readonly project: ProjectItem;
  readonly current: boolean;
  /** The row is gone, and with it the button that was pressed. */
  readonly onGone: () => void;
}

export function ProjectRow({ project, current, onGone }: ProjectRowProps): ReactNode {
  const texts = useTexts();
  const words = texts.projects;
  const { id, name, about, created } = project;
  const [renaming, setRenaming] = useState(false);
  const free = useLab((state) => ["idle", "stopped"].includes(activityOf(state)) && state.projects.work === "none");
  const { openProject, duplicateProject, removeProject } = useActions();
  const exportProject = useProjectExport();
  const acts = [
    [words.rename, () => setRenaming(true)],
    [words.duplicate, () => void duplicateProject(id, words.copyOf(name))],
    [words.exportOne, () => void exportProject(id)],
    ...(current ? [] : ([[words.remove, () => void removeProject(id).then(onGone)]] as const)),
  ] as const;
  return (
    <tr data-current={current || undefined}>
      <th scope="row">
        {renaming ? <Renaming id={id} name={name} onDone={() => setRenaming(false)} /> : name}
        {current && <span className="faint-text"> {words.inUse}</span>}
      </th>
      <td data-label={words.columns.model}>{about?.model ?? texts.common.none}</td>
      <td data-label={words.columns.edits}>{about ? words.edits(about.edits) : texts.common.none}</td>
      <td data-label={words.columns.created}>{formatDay(new Date(created).toISOString())}</td>
      <td>
        {!current && (
          <Button tone="quiet" aria-label={words.openOne(name)} disabled={!free} onClick={() => void openProject(id)}>
            {words.open}
          </Button>
        )}
        <PickMenu
          label={words.moreShort}
          name={words.more(name)}
          items={acts.map(([label]) => label)}
          disabled={!free}
          onPick={(index) => acts[index]?.[1]()}
        />
      </td>
    </tr>
  );
}

function Renaming({ id, name, onDone }: { readonly id: string; readonly name: string; readonly onDone: () => void }): ReactNode {
  const words = useTexts().projects;
  const [text, setText] = useState(name);
  const { renameProject } = useActions();
  const rename = (event: FormEvent): void => {
    event.preventDefault();
    void renameProject(id, text).then(onDone);
  };
  return (
    <form className="projects-rename" onSubmit={rename}>
      <TextField label={words.renameField} value={text} onChange={setText} />
      <Button type="submit" disabled={text.trim() === ""}>
        {words.renameDone}
      </Button>
      <Button tone="quiet" onClick={onDone}>
        {words.cancel}
      </Button>
    </form>
  );
}
