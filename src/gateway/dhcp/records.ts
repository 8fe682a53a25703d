/** Leases, by a clock that begins anew with each process, as records with times of the calendar, and back. */

import type { Clock } from "../../base/clock.ts";
import { inSeconds, milliseconds } from "../../base/duration.ts";
import { formatIpv4Address, parseIpv4Address } from "../../base/ipv4-address.ts";
import { parseMacAddress } from "../../base/mac-address.ts";
import type { LeaseRecord } from "./journal.ts";
import type { ClientKey, Lease } from "./lease.ts";

export function recordOf(lease: Lease, state: LeaseRecord["state"], clock: Clock): LeaseRecord {
  const now = clock.unixTime();
  const left = lease.until === undefined ? undefined : inSeconds(milliseconds(lease.until - clock.now()));
  return {
    address: formatIpv4Address(lease.address),
    client: lease.client,
    ...(lease.hardware === undefined ? {} : { hardware: lease.hardware }),
    ...(lease.hostName === undefined ? {} : { hostName: lease.hostName }),
    state,
    until: left === undefined ? null : Math.ceil(now + left),
    since: Math.floor(now),
  };
}

/** @returns undefined for a record of no address */
export function leaseOf(
  record: LeaseRecord,
  clock: Clock,
): { readonly lease: Lease; readonly isOver: boolean } | undefined {
  const address = parseIpv4Address(record.address);
  if (address === undefined) return undefined;
  const now = clock.unixTime();
  // A clock that was set back, as on a machine without a battery, must not make leases longer than they were.
  const left = record.until === null ? undefined : record.until - Math.max(now, record.since);
  const lease: Lease = {
    address,
    client: record.client as ClientKey,
    hardware: record.hardware === undefined ? undefined : parseMacAddress(record.hardware),
    hostName: record.hostName,
    until: left === undefined ? undefined : milliseconds(clock.now() + 1000 * left),
    since: milliseconds(clock.now() - Math.max(0, now - record.since) * 1000),
  };
  return { lease, isOver: left !== undefined && left <= 0 };
}
