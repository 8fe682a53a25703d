/**
 * Finds which pre-shared key of a BSS a station has. What is at hand is tried at once; a long list is tried in slices
 * between which everything else goes on, and what is still being derived when it is there.
 */

import type { Clock, Timer } from "../base/clock.ts";
import { milliseconds, since } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type PmkTest, pmkWords, samePmkTest } from "../crypto/pmk-test.ts";
import type { PmkCandidate, PmkSearch } from "../rsn/port.ts";
import type { PskTable, SecretNumber } from "./psk-table.ts";

type Found = (candidate: PmkCandidate | undefined) => void;

interface Search extends PmkSearch {
  readonly station: MacAddress;
  readonly fits: PmkTest;
  readonly found: Found;
  /** Of the table's `ready`, so many are tried. */
  tried: number;
  /** The station's own secrets that are being derived. */
  readonly awaited: Set<SecretNumber>;
}

/** Keys for any station that are tried before anything else happens. */
const atOnce = 32;
/** And of a longer list, at a time. */
const batch = 64;
const sliceTime = milliseconds(2);
const sliceBatches = 64;
/** Stations whose secret is remembered: those of a full BSS, and as many that have left. */
const mostRemembered = 4096;

/** What is known of a station that was here before a reload. */
type Remembered = SecretNumber | "gone";

export class PskFinder {
  #table: PskTable;
  #unlisten: () => void;
  readonly #searches = new Set<Search>();
  /** The one that was not remembered for longest first. */
  readonly #remembered = new Map<MacAddress, Remembered>();
  #work: Timer | undefined;

  constructor(
    readonly clock: Clock,
    table: PskTable,
  ) {
    this.#table = table;
    this.#unlisten = table.listen((secret) => this.#onDerived(secret));
  }

  get table(): PskTable {
    return this.#table;
  }

  get rememberedCount(): number {
    return this.#remembered.size;
  }

  /** Searches that are under way. */
  get searching(): number {
    return this.#searches.size;
  }

  /** A station is about to join: its own keys are derived before all others. */
  expect(station: MacAddress): void {
    for (const secret of this.#table.ofStation(station)) this.#table.want(secret);
  }

  /** See {@link AuthenticatorPort.findPmk}. */
  find(station: MacAddress, fits: PmkTest, found: Found): PmkSearch {
    const search: Search = {
      station,
      fits,
      found,
      tried: 0,
      awaited: new Set(),
      cancel: () => void this.#searches.delete(search),
    };
    this.#begin(search);
    return search;
  }

  /**
   * Of a station that is in: may it stay, with this key? Where that takes a search, it may meanwhile.
   * @param decided gets what its entry says now, undefined where there is none any more
   */
  revise(station: MacAddress, pmk: Uint8Array, decided: Found): void {
    const table = this.#table;
    const fits = samePmkTest(pmk);
    const before = this.#remembered.get(station);
    for (const secret of [before, table.find({ type: "psk", octets: pmk })]) {
      if (typeof secret !== "number" || !this.#isFitting(secret, fits)) continue;
      const candidate = table.candidate(station, secret);
      if (candidate) return decided(this.#remember(station, secret, candidate));
    }
    // No other passphrase makes the same key.
    if (before === "gone") return decided(undefined);
    this.find(station, fits, decided);
  }

  /** Other keys from now on. Searches go on among them. */
  replace(table: PskTable): void {
    const old = this.#table;
    this.#unlisten();
    this.#table = table;
    this.#unlisten = table.listen((secret) => this.#onDerived(secret));
    for (const [station, secret] of this.#remembered) {
      const before = secret === "gone" ? undefined : old.secret(secret);
      const now = before && table.find(before);
      if (now !== undefined) this.#remembered.set(station, now);
      else if (before?.type === "psk") this.#remembered.delete(station);
      else this.#remembered.set(station, "gone");
    }
    const searches = [...this.#searches];
    this.#searches.clear();
    for (const search of searches) {
      search.tried = 0;
      search.awaited.clear();
      this.#begin(search);
    }
  }

  /** Nobody hears of any search any more. */
  stop(): void {
    this.#searches.clear();
    this.#work?.cancel();
    this.#work = undefined;
  }

  /** The table is its owner's. */
  dispose(): void {
    this.stop();
    this.#unlisten();
    this.#remembered.clear();
  }

  #begin(search: Search): void {
    const { station, awaited } = search;
    const table = this.#table;
    const before = this.#remembered.get(station);
    if (typeof before === "number" && this.#settles(search, before)) return;
    for (const secret of table.ofStation(station)) {
      if (this.#settles(search, secret)) return;
      if (!table.isReady(secret) && table.want(secret)) awaited.add(secret);
    }
    // Deriving may have taken no time at all, and settled it.
    this.#searches.add(search);
    for (const secret of [...awaited]) if (table.isReady(secret)) this.#settleAwaited(search, secret);
    if (this.#searches.has(search)) this.#tryMore(search, atOnce);
    if (this.#searches.size > 0) this.#armWork();
  }

  #isFitting(secret: SecretNumber, fits: PmkTest): boolean {
    return this.#table.isReady(secret) && fits(this.#table.words, secret * pmkWords);
  }

  /** @returns whether this is the secret that was looked for */
  #settles(search: Search, secret: SecretNumber): boolean {
    if (!this.#isFitting(secret, search.fits)) return false;
    const candidate = this.#table.candidate(search.station, secret);
    if (!candidate) return false;
    this.#searches.delete(search);
    search.found(this.#remember(search.station, secret, candidate));
    return true;
  }

  #remember(station: MacAddress, secret: SecretNumber, candidate: PmkCandidate): PmkCandidate {
    this.#remembered.delete(station);
    this.#remembered.set(station, secret);
    if (this.#remembered.size > mostRemembered) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
    return candidate;
  }

  #onDerived(secret: SecretNumber): void {
    if (this.#searches.size === 0) return;
    for (const search of [...this.#searches]) {
      if (search.awaited.has(secret)) this.#settleAwaited(search, secret);
    }
    this.#armWork();
  }

  #settleAwaited(search: Search, secret: SecretNumber): void {
    search.awaited.delete(secret);
    this.#settles(search, secret);
  }

  #armWork(): void {
    this.#work ??= this.clock.after("search for a pre-shared key", milliseconds(0), () => {
      this.#work = undefined;
      this.#slice();
    });
  }

  /** All searches in turn, until the time is over. */
  #slice(): void {
    const began = this.clock.now();
    let batches = 0;
    for (let idle = 0; idle < this.#searches.size; idle += 1) {
      const [search] = this.#searches;
      if (!search) return;
      // It goes to the end of the line.
      this.#searches.delete(search);
      this.#searches.add(search);
      if (search.tried < this.#table.readyCount) {
        batches += 1;
        idle = -1;
      }
      this.#tryMore(search, batch);
      if (batches >= sliceBatches || since(this.clock, began) >= sliceTime) return this.#armWork();
    }
  }

  #tryMore(search: Search, most: number): void {
    const table = this.#table;
    const end = Math.min(table.readyCount, search.tried + most);
    while (search.tried < end) {
      const secret = table.ready[search.tried] ?? 0;
      search.tried += 1;
      if (this.#settles(search, secret)) return;
    }
    const isOver = search.tried === table.readyCount && table.isComplete && search.awaited.size === 0;
    if (isOver && this.#searches.delete(search)) search.found(undefined);
  }
}
