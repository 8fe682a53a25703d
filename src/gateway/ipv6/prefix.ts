/** Addresses of IPv6 for a network of stations: a prefix that is unique with all likelihood, and the same each time. RFC 4193, section 3.2. Pure. */

import { concat, utf8 } from "../../base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { hash } from "../../crypto/backend/node.ts";

export const prefixLength = 64;

/** @param machine what no other machine has @returns 16 octets, of which the first 8 are the prefix */
export function deriveUniqueLocalPrefix(machine: string, interfaceName: string): Uint8Array {
  const globalId = hash("sha256", utf8(`beacond ${machine} ${interfaceName}`)).subarray(0, 5);
  return concat(Uint8Array.of(0xfd), globalId, new Uint8Array(10));
}

/** The first address of a prefix. */
export function firstAddress(prefix: Uint8Array): Uint8Array {
  const address = prefix.slice();
  address[15] = 1;
  return address;
}

/** RFC 4291, appendix A. */
export function linkLocalAddress(hardware: MacAddress): Uint8Array {
  const [first = 0, ...rest] = encodeMacAddress(hardware);
  const identifier = Uint8Array.of(first ^ 2, ...rest.slice(0, 2), 0xff, 0xfe, ...rest.slice(2));
  return concat(Uint8Array.of(0xfe, 0x80, 0, 0, 0, 0, 0, 0), identifier);
}
