import type { ReactNode } from "react";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

/** The ways to the lessons and to a link, for the header. */
export function LearnButtons(): ReactNode {
  const { learn, share } = useTexts();
  const open = useLab((state) => state.lessons.open);
  const ready = useLab((state) => state.model.facts !== null);
  const { openLearn, openShare } = useActions();
  return (
    <>
      <Button tone="quiet" aria-expanded={open} title={learn.openHint} onClick={() => openLearn(!open)}>
        {learn.open}
      </Button>
      <Button tone="quiet" disabled={!ready} title={share.openHint} onClick={() => openShare(true)}>
        {share.open}
      </Button>
    </>
  );
}
