/** IKEv2's messages as far as EAP-IKEv2 has them. RFC 7296, section 3; RFC 5106, section 8. */

import { concat, type Reader, Writer } from "../../../base/bytes.ts";

export const exchangeType = { init: 34, auth: 35 } as const;

/** RFC 7296, section 3.2. */
export const payloadType = {
  none: 0,
  sa: 33,
  keyExchange: 34,
  idInitiator: 35,
  idResponder: 36,
  certificate: 37,
  certificateRequest: 38,
  authentication: 39,
  nonce: 40,
  notify: 41,
  vendorId: 43,
  encrypted: 46,
  nextFastId: 121,
} as const;

const known: ReadonlySet<number> = new Set(Object.values(payloadType));

const version = 0x20;
const flag = { initiator: 0x08, response: 0x20 } as const;
const critical = 0x80;
const headerLength = 28;
export const spiLength = 8;

export interface Payload {
  readonly type: number;
  readonly data: Uint8Array;
}

export interface IkeHeader {
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
  readonly exchange: number;
  readonly messageId: number;
}

export interface IkeMessage extends IkeHeader {
  readonly payloads: readonly Payload[];
  /** Type of the first payload inside the encrypted one, which is the last of those outside. */
  readonly firstInside: number;
}

/** A request of the initiator's, up to the end of its last payload. @param length octets that follow, of an encrypted payload */
export function encodeRequest(header: IkeHeader, firstPayload: number, payloads: Uint8Array, length = 0): Uint8Array {
  return new Writer()
    .put(header.initiatorSpi)
    .put(header.responderSpi)
    .u8(firstPayload)
    .u8(version)
    .u8(header.exchange)
    .u8(flag.initiator)
    .u32be(header.messageId)
    .u32be(headerLength + payloads.length + length)
    .put(payloads)
    .finish();
}

/** A chain: each payload names the type of the next. */
export const encodePayloads = (payloads: readonly Payload[]): Uint8Array =>
  concat(...payloads.map(({ data }, i) => encodePayload(data, payloads[i + 1]?.type ?? payloadType.none)));

/** @param length octets that follow and belong to it */
export const encodePayload = (data: Uint8Array, next: number, length = 0): Uint8Array =>
  new Writer()
    .u8(next)
    .u8(0)
    .u16be(4 + data.length + length)
    .put(data)
    .finish();

/** @param r a whole message, from a responder @throws MalformedError */
export function decodeResponse(r: Reader): IkeMessage {
  const total = r.remaining;
  const initiatorSpi = r.take(spiLength).slice();
  const responderSpi = r.take(spiLength).slice();
  const first = r.u8();
  if (r.u8() !== version) r.fail("another version than 2.0");
  const exchange = r.u8();
  if ((r.u8() & (flag.initiator | flag.response)) !== flag.response) r.fail("no response of a responder's");
  const messageId = r.u32be();
  if (r.u32be() !== total) r.fail(`another length than the ${total} octets that are there`);
  const { payloads, firstInside } = decodePayloads(r, first);
  return { initiatorSpi, responderSpi, exchange, messageId, payloads, firstInside };
}

/** @throws MalformedError also for payloads that are unknown and critical */
export function decodePayloads(r: Reader, first: number): Pick<IkeMessage, "payloads" | "firstInside"> {
  const payloads: Payload[] = [];
  let type = first;
  while (type !== payloadType.none) {
    const next = r.u8();
    const isCritical = (r.u8() & critical) !== 0;
    const length = r.u16be() - 4;
    if (length < 0) r.fail(`payload ${type} shorter than its header`);
    if (isCritical && !known.has(type)) r.fail(`payload ${type}, unknown, is critical`);
    if (type !== payloadType.notify && payloads.some((other) => other.type === type)) r.fail(`payload ${type} twice`);
    payloads.push({ type, data: r.take(length) });
    if (type === payloadType.encrypted) {
      if (r.remaining > 0) r.fail("something behind the encrypted payload");
      return { payloads, firstInside: next };
    }
    type = next;
  }
  if (r.remaining > 0) r.fail(`${r.remaining} octets behind the last payload`);
  return { payloads, firstInside: payloadType.none };
}

export const payloadOf = ({ payloads }: Pick<IkeMessage, "payloads">, type: number): Uint8Array | undefined =>
  payloads.find((payload) => payload.type === type)?.data;

/** Transforms. RFC 7296, section 3.3.2: encryption AES-CBC with 128 bits, HMAC-SHA1 for keys and integrity, MODP with 2048 bits. */
const transforms = [
  [1, 12, Uint8Array.of(0x80, 0x0e, 0, 128)],
  [2, 2, new Uint8Array(0)],
  [3, 2, new Uint8Array(0)],
  [4, 14, new Uint8Array(0)],
] as const;

/** Number of the group. */
export const groupNumber = 14;

/** The one proposal there is. RFC 7296, section 3.3. */
export function encodeProposal(): Uint8Array {
  const encoded = transforms.map(([type, id, attributes], i) =>
    new Writer()
      .u8(i === transforms.length - 1 ? 0 : 3)
      .u8(0)
      .u16be(8 + attributes.length)
      .u8(type)
      .u8(0)
      .u16be(id)
      .put(attributes)
      .finish(),
  );
  const body = concat(...encoded);
  const protocolIke = 1;
  return new Writer()
    .u8(0)
    .u8(0)
    .u16be(8 + body.length)
    .u8(1)
    .u8(protocolIke)
    .u8(0)
    .u8(transforms.length)
    .put(body)
    .finish();
}

/** Whether the responder has taken the proposal as it was. @throws MalformedError */
export function isProposalTaken(r: Reader): boolean {
  r.skip(2);
  if (r.u16be() !== r.bytes.length) r.fail("more than one proposal");
  const [number, protocol, spiSize, count] = [r.u8(), r.u8(), r.u8(), r.u8()];
  if (number !== 1 || protocol !== 1 || spiSize !== 0 || count !== transforms.length) return false;
  const found = new Map<number, { readonly id: number; readonly attributes: Uint8Array }>();
  for (let i = 0; i < count; i++) {
    r.skip(2);
    const length = r.u16be() - 8;
    const type = r.u8();
    r.skip(1);
    const id = r.u16be();
    if (length < 0) r.fail("a transform shorter than its header");
    found.set(type, { id, attributes: r.take(length) });
  }
  return transforms.every(([type, id, attributes]) => {
    const taken = found.get(type);
    return taken?.id === id && taken.attributes.every((octet, i) => octet === attributes[i]);
  });
}
