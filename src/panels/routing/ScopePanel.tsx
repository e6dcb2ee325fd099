import type { ReactNode } from "react";
import { ThresholdGauge } from "../../charts/ThresholdGauge.tsx";
import type { ScopeDecision } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { activityOf, largestDistance } from "../../store/selectors.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
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
        {scope && <ScopeCodes scope={scope} />}
      </div>
    </Panel>
  );
}

function Undecided(): ReactNode {
  const words = useTexts().scope;
  return (
    <p className="scope-verdict" aria-live="polite">
      <strong>{words.none}</strong> <span className="faint">{words.noneHint}</span>
    </p>
  );
}

function Decided({ scope }: { readonly scope: ScopeDecision }): ReactNode {
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
    <>
      <p className="scope-verdict" aria-live="polite" data-in-scope={scope.inScope || undefined}>
        <strong>{words.verdict(scope)}</strong> <span>{words.reason(scope)}</span>
      </p>
      <ThresholdGauge
        max={most}
        threshold={threshold}
        ticks={ticks}
        summary={words.gauge(ticks.map(({ label }) => label).join(". "), threshold, most)}
        insideLabel={words.inside}
        outsideLabel={words.outside(most)}
        thresholdLabel={words.thresholdShort(threshold)}
      />
    </>
  );
}

/** ε is the one setting that can change under living edits. */
function ThresholdDial(): ReactNode {
  const words = useTexts().scope;
  const settings = useLab((state) => state.model.facts?.settings ?? null);
  const idle = useLab((state) => activityOf(state) === "idle");
  const { applySettings } = useActions();
  if (!settings) return null;
  const { hammingThreshold, layers, experts } = settings;
  const change = (next: number): void => void applySettings({ ...settings, hammingThreshold: next });
  return (
    <div className="threshold-dial">
      <Term hint={words.threshold[1]}>{words.threshold[0]}</Term>
      <Button
        tone="quiet"
        aria-label={words.lower}
        title={words.lower}
        disabled={!idle || hammingThreshold <= 0}
        onClick={() => change(hammingThreshold - 1)}
      >
        −
      </Button>
      <output>{hammingThreshold}</output>
      <Button
        tone="quiet"
        aria-label={words.raise}
        title={words.raise}
        disabled={!idle || hammingThreshold > layers.length * experts}
        onClick={() => change(hammingThreshold + 1)}
      >
        +
      </Button>
    </div>
  );
}
