import { useRef } from "react";
import type { ReactNode } from "react";
import type { AdapterExport } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { formatDay } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";
import { AdapterChoice } from "./AdapterChoice.tsx";
import { ProjectNotices } from "./ProjectNotices.tsx";
import { ProjectRow } from "./ProjectRow.tsx";
import { RemovedProjects } from "./RemovedProjects.tsx";
import { SafetyMark } from "./SafetyMark.tsx";
import { useAdapterExport } from "./useProjectExport.ts";
import { useProjectDrop } from "./useProjectDrop.ts";
import "../storage/storage.css";
import "./projects.css";

/** What is kept of the person's work, and what can be done about it. */
export function ProjectsPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.projects;
  const facts = useLab((state) => state.projects.facts);
  const listRef = useRef<HTMLDivElement>(null);
  const drop = useProjectDrop();
  const list = facts?.list.filter(({ deleted }) => deleted === null) ?? [];
  const removed = facts?.list.filter(({ deleted }) => deleted !== null) ?? [];
  /** The button that had the keys went with its row. */
  const keepFocus = (): void => {
    if (document.activeElement === document.body) listRef.current?.focus();
  };
  return (
    <Panel title={texts.regions.projects} id="projects" aside={<SafetyMark />}>
      <div className="projects" ref={listRef} tabIndex={-1} {...drop}>
        <ProjectNotices />
        <p className="faint">{words.intro}</p>
        {facts?.role === "writer" &&
          (list.length === 0 ? (
            <p className="faint">{words.none}</p>
          ) : (
            <table className="storage-table" aria-label={words.caption}>
              <thead>
                <tr>
                  <th scope="col">{words.columns.name}</th>
                  <th scope="col">{words.columns.model}</th>
                  <th scope="col">{words.columns.edits}</th>
                  <th scope="col">{words.columns.created}</th>
                  <th scope="col">
                    <span className="unseen">{words.columns.actions}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {list.map((project) => (
                  <ProjectRow key={project.id} project={project} current={project.id === facts.current} onGone={keepFocus} />
                ))}
              </tbody>
            </table>
          ))}
        {removed.length > 0 && <RemovedProjects projects={removed} onBack={keepFocus} />}
        <ProjectTools />
        <AdapterChoice />
      </div>
    </Panel>
  );
}

function ProjectTools(): ReactNode {
  const words = useTexts().projects;
  const idle = useLab((state) => activityOf(state) === "idle" && state.projects.work === "none");
  const { newProject, importProject, importAdapters } = useActions();
  return (
    <div className="projects-acts">
      <Button disabled={!idle} onClick={() => void newProject(words.newName(formatDay(new Date().toISOString())))}>
        {words.begin}
      </Button>
      <FilePick label={words.importFile} disabled={!idle} onPick={([file]) => void (file && importProject(file))} />
      <FilePick
        label={words.adapters.pick}
        hint={words.adapters.pickHint}
        disabled={!idle}
        onPick={(files) => void importAdapters(files)}
      />
      <AdapterMenu idle={idle} />
    </div>
  );
}

/** What was learned, in the forms that the method has. */
function AdapterMenu({ idle }: { readonly idle: boolean }): ReactNode {
  const words = useTexts().projects.adapters;
  const method = useLab((state) => state.model.facts?.method ?? null);
  const edits = useLab((state) => state.edit.edits.length);
  const exportAdapters = useAdapterExport();
  const imported = useLab((state) => state.model.facts?.imported ?? false);
  if (method === null || (edits === 0 && !imported)) return null;
  const forms = Object.entries(words[method]) as [AdapterExport["form"], string][];
  return (
    <PickMenu
      label={words.label}
      items={forms.map(([, label]) => label)}
      disabled={!idle}
      onPick={(index) => {
        const [form] = forms[index] ?? [];
        if (form) void exportAdapters(form);
      }}
    />
  );
}
