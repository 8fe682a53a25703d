/** How EAP-pwd's messages travel in pieces: one of them a packet, each acknowledged by an empty one. RFC 5931, section 4. */

import { concat, type Reader, Writer } from "../../../base/bytes.ts";

const flag = { length: 0x80, more: 0x40 } as const;
const exchangeMask = 0x3f;

/** Whatever a peer has to say is shorter, in octets. */
const longestMessage = 4096;

/** What is under way of messages in pieces. */
export interface Fragments {
  /** Of the message that goes out; empty where all of it has. */
  readonly unsent: Uint8Array;
  /** Of the message that comes in; undefined where none has begun. */
  readonly received: { readonly total: number; readonly octets: Uint8Array } | undefined;
}

export interface Sent {
  /** Type-Data. */
  readonly data: Uint8Array;
  readonly fragments: Fragments;
}

/** @param size most octets of Type-Data @returns the first piece, or all of it */
export function sendMessage(exchange: number, message: Uint8Array, size: number): Sent {
  if (1 + message.length <= size) {
    return {
      data: concat(Uint8Array.of(exchange), message),
      fragments: { unsent: new Uint8Array(0), received: undefined },
    };
  }
  const first = message.subarray(0, size - 3);
  const head = new Writer()
    .u8(exchange | flag.length | flag.more)
    .u16be(message.length)
    .finish();
  return {
    data: concat(head, first),
    fragments: { unsent: message.slice(first.length), received: undefined },
  };
}

function sendMore(exchange: number, unsent: Uint8Array, size: number): Sent {
  const piece = unsent.subarray(0, size - 1);
  const isLast = piece.length === unsent.length;
  return {
    data: concat(Uint8Array.of(isLast ? exchange : exchange | flag.more), piece),
    fragments: { unsent: unsent.slice(piece.length), received: undefined },
  };
}

export type Received =
  /** An acknowledgement, or a piece: this is the answer to it. */
  | ({ readonly kind: "continue" } & Sent)
  | { readonly kind: "message"; readonly message: Uint8Array }
  | { readonly kind: "ignored"; readonly reason: string };

/**
 * @param data Type-Data of a response
 * @param exchange the one that is awaited
 * @throws MalformedError
 */
export function receivePiece(data: Reader, exchange: number, { unsent, received }: Fragments, size: number): Received {
  const first = data.u8();
  if ((first & exchangeMask) !== exchange)
    return { kind: "ignored", reason: `exchange ${first & exchangeMask} instead of ${exchange}` };
  if (unsent.length > 0) {
    const isAcknowledgement = first === exchange && data.remaining === 0;
    if (!isAcknowledgement) return { kind: "ignored", reason: "a message where an acknowledgement is awaited" };
    return { kind: "continue", ...sendMore(exchange, unsent, size) };
  }
  const hasMore = (first & flag.more) !== 0;
  let total = received?.total;
  if (first & flag.length) {
    if (received !== undefined) return { kind: "ignored", reason: "another message begins within one" };
    total = data.u16be();
    if (total > longestMessage) data.fail(`a message of ${total} octets`);
  }
  const piece = data.rest();
  if (received === undefined && !hasMore) return { kind: "message", message: piece };
  if (total === undefined) data.fail("a piece of a message of unknown length");
  const octets = concat(received?.octets ?? new Uint8Array(0), piece);
  if (octets.length > total) data.fail("pieces longer than their message");
  if (!hasMore) return { kind: "message", message: octets };
  if (piece.length === 0) data.fail("an empty piece");
  return {
    kind: "continue",
    data: Uint8Array.of(exchange),
    fragments: { unsent: new Uint8Array(0), received: { total, octets } },
  };
}
