/** Pairwise master key security associations. IEEE Std 802.11-2020, 12.6.1.1.2. */

import { hexOf } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { type Duration, seconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { wipe } from "../crypto/secret.ts";
import type { AkmName } from "../wire/ieee80211/suites.ts";

/** What whoever proved the key was granted with it: it goes for each association that has the key. IEEE Std 802.11-2020, 12.6.1.1.2. */
export interface AuthorizationParameters {
  /** Octets of the identity. */
  readonly identity: Uint8Array | undefined;
  /** The EAP method. */
  readonly method: { readonly vendor: number; readonly type: number } | undefined;
  readonly vlan: { readonly untagged: number; readonly tagged: readonly number[] } | undefined;
  /** On the cache's clock. */
  readonly sessionEnds: Duration | undefined;
  readonly terminationAction: "end" | "reauthenticate";
  readonly multiSessionId: bigint;
  /** For accounting: Class and Chargeable-User-Identity, octets. */
  readonly classes: readonly Uint8Array[];
  readonly chargeableUserIdentity: Uint8Array | undefined;
  readonly interimInterval: Duration | undefined;
  /** How long nothing may be sent. */
  readonly idleTimeout: Duration | undefined;
}

export interface Pmksa {
  readonly station: MacAddress;
  readonly akm: AkmName;
  /** 16 octets. */
  readonly pmkid: Uint8Array;
  readonly pmk: Uint8Array;
  /** Of the password that it came from. */
  readonly vlanId?: number;
  /** Where the PMKID was made with it: the name of the key for another access point needs it. */
  readonly kck?: Uint8Array;
  /** Of keys that come of IEEE 802.1X. */
  readonly authorization?: AuthorizationParameters;
  /** It was another access point's. */
  readonly isOpportunistic?: boolean;
  /** On the cache's clock. */
  readonly expires: Duration;
}

/** dot11RSNAConfigPMKLifetime. */
export const pmkLifetime = seconds(43_200);
const capacity = 1024;

/** At most one association for a station and AKM; the oldest goes when there is no room. */
export class PmksaCache {
  /** Oldest first: a Map keeps the order of insertion. */
  readonly #byKey = new Map<string, Pmksa>();
  readonly #byPmkid = new Map<string, Pmksa>();

  constructor(readonly clock: Pick<Clock, "now">) {}

  /** The cache owns a copy of the PMK and wipes it when the entry goes. */
  add(entry: Omit<Pmksa, "expires">, lifetime: Duration = pmkLifetime): void {
    this.adopt({ ...entry, expires: (this.clock.now() + lifetime) as Duration });
  }

  /** The same of an entry of another cache, for as long as it lives there. */
  adopt(entry: Pmksa): void {
    this.remove(entry.station, entry.akm);
    const kept: Pmksa = { ...entry, pmk: entry.pmk.slice(), ...(entry.kck ? { kck: entry.kck.slice() } : {}) };
    this.#removeExpired();
    this.#byKey.set(keyOf(entry.station, entry.akm), kept);
    this.#byPmkid.set(hexOf(entry.pmkid), kept);
    const oldest = this.#byKey.size > capacity ? this.#byKey.values().next().value : undefined;
    if (oldest) this.remove(oldest.station, oldest.akm);
  }

  find(station: MacAddress, akm: AkmName): Pmksa | undefined {
    return this.#unlessExpired(this.#byKey.get(keyOf(station, akm)));
  }

  /** Only where the PMKID was made for this station. */
  findByPmkid(station: MacAddress, pmkid: Uint8Array): Pmksa | undefined {
    const entry = this.#unlessExpired(this.#byPmkid.get(hexOf(pmkid)));
    return entry?.station === station ? entry : undefined;
  }

  remove(station: MacAddress, akm: AkmName): void {
    const entry = this.#byKey.get(keyOf(station, akm));
    if (!entry) return;
    this.#byKey.delete(keyOf(station, akm));
    const pmkid = hexOf(entry.pmkid);
    if (this.#byPmkid.get(pmkid) === entry) this.#byPmkid.delete(pmkid);
    wipe(entry.pmk, entry.kck);
  }

  /** Of all AKMs. */
  removeAll(station: MacAddress): void {
    for (const entry of [...this.#byKey.values()]) if (entry.station === station) this.remove(station, entry.akm);
  }

  clear(): void {
    for (const entry of [...this.#byKey.values()]) this.remove(entry.station, entry.akm);
  }

  entries(): readonly Pmksa[] {
    return [...this.#byKey.values()].filter((entry) => entry.expires > this.clock.now());
  }

  /** Most live equally long: the oldest expire first. */
  #removeExpired(): void {
    const now = this.clock.now();
    for (const { station, akm, expires } of this.#byKey.values()) {
      if (expires > now) return;
      this.remove(station, akm);
    }
  }

  #unlessExpired(entry: Pmksa | undefined): Pmksa | undefined {
    if (entry === undefined || entry.expires > this.clock.now()) return entry;
    this.remove(entry.station, entry.akm);
    return undefined;
  }
}

const keyOf = (station: MacAddress, akm: AkmName): string => `${station} ${akm}`;
