/** Netlink messages and acknowledgements. linux/netlink.h; RFC 3549 section 2.3. */

import { Reader, Writer } from "../../base/bytes.ts";
import { attr, attributes, bytes, text, u32 } from "./attributes.ts";

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** Port of the socket that it is for; 0 where the kernel speaks of its own accord. */
  readonly port: number;
  readonly payload: Uint8Array;
}

export const messageTypes = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

export const messageFlags = {
  request: 0x01,
  multi: 0x02,
  ack: 0x04,
  /** The dump is inconsistent: what it lists changed meanwhile. */
  dumpInterrupted: 0x10,
  /** Of a GET: the whole list. */
  dump: 0x300,
  /** Of a NEW: fail where it exists, make it where it doesn't. */
  exclusive: 0x200,
  create: 0x400,
  /** Of an acknowledgement: without the request's payload; with attributes. */
  capped: 0x100,
  ackAttributes: 0x200,
} as const;

const headerLength = 16;
const padding = (length: number): number => -length & 3;

export function encodeMessage(message: NetlinkMessage): Uint8Array {
  const length = headerLength + message.payload.length;
  return new Writer()
    .u32le(length)
    .u16le(message.type)
    .u16le(message.flags)
    .u32le(message.sequence)
    .u32le(message.port)
    .put(message.payload)
    .zeros(padding(length))
    .finish();
}

/** All messages of one datagram; their payloads are views. @throws MalformedError */
export function decodeMessages(datagram: Uint8Array): NetlinkMessage[] {
  const r = new Reader(datagram, ["netlink"]);
  const messages: NetlinkMessage[] = [];
  while (r.remaining > 0) {
    const length = r.u32le();
    if (length < headerLength) r.fail(`a message of ${length} octets`);
    const type = r.u16le();
    const flags = r.u16le();
    const sequence = r.u32le();
    const port = r.u32le();
    messages.push({ type, flags, sequence, port, payload: r.take(length - headerLength) });
    r.take(Math.min(padding(length), r.remaining));
  }
  return messages;
}

/** The kernel's answer to a request: an error, or that it is done. */
export interface Acknowledgement {
  /** 0 where the request was carried out. */
  readonly errno: number;
  /** The kernel's own words. */
  readonly reason: string | undefined;
  /** Octets into the request at which the offending attribute stands. */
  readonly offset: number | undefined;
  /** The type of an attribute that is missing. */
  readonly missing: number | undefined;
  readonly cookie: Uint8Array | undefined;
}

/** enum nlmsgerr_attrs */
const extended = attributes({
  reason: attr(1, text),
  offset: attr(2, u32),
  cookie: attr(3, bytes),
  missing: attr(5, u32),
});

/** @param message of type error or done @throws MalformedError */
export function decodeAcknowledgement(message: NetlinkMessage): Acknowledgement {
  const r = new Reader(message.payload, ["acknowledgement"]);
  // The end of a dump may come without its number.
  const errno = message.type === messageTypes.done && r.remaining === 0 ? 0 : 0 - r.i32le();
  if (message.type === messageTypes.error) skipRequest(r, errno !== 0 && !(message.flags & messageFlags.capped));
  const none = { reason: undefined, offset: undefined, missing: undefined, cookie: undefined };
  if (!(message.flags & messageFlags.ackAttributes)) return { errno, ...none };
  const { reason, offset, missing, cookie } = extended.decode(r.field("extended"));
  return { errno, reason, offset, missing, cookie };
}

function skipRequest(r: Reader, whole: boolean): void {
  const length = r.u32le();
  r.take(headerLength - 4);
  if (whole) r.take(Math.min(Math.max(0, length - headerLength + padding(length)), r.remaining));
}

/** What {@link decodeAcknowledgement} reads, for a kernel that isn't one. */
export function encodeAcknowledgement(
  request: NetlinkMessage,
  answer: { readonly errno: number; readonly reason?: string; readonly cookie?: Uint8Array },
): NetlinkMessage {
  const { errno, ...details } = answer;
  const header = encodeMessage({ ...request, payload: new Uint8Array() });
  const payload = new Writer()
    .u32le(-errno >>> 0)
    .put(header)
    .put(extended.encode(details))
    .finish();
  return {
    type: messageTypes.error,
    flags: messageFlags.capped | messageFlags.ackAttributes,
    sequence: request.sequence,
    port: request.port,
    payload,
  };
}
