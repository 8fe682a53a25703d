/** What a server has granted to a station's address becomes the station's. */

import { seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { PskEntries, type PskSecret } from "../../config/psk-entries.ts";
import type { PmkTest } from "../../crypto/pmk-test.ts";
import type { PmkCandidate, PmkSearch } from "../../rsn/port.ts";
import type { Bss } from "../bss.ts";
import { PskFinder } from "../psk-finder.ts";
import { PskTable } from "../psk-table.ts";
import { limitSession } from "../session-limits.ts";
import type { Station } from "../station.ts";
import type { AddressGrant } from "./address-access.ts";

/** Pre-shared keys of one station, from a server; derived off the event loop like all others. */
export class GrantedKeys {
  readonly #table: PskTable;
  readonly #finder: PskFinder;
  /** Copies. */
  readonly secrets: readonly PskSecret[];

  constructor({ settings, clock, options }: Bss, station: MacAddress, secrets: readonly PskSecret[]) {
    this.secrets = secrets.map(({ type, octets }) => ({ type, octets: octets.slice() }));
    // The last is tried first there; the server's first is meant here.
    const entries = PskEntries.of(
      this.secrets
        .toReversed()
        .map((secret) => ({ station, secret, keyId: undefined, vlanId: 0, wps: false, line: 0 })),
    );
    const { deriver } = options.pskTables;
    this.#table = new PskTable({ ssid: settings.ssid, own: undefined, entries }, deriver);
    this.#finder = new PskFinder(clock, this.#table);
  }

  find(station: MacAddress, fits: PmkTest, found: (pmk: PmkCandidate | undefined) => void): PmkSearch {
    return this.#finder.find(station, fits, found);
  }

  wipe(): void {
    this.#finder.dispose();
    this.#table.wipe();
    for (const { octets } of this.secrets) octets.fill(0);
  }
}

/** With macaddr_acl=2: what was granted when the address was asked about. */
export function adoptGrant(bss: Bss, station: Station): void {
  if (bss.settings.macaddr_acl !== "radius") return;
  const verdict = bss.radius.addresses.verdictOf(station.address);
  if (verdict?.accepted) grantTo(bss, station, verdict.grant);
}

export function grantTo(bss: Bss, station: Station, { psks, ...grant }: AddressGrant): void {
  station.grant = grant;
  station.grantedKeys?.wipe();
  station.grantedKeys = psks.length > 0 ? new GrantedKeys(bss, station.address, psks) : undefined;
  const { sessionTimeout } = grant;
  limitSession(bss, station, sessionTimeout === undefined ? undefined : seconds(sessionTimeout));
}

/** To whom nobody has granted anything yet. */
export const nothingGranted: NonNullable<Station["grant"]> = {
  identity: undefined,
  chargeableUserIdentity: undefined,
  classes: [],
  interimInterval: undefined,
  idleTimeout: undefined,
  sessionTimeout: undefined,
  vlans: undefined,
};

/** The station is gone. */
export function forgetGrant(station: Station): void {
  station.grant = undefined;
  station.grantedKeys?.wipe();
  station.grantedKeys = undefined;
}
