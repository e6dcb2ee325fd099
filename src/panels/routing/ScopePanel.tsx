import type { ReactNode } from "react";
import { ThresholdGauge } from "../../charts/ThresholdGauge.tsx";
import type { ScopeDecision } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf, largestDistance } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFixed } from "../../ui/format.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Term } from "../../ui/Term.tsx";
import { Part } from "../learn/Part.tsx";
import { ScopeCodes } from "./ScopeCodes.tsx";
import "./routing.css";

export function ScopePanel(): ReactNode {
  const texts = useTexts();
  const scope = useLab((state) => state.routing.scope);
  const stale = useLab((state) => state.routing.status === "waiting");
  return (
    <Panel
      title={texts.regions.scope}
      aside={
        <Part id="threshold">
          <ThresholdDial />
        </Part>
      }
    >
      <div className="scope" data-stale={stale || undefined}>
        {scope && scope.nearestEdit !== null ? <Decided scope={scope} /> : <Undecided />}
        {scope?.measure === "bits" && <ScopeCodes scope={scope} />}
      </div>
    </Panel>
  );
}

function Undecided(): ReactNode {
  const words = useTexts().scope;
  // Codes always have a nearest edit: a decision without one was made when there was none.
  const none = useLab(({ edit, routing }) => edit.edits.length === 0 || routing.scope?.measure === "bits");
  const everywhere = useLab(({ routing }) => routing.scope?.inScope ?? false);
  if (everywhere)
    return (
      <p className="scope-verdict" aria-live="polite" data-in-scope>
        <strong>{words.imported}</strong> <span className="faint">{words.importedHint}</span>
      </p>
    );
  return (
    <p className="scope-verdict" aria-live="polite">
      <strong>{none ? words.none : words.deferred}</strong> <span className="faint">{none ? words.noneHint : words.unnamed}</span>
    </p>
  );
}

function Decided({ scope }: { readonly scope: ScopeDecision }): ReactNode {
  const words = useTexts().scope;
  const cosine = scope.measure === "cosine";
  return (
    <>
      <p className="scope-verdict" aria-live="polite" data-in-scope={scope.inScope || undefined}>
        <strong>{words.verdict(scope)}</strong> <span>{cosine ? words.cosineReason(scope) : words.reason(scope)}</span>
      </p>
      {cosine ? <CosineGauge scope={scope} /> : <BitsGauge scope={scope} />}
    </>
  );
}

function BitsGauge({ scope }: { readonly scope: ScopeDecision }): ReactNode {
  const words = useTexts().scope;
  const { distances, threshold, bits, nearestEdit } = scope;
  const settings = useLab((state) => state.model.facts?.settings);
  const most = settings ? largestDistance(settings) : bits;
  const ticks = distances.map(({ edit, distance }) => ({
    key: edit,
    value: distance,
    label: words.tick(edit, distance),
    emphasis: edit === nearestEdit,
  }));
  return (
    <ThresholdGauge
      max={most}
      threshold={threshold}
      ticks={ticks}
      summary={words.gauge(ticks.map(({ label }) => label).join(". "), threshold, most)}
      insideLabel={words.inside}
      outsideLabel={words.outside(most)}
      thresholdLabel={words.thresholdShort(threshold)}
    />
  );
}

/** The gauge counts in whole numbers. */
const THOUSANDTHS = 1000;

/** Each edit has a radius of its own: the one on show is the nearest edit's. */
function CosineGauge({ scope: { distances, threshold, nearestEdit } }: { readonly scope: ScopeDecision }): ReactNode {
  const words = useTexts().scope;
  const ticks = distances.map(({ edit, distance }) => ({
    key: edit,
    value: Math.round(distance * THOUSANDTHS),
    label: words.cosineTick(edit, formatFixed(distance, 3)),
    emphasis: edit === nearestEdit,
  }));
  const radius = formatFixed(threshold, 3);
  return (
    <ThresholdGauge
      max={Math.max(2 * threshold * THOUSANDTHS, ...ticks.map(({ value }) => value))}
      threshold={Math.round(threshold * THOUSANDTHS)}
      ticks={ticks}
      summary={words.cosineGauge(ticks.map(({ label }) => label).join(". "), radius)}
      insideLabel={words.inside}
      outsideLabel={words.farther}
      thresholdLabel={words.radius(radius)}
    />
  );
}

/** ε counts bits; the reach is a factor: by how much one press changes it, and how far it goes. */
const REACH_STEP = 0.1;
const MOST_REACH = 5;

/** How near a prompt must be is the one setting that can change under living edits. */
function ThresholdDial(): ReactNode {
  const words = useTexts().scope;
  const facts = useLab((state) => state.model.facts);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { setThreshold } = useActions();
  if (!facts) return null;
  const { method, threshold, settings } = facts;
  const paper = method === "paper";
  const [name, hint] = paper ? words.threshold : words.reach;
  const step = paper ? 1 : REACH_STEP;
  const most = paper ? settings.layers.length * settings.experts + 1 : MOST_REACH;
  const change = (next: number): void => void setThreshold(Math.round(next * THOUSANDTHS) / THOUSANDTHS);
  return (
    <div className="threshold-dial">
      <Term hint={hint}>{name}</Term>
      <Button
        tone="quiet"
        aria-label={words.lower}
        title={words.lower}
        disabled={!idle || threshold <= 0}
        onClick={() => change(Math.max(0, threshold - step))}
      >
        −
      </Button>
      <output>{formatFixed(threshold, paper ? 0 : 1)}</output>
      <Button
        tone="quiet"
        aria-label={words.raise}
        title={words.raise}
        disabled={!idle || threshold >= most}
        onClick={() => change(Math.min(most, threshold + step))}
      >
        +
      </Button>
    </div>
  );
}
