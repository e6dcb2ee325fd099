/** At most about `limit` points, evenly spread; the first and the last are always kept. */
export function thinSeries<T>(series: readonly T[], limit: number): readonly T[] {
  if (series.length <= limit) return series;
  const stride = Math.ceil(series.length / limit);
  return series.filter((_, index) => index % stride === 0 || index === series.length - 1);
}
