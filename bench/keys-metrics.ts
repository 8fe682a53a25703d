/** What is measured of a network with many keys, for each length of its wpa_psk_file. */

import type { Metric, Metrics } from "./metrics.ts";

/** Lines of the wpa_psk_file whose passphrases stations have, in the order in which hostapd tries them. */
export const places = ["last", "middle", "first"] as const;
export type Place = (typeof places)[number];

export const keyMetrics = (counts: readonly number[]): Metrics =>
  Object.fromEntries(counts.flatMap((count) => Object.entries(metricsOf(count))));

export const nameOf = (count: number, what: string): string => `${count} ${what}`;

function metricsOf(count: number): Metrics {
  const all = count.toLocaleString("en");
  const metrics: [string, Metric][] = [
    ["firstBeacon", { label: `${all} keys: exec to the first beacon`, unit: "s" }],
    ["own", { label: `${all} keys: exec until a station with a key of its own is in`, unit: "s" }],
    ...places.map((place): [string, Metric] => [
      `early ${place}`,
      { label: `${all} keys: exec until the one with the ${place} line for anybody is in`, unit: "s" },
    ]),
    ...places.map((place): [string, Metric] => [
      `late ${place}`,
      { label: `${all} keys: a new station joins later, ${place} line`, unit: "ms" },
    ]),
    ["memory", { label: `${all} keys: resident`, unit: "MB" }],
  ];
  return Object.fromEntries(metrics.map(([what, metric]) => [nameOf(count, what), metric]));
}
