/** What is said of some measurements of one thing. */

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** @throws RangeError where there is nothing to summarize */
export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), least: quantile(sorted, 0), greatest: quantile(sorted, 1) };
}

/**
 * Between two values, as far between them as the share says.
 * @param sorted from least to greatest
 * @param share 0 is the least, 0.5 the median, 1 the greatest
 * @throws RangeError where there are no values
 */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError("no values");
  return below + (above - below) * (place - Math.floor(place));
}
