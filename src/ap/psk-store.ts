/** The pre-shared keys of a BSS: the network's own and those of single devices. Deriving never holds anybody up. */

import type { MacAddress } from "../base/mac-address.ts";
import type { PskEntry as ConfiguredPsk } from "../config/psk-file.ts";
import type { BssSettings } from "../config/registry.ts";
import { derivePsk, derivePskNow } from "../crypto/psk.ts";
import { wipe } from "../crypto/secret.ts";
import type { PmkCandidate } from "../rsn/port.ts";

export type PskEntry = Pick<ConfiguredPsk, "station" | "secret" | "keyId" | "vlanId">;

class Derivation {
  #candidate: PmkCandidate | undefined;
  #isWiped = false;

  constructor(
    readonly entry: PskEntry,
    readonly ssid: Uint8Array,
  ) {
    if (entry.secret.type === "psk") this.#settle(entry.secret.octets.slice());
  }

  get isReady(): boolean {
    return this.#candidate !== undefined;
  }

  /** At once, by blocking for some milliseconds where the key isn't derived yet. */
  now(): PmkCandidate {
    const { type, octets } = this.entry.secret;
    return this.#candidate ?? this.#settle(type === "psk" ? octets.slice() : derivePskNow(octets, this.ssid));
  }

  async ahead(): Promise<void> {
    if (this.#candidate || this.#isWiped) return;
    const pmk = await derivePsk(this.entry.secret.octets, this.ssid);
    if (this.#candidate || this.#isWiped) wipe(pmk);
    else this.#settle(pmk);
  }

  wipe(): void {
    this.#isWiped = true;
    wipe(this.#candidate?.pmk);
    this.#candidate = undefined;
  }

  #settle(pmk: Uint8Array): PmkCandidate {
    const { keyId, vlanId } = this.entry;
    const candidate: PmkCandidate = {
      pmk,
      ...(keyId === undefined ? {} : { keyId }),
      ...(vlanId === 0 ? {} : { vlanId }),
    };
    this.#candidate = candidate;
    return candidate;
  }
}

/** Each blocks everything for some milliseconds, and anybody can ask for it. */
const derivedAtOnce = 8;

export class PskStore {
  readonly #byStation = new Map<MacAddress, Derivation[]>();
  readonly #forAny: Derivation[] = [];
  #isWiped = false;

  /** @param entries the last of equals is tried first, as hostapd does */
  constructor(entries: readonly PskEntry[], ssid: Uint8Array) {
    for (const entry of entries.toReversed()) {
      const derivation = new Derivation(entry, ssid);
      if (entry.station === undefined) {
        this.#forAny.push(derivation);
        continue;
      }
      const others = this.#byStation.get(entry.station);
      if (others) others.push(derivation);
      else this.#byStation.set(entry.station, [derivation]);
    }
  }

  /**
   * A station's own keys before those for anybody. Of a long list that is still being derived, those that aren't ready
   * are left out: the station tries again, and meanwhile the others go on.
   */
  candidates(station: MacAddress): readonly PmkCandidate[] {
    if (this.#isWiped) return [];
    let derivable = derivedAtOnce;
    const candidates: PmkCandidate[] = [];
    for (const derivation of [...(this.#byStation.get(station) ?? []), ...this.#forAny]) {
      if (!derivation.isReady && derivable-- <= 0) continue;
      candidates.push(derivation.now());
    }
    return candidates;
  }

  /** Derives what isn't derived yet, one after another, off the event loop. */
  async deriveAhead(): Promise<void> {
    for (const derivation of this.#all()) {
      if (this.#isWiped) return;
      await derivation.ahead();
    }
  }

  wipe(): void {
    this.#isWiped = true;
    for (const derivation of this.#all()) derivation.wipe();
  }

  *#all(): Iterable<Derivation> {
    yield* this.#forAny;
    for (const derivations of this.#byStation.values()) yield* derivations;
  }
}

/** The keys that a BSS's settings name, and those of its wpa_psk_file. */
export function pskStoreOf(settings: BssSettings, entries: readonly PskEntry[]): PskStore {
  const { wpa_psk, wpa_passphrase, ssid } = settings;
  const own = { station: undefined, keyId: undefined, vlanId: 0 };
  const network: PskEntry[] = [];
  if (wpa_passphrase !== undefined) network.push({ ...own, secret: { type: "passphrase", octets: wpa_passphrase } });
  else if (wpa_psk !== undefined) network.push({ ...own, secret: { type: "psk", octets: wpa_psk } });
  return new PskStore([...network, ...entries], ssid);
}
