/** Why a station is in or is not, in words that somebody at home understands; whose fault it most likely is, and what to do. Pure. */

import { isLocallyAdministered, type MacAddress } from "../../base/mac-address.ts";
import { attemptsIn, type Outcome, type OutcomeKind, outcomeOf } from "./attempts.ts";
import type { Entry, NetworkEntry, Offered, Required, StationRecord } from "./entry.ts";
import { duration, times } from "./plain-words.ts";
import { type Situation, wordsFor } from "./words.ts";

export type Fault =
  | "the device"
  | "this network"
  | "the distance"
  | "a server"
  | "somebody here"
  | "nobody"
  | "unclear";

export interface Words {
  readonly verdict: "good" | "bad" | "harmless" | "unknown";
  /** Sentences; `It` is the station. Codes of the standard stand in parentheses. */
  readonly text: string;
  readonly fault: Fault;
  readonly advice: readonly string[];
}

export interface Explanation extends Words {
  readonly kind: OutcomeKind | "banned" | "unheard" | "heard";
  /** When the last of it happened, in seconds of UNIX time. */
  readonly at: number | undefined;
  readonly bss: string | undefined;
  /** Its address is one that it has made up, as devices do for privacy. */
  readonly isRandom: boolean;
  readonly offered: Offered | undefined;
  readonly required: Required | undefined;
  /** What happened, of the attempt that is explained. */
  readonly entries: readonly Entry[];
}

export interface Known {
  readonly station: MacAddress;
  readonly record: StationRecord | undefined;
  readonly network: readonly NetworkEntry[];
  readonly now: number;
  readonly ban: { readonly since: number; readonly until?: number | undefined } | undefined;
  /** Seconds. */
  readonly maxInactivity: number;
  /** Its frames have been heard lately. */
  readonly isHeard: boolean;
  /** When the daemon began. */
  readonly started: number;
  /** Of IPv4, where somebody knows it. */
  readonly ip?: string | undefined;
}

export function explain(known: Known): Explanation {
  const { station, record, network, now, ban } = known;
  const isRandom = isLocallyAdministered(station);
  const about = { isRandom, offered: undefined, required: undefined, entries: [], at: undefined, bss: undefined };
  const [last] = record?.entries.slice(-1) ?? [];
  if (!record || !last) {
    if (ban) return { kind: "banned", ...about, ...bannedWords(known) };
    return known.isHeard
      ? { kind: "heard", ...about, ...heardWords }
      : { kind: "unheard", ...about, ...unheardWords(known) };
  }
  const attempts = attemptsIn(record.entries);
  const outcomes = attempts.map((attempt) => outcomeOf(attempt, network, now));
  // Whoever asks in the name of a station that is in, or asks again, has not thrown it out.
  const isIn =
    record.entries.findLast(({ type }) => type === "connected" || type === "disconnected")?.type === "connected";
  const at = isIn
    ? attempts.findLastIndex((attempt) => attempt.some(({ type }) => type === "connected"))
    : attempts.length - 1;
  const outcome = outcomes[at] ?? { kind: "ended" };
  const attempt = attempts[at] ?? [];
  const situation: Situation = { ...known, ...termsIn(attempt, record.entries), attempt, isRandom, bss: last.bss };
  const words = ban && !isIn ? bannedWords(known) : wordsFor(outcome, situation);
  const more = [words.text, ...repeated(attempts, outcomes, at, now), ...noted(outcome, isRandom)];
  return {
    kind: ban && !isIn ? "banned" : outcome.kind,
    ...words,
    text: more.join(" "),
    at: attempt.at(-1)?.last,
    bss: last.bss,
    isRandom,
    offered: situation.offered,
    required: situation.required,
    entries: attempt,
  };
}

function termsIn(attempt: readonly Entry[], all: readonly Entry[]) {
  const find = (entries: readonly Entry[]) =>
    entries.findLast(
      (entry) => (entry.type === "associated" || entry.type === "refused") && entry.offered !== undefined,
    );
  const entry = find(attempt) ?? find(all);
  const told = entry?.type === "associated" || entry?.type === "refused" ? entry : undefined;
  const signal = attempt.findLast((each) => "signalDbm" in each && each.signalDbm !== undefined);
  return {
    offered: told?.offered,
    required: told?.required,
    signalDbm: signal && "signalDbm" in signal ? signal.signalDbm : undefined,
  };
}

/** What it went through before, in a sentence; the same thing over and over is told once. */
function repeated(
  attempts: readonly (readonly Entry[])[],
  outcomes: readonly Outcome[],
  at: number,
  now: number,
): readonly string[] {
  const kind = outcomes[at]?.kind;
  let first = at;
  while (first > 0 && outcomes[first - 1]?.kind === kind) first -= 1;
  const same = at - first + 1;
  const since = attempts[first]?.[0]?.at ?? now;
  if (kind !== "in" && kind !== "no-address") {
    return same > 1 ? [`So it went ${times(same)} in a row, the first time ${duration(now - since)} ago.`] : [];
  }
  const before = outcomes[first - 1];
  const what = before && inBrief(before.kind);
  return what === undefined ? [] : [`Before that ${what}.`];
}

/** Of a failure that came before it was in. */
function inBrief(kind: OutcomeKind): string | undefined {
  const briefly: Partial<Readonly<Record<OutcomeKind, string>>> = {
    "wrong-key": "it tried a wrong passphrase",
    refused: "it was refused",
    blocked: "it was not allowed in",
    unacknowledged: "an answer of ours did not reach it",
    stalled: "a handshake of the keys came to nothing",
    inactive: "it had been silent for so long that it was given up",
    "lost-frames": "it was lost from sight",
    "eap-failed": "it did not get through IEEE 802.1X",
    "network-down": "the network itself was off the air",
    dismissed: "it was sent away",
  };
  return briefly[kind];
}

function noted({ kind }: Outcome, isRandom: boolean): readonly string[] {
  const matters: readonly OutcomeKind[] = ["blocked", "wrong-key", "refused", "unknown-identifier"];
  if (!isRandom || !matters.includes(kind)) return [];
  return [
    "Its address is a random one, which devices make up for privacy: lists, names and passphrases that go by the address do not know it when it makes up another.",
  ];
}

const bannedWords = ({ ban, now }: Known): Words => ({
  verdict: "bad",
  text: `It is banned here since ${duration(now - (ban?.since ?? now))}, ${
    ban?.until === undefined ? "for good" : `for another ${duration(ban.until - now)}`
  }: whatever it asks for is refused.`,
  fault: "somebody here",
  advice: ["'beacon unban' lets it in again"],
});

const heardWords: Words = {
  verdict: "unknown",
  text: "It has been heard near here, and has not asked to join.",
  fault: "unclear",
  advice: [
    "the network's name on the device, capital letters and blanks too",
    "whether the device can do this network: the band, and WPA3 where nothing else is offered ('beacon status')",
  ],
};

const unheardWords = ({ started, now }: Known): Words => ({
  verdict: "unknown",
  text: `Nothing has been heard of it since the daemon began, ${duration(now - started)} ago.`,
  fault: "unclear",
  advice: [
    "its address: devices make up another one for each network, which they show in the settings of that network",
    "whether it is switched on, near, and knows the band that this network is on",
  ],
});
