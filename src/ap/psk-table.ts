/**
 * The pre-shared keys of a network: its own and those of a wpa_psk_file, which may be 100,000. Each secret is derived
 * once, however many entries and BSSs have it: those that are waited for first, the others in hostapd's order.
 */

import { encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import { OctetIndex } from "../base/octet-index.ts";
import type { PskEntries, PskEntry, PskSecret } from "../config/psk-entries.ts";
import { loadPmk, pmkWords, storePmk } from "../crypto/pmk-test.ts";
import { wipe } from "../crypto/secret.ts";
import type { PmkCandidate } from "../rsn/port.ts";
import type { Derivation, DerivationSource, PskDeriver } from "./psk-deriver.ts";

/** Numbers the secrets of one table. */
export type SecretNumber = number;

export interface PskTableKeys {
  readonly ssid: Uint8Array;
  /** wpa_passphrase or wpa_psk. */
  readonly own: PskSecret | undefined;
  /** Of wpa_psk_file. */
  readonly entries: PskEntries;
}

const progress = { idle: 0, deriving: 1, ready: 2, failed: 3 } as const;

export class PskTable implements DerivationSource {
  /** PMKs in a row, a secret's at {@link pmkWords} times its number. */
  readonly words: Int32Array;
  /** Secrets that any station may use whose keys are there, in the order in which they came: {@link readyCount} of them. */
  readonly ready: Uint32Array;
  readonly #byPassphrase: OctetIndex;
  readonly #byPsk: OctetIndex;
  readonly #byStation: OctetIndex;
  /** Of each entry: its secret, and one more than the number of the entry before it with the same address, or 0. */
  readonly #secretOfEntry: Uint32Array;
  readonly #earlier: Uint32Array;
  /** Of each secret: an entry that has it, one more than the last entry for any station that has it or 0, its progress. */
  readonly #example: Uint32Array;
  readonly #lastForAny: Uint32Array;
  readonly #progress: Uint8Array;
  readonly #listeners = new Set<(secret: SecretNumber) => void>();
  #readyCount = 0;
  /** Of those for any station, the ones that are still to be derived. */
  #outstanding = 0;
  /** All secrets before it have been given to the deriver. */
  #next: SecretNumber = 0;
  #isWiped = false;

  /** @param known tables of the same SSID, whose keys are taken over */
  constructor(
    readonly keys: PskTableKeys,
    readonly deriver: PskDeriver,
    known: readonly PskTable[] = [],
  ) {
    // entry 0 is the network's own secret
    const count = keys.entries.length + 1;
    this.#secretOfEntry = new Uint32Array(count);
    this.#earlier = new Uint32Array(count);
    this.#example = new Uint32Array(count);
    this.#lastForAny = new Uint32Array(count);
    const octetsOf = (secret: SecretNumber): Uint8Array => this.secret(secret).octets;
    this.#byPassphrase = new OctetIndex(count, octetsOf);
    this.#byPsk = new OctetIndex(count, octetsOf);
    this.#byStation = new OctetIndex(count, (entry) => keys.entries.addressAt(entry - 1));
    const secrets = this.#indexEntries(count);
    this.words = new Int32Array(secrets * pmkWords);
    this.#progress = new Uint8Array(secrets);
    this.ready = new Uint32Array(this.#outstanding);
    for (let secret = 0; secret < secrets; secret++) this.#takeOver(secret, known);
  }

  /** How many of {@link ready} there are by now. */
  get readyCount(): number {
    return this.#readyCount;
  }

  /** No more keys for any station will come. */
  get isComplete(): boolean {
    return this.#outstanding === 0;
  }

  /** A view. */
  secret(secret: SecretNumber): PskSecret {
    const entry = this.#example[secret] ?? 0;
    return (entry === 0 ? this.keys.own : this.keys.entries.secretAt(entry - 1)) ?? noSecret;
  }

  find({ type, octets }: PskSecret): SecretNumber | undefined {
    return (type === "psk" ? this.#byPsk : this.#byPassphrase).find(octets);
  }

  /** The key is there. */
  isReady(secret: SecretNumber): boolean {
    return this.#progress[secret] === progress.ready;
  }

  /** Secrets of the entries with this address, the last of the file first. */
  *ofStation(station: MacAddress): Generator<SecretNumber> {
    for (const entry of this.#entriesOf(station)) yield this.#secretOfEntry[entry] ?? 0;
  }

  /** What the entry says of a station that has proved this secret. @returns undefined where it is not for this station */
  candidate(station: MacAddress, secret: SecretNumber): PmkCandidate | undefined {
    // the later entry wins, as in hostapd
    let last = (this.#lastForAny[secret] ?? 0) - 1;
    for (const entry of this.#entriesOf(station)) {
      if (this.#secretOfEntry[entry] === secret) last = Math.max(last, entry);
    }
    if (last < 0) return undefined;
    const { keyId, vlanId }: Pick<PskEntry, "keyId" | "vlanId"> =
      last === 0 ? { keyId: undefined, vlanId: 0 } : this.keys.entries.at(last - 1);
    return {
      pmk: loadPmk(this.words, secret * pmkWords),
      ...(keyId === undefined ? {} : { keyId }),
      ...(vlanId === 0 ? {} : { vlanId }),
    };
  }

  /** Hears of each secret whose key is there now, or never will be. @returns what ends that */
  listen(listener: (secret: SecretNumber) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Somebody waits for it. @returns false where its key can't be derived */
  want(secret: SecretNumber): boolean {
    if (this.#progress[secret] === progress.failed) return false;
    if (this.#progress[secret] === progress.idle && !this.#isWiped) this.deriver.request(this.#derivation(secret));
    return true;
  }

  /** Begins to derive all that nobody has asked for yet, the network's own first. */
  deriveAll(): void {
    if (this.#isWiped) return;
    const own = this.keys.own && this.find(this.keys.own);
    if (own !== undefined) this.want(own);
    this.deriver.add(this);
  }

  next(): Derivation | undefined {
    if (this.#isWiped) return undefined;
    while (this.#next < this.#progress.length) {
      const secret = this.#next;
      this.#next += 1;
      if (this.#progress[secret] === progress.idle) return this.#derivation(secret);
    }
    return undefined;
  }

  /** The keys are gone for good. The entries are their owner's. */
  wipe(): void {
    this.#isWiped = true;
    this.deriver.remove(this);
    this.#listeners.clear();
    this.words.fill(0);
    this.#progress.fill(progress.failed);
    this.#readyCount = 0;
    this.#outstanding = 0;
  }

  /** The last entries come first, and so do their secrets. @returns how many secrets there are */
  #indexEntries(count: number): number {
    const earliest = new Uint32Array(count);
    let secrets = 0;
    for (let entry = count - 1; entry >= 0; entry--) {
      const found = entry === 0 ? this.keys.own : this.keys.entries.secretAt(entry - 1);
      if (!found) continue;
      this.#example[secrets] = entry;
      const secret = (found.type === "psk" ? this.#byPsk : this.#byPassphrase).add(found.octets, secrets);
      if (secret === secrets) secrets += 1;
      this.#secretOfEntry[entry] = secret;
      if (entry !== 0 && !this.keys.entries.isForAny(entry - 1)) {
        const last = this.#byStation.add(this.keys.entries.addressAt(entry - 1), entry);
        if (last !== entry) this.#earlier[earliest[last] ?? 0] = entry + 1;
        earliest[last] = entry;
      } else if (this.#lastForAny[secret] === 0) {
        this.#lastForAny[secret] = entry + 1;
        this.#outstanding += 1;
      }
    }
    return secrets;
  }

  *#entriesOf(station: MacAddress): Generator<number> {
    const last = this.#byStation.find(encodeMacAddress(station));
    for (let entry = last; entry !== undefined; ) {
      yield entry;
      const earlier: number = this.#earlier[entry] ?? 0;
      entry = earlier === 0 ? undefined : earlier - 1;
    }
  }

  #takeOver(secret: SecretNumber, known: readonly PskTable[]): void {
    const wanted = this.secret(secret);
    if (wanted.type === "psk") return this.#settle(secret, wanted.octets);
    for (const table of known) {
      const there = table.find(wanted);
      if (there === undefined || !table.isReady(there)) continue;
      const pmk = loadPmk(table.words, there * pmkWords);
      this.#settle(secret, pmk);
      return wipe(pmk);
    }
  }

  #derivation(secret: SecretNumber): Derivation {
    this.#progress[secret] = progress.deriving;
    return {
      passphrase: this.secret(secret).octets,
      ssid: this.keys.ssid,
      done: (psk) => {
        if (!this.#isWiped) this.#settle(secret, psk);
        wipe(psk);
      },
    };
  }

  #settle(secret: SecretNumber, psk: Uint8Array | undefined): void {
    this.#progress[secret] = psk ? progress.ready : progress.failed;
    if (psk) storePmk(psk, this.words, secret * pmkWords);
    if (this.#lastForAny[secret] !== 0) {
      this.#outstanding -= 1;
      if (psk) {
        this.ready[this.#readyCount] = secret;
        this.#readyCount += 1;
      }
    }
    for (const listener of this.#listeners) listener(secret);
  }
}

const noSecret: PskSecret = { type: "psk", octets: new Uint8Array() };
