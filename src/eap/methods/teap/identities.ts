/** Whose identity is asked for inside TEAP, the user's or the machine's, and whose is taken. RFC 9930, section 4.2.3. */

import { Writer } from "../../../base/bytes.ts";
import { encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";

export type IdentityType = "user" | "machine";

/** `eap_teap_id`. */
export type WantedIdentities = "any" | IdentityType | "user-or-machine" | "machine-or-user" | "user-and-machine";

const numbers = { user: 1, machine: 2 } as const satisfies Record<IdentityType, number>;

export const encodeIdentityType = (type: IdentityType): Uint8Array =>
  encodeTlv(tlvTypes.identityType, new Writer().u16be(numbers[type]).finish(), false);

/** @returns undefined where the peer may choose */
export function firstAsked(wanted: WantedIdentities): IdentityType | undefined {
  if (wanted === "any") return undefined;
  return wanted === "machine" || wanted === "machine-or-user" ? "machine" : "user";
}

/** How many have to be shown. */
export const mostIdentities = (wanted: WantedIdentities): number => (wanted === "user-and-machine" ? 2 : 1);

/** @param asked whose was asked for last @param value of the peer's Identity-Type TLV; undefined where it sent none */
export function isIdentityTaken(
  wanted: WantedIdentities,
  asked: IdentityType | undefined,
  value: Uint8Array | undefined,
): boolean {
  const number = value === undefined || value.length < 2 ? 0 : ((value[0] ?? 0) << 8) | (value[1] ?? 0);
  switch (wanted) {
    case "any":
      return true;
    case "user":
    case "machine":
      return number === numbers[wanted];
    case "user-or-machine":
    case "machine-or-user":
      return number === numbers.user || number === numbers.machine;
    case "user-and-machine":
      return asked !== undefined && number === numbers[asked];
  }
}
