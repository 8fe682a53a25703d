/** What it takes to put another configuration in force. */

import { sameValue } from "../base/same-value.ts";
import type { Cost } from "../config/entry.ts";
import { type Configuration, propertyOf, settingKeys } from "../config/registry.ts";

const costs: readonly Cost[] = ["live", "beacon", "stations", "restart"];

/** The highest cost of what differs; other BSSs than before are a restart. */
export function effortOf(from: Configuration, to: Configuration): Cost {
  if (from.bsses.length !== to.bsses.length) return "restart";
  const efforts = [difference(from.radio, to.radio)];
  for (const [index, bss] of from.bsses.entries()) efforts.push(difference(bss, to.bsses[index] ?? {}));
  return costs[Math.max(...efforts)] ?? "restart";
}

function difference(from: object, to: object): number {
  const before = new Map<string, unknown>(Object.entries(from));
  const after = new Map<string, unknown>(Object.entries(to));
  let effort = 0;
  for (const [key, entry] of Object.entries(settingKeys)) {
    const property = propertyOf(key);
    if (!sameValue(before.get(property), after.get(property))) effort = Math.max(effort, costs.indexOf(entry.cost));
  }
  return effort;
}
