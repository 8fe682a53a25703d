/** Who a station is towards RADIUS servers, whichever way they have let it in. */

import { hexOf, utf8 } from "../../base/bytes.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import type { Station } from "../station.ts";

/** What a server has granted to a station. */
export interface SessionGrant {
  /** Octets of User-Name, where the server says one. */
  readonly identity: Uint8Array | undefined;
  readonly chargeableUserIdentity: Uint8Array | undefined;
  /** To be told in accounting. */
  readonly classes: readonly Uint8Array[];
  /** Between updates of accounting, where the server asks for them. */
  readonly interimInterval: Duration | undefined;
  /** How long nothing may be sent. */
  readonly idleTimeout: Duration | undefined;
}

/** Servers may not ask for less. RFC 2869, section 5.16. */
const leastInterval = 60;

export const isTooShort = (interval: number | undefined): boolean => interval !== undefined && interval < leastInterval;

/** @param asked Acct-Interim-Interval, in seconds @returns undefined where it is none that may be asked for */
export const intervalOf = (asked: number | undefined): Duration | undefined =>
  asked === undefined || isTooShort(asked) ? undefined : seconds(asked);

/** @param count seconds */
export const inTime = (count: number | undefined): Duration | undefined =>
  count === undefined ? undefined : seconds(count);

/** As `02-00-00-00-01-00`. RFC 3580, sections 3.20 and 3.21. */
export const stationId = (address: MacAddress): string => hexOf(encodeMacAddress(address), "-").toUpperCase();

/** User-Name, and the password, of an address that nobody has another name for. */
export const nameOfAddress = (address: MacAddress): Uint8Array => utf8(hexOf(encodeMacAddress(address)));

/** Of a session, or of what several have in common: nobody has had it before, and nobody can guess it. */
export const newSessionId = ({ entropy }: { readonly entropy: Entropy }): bigint =>
  new DataView(entropy.bytes(8).slice().buffer).getBigUint64(0);

/** As hostapd writes Acct-Session-Id and Acct-Multi-Session-Id. */
export const sessionIdText = (id: bigint): string => id.toString(16).toUpperCase().padStart(16, "0");

/** By IEEE 802.1X, else by its address. */
export const grantOf = (station: Station): SessionGrant | undefined => station.dot1x?.authorization ?? station.grant;

/** undefined where there is no IEEE 802.1X, and so nothing that several sessions could have in common. */
export const multiSessionIdOf = ({ dot1x }: Station): bigint | undefined => dot1x?.port.multiSessionId;
