import type { ReactNode } from "react";
import { liveValues } from "../../lessons/formulas.ts";
import type { FormulaId, LiveValue } from "../../lessons/formulas.ts";
import { useLab, useRoutingFrame } from "../../store/lab.ts";
import type { LabState } from "../../store/labStore.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatCount, formatFew, formatProbability } from "../../ui/format.ts";
import { formulaMark } from "./formulaMarks.ts";

/** A formula with the numbers that it makes on the page right now. */
export function LiveFormula({ formula }: { readonly formula: FormulaId }): ReactNode {
  const words = useTexts().learn;
  const state = useLab((all) => all);
  const frame = useRoutingFrame();
  const values = liveValues(formula, { state, ...actsOf(state) }, frame);
  return (
    <div className="live-formula">
      <div className="formula">{formulaMark(formula)}</div>
      {values.length === 0 ? (
        <p className="faint">{words.noLive}</p>
      ) : (
        <dl aria-label={words.live}>
          {values.map((value) => (
            <div key={value.symbol}>
              <dt>{value.symbol}</dt>
              <dd>{written(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

const actsOf = ({ lessons }: LabState): Pick<LabState["lessons"], "acts" | "earlier"> => ({ acts: lessons.acts, earlier: lessons.earlier });

function written({ value, kind }: LiveValue): string {
  if (kind === "whole") return formatCount(value);
  return kind === "share" ? formatProbability(value) : formatFew(value);
}
