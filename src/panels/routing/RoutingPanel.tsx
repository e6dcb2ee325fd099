import { lazy, Suspense, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { ColourLegend } from "../../charts/ColourLegend.tsx";
import { Heatmap } from "../../charts/Heatmap.tsx";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import { latePart } from "../../lib/lateParts.ts";
import { useActions, useLab, useLabParts, useRoutingFrame } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { formatProbability } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { useTheme } from "../../ui/theme.ts";
import { promptErrors } from "../generate/PromptPanel.tsx";
import { Problem } from "../Problem.tsx";
import { visibleToken } from "../tokenText.ts";
import { cellFacts, heatmapSource, scaleTop } from "./frameData.ts";
import { RoutingTable } from "./RoutingTable.tsx";
import "./routing.css";

const HEIGHT = 308;
const Microscope = lazy(latePart(async () => ({ default: (await import("../microscope/Microscope.tsx")).Microscope })));

export function RoutingPanel(): ReactNode {
  const texts = useTexts();
  const words = texts.routing;
  const { frames } = useLabParts();
  const status = useLab((state) => state.routing.status);
  const error = useLab((state) => state.routing.error);
  const loaded = useLab((state) => state.model.facts !== null);
  const frame = useRoutingFrame();
  const theme = useTheme();
  const source = useMemo(() => heatmapSource(frames, words.layer), [frames, words]);
  const top = frame ? scaleTop(frame) : 1;
  const [cell, setCell] = useState<HeatmapCell | null>(null);
  const [asTable, setAsTable] = useState(false);
  return (
    <>
      <Panel
        title={texts.regions.routing}
        aside={
          <>
            <MicroscopeButton />
            <Button tone="quiet" aria-pressed={asTable} disabled={!frame} onClick={() => setAsTable(!asTable)}>
              {asTable ? words.asHeatmap : words.asTable}
            </Button>
          </>
        }
      >
        <p className="routing-note">{words.whatIf}</p>
        {error && !promptErrors.includes(error.code) && <Problem error={error} title={words.failed} />}
        <div className="routing-picture" data-stale={status === "waiting" || undefined}>
          {!frame && <p className="faint routing-empty">{loaded ? words.empty : words.notLoaded}</p>}
          {frame && asTable && <RoutingTable frame={frame} />}
          {frame && !asTable && (
            <Heatmap
              source={source}
              theme={theme}
              label={words.chart}
              roleDescription={words.chartKind}
              captions={words.captions}
              cell={cell}
              onCell={setCell}
              height={HEIGHT}
            />
          )}
        </div>
        <div className="routing-foot">
          {asTable ? <span /> : <Readout cell={cell} />}
          <span className="routing-mark">
            <i aria-hidden="true" /> {words.picked}
          </span>
          <ColourLegend theme={theme} label={words.legend(top)} top={top} />
        </div>
      </Panel>
      <MicroscopeOverlay />
    </>
  );
}

function MicroscopeButton(): ReactNode {
  const words = useTexts().microscope;
  const ready = useLab((state) => state.model.status === "ready");
  const { openOverlay } = useActions();
  return (
    <Button tone="quiet" title={words.openHint} disabled={!ready} onClick={() => openOverlay("microscope")}>
      {words.open}
    </Button>
  );
}

/** The routing over the whole window; its script comes with the first time. */
function MicroscopeOverlay(): ReactNode {
  const words = useTexts().microscope;
  const open = useLab((state) => state.overlay === "microscope");
  const { openOverlay } = useActions();
  if (!open) return null;
  const loading = (
    <Dialog title={words.title} closeLabel={words.close} full onClose={() => openOverlay("none")}>
      <p className="faint">{words.loading}</p>
    </Dialog>
  );
  return (
    <Suspense fallback={loading}>
      <Microscope />
    </Suspense>
  );
}

function Readout({ cell }: { readonly cell: HeatmapCell | null }): ReactNode {
  const words = useTexts().routing;
  const frame = useRoutingFrame();
  const facts = frame && cell ? cellFacts(frame, cell) : null;
  return (
    <p className="routing-readout" aria-live="polite">
      {facts ? (
        <>
          {(facts.owner === null ? words.readout : words.ownReadout)(
            visibleToken(facts.token),
            facts.layer,
            facts.owner ?? facts.expert,
            formatProbability(facts.probability),
            facts.picked,
          )}
          {facts.place === "decides" && ` · ${words.decides}`}
          {facts.place === "generated" && ` · ${words.generated}`}
        </>
      ) : (
        <span className="faint">{words.readoutHint}</span>
      )}
    </p>
  );
}
