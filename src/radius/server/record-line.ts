/** An accounting request as a line of JSON. */

import { describeAttributes } from "../describe.ts";
import type { Dictionary } from "../dictionary.ts";
import type { AccountingRecord } from "./accounting.ts";

/** @returns with the line's end; `time` is in seconds of UNIX time; an attribute that comes several times is a list */
export function recordLine({ time, from, packet }: AccountingRecord, dictionary: Dictionary): string {
  const record: Record<string, string | number | (string | number)[]> = {
    time: Math.round(time * 1000) / 1000,
    client: from.address,
  };
  for (const { name, value } of describeAttributes(packet.attributes, dictionary)) {
    const before = record[name];
    if (before === undefined) record[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else record[name] = [before, value];
  }
  return `${JSON.stringify(record)}\n`;
}
