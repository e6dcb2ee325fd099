import { useRef } from "react";
import type { ReactNode } from "react";
import { elementSvg } from "../../charts/exportChart.ts";
import { SeriesChart } from "../../charts/SeriesChart.tsx";
import type { TrainingStep } from "../../engine/protocol.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatFew } from "../../ui/format.ts";
import { ProgressBar } from "../../ui/ProgressBar.tsx";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";

/** Both losses of the running or latest training: two charts, since their sizes differ. */
export function TrainingLosses(): ReactNode {
  const words = useTexts().edit;
  const status = useLab((state) => state.edit.status);
  const curve = useLab((state) => state.edit.curve);
  const latest = useLab((state) => state.edit.latest);
  const training = status === "training";
  if (curve.length === 0 && !training) return <p className="faint edit-losses-empty">{words.noLosses}</p>;
  return (
    <div className="edit-losses quiet-menus">
      <div className="edit-step">
        <ProgressBar label={words.progress} share={latest ? latest.step / latest.steps : training ? null : 0} />
        <span>{latest ? words.step(latest.step, latest.steps) : words.preparing}</span>
      </div>
      <LossChart
        name={words.lmLoss}
        hint={words.lmHint}
        curve={curve}
        steps={latest?.steps ?? 1}
        colour="var(--series-1)"
        read={(step) => step.lmLoss}
      />
      <LossChart
        name={words.guidedLoss}
        hint={words.guidedHint}
        curve={curve}
        steps={latest?.steps ?? 1}
        colour="var(--series-2)"
        read={(step) => step.guidedLoss}
      />
    </div>
  );
}

interface LossChartProps {
  readonly name: string;
  readonly hint: string;
  readonly curve: readonly TrainingStep[];
  readonly steps: number;
  readonly colour: string;
  readonly read: (step: TrainingStep) => number;
}

function LossChart({ name, hint, curve, steps, colour, read }: LossChartProps): ReactNode {
  const words = useTexts().edit;
  const points = curve.map((step) => ({ x: step.step, y: read(step) }));
  const summary = words.lossSummary(name, formatFew(points[0]?.y ?? Number.NaN), formatFew(points.at(-1)?.y ?? Number.NaN));
  const root = useRef<HTMLDivElement>(null);
  const title = (
    <>
      <Term hint={hint}>{name}</Term>
      <ChartExport
        name={name}
        svg={() => elementSvg(root.current, summary)}
        rows={() => [[words.stepLabel, name], ...points.map(({ x, y }) => [x, y])]}
      />
    </>
  );
  return (
    <div ref={root}>
      <SeriesChart
        title={title}
        name={name}
        summary={summary}
        points={points}
        xMax={steps}
        xLabel={words.stepLabel}
        colour={colour}
        height={92}
      />
    </div>
  );
}
