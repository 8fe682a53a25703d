/** Leases that ISC's server has given, for a server that takes its place. */

import { Writer } from "../../base/bytes.ts";
import { formatIpv4Address } from "../../base/ipv4-address.ts";
import { encodeMacAddress } from "../../base/mac-address.ts";
import type { IscLease } from "../../config/dhcpd/leases.ts";
import { etherHardware } from "../../wire/dhcp/message.ts";
import type { LeaseJournal, LeaseRecord } from "./journal.ts";
import { clientKeyOf } from "./lease.ts";

/** How long an address is left alone that somebody used without having it: as if it were found now. */
const declinedFor = 86_400;

/** @param now seconds of UNIX time @returns undefined for one that is nobody's */
export function recordOf(lease: IscLease, now: number): LeaseRecord | undefined {
  const { address, state, ends, starts, hardware, identifier, hostName } = lease;
  const shown = formatIpv4Address(address);
  if (state === "abandoned") {
    return { address: shown, client: "", state: "declined", since: now, until: now + declinedFor };
  }
  if (hardware === undefined && identifier === undefined) return undefined;
  const octets = new Writer()
    .u8(etherHardware)
    .put(hardware === undefined ? new Uint8Array() : encodeMacAddress(hardware));
  return {
    address: shown,
    client: clientKeyOf(identifier, octets.finish()),
    ...(hardware === undefined ? {} : { hardware }),
    ...(hostName === undefined ? {} : { hostName }),
    state: state === "active" ? "bound" : "released",
    until: ends ?? null,
    since: Math.min(starts ?? now, now),
  };
}

/** What the journal knows already of an address is newer. @returns how many were taken over @throws ConfigurationError */
export async function importLeases(
  leases: readonly IscLease[],
  journal: Pick<LeaseJournal, "records" | "append">,
  now: number,
): Promise<number> {
  const known = new Set(journal.records.map(({ address }) => address));
  const records = leases.flatMap((lease) => recordOf(lease, now) ?? []).filter(({ address }) => !known.has(address));
  await Promise.all(records.map((record) => journal.append(record)));
  return records.length;
}
