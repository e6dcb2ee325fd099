import { useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { ColourLegend } from "../../charts/ColourLegend.tsx";
import type { PictureHandle } from "../../charts/exportChart.ts";
import { Heatmap } from "../../charts/Heatmap.tsx";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import { useLab, useLabParts, useRoutingFrame } from "../../store/lab.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { useTheme } from "../../ui/theme.ts";
import { ChartExport } from "../ChartExport.tsx";
import { Problem } from "../Problem.tsx";
import { scaleTop } from "../routing/frameData.ts";
import { RoutingTable } from "../routing/RoutingTable.tsx";
import { ColumnTable } from "./ColumnTable.tsx";
import { ExpertChoice } from "./ExpertChoice.tsx";
import { differenceRows, frameRows } from "./heatmapRows.ts";
import { HeatmapReadout } from "./HeatmapReadout.tsx";
import { HeatmapTools } from "./HeatmapTools.tsx";
import type { HeatmapChoice } from "./HeatmapTools.tsx";
import { differenceSource, frameSource } from "./sources.ts";
import type { Shown } from "./sources.ts";
import { TrialView } from "./TrialView.tsx";

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
  const frame = useRoutingFrame();
  const other = useSyncExternalStore(otherFrames.subscribe, otherFrames.read);
  const theme = useTheme();
  const [choice, setChoice] = useState(FIRST);
  const [cell, setCell] = useState<HeatmapCell | null>(null);
  const [expert, setExpert] = useState<{ readonly cell: HeatmapCell; readonly byKey: boolean } | null>(null);
  const picture = useRef<PictureHandle>(null);
  const root = useRef<HTMLDivElement>(null);

  const { which, group, whole, pickedOnly, asTable } = choice;
  const shown = useMemo<Shown>(
    () => ({ layerLabel: texts.routing.layer, group, pickedOnly, overrides }),
    [texts, group, pickedOnly, overrides],
  );
  const difference = useMemo(() => differenceSource(frames, otherFrames, shown), [frames, otherFrames, shown]);
  const source = useMemo(
    () => (which === "difference" ? difference : frameSource(which === "a" ? frames : otherFrames, shown)),
    [which, difference, frames, otherFrames, shown],
  );
  // Both are read again when a frame comes: the hooks above listen.
  const apart = which === "difference" ? difference.difference() : null;
  const own = which === "b" ? other : frame;
  const unlike = which === "difference" && frame !== null && other !== null && apart === null;
  const missing = which === "a" ? frame === null : which === "b" ? other === null : apart === null;
  const top = apart ? apart.data.top : own ? scaleTop(own) : 1;
  const at = useMemo(() => (cell && group !== null ? { ...cell, group } : cell), [cell, group]);
  const chosen = useMemo(() => expert && (group === null ? expert.cell : { ...expert.cell, group }), [expert, group]);
  const facts = { which, a: frame, b: other, own, apart, cell: at };
  const toGrid = (): void => root.current?.querySelector<HTMLElement>(".heatmap-canvas")?.focus();

  return (
    <div ref={root} className="microscope-heatmap">
      <HeatmapTools choice={choice} layers={frame?.layers ?? []} onChange={(next) => setChoice({ ...choice, ...next })}>
        <ChartExport
          name={`${words.exportName} ${words.shown[which]}`}
          svg={() => picture.current?.toSvg(`${words.exportName} ${words.shown[which]}`) ?? null}
          rows={() => (apart && frame && other ? differenceRows(frame, other, apart, words.csv) : own ? frameRows(own, words.csv) : [])}
        />
      </HeatmapTools>
      {otherError && which !== "a" && <Problem error={otherError} title={texts.routing.failed} />}
      <div className="microscope-columns">
        <div className="microscope-picture" data-stale={(stale && which !== "b") || undefined}>
          {missing && (
            <p className="faint routing-empty">{unlike ? words.otherShape : which === "a" ? texts.routing.empty : words.otherEmpty}</p>
          )}
          {!missing && asTable && which !== "difference" && own && <RoutingTable frame={own} />}
          {!missing && (!asTable || which === "difference") && (
            <Heatmap
              source={source}
              theme={theme}
              label={words.chart(words.shown[which])}
              roleDescription={texts.routing.chartKind}
              captions={texts.routing.captions}
              cell={cell}
              onCell={setCell}
              onChoose={which === "a" ? (found, by) => setExpert({ cell: found, byKey: by === "key" }) : undefined}
              height={HEIGHT}
              whole={whole}
              handle={picture}
            />
          )}
          <div className="routing-foot">
            <HeatmapReadout {...facts} />
            <span className="routing-mark">
              <i aria-hidden="true" /> {apart ? words.differs : texts.routing.picked}
            </span>
            <ColourLegend
              theme={theme}
              label={apart ? words.differenceLegend(top) : texts.routing.legend(top)}
              top={top}
              diverging={apart !== null}
            />
          </div>
          {apart && <p className="microscope-said">{words.decidingDiffer(apart.decidingDiffer)}</p>}
          {which === "a" && <ExpertChoice frame={frame} cell={chosen} byKey={expert?.byKey ?? false} onDone={toGrid} />}
          {which === "a" && <TrialView />}
        </div>
        <ColumnTable {...facts} />
      </div>
    </div>
  );
}
