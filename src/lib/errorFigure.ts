/** An error or a tolerance in few places: 0.0000031 → "3.1e-6", 0.5 → "0.50", no number → "–". */
export function errorFigure(error: number): string {
  if (!Number.isFinite(error)) return "–";
  if (error === 0) return "0";
  return error < 0.01 ? error.toExponential(1).replace(".0e", "e") : error.toPrecision(2);
}
