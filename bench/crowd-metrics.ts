/** What is measured of a network with many stations, at each size. */

import type { Metric, Metrics } from "./metrics.ts";

export const crowdMetrics = (sizes: readonly number[]): Metrics =>
  Object.fromEntries(sizes.flatMap((size) => Object.entries(metricsOf(size))));

export const nameOf = (size: number, what: string): string => `${size} ${what}`;

function metricsOf(size: number): Metrics {
  const metrics: [string, Metric][] = [
    ["memory", { label: `${size} stations: resident`, unit: "MB" }],
    ["join", { label: `${size} stations: CPU time per join, from the size before`, unit: "ms" }],
    ["rekey", { label: `${size} stations: CPU time of a group rekeying, per station`, unit: "ms" }],
    ["idle", { label: `${size} stations: CPU time in 10 s when nothing happens`, unit: "ms" }],
    ["list", { label: `${size} stations: STA-FIRST and STA-NEXT, per station`, unit: "µs" }],
  ];
  return Object.fromEntries(metrics.map(([what, metric]) => [nameOf(size, what), metric]));
}
