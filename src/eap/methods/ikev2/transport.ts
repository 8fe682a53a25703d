/** How EAP carries IKEv2's messages: in pieces, and from the keys on with a checksum for each packet. RFC 5106, section 8.1. */

import { concat, type Reader, Writer } from "../../../base/bytes.ts";
import { sameSecret } from "../../../crypto/secret.ts";
import type { MethodCall } from "../../method.ts";
import { requestOctets, responseOctets } from "../packet-octets.ts";
import { checksum, checksumLength } from "./keys.ts";

const flag = { length: 0x80, more: 0x40, integrity: 0x20 } as const;

/** Whatever a peer has to say is shorter, in octets. */
const longestMessage = 8192;

/** What is under way of messages in pieces. */
export interface Transport {
  /** Of the message that goes out; empty where all of it has. */
  readonly unsent: Uint8Array;
  /** Of the message that comes in; undefined where none has begun. */
  readonly received: { readonly total: number; readonly octets: Uint8Array } | undefined;
}

/** For the checksums of packets: of the server's, and of the peer's. */
export interface PacketKeys {
  readonly own: Uint8Array;
  readonly peer: Uint8Array;
}

export interface Sent {
  /** Type-Data. */
  readonly data: Uint8Array;
  readonly transport: Transport;
}

export interface TransportOptions {
  /** EAP's number of the method. */
  readonly type: number;
  /** Most octets of Type-Data, without the checksum. */
  readonly size: number;
}

/** The next piece of a message, or all of it. @param isFirst of the message's pieces @param keys undefined as long as there are none */
export function sendPiece(
  call: MethodCall,
  { type, size }: TransportOptions,
  message: Uint8Array,
  isFirst: boolean,
  keys: PacketKeys | undefined,
): Sent {
  const isWhole = 1 + message.length <= size;
  const announces = isFirst && !isWhole;
  const piece = message.subarray(0, size - (announces ? 5 : 1));
  const w = new Writer().u8(
    (announces ? flag.length : 0) | (isWhole ? 0 : flag.more) | (keys === undefined ? 0 : flag.integrity),
  );
  if (announces) w.u32be(message.length);
  const data = w.put(piece).finish();
  const transport = { unsent: message.slice(piece.length), received: undefined };
  if (keys === undefined) return { data, transport };
  const packet = requestOctets(call, type, concat(data, new Uint8Array(checksumLength)));
  return { data: concat(data, checksum(keys.own, packet.subarray(0, -checksumLength))), transport };
}

export type Received =
  /** An acknowledgement, or a piece: this is the answer to it. */
  | ({ readonly kind: "continue" } & Sent)
  | { readonly kind: "message"; readonly message: Uint8Array }
  | { readonly kind: "ignored"; readonly reason: string };

/** @param data Type-Data of a response @param keys that it has to be protected with @throws MalformedError */
export function receivePiece(
  call: MethodCall,
  options: TransportOptions,
  { unsent, received }: Transport,
  data: Reader,
  keys: PacketKeys | undefined,
): Received {
  if (unsent.length > 0) {
    // Acknowledgements are empty, and have no checksum.
    if (data.remaining > 0) return { kind: "ignored", reason: "a message where an acknowledgement is awaited" };
    return { kind: "continue", ...sendPiece(call, options, unsent, false, keys) };
  }
  const flags = data.u8();
  if (keys === undefined) {
    if (flags & flag.integrity) data.fail("a checksum before there are keys");
  } else {
    if (!(flags & flag.integrity)) return { kind: "ignored", reason: "a packet without checksum" };
    const packet = responseOctets(call, options.type, data.bytes);
    const expected = checksum(keys.peer, packet.subarray(0, -checksumLength));
    if (!sameSecret(expected, packet.subarray(-checksumLength))) return { kind: "ignored", reason: "a wrong checksum" };
  }
  let total = received?.total;
  if (flags & flag.length) {
    const announced = data.u32be();
    if (received !== undefined && announced !== received.total) data.fail("another length than before");
    if (announced > longestMessage) data.fail(`a message of ${announced} octets`);
    total = announced;
  }
  if (data.remaining < (keys === undefined ? 0 : checksumLength)) data.fail("no room for the checksum");
  const piece = data.take(data.remaining - (keys === undefined ? 0 : checksumLength));
  const hasMore = (flags & flag.more) !== 0;
  if (received === undefined && !hasMore) return { kind: "message", message: piece };
  if (total === undefined) data.fail("a piece of a message of unknown length");
  const octets = concat(received?.octets ?? new Uint8Array(0), piece);
  if (octets.length > total) data.fail("pieces longer than their message");
  if (!hasMore) return { kind: "message", message: octets };
  if (piece.length === 0) data.fail("an empty piece");
  return {
    kind: "continue",
    data: new Uint8Array(0),
    transport: { unsent: new Uint8Array(0), received: { total, octets } },
  };
}
