/** Points in a plane. */

export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** (n, 2), row-major, as points. */
export function pointsOf(flat: ArrayLike<number>): PlanePoint[] {
  return Array.from({ length: flat.length / 2 }, (_, i) => ({ x: flat[2 * i] ?? 0, y: flat[2 * i + 1] ?? 0 }));
}

/**
 * Turns, mirrors and shifts points so that the shared ones come as near as can be to where they were (orthogonal Procrustes). Principal
 * components turn a little with every prompt that joins them; without this the whole map would.
 * @param shared pairs of a point now and its place before
 */
export function laidOver(
  points: readonly PlanePoint[],
  shared: readonly { readonly now: PlanePoint; readonly before: PlanePoint }[],
): PlanePoint[] {
  if (shared.length < 2) return [...points];
  const from = centre(shared.map(({ now }) => now));
  const to = centre(shared.map(({ before }) => before));
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  for (const { now, before } of shared) {
    const [nx, ny, bx, by] = [now.x - from.x, now.y - from.y, before.x - to.x, before.y - to.y];
    xx += nx * bx;
    xy += nx * by;
    yx += ny * bx;
    yy += ny * by;
  }
  // Of the best turn and the best mirrored turn, the better: [c −s; s c] or [c s; s −c].
  const [turned, mirrored] = [Math.hypot(xx + yy, xy - yx), Math.hypot(xx - yy, xy + yx)];
  const flip = mirrored > turned;
  const [c, s] = flip ? [(xx - yy) / (mirrored || 1), (xy + yx) / (mirrored || 1)] : [(xx + yy) / (turned || 1), (xy - yx) / (turned || 1)];
  return points.map(({ x, y }) => {
    const [dx, dy] = [x - from.x, y - from.y];
    return flip ? { x: to.x + c * dx + s * dy, y: to.y + s * dx - c * dy } : { x: to.x + c * dx - s * dy, y: to.y + s * dx + c * dy };
  });
}

function centre(points: readonly PlanePoint[]): PlanePoint {
  const sum = points.reduce((at, { x, y }) => ({ x: at.x + x, y: at.y + y }), { x: 0, y: 0 });
  return { x: sum.x / Math.max(1, points.length), y: sum.y / Math.max(1, points.length) };
}

/** Corners of the convex hull, anticlockwise (monotone chain); of two points or of points on a line, its ends. */
export function convexHull(points: readonly PlanePoint[]): PlanePoint[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (side: readonly PlanePoint[]): PlanePoint[] => {
    const kept: PlanePoint[] = [];
    for (const point of side) {
      while (kept.length >= 2 && cross(kept.at(-2) as PlanePoint, kept.at(-1) as PlanePoint, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.toReversed())];
}

const cross = (o: PlanePoint, a: PlanePoint, b: PlanePoint): number => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);

/** Maps both axes into a box with one scale, so that distances are comparable. @param margin inside the box */
export function fitInto(points: readonly PlanePoint[], width: number, height: number, margin: number): (point: PlanePoint) => PlanePoint {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 2 * margin) / (right - left || 1), (height - 2 * margin) / (high - low || 1));
  const [midX, midY] = [(left + right) / 2, (low + high) / 2];
  return ({ x, y }) => ({ x: width / 2 + (x - midX) * scale, y: height / 2 - (y - midY) * scale });
}
