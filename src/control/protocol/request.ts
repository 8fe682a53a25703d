/** Requests and replies: datagrams of text, octet for octet. */

import { type OctetText, octetsOf, octetTextOf } from "../../config/octets.ts";

/** The longest request that is taken whole on an interface's socket, in octets. */
export const longestRequest = 4095;
/** On the global socket. */
export const longestGlobalRequest = 255;
/** Longer replies are cut after a line; a datagram of this length crosses any UNIX socket. */
export const longestReply = 65_536;

/** What a program in C makes of a datagram: cut at its buffer's end, and at the first NUL. */
export function decodeRequest(datagram: Uint8Array, longest: number): OctetText {
  const cut = datagram.subarray(0, longest);
  const end = cut.indexOf(0);
  return octetTextOf(end === -1 ? cut : cut.subarray(0, end));
}

export function encodeReply(reply: OctetText): Uint8Array {
  if (reply.length <= longestReply) return octetsOf(reply);
  const end = reply.lastIndexOf("\n", longestReply - 1);
  return octetsOf(reply.slice(0, end === -1 ? longestReply : end + 1));
}

export interface Split {
  readonly name: string;
  /** What follows the space after the name; undefined where there is none. */
  readonly rest: OctetText | undefined;
}

export function splitCommand(request: OctetText): Split {
  const space = request.indexOf(" ");
  if (space === -1) return { name: request, rest: undefined };
  return { name: request.slice(0, space), rest: request.slice(space + 1) };
}

/** `IFNAME=wlan0 STATUS` on the global socket. @returns undefined where it has no such prefix */
export function splitInterfacePrefix(request: OctetText): { interface: string; request: OctetText } | undefined {
  const prefix = "IFNAME=";
  const space = request.indexOf(" ");
  if (!request.startsWith(prefix) || space === -1) return undefined;
  return { interface: request.slice(prefix.length, space), request: request.slice(space + 1) };
}
