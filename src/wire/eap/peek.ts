/**
 * What an EAP packet's first octets say, without a look at the rest: for whoever hands packets on, and only counts and tells of them. Of a
 * packet that is cut they say nothing that is true; nothing is thrown. RFC 3748, section 4.
 */

import { type EapPacket, eapCodes, eapHeaderLength } from "./packet.ts";
import { type EapType, expandedType } from "./types.ts";

const codeNames = new Map<number, EapPacket["code"]>(
  (Object.entries(eapCodes) as [EapPacket["code"], number][]).map(([name, code]) => [code, name]),
);

/** @returns undefined where it is none */
export const eapCodeOf = (packet: Uint8Array): EapPacket["code"] | undefined => codeNames.get(packet[0] ?? 0);

export const eapIdentifierOf = (packet: Uint8Array): number => packet[1] ?? 0;

/** Octets of the packet itself, behind which there may be padding. */
export const eapLengthOf = (packet: Uint8Array): number => ((packet[2] ?? 0) << 8) | (packet[3] ?? 0);

/** Of a request or a response. @returns undefined where there is none */
export function eapTypeOf(packet: Uint8Array): EapType | undefined {
  const code = eapCodeOf(packet);
  const [type, ...more] = packet.subarray(eapHeaderLength, eapHeaderLength + 8);
  if ((code !== "request" && code !== "response") || type === undefined) return undefined;
  if (type !== expandedType) return { vendor: 0, type };
  if (more.length < 7) return undefined;
  const view = new DataView(Uint8Array.from([0, ...more]).buffer);
  return { vendor: view.getUint32(0), type: view.getUint32(4) };
}
