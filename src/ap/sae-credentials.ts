/**
 * The passwords of a BSS for SAE, and which of them a station has. SAE tests one password an attempt: where several may be a station's and it
 * names none of them, each attempt tries another, and the one that works is remembered.
 */

import type { SaeMethod, SaeRequest } from "../auth/sae/request.ts";
import { hexOf, sameBytes } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { BssSettings } from "../config/registry.ts";
import type { SaePassword } from "../config/sae-passwords.ts";
import type { GroupNumber } from "../crypto/groups/cyclic-group.ts";
import type { SaePasswordSource } from "../crypto/sae/job.ts";
import { type SaePkPair, saePkPairOf } from "../crypto/sae/pk.ts";
import { wipe } from "../crypto/secret.ts";

/** Stations of which something is remembered: those of a full BSS, and as many that have left. */
const mostRemembered = 4096;

type Asked = Pick<SaeRequest, "method" | "group" | "passwordIdentifier">;

/** One password. */
export class SaeCredential {
  readonly #pts = new Map<GroupNumber, Uint8Array>();
  /** With what signs in its place where a test wants a wrong signature. */
  readonly pk: SaePkPair | undefined;
  /** Stations that were let in with it and are remembered. */
  users = 0;

  constructor(
    readonly entry: SaePassword,
    readonly ssid: Uint8Array,
    /** A server has sent it for one station; what becomes of the settings doesn't concern it. */
    readonly isServed = false,
  ) {
    const { pk } = entry;
    const pair = pk && saePkPairOf(pk.modifier, pk.privateKey);
    const other = pk?.signingKey && saePkPairOf(pk.modifier, pk.signingKey);
    this.pk = pair && other ? { ...pair, key: other.key } : pair;
  }

  source({ method, group, passwordIdentifier: identifier }: Asked): SaePasswordSource {
    const { password } = this.entry;
    if (method === "looping") return { kind: "looping", password };
    const pt = this.#isCalled(identifier) ? this.#pts.get(group) : undefined;
    return pt === undefined ? { kind: "password", ssid: this.ssid, password, identifier } : { kind: "pt", pt };
  }

  /** What a computation for one station found out counts for all, unless it named the password as nobody else does. */
  keep({ group, passwordIdentifier }: Asked, pt: Uint8Array): void {
    if (this.#isCalled(passwordIdentifier) && !this.#pts.has(group)) this.#pts.set(group, pt);
    else wipe(pt);
  }

  #isCalled(identifier: Uint8Array | undefined): boolean {
    return sameBytes(identifier ?? none, this.entry.identifier ?? none);
  }

  wipe(): void {
    for (const pt of this.#pts.values()) wipe(pt);
    this.#pts.clear();
    if (this.isServed) wipe(this.entry.password);
  }
}

/** What is known of a station whose password has no identifier. */
interface Experience {
  /** Works. */
  readonly known: SaeCredential | undefined;
  /** Place among the candidates of the next one to try. */
  readonly next: number;
  /** Did not work since the last one that did. */
  readonly failures: number;
}

export class SaeCredentials {
  readonly #byIdentifier = new Map<string, SaeCredential[]>();
  readonly #byStation = new Map<MacAddress, SaeCredential[]>();
  readonly #forAny: SaeCredential[] = [];
  readonly #all: SaeCredential[] = [];
  #hasPk = false;
  /** The one that was not heard of for longest first. */
  readonly #experience = new Map<MacAddress, Experience>();

  constructor(settings: BssSettings) {
    const { sae_password, sae_password_file, sae_password_psk, wpa_passphrase, ssid } = settings;
    // hostapd tries the last first.
    for (const entry of [...sae_password, ...(sae_password_file?.passwords ?? [])].reverse()) this.#add(entry, ssid);
    const hasPlain = this.#forAny.length > 0 || this.#byStation.size > 0;
    if (wpa_passphrase === undefined || sae_password_psk || hasPlain) return;
    this.#add({ password: wpa_passphrase, station: undefined, vlanId: 0, identifier: undefined, pk: undefined }, ssid);
  }

  get hasPk(): boolean {
    return this.#hasPk;
  }

  get hasIdentifiers(): boolean {
    return this.#byIdentifier.size > 0;
  }

  /** Each password has an identifier. */
  get needsIdentifier(): boolean {
    return this.hasIdentifiers && this.#forAny.length === 0 && this.#byStation.size === 0;
  }

  /** Whether it is still one of them, for the same stations and VLAN. */
  has(password: SaePassword): boolean {
    return this.#all.some(({ entry }) => samePassword(entry, password));
  }

  /** The password to try with a station; undefined where there is none for it. */
  select(station: MacAddress, identifier: Uint8Array | undefined, method: SaeMethod): SaeCredential | undefined {
    if (identifier !== undefined) {
      const named = this.#byIdentifier.get(hexOf(identifier)) ?? [];
      return (
        named.find(({ entry }) => entry.station === station) ?? named.find(({ entry }) => entry.station === undefined)
      );
    }
    const candidates = this.#candidates(station, method);
    const experience = this.#experience.get(station);
    if (experience === undefined || candidates.length < 2) return candidates[0];
    if (experience.known !== undefined && candidates.includes(experience.known)) return experience.known;
    return candidates[experience.next % candidates.length];
  }

  /** @returns whether there is another one that the station may have */
  failed(station: MacAddress, credential: SaeCredential, method: SaeMethod): boolean {
    if (credential.entry.identifier !== undefined) return false;
    const candidates = this.#candidates(station, method);
    if (candidates.length < 2) return false;
    const failures = (this.#experience.get(station)?.failures ?? 0) + 1;
    const at = candidates.indexOf(credential);
    this.#remember(station, { known: undefined, next: this.#after(candidates, at, failures), failures });
    return failures < candidates.length;
  }

  succeeded(station: MacAddress, credential: SaeCredential): void {
    if (credential.entry.identifier !== undefined) return;
    if (this.#experience.get(station)?.known !== credential) credential.users += 1;
    this.#remember(station, { known: credential, next: 0, failures: 0 });
  }

  /** What somebody knows of a station without having seen it. @returns false where there is no such password for it */
  bind(station: MacAddress, password: Uint8Array): boolean {
    const credential = this.#candidates(station, "looping").find(({ entry }) => sameBytes(entry.password, password));
    if (credential) this.succeeded(station, credential);
    return credential !== undefined;
  }

  /** What is known of stations whose password is still there, whatever became of the others. */
  inherit(before: SaeCredentials): void {
    const byEntry = new Map(this.#all.map((credential) => [keyOf(credential.entry), credential]));
    for (const [station, { known }] of before.#experience) {
      const same = known && byEntry.get(keyOf(known.entry));
      if (same) this.succeeded(station, same);
    }
  }

  wipe(): void {
    for (const credential of this.#all) credential.wipe();
    this.#experience.clear();
  }

  /** Those that somebody else has are the least likely ones: they come in the second round. */
  #after(candidates: readonly SaeCredential[], at: number, failures: number): number {
    const isFirstRound = failures < candidates.length;
    for (let step = 1; step <= candidates.length; step++) {
      const next = (at + step) % candidates.length;
      if (!isFirstRound || candidates[next]?.users === 0) return next;
    }
    return (at + 1) % candidates.length;
  }

  #candidates(station: MacAddress, method: SaeMethod): readonly SaeCredential[] {
    const own = this.#byStation.get(station);
    const candidates = own ? [...own, ...this.#forAny] : this.#forAny;
    return method === "pk" ? candidates.filter(({ pk }) => pk !== undefined) : candidates;
  }

  #remember(station: MacAddress, experience: Experience): void {
    this.#forget(station, experience.known);
    this.#experience.set(station, experience);
    const oldest = this.#experience.size > mostRemembered ? this.#experience.keys().next().value : undefined;
    if (oldest !== undefined) this.#forget(oldest, undefined);
  }

  #forget(station: MacAddress, next: SaeCredential | undefined): void {
    const known = this.#experience.get(station)?.known;
    if (known !== undefined && known !== next) known.users -= 1;
    this.#experience.delete(station);
  }

  #add(entry: SaePassword, ssid: Uint8Array): void {
    const credential = new SaeCredential(entry, ssid);
    this.#all.push(credential);
    if (credential.pk !== undefined) this.#hasPk = true;
    if (entry.identifier !== undefined) put(this.#byIdentifier, hexOf(entry.identifier), credential);
    else if (entry.station !== undefined) put(this.#byStation, entry.station, credential);
    else this.#forAny.push(credential);
  }
}

const samePassword = (a: SaePassword, b: SaePassword): boolean =>
  a.station === b.station &&
  a.vlanId === b.vlanId &&
  sameBytes(a.password, b.password) &&
  sameBytes(a.identifier ?? none, b.identifier ?? none);

/** The same for what {@link samePassword} holds to be the same. */
const keyOf = ({ password, station, vlanId, identifier }: SaePassword): string =>
  [hexOf(password), station, vlanId, hexOf(identifier ?? none)].join();

const none = new Uint8Array(0);

function put<K>(lists: Map<K, SaeCredential[]>, key: K, credential: SaeCredential): void {
  const list = lists.get(key);
  if (list) list.push(credential);
  else lists.set(key, [credential]);
}
