/** From what happened to a station to how it stands: its attempts to join, and how each of them ended. Pure. */

import type { Entry, EntryOf, EntryType, NetworkEntry } from "./entry.ts";

/** One after the other, oldest first; each from its first frame to its end. */
export function attemptsIn(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const attempts: Entry[][] = [];
  for (const entry of entries) {
    const present = attempts.at(-1);
    if (present === undefined || begins(entry, present)) attempts.push([entry]);
    else present.push(entry);
  }
  return attempts;
}

/** What may stand before an entry in the same attempt, for those that otherwise begin one. */
const goesOnAfter: Readonly<Record<string, readonly EntryType[]>> = {
  begun: [],
  blocked: ["begun"],
  full: ["begun"],
  "refused at authentication": ["begun", "blocked", "full", "wrong-key", "unknown-identifier"],
  "unacknowledged authentication": ["begun"],
  authenticated: ["begun", "unacknowledged"],
  "refused at association": ["authenticated", "unacknowledged", "refused"],
  associated: ["authenticated", "unacknowledged", "refused"],
};

function begins(entry: Entry, present: readonly Entry[]): boolean {
  const before = goesOnAfter[stepOf(entry)];
  const last = present.at(-1);
  return before !== undefined && last !== undefined && !before.includes(last.type);
}

function stepOf(entry: Entry): string {
  if (entry.type === "refused") return `refused at ${entry.stage}`;
  if (entry.type === "unacknowledged" && entry.answer === "authentication") return "unacknowledged authentication";
  return entry.type;
}

/** How an attempt stands or ended. What tells so lies beside. */
export type Outcome =
  | { readonly kind: "in"; readonly connected: EntryOf<"connected">; readonly from: string | undefined }
  | { readonly kind: "no-address"; readonly asked: EntryOf<"address-asked">; readonly connected: EntryOf<"connected"> }
  | { readonly kind: "address-taken-by-another"; readonly declined: EntryOf<"address-declined"> }
  | { readonly kind: "blocked"; readonly because: EntryOf<"blocked">["because"] }
  | { readonly kind: "full" }
  | { readonly kind: "unknown-identifier" }
  | { readonly kind: "wrong-key"; readonly by: "WPA" | "SAE" }
  | { readonly kind: "element-mismatch"; readonly explanation: string }
  | { readonly kind: "channel-mismatch"; readonly explanation: string }
  | { readonly kind: "stalled"; readonly stalled: EntryOf<"stalled">; readonly wasIn: boolean }
  | { readonly kind: "group-stalled" }
  | { readonly kind: "eap-failed"; readonly reason: string }
  | { readonly kind: "eap-silent" }
  | { readonly kind: "eap-unreachable"; readonly reason: string }
  | { readonly kind: "refused"; readonly refused: EntryOf<"refused"> }
  | { readonly kind: "unacknowledged"; readonly unacknowledged: EntryOf<"unacknowledged"> }
  | {
      readonly kind: "dismissed";
      readonly because: EntryOf<"dismissed">["because"];
      readonly left: EntryOf<"left"> | undefined;
    }
  | { readonly kind: "inactive"; readonly left: EntryOf<"left"> }
  | { readonly kind: "lost-frames" }
  | { readonly kind: "left"; readonly left: EntryOf<"left">; readonly wasIn: boolean }
  | { readonly kind: "dropped-by-driver" }
  | { readonly kind: "sent-away"; readonly left: EntryOf<"left"> }
  | { readonly kind: "network-down"; readonly network: NetworkEntry }
  | { readonly kind: "moved" }
  | { readonly kind: "ended" }
  | { readonly kind: "unfinished"; readonly at: "SAE" | "authentication" | "association" | "handshake" | "EAP" };

export type OutcomeKind = Outcome["kind"];

/** How long somebody who asks for an address waits before anything is wrong, in seconds. */
const addressPatience = 4;
/** A network's end and that of its stations are the same event. */
const sameMoment = 2;

export function outcomeOf(attempt: readonly Entry[], network: readonly NetworkEntry[], now: number): Outcome {
  const last = <T extends EntryType>(type: T, among = attempt): EntryOf<T> | undefined =>
    among.findLast((entry): entry is EntryOf<T> & Entry => entry.type === type) as EntryOf<T> | undefined;
  const connected = last("connected");
  if (connected) return outcomeOfJoined(attempt, connected, network, now);

  const blocked = last("blocked");
  if (blocked) return { kind: "blocked", because: blocked.because };
  if (last("full")) return { kind: "full" };
  if (last("unknown-identifier")) return { kind: "unknown-identifier" };
  const associated = last("associated");
  if (last("wrong-key")) return { kind: "wrong-key", by: associated ? "WPA" : "SAE" };
  const mismatch = last("element-mismatch");
  if (mismatch) return { kind: "element-mismatch", explanation: mismatch.explanation };
  const channel = last("channel-mismatch");
  if (channel) return { kind: "channel-mismatch", explanation: channel.explanation };
  const unreachable = last("eap-unreachable");
  if (unreachable) return { kind: "eap-unreachable", reason: unreachable.reason };
  const failed = last("eap-failed");
  if (failed) return { kind: "eap-failed", reason: failed.reason };
  if (last("eap-silent")) return { kind: "eap-silent" };
  const dismissed = last("dismissed");
  const left = last("left");
  if (dismissed) return { kind: "dismissed", because: dismissed.because, left };
  const stalled = last("stalled");
  if (stalled) return { kind: "stalled", stalled, wasIn: false };
  const [final] = attempt.slice(-1);
  if (left?.by === "station") return { kind: "left", left, wasIn: false };
  const refused = last("refused");
  if (refused && (refused === final || !associated)) return { kind: "refused", refused };
  const unacknowledged = last("unacknowledged");
  if (unacknowledged && !associated && !(unacknowledged.answer === "authentication" && last("authenticated"))) {
    return { kind: "unacknowledged", unacknowledged };
  }
  if (left?.reason === "inactivity") return { kind: "inactive", left };
  if (left?.by === "access-point") return { kind: "sent-away", left };
  if (left) return { kind: "dropped-by-driver" };
  if (associated) return { kind: "unfinished", at: last("eap-begun") && !last("eap-done") ? "EAP" : "handshake" };
  if (last("authenticated")) return { kind: "unfinished", at: "association" };
  return { kind: "unfinished", at: last("begun")?.algorithm === "SAE" ? "SAE" : "authentication" };
}

function outcomeOfJoined(
  attempt: readonly Entry[],
  connected: EntryOf<"connected">,
  network: readonly NetworkEntry[],
  now: number,
): Outcome {
  const after = attempt.slice(attempt.indexOf(connected) + 1);
  const find = <T extends EntryType>(type: T): EntryOf<T> | undefined =>
    after.findLast((entry): entry is EntryOf<T> & Entry => entry.type === type) as EntryOf<T> | undefined;
  const left = find("left");
  const dismissed = find("dismissed");
  if (dismissed?.because === "moved") return { kind: "moved" };
  if (dismissed) return { kind: "dismissed", because: dismissed.because, left };
  const disconnected = find("disconnected");
  if (!left && !disconnected) return outcomeOfPresent(attempt, after, connected, now);
  if (left?.reason === "inactivity") return { kind: "inactive", left };
  if (left?.by === "station") return { kind: "left", left, wasIn: true };
  if (find("lost-frames")) return { kind: "lost-frames" };
  if (find("group-stalled")) return { kind: "group-stalled" };
  const stalled = find("stalled");
  if (stalled) return { kind: "stalled", stalled, wasIn: true };
  const mismatch = find("element-mismatch");
  if (mismatch) return { kind: "element-mismatch", explanation: mismatch.explanation };
  const failed = find("eap-failed");
  if (failed) return { kind: "eap-failed", reason: failed.reason };
  const ends = left ?? disconnected;
  const down = network.findLast(
    ({ bss, at, what }) =>
      bss === connected.bss &&
      what !== "up" &&
      what !== "channel" &&
      ends !== undefined &&
      Math.abs(at - ends.last) <= sameMoment,
  );
  if (down) return { kind: "network-down", network: down };
  if (left?.by === "access-point") return { kind: "sent-away", left };
  if (left) return { kind: "dropped-by-driver" };
  return { kind: "ended" };
}

function outcomeOfPresent(
  attempt: readonly Entry[],
  after: readonly Entry[],
  connected: EntryOf<"connected">,
  now: number,
): Outcome {
  const address = after.findLast(({ type }) => type.startsWith("address-"));
  if (address?.type === "address-declined") return { kind: "address-taken-by-another", declined: address };
  const isWaiting = address?.type === "address-asked" && now - address.at >= addressPatience;
  if (isWaiting) return { kind: "no-address", asked: address, connected };
  const moved = attempt.find((entry): entry is EntryOf<"moved"> & Entry => entry.type === "moved");
  return { kind: "in", connected, from: moved?.from };
}
