import type { ReactNode } from "react";
import { secondsAnEdit, timeLeft } from "../../store/evaluationSlice.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatDuration, formatSeconds } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { nameOf } from "./resultData.ts";
import { RunControls } from "./RunForm.tsx";

/** From here on a person may want fewer edits, in seconds. */
const LONG = 1800;

export function EvaluationProgress({ run }: { readonly run: EvaluationRun }): ReactNode {
  const texts = useTexts();
  const words = texts.evaluation.progress;
  const software = useLab((state) => state.device.facts?.software ?? false);
  const open = useLab((state) => state.evaluation.open);
  const left = timeLeft(run);
  const speed = secondsAnEdit(run);
  return (
    <div className="evaluation-progress">
      <ProgressBar label={words.label} share={run.of === null ? null : run.done / run.of} />
      <p role="status">
        <strong>{nameOf(run)}</strong> <PhaseText run={run} />
      </p>
      <StatList>
        <Stat label={words.done[0]} hint={words.done[1]}>
          {words.doneText(run.done, run.of === null ? texts.common.none : String(run.of))}
        </Stat>
        <Stat label={words.speed[0]} hint={words.speed[1]}>
          {speed === null ? texts.common.none : formatSeconds(speed)}
        </Stat>
        <Stat label={words.left[0]} hint={words.left[1]}>
          {left ? words.leftText(formatDuration(left.seconds), left.atLeast) : words.leftUnknown}
        </Stat>
        {run.refused.length > 0 && (
          <Stat label={words.refused[0]} hint={words.refused[1]}>
            {run.refused.length}
          </Stat>
        )}
      </StatList>
      {!open && <RunControls />}
      {software && left && left.seconds > LONG && (
        <Notice tone="warning" title={words.long(formatDuration(left.seconds))}>
          <p>{words.longHint}</p>
        </Notice>
      )}
    </div>
  );
}

function PhaseText({ run: { phase, done, of } }: { readonly run: EvaluationRun }): ReactNode {
  const words = useTexts().evaluation.progress;
  const pausing = useLab((state) => state.evaluation.pausing);
  const held = useLab((state) => state.evaluation.held);
  if (held) return words.held;
  if (pausing) return words.pausing;
  if (phase.kind === "measuring") return words.measuring(phase.afterEdits, phase.done, phase.of);
  return phase.kind === "starting" || of === null ? words.starting : words.editing(done + 1, of);
}
