/** What is measured of SAE: alone, and while others want something else. */

import type { Goal, Metric, Metrics } from "./metrics.ts";

export const saeWays = ["looping", "hash-to-element"] as const;
export type SaeWay = (typeof saeWays)[number];

export const saeGroups = [19, 20, 21] as const;

/** Whole joins that are measured, twice so many of them: the first while the program is being compiled, the next when it is. */
export const joins = 300;

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

const asManyJoins: Goal = { kind: "at-least-times", atLeast: 1 };

export const saeMetrics: Metrics = Object.fromEntries([
  ...saeWays.flatMap((way) => [
    [nameOf(way, 19, "firstJoins"), metric(`${way}: joins per second, of the first ${joins}`, "", asManyJoins)],
    [nameOf(way, 19, "joins"), metric(`${way}: joins per second, of the next ${joins}`, "", asManyJoins)],
  ]),
  ...saeKinds.map(({ way, group }) => [
    nameOf(way, group, "cpu"),
    metric(`${way}, group ${group}: CPU time per authentication`, "ms"),
  ]),
  ...saeWays.flatMap((way) => [
    [nameOf(way, 19, "quiet"), metric(`${way}: message 3 after message 2, no storm, median`, "ms")],
    ...saeGroups.flatMap((group) => stormMetrics(way, group)),
  ]),
]);

function stormMetrics(way: SaeWay, group: number): readonly (readonly [string, Metric])[] {
  const storm = `${way}, storm of group ${group}`;
  return [
    [
      nameOf(way, group, "delay"),
      metric(`${storm}: message 3 after message 2, median`, "ms", { kind: "times", atMost: 0.1 }),
    ],
    [
      nameOf(way, group, "slowDelay"),
      metric(`${storm}: the same, 99 of 100 within`, "ms", { kind: "times", atMost: 0.1 }),
    ],
    [nameOf(way, group, "stormJoin"), metric(`${storm}: a whole WPA2 join, median`, "ms")],
    [nameOf(way, group, "storm"), metric(`${storm}: its authentications per second`, "")],
  ];
}
