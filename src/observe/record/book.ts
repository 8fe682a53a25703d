/**
 * What the access point remembers of stations, so that it can be asked why one is not in. Everything is bounded: so many things of a
 * station, so many stations. Who has got further in is kept longer: a flood of made-up addresses pushes out nobody but others like them.
 */

import type { ApEvent } from "../../ap/events.ts";
import type { Clock } from "../../base/clock.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { BssSettings } from "../../config/registry.ts";
import type { Entry, NetworkEntry, Note, Saved, StationRecord } from "./entry.ts";
import { noteOf } from "./note.ts";
import { requiredBy } from "./terms.ts";

export interface RecordBookOptions {
  readonly clock: Pick<Clock, "unixTime">;
  /** Of a BSS by its interface. */
  readonly settingsOf: (bss: string) => BssSettings | undefined;
}

/** How far in a station has been: heard, acknowledging our answers, in an open network, in with a key. */
type Rank = 0 | 1 | 2 | 3;

interface Limits {
  readonly stations: number;
  /** Of each. */
  readonly entries: number;
}

const limits: Readonly<Record<Rank, Limits>> = {
  0: { stations: 256, entries: 12 },
  1: { stations: 512, entries: 32 },
  2: { stations: 512, entries: 48 },
  3: { stations: 1024, entries: 48 },
};

/** Of all networks. */
const mostNetworkEntries = 128;
const mostSaved = 300;

interface Kept {
  readonly station: MacAddress;
  readonly since: number;
  rank: Rank;
  joins: number;
  /** The BSS that it is in, or has been until it moved on. */
  present: string | undefined;
  hostName: string | undefined;
  entries: Entry[];
  omitted: number;
}

export class RecordBook {
  readonly #options: RecordBookOptions;
  /** Who was heard of longest ago comes first. */
  readonly #byRank: Readonly<Record<Rank, Map<MacAddress, Kept>>> = {
    0: new Map(),
    1: new Map(),
    2: new Map(),
    3: new Map(),
  };
  #network: NetworkEntry[] = [];
  #last: MacAddress | undefined;

  constructor(options: RecordBookOptions) {
    this.#options = options;
  }

  /** O(1) in the number of stations. */
  onEvent(event: ApEvent): void {
    if (!("bss" in event)) return;
    const { bss } = event;
    switch (event.type) {
      case "ap-enabled":
        return this.#noteNetwork({ bss, what: "up", frequency: undefined });
      case "ap-disabled":
        return this.#noteNetwork({ bss, what: "down", frequency: undefined });
      case "interface-disabled":
        return this.#noteNetwork({ bss, what: "interface-down", frequency: undefined });
      case "interface-removed":
        return this.#noteNetwork({ bss, what: "interface-gone", frequency: undefined });
      case "channel-switched":
        return this.#noteNetwork({ bss, what: "channel", frequency: event.channel.frequency });
      default: {
        const note = noteOf(event, () => this.#requiredIn(bss));
        if (note && "station" in event) this.note(event.station, bss, note);
      }
    }
  }

  /** The daemon is about to end. */
  onStopping(bss: string): void {
    this.#noteNetwork({ bss, what: "stopping", frequency: undefined });
  }

  note(station: MacAddress, bss: string, note: Note): void {
    const now = this.#options.clock.unixTime();
    const kept = this.#keep(station, now, rankOf(note, this.#options.settingsOf(bss)));
    if (note.type === "connected") {
      const from = kept.present;
      if (from !== undefined && from !== bss) this.#put(kept, bss, { type: "moved", from }, now);
      kept.present = bss;
      kept.joins += 1;
    }
    if (note.type === "disconnected" && kept.present === bss && !isMoving(kept)) kept.present = undefined;
    this.#put(kept, bss, note, now);
    // What is well is not what somebody asks about who asks for the last.
    if (isTrouble(note)) this.#last = station;
  }

  /** What a station calls itself. @param hostName octets that are letters, digits, hyphens and dots, of a station that is known */
  nameItself(station: MacAddress, hostName: string): void {
    const kept = this.#find(station);
    if (kept) kept.hostName = hostName;
  }

  hostNameOf(station: MacAddress): string | undefined {
    return this.#find(station)?.hostName;
  }

  of(station: MacAddress): StationRecord | undefined {
    const kept = this.#find(station);
    if (!kept) return undefined;
    const { since, joins, hostName, entries, omitted } = kept;
    return { station, since, joins, hostName, entries, omitted };
  }

  /** Who had trouble last; where nobody has, who was heard of last. */
  get last(): MacAddress | undefined {
    if (this.#last !== undefined && this.#find(this.#last)) return this.#last;
    const all = this.#latest();
    return all[0]?.station;
  }

  /** Oldest first. */
  get network(): readonly NetworkEntry[] {
    return this.#network;
  }

  /** Who was heard of last comes first. @param most of them */
  latest(most: number): readonly StationRecord[] {
    return this.#latest()
      .slice(0, most)
      .flatMap(({ station }) => this.of(station) ?? []);
  }

  /** For the next daemon. Those who were heard of last. */
  saved(): Saved {
    const stations = this.#latest()
      .slice(0, mostSaved)
      .map(({ station, since, joins, hostName, entries, omitted, rank }) => ({
        station,
        since,
        joins,
        hostName,
        entries,
        omitted,
        rank,
      }));
    return { at: this.#options.clock.unixTime(), network: this.#network, stations };
  }

  /** What an earlier daemon has left, before anything has happened in this one. */
  restore({ network, stations }: Saved): void {
    this.#network = network.slice(-mostNetworkEntries);
    for (const saved of [...stations].reverse()) {
      const rank = ranks.find((each) => each === saved.rank) ?? 0;
      const { station, since, joins, hostName, omitted } = saved;
      if (this.#find(station) || this.#byRank[rank].size >= limits[rank].stations) continue;
      const entries = saved.entries.slice(-limits[rank].entries);
      this.#byRank[rank].set(station, { station, since, joins, hostName, omitted, entries, rank, present: undefined });
    }
  }

  get size(): number {
    return ranks.reduce<number>((sum, rank) => sum + this.#byRank[rank].size, 0);
  }

  #latest(): Kept[] {
    const lastOf = ({ entries, since }: Kept): number => entries.at(-1)?.last ?? since;
    return ranks.flatMap((rank) => [...this.#byRank[rank].values()]).sort((a, b) => lastOf(b) - lastOf(a));
  }

  #requiredIn(bss: string) {
    const settings = this.#options.settingsOf(bss);
    return settings && requiredBy(settings);
  }

  #find(station: MacAddress): Kept | undefined {
    for (const rank of ranks) {
      const kept = this.#byRank[rank].get(station);
      if (kept) return kept;
    }
    return undefined;
  }

  #keep(station: MacAddress, now: number, rank: Rank): Kept {
    const known = this.#find(station);
    const kept: Kept = known ?? {
      station,
      since: now,
      rank,
      joins: 0,
      present: undefined,
      hostName: undefined,
      entries: [],
      omitted: 0,
    };
    this.#byRank[kept.rank].delete(station);
    if (rank > kept.rank) kept.rank = rank;
    const peers = this.#byRank[kept.rank];
    peers.set(station, kept);
    if (peers.size > limits[kept.rank].stations) {
      for (const [oldest] of peers) {
        peers.delete(oldest);
        break;
      }
    }
    return kept;
  }

  #put(kept: Kept, bss: string, note: Note, now: number): void {
    const { entries } = kept;
    const before = entries.at(-1);
    if (before && isSame(before, bss, note)) {
      entries[entries.length - 1] = { ...before, times: before.times + 1, last: now };
      return;
    }
    entries.push({ ...note, at: now, bss, times: 1, last: now });
    if (entries.length <= limits[kept.rank].entries) return;
    entries.shift();
    kept.omitted += 1;
  }

  #noteNetwork(what: Omit<NetworkEntry, "at">): void {
    // That it goes off the air then is the same event.
    const before = this.#network.findLast(({ bss }) => bss === what.bss);
    if (before?.what === "stopping" && what.what === "down") return;
    this.#network.push({ at: this.#options.clock.unixTime(), ...what });
    if (this.#network.length > mostNetworkEntries) this.#network.shift();
  }
}

/** The BSS that it comes from is left before it is in the next. */
function isMoving({ entries }: Kept): boolean {
  const last = entries.at(-1);
  return last?.type === "dismissed" && last.because === "moved";
}

const ranks: readonly Rank[] = [3, 2, 1, 0];

function rankOf(note: Note, settings: BssSettings | undefined): Rank {
  switch (note.type) {
    case "keyed":
      return 3;
    case "connected":
      return settings !== undefined && settings.wpa.size > 0 ? 3 : 2;
    case "authenticated":
    case "associated":
      return 1;
    default:
      return 0;
  }
}

/** But for when. Signals differ a little each time. */
function isSame(before: Entry, bss: string, note: Note): boolean {
  if (before.type !== note.type || before.bss !== bss) return false;
  const old: Readonly<Record<string, unknown>> = before;
  return Object.entries(note).every(
    ([name, value]) => name === "signalDbm" || old[name] === value || sameTerms(old[name], value),
  );
}

const sameTerms = (a: unknown, b: unknown): boolean =>
  typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b);

/** Something that somebody may want to have explained. */
const isTrouble = ({ type }: Note): boolean => troubles.has(type);

const troubles: ReadonlySet<Note["type"]> = new Set<Note["type"]>([
  "refused",
  "blocked",
  "full",
  "unacknowledged",
  "wrong-key",
  "unknown-identifier",
  "element-mismatch",
  "channel-mismatch",
  "stalled",
  "group-stalled",
  "eap-failed",
  "eap-silent",
  "eap-unreachable",
  "left",
  "dismissed",
  "lost-frames",
  "address-declined",
]);
