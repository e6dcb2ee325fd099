import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { elementSvg } from "../../charts/exportChart.ts";
import type { EditFacts } from "../../engine/protocol.ts";
import { useActions, useLab } from "../../store/lab.ts";
import { curveStrengths } from "../../store/ledgerSlice.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { Button } from "../../ui/Button.tsx";
import { formatFixed, formatProbability } from "../../ui/format.ts";
import { Term } from "../../ui/Term.tsx";
import { ChartExport } from "../ChartExport.tsx";
import { StrengthCurve } from "./StrengthCurve.tsx";

/** Wait after the last move before a strength is applied, in milliseconds: keys move step by step. */
const REST_MS = 250;

/** How much of an edit is in force, over the probability of its answer at each strength. */
export function StrengthDial({ edit }: { readonly edit: EditFacts }): ReactNode {
  const words = useTexts().strength;
  const points = useLab((state) => state.ledger.curves[edit.id] ?? null);
  const ready = useLab((state) => state.ledger.work !== "rewriting" && state.model.status === "ready");
  const { setStrength, askCurve } = useActions();
  const { input, value, setHeld } = useDial(edit.strength, (strength) => setStrength(edit.id, strength));
  useEffect(() => {
    if (points === null && ready) void askCurve(edit.id);
  }, [points, ready, edit.id, askCurve]);
  const most = Math.max(2, Math.ceil(edit.strength));
  const probability = points && probabilityAt(points, value);
  const said = words.value(formatFixed(value, 2), probability === null ? null : formatProbability(probability));
  const root = useRef<HTMLDivElement>(null);
  return (
    <div className="strength quiet-menus">
      <div className="strength-head">
        <h3>
          <Term hint={words.hint}>{words.title}</Term> <output>{formatFixed(value, 2)}</output>
        </h3>
        {points && (
          <ChartExport
            name={words.label(edit.id)}
            svg={() => elementSvg(root.current, words.label(edit.id))}
            rows={() => [Object.values(words.columns), ...points.map((measured, i) => [curveStrengths[i] ?? 0, measured])]}
          />
        )}
      </div>
      <div ref={root} className="strength-dial">
        <StrengthCurve points={points} most={most} at={value} probability={probability} />
        <input
          ref={input}
          type="range"
          data-act="strength"
          min={0}
          max={most}
          step={0.05}
          value={value}
          disabled={!ready}
          aria-label={words.label(edit.id)}
          aria-valuetext={said}
          onChange={(event) => setHeld(Number(event.target.value))}
        />
      </div>
      <Button tone="quiet" disabled={!ready || edit.strength === 1} onClick={() => void setStrength(edit.id, 1)}>
        {words.reset}
      </Button>
    </div>
  );
}

/** A slider that applies its value once it is let go. */
function useDial(strength: number, apply: (strength: number) => Promise<void>) {
  const input = useRef<HTMLInputElement>(null);
  /** Where the slider is held; null while it shows what is in force. */
  const [held, setHeld] = useState<number | null>(null);
  const latest = useRef(apply);
  useEffect(() => {
    latest.current = apply;
  });
  useEffect(() => {
    const element = input.current;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    // React's onChange is the browser's "input"; this is the one that comes when the slider is let go, or after each key.
    const onRest = (): void => {
      clearTimeout(waiting);
      waiting = setTimeout(() => void latest.current(Number(element?.value)).then(() => setHeld(null)), REST_MS);
    };
    element?.addEventListener("change", onRest);
    return () => element?.removeEventListener("change", onRest);
  }, []);
  return { input, value: held ?? strength, setHeld };
}

/** Between two measured strengths, on the line between them; null beyond the last. */
function probabilityAt(points: readonly number[], strength: number): number | null {
  const after = curveStrengths.findIndex((other) => other >= strength);
  const last = points.at(-1);
  if (last === undefined || after === -1) return null;
  const [low, high] = [points[after - 1] ?? points[after] ?? last, points[after] ?? last];
  const [from = strength, to = strength] = [curveStrengths[after - 1], curveStrengths[after]];
  return to === from ? high : low + ((high - low) * (strength - from)) / (to - from);
}
