/**
 * The frame that EAP-TLS puts around TLS's octets, and all methods over TLS with it: flags, a length, fragments that are acknowledged one by
 * one. RFC 5216, sections 2.1.5 and 3. TEAP's outer TLVs are RFC 9930, section 4.1.
 */

import { concat, type Reader, Writer } from "../../base/bytes.ts";

const flag = { length: 0x80, more: 0x40, start: 0x20, outerLength: 0x10 } as const;
const versionMask = 0x07;

export interface TlsFrame {
  readonly version: number;
  readonly start: boolean;
  readonly more: boolean;
  /** Octets of the message that this is a fragment of. */
  readonly messageLength: number | undefined;
  readonly data: Uint8Array;
  /** Of TEAP: outer TLVs, behind the data. */
  readonly outer: Uint8Array | undefined;
}

/** @param hasOuter whether the method has outer TLVs @throws MalformedError */
export function decodeTlsFrame(r: Reader, hasOuter = false): TlsFrame {
  const flags = r.u8();
  const messageLength = flags & flag.length ? r.u32be() : undefined;
  const outerLength = hasOuter && flags & flag.outerLength ? r.u32be() : undefined;
  const end = r.remaining - (outerLength ?? 0);
  if (end < 0) r.fail(`outer TLVs of ${outerLength} octets, where ${r.remaining} are left`);
  const data = r.take(end);
  return {
    version: flags & versionMask,
    start: (flags & flag.start) !== 0,
    more: (flags & flag.more) !== 0,
    messageLength,
    data,
    outer: outerLength === undefined ? undefined : r.rest().slice(),
  };
}

/** A request that begins the method. @param data what some methods put behind the flags */
export const encodeTlsStart = (version: number, data: Uint8Array = new Uint8Array()): Uint8Array =>
  concat(Uint8Array.of(flag.start | version), data);

/** The same with outer TLVs. RFC 9930, section 4.1. */
export const encodeTlsStartWithOuter = (version: number, outer: Uint8Array): Uint8Array =>
  new Writer()
    .u8(flag.start | flag.outerLength | version)
    .u32be(outer.length)
    .put(outer)
    .finish();

/** Nothing: acknowledges a fragment, or a message. */
export const encodeTlsAcknowledgement = (version: number): Uint8Array => Uint8Array.of(version);

/** Longer messages are refused: no chain of certificates needs them. */
const longestMessage = 65_536;

/** What has come of a message, and what is left of one to be sent. */
export interface Fragments {
  readonly received: readonly Uint8Array[];
  readonly expected: number;
  readonly unsent: Uint8Array;
}

const nothing = new Uint8Array();
export const noFragments: Fragments = { received: [], expected: 0, unsent: nothing };

export type Arrival =
  /** All of it. @property message not a copy where it came in one piece */
  | { readonly kind: "message"; readonly message: Uint8Array; readonly fragments: Fragments }
  /** The next fragment, or the acknowledgement of one: to be sent. */
  | { readonly kind: "reply"; readonly data: Uint8Array; readonly fragments: Fragments }
  | { readonly kind: "refused"; readonly reason: string };

/** @param limit most octets of Type-Data in one request */
export function takeFrame(fragments: Fragments, frame: TlsFrame, limit: number, version: number): Arrival {
  const { received, expected, unsent } = fragments;
  const { messageLength, data, more } = frame;
  const refused = (reason: string): Arrival => ({ kind: "refused", reason });
  if (messageLength !== undefined && data.length > messageLength) {
    return refused(`a fragment of ${data.length} octets of a message of ${messageLength}`);
  }
  if (unsent.length > 0) {
    if (data.length > 0) return refused("data, where a fragment is to be acknowledged");
    const next = nextFragment(fragments, limit, version);
    return { kind: "reply", data: next.data, fragments: next.fragments };
  }
  if (received.length === 0) {
    if (!more) return { kind: "message", message: data, fragments };
    if (messageLength === undefined) return refused("the first fragment does not tell the length of the message");
    if (messageLength > longestMessage) return refused(`a message of ${messageLength} octets`);
    const begun = { received: [data.slice()], expected: messageLength, unsent };
    return { kind: "reply", data: encodeTlsAcknowledgement(version), fragments: begun };
  }
  const soFar = received.reduce((sum, part) => sum + part.length, data.length);
  if (soFar > expected) return refused(`${soFar} octets of a message of ${expected}`);
  if (more) {
    const continued = { received: [...received, data.slice()], expected, unsent };
    return { kind: "reply", data: encodeTlsAcknowledgement(version), fragments: continued };
  }
  return {
    kind: "message",
    message: concat(...received, data),
    fragments: { received: [], expected: 0, unsent },
  };
}

/** The first fragment of a message; where it fits, all of it. */
export function sendMessage(
  fragments: Fragments,
  message: Uint8Array,
  limit: number,
  version: number,
): { readonly data: Uint8Array; readonly fragments: Fragments } {
  const { received, expected } = fragments;
  if (1 + message.length <= limit) {
    const data = new Writer(1 + message.length).u8(version).put(message).finish();
    return { data, fragments: { received, expected, unsent: nothing } };
  }
  const part = message.subarray(0, Math.max(1, limit - 5));
  const data = new Writer(5 + part.length)
    .u8(flag.length | flag.more | version)
    .u32be(message.length)
    .put(part)
    .finish();
  return { data, fragments: { received, expected, unsent: message.slice(part.length) } };
}

function nextFragment(
  fragments: Fragments,
  limit: number,
  version: number,
): { readonly data: Uint8Array; readonly fragments: Fragments } {
  const { received, expected, unsent } = fragments;
  const part = unsent.subarray(0, Math.max(1, limit - 1));
  const rest = unsent.slice(part.length);
  const data = new Writer(1 + part.length)
    .u8((rest.length > 0 ? flag.more : 0) | version)
    .put(part)
    .finish();
  return { data, fragments: { received, expected, unsent: rest } };
}
