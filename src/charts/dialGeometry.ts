/** A dial: a range laid along an arc that is open below. Angles in degrees, clockwise from straight up. */
export interface DialScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const OPEN = 135;

export function dialAngle({ min, max }: DialScale, value: number): number {
  const share = max > min ? (Math.min(max, Math.max(min, value)) - min) / (max - min) : 0;
  return -OPEN + 2 * OPEN * share;
}

/** A point of the arc around 0, 0; y downwards, as SVG has it. */
export function onArc(angle: number, radius: number): { readonly x: number; readonly y: number } {
  const turn = (angle * Math.PI) / 180;
  return { x: radius * Math.sin(turn), y: -radius * Math.cos(turn) };
}

/** The value under a point around the middle, at a whole step; in the opening below the nearer end. */
export function valueUnder(scale: DialScale, x: number, y: number): number {
  const angle = (Math.atan2(x, -y) * 180) / Math.PI;
  const share = (Math.min(OPEN, Math.max(-OPEN, angle)) + OPEN) / (2 * OPEN);
  return stepped(scale, scale.min + share * (scale.max - scale.min));
}

/** The nearest whole step inside the range. */
export function stepped({ min, max, step }: DialScale, value: number): number {
  const steps = Math.round((Math.min(max, Math.max(min, value)) - min) / step);
  return Number(Math.min(max, min + steps * step).toFixed(6));
}

/** Where a key leads; null for keys that mean nothing here. */
export function keyedValue(scale: DialScale, value: number, key: string): number | null {
  const many = Math.max(1, Math.round((scale.max - scale.min) / scale.step / 10));
  const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: many, PageDown: -many }[key];
  if (steps !== undefined) return stepped(scale, value + steps * scale.step);
  if (key === "Home") return scale.min;
  return key === "End" ? scale.max : null;
}

/** An arc between two angles as an SVG path. */
export function arcPath(from: number, to: number, radius: number): string {
  const [start, end] = [onArc(from, radius), onArc(to, radius)];
  const large = to - from > 180 ? 1 : 0;
  return `M ${start.x.toFixed(2)} ${start.y.toFixed(2)} A ${radius} ${radius} 0 ${large} 1 ${end.x.toFixed(2)} ${end.y.toFixed(2)}`;
}
