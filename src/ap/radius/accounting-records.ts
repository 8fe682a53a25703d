/** What accounting records say: of a session, of the access point as a whole. RFC 2866, RFC 2869, section 5. */

import { utf8 } from "../../base/bytes.ts";
import { type Duration, inSeconds, since } from "../../base/duration.ts";
import type { StationStatistics } from "../../driver/port.ts";
import { acctStatusTypes, radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, typeOf } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import type { Station } from "../station.ts";
import { grantOf, multiSessionIdOf, nameOfAddress, sessionIdText } from "./identity.ts";
import { commonAttributes } from "./request-attributes.ts";

/** Acct-Terminate-Cause. RFC 2866, section 5.10. */
export const terminateCauses = {
  "user-request": 1,
  "lost-carrier": 2,
  "idle-timeout": 4,
  "session-timeout": 5,
  "admin-reset": 6,
  "admin-reboot": 7,
  "nas-error": 9,
  "nas-request": 10,
  "nas-reboot": 11,
} as const;

export type TerminateCause = keyof typeof terminateCauses;

export type SessionStatus = "start" | "stop" | "interimUpdate";

/** A session that is accounted for. */
export interface AccountedSession {
  readonly began: Duration;
  /** As read last: when the driver has forgotten the station, it is all there is. */
  counters: StationStatistics | undefined;
  interimFailures: number;
}

/** RADIUS, or the network's own keys. RFC 2866, section 5.6. */
const acctAuthentic = { radius: 1, local: 2 } as const;

/**
 * What a record says of a station as it is now, but for the counters and the delay.
 * @returns the attributes, given what else is to be said of the station
 */
export function sessionRecord(
  bss: Bss,
  station: Station,
  status: SessionStatus,
): (more: readonly RadiusAttribute[]) => readonly RadiusAttribute[] {
  const grant = grantOf(station);
  const configured = bss.settings.radius_acct_req_attr;
  const { address, association, sessionId } = station;
  const subject = { address, association, sessionId, multiSessionId: multiSessionIdOf(station) };
  const common = commonAttributes(bss, configured, subject);
  const at = timestamp(bss);
  return (more) => {
    const list = new AttributeList().add(radius.acctStatusType, acctStatusTypes[status]);
    if (!configured.some(({ type }) => type === typeOf(radius.acctAuthentic))) {
      list.add(radius.acctAuthentic, grant ? acctAuthentic.radius : acctAuthentic.local);
    }
    list.add(radius.userName, grant?.identity ?? nameOfAddress(address)).put(...common, ...more);
    for (const value of grant?.classes ?? []) list.add(radius.class, value);
    if (grant?.chargeableUserIdentity) list.add(radius.chargeableUserIdentity, grant.chargeableUserIdentity);
    return [...list.list, ...at];
  };
}

/** How long the session has lasted, and what went through it. */
export function counterAttributes(bss: Bss, { began, counters }: AccountedSession): readonly RadiusAttribute[] {
  const list = new AttributeList().add(
    radius.acctSessionTime,
    Math.max(0, Math.floor(inSeconds(since(bss.clock, began)))),
  );
  if (!counters) return list.list;
  const { rxPackets, txPackets, rxBytes, txBytes } = counters;
  return list
    .add(radius.acctInputPackets, rxPackets % 2 ** 32)
    .add(radius.acctOutputPackets, txPackets % 2 ** 32)
    .add(radius.acctInputOctets, low(rxBytes))
    .add(radius.acctInputGigawords, high(rxBytes))
    .add(radius.acctOutputOctets, low(txBytes))
    .add(radius.acctOutputGigawords, high(txBytes)).list;
}

/** The same, and why it is over. */
export const endAttributes = (
  bss: Bss,
  session: AccountedSession,
  cause: TerminateCause | undefined,
): readonly RadiusAttribute[] =>
  new AttributeList()
    .put(...counterAttributes(bss, session))
    .add(radius.acctTerminateCause, cause && terminateCauses[cause]).list;

/** Of the access point as a whole. @param sessionId from Accounting-On to Accounting-Off */
export const stateRecord = (
  bss: Bss,
  status: "accountingOn" | "accountingOff",
  sessionId: bigint,
): readonly RadiusAttribute[] =>
  new AttributeList()
    .add(radius.acctStatusType, acctStatusTypes[status])
    .put(...commonAttributes(bss, bss.settings.radius_acct_req_attr, undefined))
    .add(radius.acctSessionId, utf8(sessionIdText(sessionId)))
    .put(...timestamp(bss)).list;

const low = (count: bigint): number => Number(count & 0xffff_ffffn);
const high = (count: bigint): number => Number((count >> 32n) & 0xffff_ffffn);

/** A clock that was never set says nothing. RFC 2869, section 5.3. */
function timestamp({ clock }: Bss): readonly RadiusAttribute[] {
  const now = Math.floor(clock.unixTime());
  return now > 1_000_000_000 ? new AttributeList().add(radius.eventTimestamp, now).list : [];
}
