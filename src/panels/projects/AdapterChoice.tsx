import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PickMenu } from "../../ui/PickMenu.tsx";

/** An archive holds several adapters, each of which answers every prompt: one of them becomes a project. */
export function AdapterChoice(): ReactNode {
  const words = useTexts().projects.adapters;
  const choice = useLab((state) => state.projects.choice);
  const idle = useLab((state) => activityOf(state) === "idle" && state.projects.work === "none");
  const { chooseAdapter } = useActions();
  if (!choice) return null;
  return (
    <Notice tone="info" title={words.several(choice.folders.length)}>
      <p>{words.severalText}</p>
      <div className="projects-acts">
        <PickMenu
          label={words.choose}
          items={choice.folders.map((folder) => folder || words.top)}
          disabled={!idle}
          onPick={(index) => void chooseAdapter(choice.folders[index] ?? null)}
        />
        <Button tone="quiet" onClick={() => void chooseAdapter(null)}>
          {words.chooseNone}
        </Button>
      </div>
    </Notice>
  );
}
