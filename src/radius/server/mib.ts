/** What `MIB radius_server` shows: hostapd's lines, in the words of RFC 2619 and RFC 2621. */

import type { Duration } from "../../base/duration.ts";
import { formatIpAddress } from "../../base/ip-address.ts";
import { maskedAddress, type RadiusClient } from "../../config/radius-clients.ts";
import type { ServerCount } from "./counters.ts";

const accounting = [
  ["radiusAccServTotalRequests", "accountingRequests"],
  ["radiusAccServTotalInvalidRequests", "invalidAccountingRequests"],
  ["radiusAccServTotalResponses", "accountingResponses"],
  ["radiusAccServTotalMalformedRequests", "malformedAccountingRequests"],
  ["radiusAccServTotalBadAuthenticators", "accountingBadAuthenticators"],
  ["radiusAccServTotalUnknownTypes", "unknownAccountingTypes"],
] as const;

const inAll = [
  ["radiusAuthServTotalAccessRequests", "accessRequests"],
  ["radiusAuthServTotalInvalidRequests", "invalidRequests"],
  ["radiusAuthServTotalDupAccessRequests", "duplicateAccessRequests"],
  ["radiusAuthServTotalAccessAccepts", "accessAccepts"],
  ["radiusAuthServTotalAccessRejects", "accessRejects"],
  ["radiusAuthServTotalAccessChallenges", "accessChallenges"],
  ["radiusAuthServTotalMalformedAccessRequests", "malformedAccessRequests"],
  ["radiusAuthServTotalBadAuthenticators", "badAuthenticators"],
  ["radiusAuthServTotalPacketsDropped", "packetsDropped"],
  ["radiusAuthServTotalUnknownTypes", "unknownTypes"],
  ...accounting,
] as const;

const ofClient = [
  ["radiusAuthServAccessRequests", "accessRequests"],
  ["radiusAuthServDupAccessRequests", "duplicateAccessRequests"],
  ["radiusAuthServAccessAccepts", "accessAccepts"],
  ["radiusAuthServAccessRejects", "accessRejects"],
  ["radiusAuthServAccessChallenges", "accessChallenges"],
  ["radiusAuthServMalformedAccessRequests", "malformedAccessRequests"],
  ["radiusAuthServBadAuthenticators", "badAuthenticators"],
  ["radiusAuthServPacketsDropped", "packetsDropped"],
  ["radiusAuthServUnknownTypes", "unknownTypes"],
  ...accounting,
] as const;

/** @param value of a count, of one client or of all */
export function serverMib(
  clients: readonly RadiusClient[],
  upTime: Duration,
  value: (what: ServerCount, client?: number) => number,
): string {
  const lines = [
    "RADIUS-AUTH-SERVER-MIB",
    "radiusAuthServIdent=hostapd",
    `radiusAuthServUpTime=${Math.floor(upTime / 10)}`,
    "radiusAuthServResetTime=0",
    "radiusAuthServConfigReset=4",
    ...inAll.map(([name, what]) => `${name}=${value(what)}`),
  ];
  for (const [index, { address, prefixLength }] of clients.entries()) {
    const mask = maskedAddress(new Uint8Array(address.length).fill(0xff), prefixLength);
    lines.push(
      `radiusAuthClientIndex=${index}`,
      `radiusAuthClientAddress=${formatIpAddress(address)}/${formatIpAddress(mask)}`,
      ...ofClient.map(([name, what]) => `${name}=${value(what, index)}`),
    );
  }
  return lines.map((line) => `${line}\n`).join("");
}
