/** How many places of two codes differ; places that only one of them has count as differing. */
export function hammingDistance(a: readonly number[], b: readonly number[]): number {
  let differing = Math.abs(a.length - b.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) differing++;
  return differing;
}
