import { withDecimalSign } from "../lib/locale.ts";

/** What all plots share. */
export const PLOT_TICK = { fontSize: 10.5, fill: "var(--text-muted)" };
export const PLOT_TOOLTIP = {
  background: "var(--panel-raised)",
  border: "1px solid var(--line)",
  borderRadius: 4,
  fontSize: 12,
  padding: "4px 8px",
};

/** A value in a few digits, as it stands beside a curve. */
export function significant(value: number): string {
  return withDecimalSign(value === 0 || Math.abs(value) >= 0.001 ? value.toPrecision(3) : value.toExponential(1));
}
