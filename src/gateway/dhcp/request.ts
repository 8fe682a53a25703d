/** What a client's message asks for. */

import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import type { Parameters } from "../../config/dhcpd/configuration.ts";
import type { DhcpMessage } from "../../wire/dhcp/message.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";
import { infiniteTime } from "./lease.ts";

/** ISC's own, in seconds. */
const defaults = { leaseTime: 43_200, maxLeaseTime: 86_400, minLeaseTime: 0 } as const;

/** Seconds: what it asks for, within what it may have. */
export function leaseTime(message: DhcpMessage, parameters: Parameters): number {
  const { defaultLeaseTime, maxLeaseTime, minLeaseTime } = parameters;
  const most = Math.max(maxLeaseTime ?? defaults.maxLeaseTime, minLeaseTime ?? 0);
  const wish = message.options.get(optionCode.leaseTime);
  const wanted = wish?.length === 4 ? u32Of(wish) : Math.min(defaultLeaseTime ?? defaults.leaseTime, infiniteTime);
  const least = minLeaseTime ?? defaults.minLeaseTime;
  return Math.max(least, Math.min(wanted, most));
}

export function addressOption({ options }: DhcpMessage, code: number): Ipv4Address | undefined {
  const value = options.get(code);
  return value?.length === 4 ? ipv4AddressOf(u32Of(value)) : undefined;
}

const u32Of = (octets: Uint8Array): number =>
  new DataView(octets.buffer, octets.byteOffset, octets.length).getUint32(0, false);

/** Host Name, or Client FQDN as text (RFC 4702, section 2); what else stands in it than letters, digits, hyphens and dots is left out. */
export function nameOf({ options }: DhcpMessage): string | undefined {
  const octets = options.get(optionCode.hostName) ?? options.get(optionCode.clientFqdn)?.subarray(3);
  if (octets === undefined) return undefined;
  const name = [...octets]
    .map((octet) => String.fromCharCode(octet))
    .filter((character) => /[A-Za-z0-9.-]/.test(character))
    .join("")
    .slice(0, 63);
  return name === "" ? undefined : name;
}
