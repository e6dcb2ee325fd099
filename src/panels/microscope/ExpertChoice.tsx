import { memo, useEffect, useRef } from "react";
import type { ReactNode } from "react";
import type { HeatmapCell } from "../../charts/heatmapGeometry.ts";
import type { RoutingOverride } from "../../engine/protocol.ts";
import { useMicroscope, useMicroscopeParts } from "../../store/microscope.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";

export interface ExpertChoiceProps {
  readonly layers: readonly number[];
  /** The edit whose own each expert is; absent where edits share experts. */
  readonly owners: readonly number[] | undefined;
  /** The cell whose expert is chosen; null before the first. */
  readonly cell: HeatmapCell | null;
  /** Chosen with the keyboard: the focus comes here. */
  readonly byKey: boolean;
  /** Gives the focus back. */
  readonly onDone: () => void;
}

const KINDS = ["force", "mute"] as const;

/** What is done to the chosen expert of a layer, and all that is done to others. */
export const ExpertChoice = memo(function Choice({ layers, owners, cell, byKey, onDone }: ExpertChoiceProps): ReactNode {
  const { overrides: words, heatmap } = useTexts().microscope;
  const { actions } = useMicroscopeParts();
  const overrides = useMicroscope((state) => state.overrides);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (cell && byKey) bar.current?.querySelector("button")?.focus();
  }, [cell, byKey]);
  const layer = cell && layers[cell.group];
  const current = overrides.find((one) => one.layer === layer && one.expert === cell?.row)?.kind ?? null;
  const owner = cell ? owners?.[cell.row] : undefined;
  const set = (kind: RoutingOverride["kind"] | null): void => {
    if (!cell || layer === null || layer === undefined) return;
    void actions.setOverride(layer, cell.row, kind);
    if (byKey) onDone();
  };
  return (
    <section className="microscope-overrides" aria-label={words.title}>
      <h3>{words.title}</h3>
      {cell && layer !== undefined && layer !== null ? (
        <div ref={bar} className="microscope-line">
          <b>{words.expert(layer, cell.row)}</b>
          {owner !== undefined && <span className="faint">{heatmap.ownedBy(owner)}</span>}
          {KINDS.map((kind) => (
            <Button key={kind} aria-pressed={current === kind} onClick={() => set(kind)}>
              {words[kind]}
            </Button>
          ))}
          <Button tone="quiet" disabled={current === null} onClick={() => set(null)}>
            {words.clear}
          </Button>
        </div>
      ) : (
        <p className="faint">{words.hint}</p>
      )}
      {overrides.length > 0 && <Chips overrides={overrides} />}
    </section>
  );
});

function Chips({ overrides }: { readonly overrides: readonly RoutingOverride[] }): ReactNode {
  const words = useTexts().microscope.overrides;
  const { actions } = useMicroscopeParts();
  return (
    <div className="microscope-line" role="group" aria-label={words.chips}>
      {overrides.map(({ layer, expert, kind }) => {
        const name = words.chip[kind](layer, expert);
        return (
          <button
            key={name}
            type="button"
            className="override-chip"
            data-kind={kind}
            aria-label={words.remove(name)}
            title={words.remove(name)}
            onClick={() => void actions.setOverride(layer, expert, null)}
          >
            {name} <span aria-hidden="true">×</span>
          </button>
        );
      })}
      <Button tone="quiet" onClick={actions.clearOverrides}>
        {words.removeAll}
      </Button>
    </div>
  );
}
