import { useCallback, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";
import type { PictureHandle } from "../../charts/exportChart.ts";
import { Heatmap } from "../../charts/Heatmap.tsx";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import { useLab, useLabParts } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { useTheme } from "../../ui/theme.ts";
import { ChartExport } from "../ChartExport.tsx";
import { Problem } from "../Problem.tsx";
import { RoutingTable } from "../routing/RoutingTable.tsx";
import type { HeatmapFacts } from "./columnFacts.ts";
import { ColumnTable } from "./ColumnTable.tsx";
import { ExpertChoice } from "./ExpertChoice.tsx";
import { HeatmapFoot } from "./HeatmapFoot.tsx";
import { differenceRows, frameRows } from "./heatmapRows.ts";
import { HeatmapTools } from "./HeatmapTools.tsx";
import type { HeatmapChoice } from "./HeatmapTools.tsx";
import type { Shown } from "./sources.ts";
import { TrialView } from "./TrialView.tsx";
import { useHeatmapFact, useHeatmapReading } from "./useHeatmapFacts.ts";
import type { HeatmapReading } from "./useHeatmapFacts.ts";

const HEIGHT = 420;
const FIRST: HeatmapChoice = { which: "a", group: null, whole: false, pickedOnly: false, asTable: false };

/** The routing of one prompt, of another, or the difference of both, with the numbers of a column beside it. */
export function HeatmapView(): ReactNode {
  const texts = useTexts();
  const words = texts.microscope.heatmap;
  const { frames } = useLabParts();
  const { otherFrames } = useMicroscopeParts();
  const overrides = useMicroscope((state) => state.overrides);
  const otherError = useMicroscope((state) => state.other.error);
  const stale = useLab((state) => state.routing.status === "waiting");
  const [choice, setChoice] = useState(FIRST);
  const [cell, setCell] = useState<HeatmapCell | null>(null);
  const [expert, setExpert] = useState<{ readonly cell: HeatmapCell; readonly byKey: boolean } | null>(null);
  const picture = useRef<PictureHandle>(null);
  const root = useRef<HTMLDivElement>(null);

  const { which, group, pickedOnly, asTable } = choice;
  const shown = useMemo<Shown>(
    () => ({ layerLabel: texts.routing.layer, group, pickedOnly, overrides }),
    [texts, group, pickedOnly, overrides],
  );
  const reading = useHeatmapReading(which, frames, otherFrames, shown);
  const state = useHeatmapFact(reading, stateOf);
  const layers = useHeatmapFact(reading, layersOf);
  const owners = useHeatmapFact(reading, ownersOf);
  const at = useMemo(() => (cell && group !== null ? { ...cell, group } : cell), [cell, group]);
  const chosen = useMemo(() => expert && (group === null ? expert.cell : { ...expert.cell, group }), [expert, group]);
  const change = useCallback((next: Partial<HeatmapChoice>) => setChoice((last) => ({ ...last, ...next })), []);
  const toGrid = useCallback(() => root.current?.querySelector<HTMLElement>(".heatmap-canvas")?.focus(), []);
  const name = `${words.exportName} ${words.shown[which]}`;
  const rows = (): (string | number)[][] => {
    const { a, b, own, apart } = reading.read();
    if (apart && a && b) return differenceRows(a, b, apart, words.csv);
    return own ? frameRows(own, words.csv) : [];
  };
  const tabled = asTable && which !== "difference";

  return (
    <div ref={root} className="microscope-heatmap">
      <HeatmapTools choice={choice} layers={layers} onChange={change} />
      {otherError && which !== "a" && <Problem error={otherError} title={texts.routing.failed} />}
      <div className="microscope-columns">
        <div className="microscope-picture" data-stale={(stale && which !== "b") || undefined}>
          {state !== "there" && <Missing state={state} which={which} />}
          {state === "there" && tabled && <Table reading={reading} />}
          {state === "there" && !tabled && (
            <Picture
              reading={reading}
              choice={choice}
              cell={cell}
              onCell={setCell}
              onChoose={which === "a" ? (found, by) => setExpert({ cell: found, byKey: by === "key" }) : undefined}
              handle={picture}
            />
          )}
          <HeatmapFoot reading={reading} cell={at}>
            <ChartExport name={name} svg={tabled ? undefined : () => picture.current?.toSvg(name) ?? null} rows={rows} />
          </HeatmapFoot>
          {which === "a" && <ExpertChoice layers={layers} owners={owners} cell={chosen} byKey={expert?.byKey ?? false} onDone={toGrid} />}
          {which === "a" && <TrialView />}
        </div>
        <ColumnTable reading={reading} cell={at} />
      </div>
    </div>
  );
}

type Facts = Omit<HeatmapFacts, "cell">;
type State = "there" | "missing" | "unlike";

function stateOf({ which, a, b, own, apart }: Facts): State {
  if (which !== "difference") return own ? "there" : "missing";
  if (apart) return "there";
  return a && b ? "unlike" : "missing";
}

const NONE: readonly number[] = [];
const layersOf = ({ a }: Facts): readonly number[] => a?.layers ?? NONE;
const ownersOf = ({ a }: Facts): readonly number[] | undefined => a?.owners;

function Missing({ state, which }: { readonly state: State; readonly which: HeatmapChoice["which"] }): ReactNode {
  const { routing, microscope } = useTexts();
  const words = microscope.heatmap;
  return <p className="faint routing-empty">{state === "unlike" ? words.otherShape : which === "a" ? routing.empty : words.otherEmpty}</p>;
}

interface PictureProps extends Pick<Parameters<typeof Heatmap>[0], "cell" | "onCell" | "onChoose" | "handle"> {
  readonly reading: HeatmapReading;
  readonly choice: HeatmapChoice;
}

function Picture({ reading, choice, ...grid }: PictureProps): ReactNode {
  const { routing, microscope } = useTexts();
  const { chart, shown } = microscope.heatmap;
  return (
    <Heatmap
      {...grid}
      source={reading.source}
      theme={useTheme()}
      label={chart(shown[choice.which])}
      roleDescription={routing.chartKind}
      captions={routing.captions}
      height={HEIGHT}
      whole={choice.whole}
    />
  );
}

const frameOf = ({ own }: Facts): Facts["own"] => own;

function Table({ reading }: { readonly reading: HeatmapReading }): ReactNode {
  const frame = useHeatmapFact(reading, frameOf);
  return frame && <RoutingTable frame={frame} />;
}
