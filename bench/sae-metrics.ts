/** What is measured of SAE: alone, and while others want something else. */

import type { Goal, Metric, Metrics } from "./metrics.ts";

export const saeWays = ["looping", "hash-to-element"] as const;
export type SaeWay = (typeof saeWays)[number];

export const saeGroups = [19, 20, 21] as const;

/** Ways and groups whose CPU time is measured, and how many exchanges are enough for it. */
export const saeKinds = saeWays.flatMap((way) =>
  saeGroups.map((group) => ({ way, group, exchanges: group === 19 ? 300 : 100 })),
);

export const nameOf = (way: SaeWay, group: number, what: string): string => `${way} ${group} ${what}`;

const metric = (label: string, unit: Metric["unit"], goal?: Goal): Metric => ({
  label,
  unit,
  ...(goal && { goal }),
});

export const saeMetrics: Metrics = Object.fromEntries([
  ...saeWays.map((way) => [
    nameOf(way, 19, "joins"),
    metric(`${way}: joins per second`, "", { kind: "at-least-times", atLeast: 1 }),
  ]),
  ...saeKinds.map(({ way, group }) => [
    nameOf(way, group, "cpu"),
    metric(`${way}, group ${group}: CPU time per authentication`, "ms"),
  ]),
  ...saeWays.flatMap((way) => [
    [nameOf(way, 19, "quiet"), metric(`${way}: message 3 after message 2, no storm, median`, "ms")],
    [nameOf(way, 19, "delay"), metric(`${way}: the same in the storm, median`, "ms", { kind: "times", atMost: 0.1 })],
    [
      nameOf(way, 19, "slowDelay"),
      metric(`${way}: the same in the storm, 99 of 100 within`, "ms", { kind: "times", atMost: 0.1 }),
    ],
    [nameOf(way, 19, "stormJoin"), metric(`${way}: a whole WPA2 join in the storm, median`, "ms")],
    [nameOf(way, 19, "storm"), metric(`${way}: authentications per second in the storm`, "")],
  ]),
]);
