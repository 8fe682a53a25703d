/** The entries of a wpa_psk_file, in as little memory as the file itself: 100,000 of them are no rarity. */

import { encodeMacAddress, type MacAddress, macAddressOf, zeroAddress } from "../base/mac-address.ts";
import { octetTextOf, readable } from "./octets.ts";

export type PskSecret =
  /** 8..63 octets; the key follows from it and the SSID. */
  | { readonly type: "passphrase"; readonly octets: Uint8Array }
  /** 32 octets. */
  | { readonly type: "psk"; readonly octets: Uint8Array };

export interface PskEntry {
  /** undefined for any station. */
  readonly station: MacAddress | undefined;
  readonly secret: PskSecret;
  /** As people read it. */
  readonly keyId: string | undefined;
  /** 0 for none. */
  readonly vlanId: number;
  /** It was given out by Wi-Fi Protected Setup. */
  readonly wps: boolean;
  /** From 1 in its file, 0 where it is from none. */
  readonly line: number;
}

const addressLength = 6;
const typePsk = 1;
const flagWps = 2;

/** In the file's order; hostapd tries the last first. */
export class PskEntries implements Iterable<PskEntry> {
  static readonly none = new PskEntries();

  #length = 0;
  #lines = new Uint32Array(0);
  #flags = new Uint8Array(0);
  #vlanIds = new Int32Array(0);
  #stations = new Uint8Array(0);
  /** Of each entry the keyid's octets, then the secret's. */
  #octets = new Uint8Array(0);
  #keyIdLengths = new Uint8Array(0);
  /** Where the octets of an entry begin; one more than there are entries. */
  #starts = new Uint32Array(1);

  static of(entries: Iterable<PskEntry>): PskEntries {
    const made = new PskEntries();
    for (const { station, secret, keyId, vlanId, wps, line } of entries) {
      made.add({
        station: encodeMacAddress(station ?? zeroAddress),
        keyId: new TextEncoder().encode(keyId ?? ""),
        secret,
        vlanId,
        wps,
        line,
      });
    }
    return made.seal();
  }

  get length(): number {
    return this.#length;
  }

  /** @param entry its octets are copied; no keyid is one of no octets */
  add(entry: {
    readonly station: Uint8Array;
    readonly keyId: Uint8Array;
    readonly secret: PskSecret;
    readonly vlanId: number;
    readonly wps: boolean;
    readonly line: number;
  }): void {
    const at = this.#length;
    this.#reserve(at + 1, (this.#starts[at] ?? 0) + entry.keyId.length + entry.secret.octets.length);
    this.#length += 1;
    this.#lines[at] = entry.line;
    this.#flags[at] = (entry.secret.type === "psk" ? typePsk : 0) | (entry.wps ? flagWps : 0);
    this.#vlanIds[at] = entry.vlanId;
    this.#stations.set(entry.station, at * addressLength);
    const start = this.#starts[at] ?? 0;
    this.#octets.set(entry.keyId, start);
    this.#keyIdLengths[at] = entry.keyId.length;
    this.#octets.set(entry.secret.octets, start + entry.keyId.length);
    this.#starts[at + 1] = start + entry.keyId.length + entry.secret.octets.length;
  }

  /** The secret is a view: whoever keeps it copies it. */
  at(index: number): PskEntry {
    const start = this.#starts[index] ?? 0;
    const keyIdLength = this.#keyIdLengths[index] ?? 0;
    const keyId = octetTextOf(this.#octets.subarray(start, start + keyIdLength));
    return {
      station: this.isForAny(index) ? undefined : macAddressOf(this.addressAt(index)),
      secret: this.secretAt(index),
      keyId: keyId === "" ? undefined : readable(keyId),
      vlanId: this.#vlanIds[index] ?? 0,
      wps: ((this.#flags[index] ?? 0) & flagWps) !== 0,
      line: this.#lines[index] ?? 0,
    };
  }

  /** 6 octets, a view; zeros for any station. */
  addressAt(index: number): Uint8Array {
    return this.#stations.subarray(index * addressLength, (index + 1) * addressLength);
  }

  isForAny(index: number): boolean {
    const start = index * addressLength;
    for (let i = 0; i < addressLength; i++) if (this.#stations[start + i] !== 0) return false;
    return true;
  }

  /** A view. */
  secretAt(index: number): PskSecret {
    const start = (this.#starts[index] ?? 0) + (this.#keyIdLengths[index] ?? 0);
    const octets = this.#octets.subarray(start, this.#starts[index + 1] ?? start);
    return { type: (this.#flags[index] ?? 0) & typePsk ? "psk" : "passphrase", octets };
  }

  *[Symbol.iterator](): Generator<PskEntry> {
    for (let index = 0; index < this.#length; index++) yield this.at(index);
  }

  /** The same in the same order. Lines don't count: a comment changes nothing. */
  equals(other: PskEntries): boolean {
    if (this === other) return true;
    const n = this.#length;
    const octets = this.#starts[n] ?? 0;
    return (
      n === other.#length &&
      sameStart(this.#starts, other.#starts, n + 1) &&
      sameStart(this.#flags, other.#flags, n) &&
      sameStart(this.#vlanIds, other.#vlanIds, n) &&
      sameStart(this.#keyIdLengths, other.#keyIdLengths, n) &&
      sameStart(this.#stations, other.#stations, n * addressLength) &&
      sameStart(this.#octets, other.#octets, octets)
    );
  }

  /** No more are added: what was kept free for them goes. */
  seal(): this {
    const n = this.#length;
    const octets = this.#octets;
    this.#lines = this.#lines.slice(0, n);
    this.#flags = this.#flags.slice(0, n);
    this.#vlanIds = this.#vlanIds.slice(0, n);
    this.#keyIdLengths = this.#keyIdLengths.slice(0, n);
    this.#stations = this.#stations.slice(0, n * addressLength);
    this.#starts = this.#starts.slice(0, n + 1);
    this.#octets = octets.slice(0, this.#starts[n] ?? 0);
    octets.fill(0);
    return this;
  }

  /** The secrets are zeros from now on. */
  wipe(): void {
    this.#octets.fill(0);
  }

  #reserve(entries: number, octets: number): void {
    if (entries > this.#lines.length) {
      const room = Math.max(8, 2 * entries);
      this.#lines = grown(this.#lines, new Uint32Array(room));
      this.#flags = grown(this.#flags, new Uint8Array(room));
      this.#vlanIds = grown(this.#vlanIds, new Int32Array(room));
      this.#keyIdLengths = grown(this.#keyIdLengths, new Uint8Array(room));
      this.#stations = grown(this.#stations, new Uint8Array(room * addressLength));
      this.#starts = grown(this.#starts, new Uint32Array(room + 1));
    }
    if (octets <= this.#octets.length) return;
    const before = this.#octets;
    this.#octets = grown(before, new Uint8Array(2 * octets));
    before.fill(0);
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

function sameStart(a: ArrayLike<number>, b: ArrayLike<number>, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
