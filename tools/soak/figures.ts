/** What a soak's samples say. */

/** What is held at one time; bytes and buffers are those of the GPU. */
export interface Held {
  /** Buffers on the device that were not destroyed, whoever made them. */
  readonly buffers: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Of these, bytes that TF.js gave out. */
  readonly used: number;
  /** Live tensors of TF.js, and the data that they share. */
  readonly tensors: number;
  readonly data: number;
}

/** What has changed, by name. */
export function changesOf(early: Held, late: Held): string[] {
  return (Object.keys(early) as (keyof Held)[])
    .filter((name) => early[name] !== late[name])
    .map((name) => `${name} ${early[name]} → ${late[name]}`);
}

/** Slope of y over x by least squares; 0 where there is nothing to fit. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (pick: 0 | 1): number => points.reduce((sum, point) => sum + point[pick], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  const under = points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return under === 0 ? 0 : over / under;
}

/** The value that 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? NaN;
}

/** 95th percentile of the last third over that of the first. */
export function slowdownOf(times: readonly number[]): number {
  const third = Math.floor(times.length / 3);
  return p95(times.slice(-third)) / p95(times.slice(0, third));
}
