import type { ReactNode } from "react";
import { secondsAnEdit, timeLeft } from "../../store/evaluationSlice.ts";
import type { EvaluationRun } from "../../store/evaluationSlice.ts";
import { useLab } from "../../store/lab.ts";
import { formatDuration, formatSeconds } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { texts } from "../texts.ts";
import { evaluationTexts } from "./evaluationTexts.ts";
import { nameOf } from "./resultData.ts";
import { RunControls } from "./RunForm.tsx";

const WORDS = evaluationTexts.progress;

/** From here on a person may want fewer edits, in seconds. */
const LONG = 1800;

export function EvaluationProgress({ run }: { readonly run: EvaluationRun }): ReactNode {
  const software = useLab((state) => state.device.facts?.software ?? false);
  const open = useLab((state) => state.evaluation.open);
  const left = timeLeft(run);
  const speed = secondsAnEdit(run);
  return (
    <div className="evaluation-progress">
      <ProgressBar label={WORDS.label} share={run.of === null ? null : run.done / run.of} />
      <p role="status">
        <strong>{nameOf(run)}</strong> <PhaseText run={run} />
      </p>
      <StatList>
        <Stat label={WORDS.done[0]} hint={WORDS.done[1]}>
          {WORDS.doneText(run.done, run.of === null ? texts.common.none : String(run.of))}
        </Stat>
        <Stat label={WORDS.speed[0]} hint={WORDS.speed[1]}>
          {speed === null ? texts.common.none : formatSeconds(speed)}
        </Stat>
        <Stat label={WORDS.left[0]} hint={WORDS.left[1]}>
          {left ? WORDS.leftText(formatDuration(left.seconds), left.atLeast) : WORDS.leftUnknown}
        </Stat>
        {run.refused.length > 0 && (
          <Stat label={WORDS.refused[0]} hint={WORDS.refused[1]}>
            {run.refused.length}
          </Stat>
        )}
      </StatList>
      {!open && <RunControls />}
      {software && left && left.seconds > LONG && (
        <Notice tone="warning" title={WORDS.long(formatDuration(left.seconds))}>
          <p>{WORDS.longHint}</p>
        </Notice>
      )}
    </div>
  );
}

function PhaseText({ run: { phase, done, of } }: { readonly run: EvaluationRun }): ReactNode {
  const pausing = useLab((state) => state.evaluation.pausing);
  const held = useLab((state) => state.evaluation.held);
  if (held) return WORDS.held;
  if (pausing) return WORDS.pausing;
  if (phase.kind === "measuring") return WORDS.measuring(phase.afterEdits, phase.done, phase.of);
  return phase.kind === "starting" || of === null ? WORDS.starting : WORDS.editing(done + 1, of);
}
