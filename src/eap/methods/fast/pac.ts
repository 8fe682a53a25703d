/**
 * Protected access credentials of EAP-FAST: a key that client and server share, and the same sealed for the server alone, so that it need
 * not remember. RFC 4851, section 3.2.2; RFC 5422, section 4.2. What is sealed is as hostapd seals it: its PACs stay good.
 */

import { concat, Reader, Writer } from "../../../base/bytes.ts";
import { aesUnwrap, aesWrap } from "../../../crypto/backend/node.ts";
import { wipe } from "../../../crypto/secret.ts";
import { encodeStatus, encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";

/** Attributes of the PAC TLV. RFC 5422, section 4.2. */
export const pacTypes = {
  key: 1,
  opaque: 2,
  lifetime: 3,
  authorityId: 4,
  identity: 5,
  authorityInfo: 7,
  acknowledgement: 8,
  info: 9,
  type: 10,
} as const;

const tunnelPac = 1;
export const pacKeyLength = 32;

/** Within what is sealed: a type and a length of one octet each. */
const sealedTypes = { pad: 0, key: 1, lifetime: 2, identity: 3 } as const;

export interface OpenedPac {
  /** 32 octets; wipe it. */
  readonly key: Uint8Array;
  /** Seconds of UNIX time until which it is good. */
  readonly expires: number;
  readonly identity: Uint8Array | undefined;
}

const longestIdentity = 255;

function seal(encryptionKey: Uint8Array, { key, expires, identity }: OpenedPac): Uint8Array {
  const w = new Writer().u8(sealedTypes.lifetime).u8(4).u32be(expires);
  if (identity !== undefined && identity.length <= longestIdentity) {
    w.u8(sealedTypes.identity).u8(identity.length).put(identity);
  }
  const padding = -(2 + key.length + w.length) & 7;
  const clear = concat(Uint8Array.of(sealedTypes.key, key.length), key, w.zeros(padding).finish());
  const opaque = aesWrap(encryptionKey, clear);
  wipe(clear);
  return opaque;
}

/**
 * @param ticket of a ClientHello
 * @returns undefined where it is no PAC of ours: of another server, or of another time of this one's
 */
export function openPac(encryptionKey: Uint8Array, ticket: Uint8Array): OpenedPac | undefined {
  if (ticket.length < 4) return undefined;
  const head = new Reader(ticket, ["PAC"]);
  const [type, length] = [head.u16be(), head.u16be()];
  if (type !== pacTypes.opaque || length > head.remaining) return undefined;
  const clear = aesUnwrap(encryptionKey, head.take(length));
  if (clear === undefined) return undefined;
  let key: Uint8Array | undefined;
  let expires = 0;
  let identity: Uint8Array | undefined;
  const r = new Reader(clear, ["PAC", "sealed"]);
  while (r.remaining > 1) {
    const part = r.u8();
    const size = r.u8();
    if (part === sealedTypes.pad || size > r.remaining) break;
    const value = r.take(size);
    if (part === sealedTypes.key && size === pacKeyLength) key = value.slice();
    if (part === sealedTypes.lifetime && size === 4) expires = new Reader(value, ["PAC", "lifetime"]).u32be();
    if (part === sealedTypes.identity) identity = value.slice();
  }
  wipe(clear);
  return key === undefined ? undefined : { key, expires, identity };
}

export interface NewPac {
  readonly encryptionKey: Uint8Array;
  readonly authorityId: Uint8Array;
  /** For people. */
  readonly authorityInfo: Uint8Array;
  /** 32 octets of chance; wiped. */
  readonly key: Uint8Array;
  readonly expires: number;
  readonly identity: Uint8Array;
}

const mandatoryBit = 0x8000;

/** Of a TLV with a key in it, which is copied no more often than has to be. */
const head = (type: number, { length }: Uint8Array): Uint8Array => new Writer().u16be(type).u16be(length).finish();

/** Result and PAC TLVs that hand one out; wipe them. */
export function buildPac(pac: NewPac): Uint8Array {
  const { encryptionKey, key, expires, identity } = pac;
  const attribute = (type: number, value: Uint8Array): Uint8Array => encodeTlv(type, value, false);
  const info = concat(
    attribute(pacTypes.lifetime, new Writer().u32be(expires).finish()),
    attribute(pacTypes.authorityId, pac.authorityId),
    attribute(pacTypes.identity, identity),
    attribute(pacTypes.authorityInfo, pac.authorityInfo),
    attribute(pacTypes.type, new Writer().u16be(tunnelPac).finish()),
  );
  const value = concat(
    head(pacTypes.key, key),
    key,
    attribute(pacTypes.opaque, seal(encryptionKey, { key, expires, identity })),
    attribute(pacTypes.info, info),
  );
  wipe(key);
  const result = encodeTlv(tlvTypes.result, encodeStatus("success"), true);
  const tlvs = concat(result, head(mandatoryBit | tlvTypes.pac, value), value);
  wipe(value);
  return tlvs;
}

/** Whether a PAC TLV's value confirms what was handed out. */
export const isAcknowledgement = (value: Uint8Array): boolean =>
  value.length >= 6 && value.subarray(0, 6).every((octet, i) => octet === [0, pacTypes.acknowledgement, 0, 2, 0, 1][i]);

/** Whether a PAC TLV's value asks for one for the tunnel. */
export const isTunnelPacRequest = (value: Uint8Array): boolean =>
  value.length === 6 && value.every((octet, i) => octet === [0, pacTypes.type, 0, 2, 0, tunnelPac][i]);
