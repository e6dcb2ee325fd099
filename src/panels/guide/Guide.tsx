import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { guide as guideDe } from "../../texts/de/guide.ts";
import { guide as guideEn } from "../../texts/en/guide.ts";
import { guideTaskIds } from "../../texts/guideTexts.ts";
import type { GuideTaskId, GuideTexts } from "../../texts/guideTexts.ts";
import { currentLanguage, subscribeLanguage } from "../../texts/language.ts";
import type { Language } from "../../texts/language.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { commands } from "../palette/commands/commands.ts";
import { standingOf } from "../palette/command.ts";
import { useRunCommand } from "../palette/useRunCommand.ts";
import { filmAddress } from "./filmStrip.ts";
import { guideTasks } from "./guideTasks.ts";
import "./guide.css";

const words: Readonly<Record<Language, GuideTexts>> = { en: guideEn, de: guideDe };

/** The page task by task, each with ways to the parts it speaks of. */
export function Guide(): ReactNode {
  const { title, close } = useTexts().guide;
  const own = words[useSyncExternalStore(subscribeLanguage, currentLanguage)];
  const { openOverlay } = useActions();
  return (
    <Dialog wide title={title} closeLabel={close} onClose={() => openOverlay("none")}>
      <div className="guide">
        <p>{own.about}</p>
        {guideTaskIds.map((id, at) => (
          <Task key={id} id={id} words={own} open={at === 0} />
        ))}
      </div>
    </Dialog>
  );
}

/** One at a time: opening one closes the others. */
function Task({ id, words: own, open }: { readonly id: GuideTaskId; readonly words: GuideTexts; readonly open: boolean }): ReactNode {
  const { title, steps, note } = own.tasks[id];
  const { frame } = guideTasks[id];
  const picture = frame === undefined ? null : filmAddress(frame);
  return (
    <details className="guide-task" name="guide" open={open}>
      <summary>{title}</summary>
      <div className="guide-body">
        <div>
          <ol>
            {steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          <p className="guide-note">{note}</p>
          <Ways id={id} />
        </div>
        {picture !== null && <img src={picture} alt={own.picture(title)} loading="lazy" />}
      </div>
    </details>
  );
}

/** The commands that lead there, as far as this page has them. */
function Ways({ id }: { readonly id: GuideTaskId }): ReactNode {
  const texts = useTexts();
  const state = useLab((current) => current);
  const runCommand = useRunCommand();
  const there = guideTasks[id].commands
    .flatMap((wanted) => commands.filter((command) => command.id === wanted))
    .map((command) => ({ command, standing: standingOf(command, state) }))
    .filter(({ standing }) => standing !== "absent");
  return (
    <p className="guide-ways">
      {there.map(({ command, standing }) => (
        <Button key={command.id} disabled={standing === "not-now"} onClick={() => runCommand(command)}>
          {command.name(texts)}
        </Button>
      ))}
    </p>
  );
}
