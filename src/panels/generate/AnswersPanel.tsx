import { lazy, Suspense } from "react";
import type { ReactNode } from "react";
import { latePart } from "../../lib/lateParts.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { AnswerColumn } from "./AnswerColumn.tsx";
import "./generate.css";

const CompareMethods = lazy(latePart(async () => ({ default: (await import("../compare/CompareMethods.tsx")).CompareMethods })));

export function AnswersPanel(): ReactNode {
  const texts = useTexts();
  return (
    <>
      <Panel title={texts.regions.answers} aside={<OtherMethods />}>
        <div className="answers">
          <AnswerColumn column="base" />
          <AnswerColumn column="edited" />
        </div>
      </Panel>
      <CompareOverlay />
    </>
  );
}

function OtherMethods(): ReactNode {
  const words = useTexts().compare;
  const ready = useLab((state) => state.model.status === "ready");
  const { openOverlay } = useActions();
  return (
    <Button tone="quiet" title={words.openHint} disabled={!ready} onClick={() => openOverlay("compare")}>
      {words.open}
    </Button>
  );
}

/** The comparison with other methods over the whole window; its script comes with the first time. */
function CompareOverlay(): ReactNode {
  const words = useTexts().compare;
  const open = useLab((state) => state.overlay === "compare");
  const { openOverlay } = useActions();
  if (!open) return null;
  const loading = (
    <Dialog title={words.title} closeLabel={words.close} full onClose={() => openOverlay("none")}>
      <p className="faint">{words.loading}</p>
    </Dialog>
  );
  return (
    <Suspense fallback={loading}>
      <CompareMethods />
    </Suspense>
  );
}
