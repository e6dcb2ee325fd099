import type { ReactNode } from "react";
import type { ProjectItem } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

export interface RemovedProjectsProps {
  readonly projects: readonly ProjectItem[];
  /** A row has gone back. */
  readonly onBack: () => void;
}

/** What was removed and can still be put back. */
export function RemovedProjects({ projects, onBack }: RemovedProjectsProps): ReactNode {
  const words = useTexts().projects;
  const busy = useLab((state) => state.projects.work !== "none");
  const { restoreProject } = useActions();
  return (
    <section aria-label={words.removed}>
      <h3>{words.removed}</h3>
      <p className="faint">{words.removedText}</p>
      {projects.map(({ id, name }) => (
        <div key={id} className="storage-line">
          <p>{name}</p>
          <Button tone="quiet" aria-label={words.putBackOne(name)} disabled={busy} onClick={() => void restoreProject(id).then(onBack)}>
            {words.putBack}
          </Button>
        </div>
      ))}
    </section>
  );
}
