/** Priorities: what stations are told (wmm_ac_*) and what this side uses (tx_queue_*). */

import type { Family, Member } from "../entry.ts";
import { flag, integer, type Kind } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { readable } from "../octets.ts";

/** EDCA parameters that stations use. IEEE Std 802.11-2020, 9.4.2.28. */
export interface WmmAc {
  readonly aifs: number;
  /** Exponents: the window is 2^n - 1. */
  readonly cwmin: number;
  readonly cwmax: number;
  /** In units of 32 us. */
  readonly txop_limit: number;
  /** Admission control is mandatory. */
  readonly acm: boolean;
}

/** Background, best effort, video, voice. */
export type WmmAcs = Readonly<Record<"be" | "bk" | "vi" | "vo", WmmAc>>;

export interface TxQueue {
  readonly aifs: number;
  /** Windows themselves: 2^n - 1. */
  readonly cwmin: number;
  readonly cwmax: number;
  /** Longest burst, in milliseconds. */
  readonly burst: number;
}

/** Voice, video, best effort, background. */
export type TxQueues = Readonly<Record<"data0" | "data1" | "data2" | "data3", TxQueue>>;

const window: Kind<number> = {
  shape: "1, 3, 7, 15 ... 32767",
  parse(octets) {
    const { value } = leadingInteger(octets);
    const valid = value >= 1 && value <= 32767 && Number.isInteger(Math.log2(value + 1));
    return valid ? { value } : { error: `'${readable(octets)}' is no power of two less one, of 1..32767` };
  },
  format: String,
};

/** One digit after the point counts. */
const burst: Kind<number> = {
  shape: "milliseconds, with one decimal",
  parse(octets) {
    const match = /^\s*(\d{1,6})(?:\.(\d)?\d*)?\s*$/.exec(octets);
    if (!match) return { error: `'${readable(octets)}' is not a number of milliseconds` };
    return { value: (Number(match[1]) * 10 + Number(match[2] ?? 0)) / 10 };
  },
  format: (value) => value.toFixed(1),
};

const wmmFields: Readonly<Record<keyof WmmAc, Kind<unknown>>> = {
  aifs: integer(1, 255),
  cwmin: integer(0, 15),
  cwmax: integer(0, 15),
  txop_limit: integer(0, 65535),
  acm: flag,
};

const queueFields: Readonly<Record<keyof TxQueue, Kind<unknown>>> = {
  aifs: integer(0, 255),
  cwmin: window,
  cwmax: window,
  burst,
};

function membersOf<O extends string, P extends object>(
  prefix: string,
  objects: readonly O[],
  fields: Readonly<Record<keyof P & string, Kind<unknown>>>,
): Record<string, Member<Readonly<Record<O, P>>>> {
  const members: Record<string, Member<Readonly<Record<O, P>>>> = {};
  for (const object of objects) {
    for (const field of Object.keys(fields) as (keyof P & string)[]) {
      members[`${prefix}${object}_${field}`] = {
        kind: fields[field],
        read: (value) => value[object][field],
        change: (value, part) => ({ ...value, [object]: { ...value[object], [field]: part } }),
      };
    }
  }
  return members;
}

const categories = ["be", "bk", "vi", "vo"] as const;

export const wmmDefaults: WmmAcs = {
  be: { aifs: 3, cwmin: 4, cwmax: 10, txop_limit: 0, acm: false },
  bk: { aifs: 7, cwmin: 4, cwmax: 10, txop_limit: 0, acm: false },
  vi: { aifs: 2, cwmin: 3, cwmax: 4, txop_limit: 94, acm: false },
  vo: { aifs: 2, cwmin: 2, cwmax: 3, txop_limit: 47, acm: false },
};

export const queueDefaults: TxQueues = {
  data0: { aifs: 1, cwmin: 3, cwmax: 7, burst: 1.5 },
  data1: { aifs: 1, cwmin: 7, cwmax: 15, burst: 3 },
  data2: { aifs: 3, cwmin: 15, cwmax: 63, burst: 0 },
  data3: { aifs: 7, cwmin: 15, cwmax: 1023, burst: 0 },
};

const supported = { status: "supported", scope: "radio", since: "0.1.0" } as const;

const wmmAc: Family<"radio", WmmAcs> = {
  ...supported,
  initial: wmmDefaults,
  shape: "be, bk, vi or vo, then aifs, cwmin, cwmax (exponents), txop_limit (32 us) or acm",
  cost: "beacon",
  doc: "Priorities of the four access categories, as stations are told to use them.",
  members: membersOf<keyof WmmAcs, WmmAc>("wmm_ac_", categories, wmmFields),
  inHostapd: () => "invalid WMM ac item",
};

const wmeAc: Family<"radio", WmmAcs> = {
  ...wmmAc,
  aliasOf: "wmm_ac_*",
  doc: "Old name of wmm_ac_*.",
  members: membersOf<keyof WmmAcs, WmmAc>("wme_ac_", categories, wmmFields),
};

const txQueue: Family<"radio", TxQueues> = {
  ...supported,
  initial: queueDefaults,
  shape: "data0 (voice) to data3 (background), then aifs, cwmin, cwmax (windows) or burst (ms)",
  cost: "live",
  doc: "Priorities of the four transmit queues of this side.",
  members: membersOf<keyof TxQueues, TxQueue>("tx_queue_", ["data0", "data1", "data2", "data3"], queueFields),
  obsolete: /^tx_queue_(data[4-9]_|after_beacon_|beacon_)/,
  inHostapd: () => "invalid TX queue item",
};

export const queueKeys = {
  "wmm_ac_*": wmmAc,
  "wme_ac_*": wmeAc,
  "tx_queue_*": txQueue,
} as const;
