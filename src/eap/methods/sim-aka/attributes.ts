/** Messages of EAP-SIM, EAP-AKA and EAP-AKA', and their attributes. RFC 4186, sections 8 and 10; RFC 4187, sections 8 and 10. */

import { concat, type Reader, Writer } from "../../../base/bytes.ts";

/** RFC 4186, section 10; RFC 4187, section 10; RFC 9048, sections 3.1, 3.2 and 4. */
export const attribute = {
  rand: 1,
  autn: 2,
  res: 3,
  auts: 4,
  padding: 6,
  nonceMt: 7,
  permanentIdReq: 10,
  mac: 11,
  notification: 12,
  anyIdReq: 13,
  identity: 14,
  versionList: 15,
  selectedVersion: 16,
  fullauthIdReq: 17,
  counter: 19,
  counterTooSmall: 20,
  nonceS: 21,
  clientErrorCode: 22,
  kdfInput: 23,
  kdf: 24,
  iv: 129,
  encrData: 130,
  nextPseudonym: 132,
  nextReauthId: 133,
  checkcode: 134,
  resultInd: 135,
  bidding: 136,
} as const;

export type AttributeType = (typeof attribute)[keyof typeof attribute];

/** Those below must be known to whoever gets them. */
const firstSkippable = 128;
const known: ReadonlySet<number> = new Set(Object.values(attribute));

/** Which have no place outside AT_ENCR_DATA. */
const onlyEncrypted: ReadonlySet<number> = new Set([
  attribute.padding,
  attribute.counter,
  attribute.counterTooSmall,
  attribute.nonceS,
  attribute.nextPseudonym,
  attribute.nextReauthId,
]);

const macLength = 16;

/** Of a message, or of what was encrypted in one. */
export interface Attributes {
  has(type: AttributeType): boolean;
  /** One that is a number of 16 bits. @throws MalformedError where it has another length */
  number(type: AttributeType): number | undefined;
  /** One with two reserved octets before its value. @throws MalformedError where the value has another length */
  octets(type: AttributeType, ...lengths: readonly number[]): Uint8Array | undefined;
  /** One that says in its first two octets how many of the rest are its value. @throws MalformedError */
  sized(type: AttributeType): Uint8Array | undefined;
  /** One whose value has nothing before it. @throws MalformedError where it has another length */
  bare(type: AttributeType, length: number): Uint8Array | undefined;
  /** AT_RES, whose length is in bits. @throws MalformedError where these are not whole octets */
  res(): Uint8Array | undefined;
}

export interface SimAkaMessage {
  readonly subtype: number;
  readonly attributes: Attributes;
  /** Octets of Type-Data before the value of AT_MAC; undefined where there is none. */
  readonly macOffset: number | undefined;
}

/** @param r Type-Data @throws MalformedError also for attributes that must not be passed over and are unknown */
export function decodeMessage(r: Reader): SimAkaMessage {
  const subtype = r.u8();
  r.skip(2);
  const { attributes, macOffset } = decodeAttributes(r, false);
  return { subtype, attributes, macOffset };
}

/** @param r the content of AT_ENCR_DATA, decrypted @throws MalformedError */
export const decodeEncrypted = (r: Reader): Attributes => decodeAttributes(r, true).attributes;

function decodeAttributes(
  r: Reader,
  isEncrypted: boolean,
): { readonly attributes: Attributes; readonly macOffset: number | undefined } {
  const found = new Map<number, Reader>();
  let macOffset: number | undefined;
  while (r.remaining > 0) {
    const type = r.u8();
    const length = 4 * r.u8() - 2;
    if (length < 0) r.fail(`attribute ${type} shorter than its header`);
    if (type < firstSkippable && !known.has(type)) r.fail(`attribute ${type}, unknown, must not be passed over`);
    if (!isEncrypted && onlyEncrypted.has(type)) r.fail(`attribute ${type} has to be encrypted`);
    if (type === attribute.mac) macOffset = r.offset + 2;
    const value = r.field(`attribute ${type}`, length);
    if (type === attribute.padding && value.bytes.some((octet) => octet !== 0)) value.fail("padding other than zeros");
    // The functions to choose from stand one after the other.
    if (found.has(type) && type !== attribute.kdf) r.fail(`attribute ${type} twice`);
    if (!found.has(type)) found.set(type, value);
  }
  return { attributes: attributesOf(found), macOffset };
}

function attributesOf(found: ReadonlyMap<number, Reader>): Attributes {
  const withValue = <T>(type: AttributeType, read: (value: Reader) => T): T | undefined => {
    const value = found.get(type);
    return value && read(value.inside("value", value.bytes));
  };
  const whole = (value: Reader, lengths: readonly number[]): Uint8Array => {
    if (lengths.length > 0 && !lengths.includes(value.remaining)) value.fail(`${value.remaining} octets`);
    return value.rest().slice();
  };
  return {
    has: (type) => found.has(type),
    number: (type) =>
      withValue(type, (value) => {
        if (value.remaining !== 2) value.fail(`${value.remaining} octets instead of 2`);
        return value.u16be();
      }),
    octets: (type, ...lengths) =>
      withValue(type, (value) => {
        value.skip(2);
        return whole(value, lengths);
      }),
    sized: (type) => withValue(type, (value) => value.take(value.u16be()).slice()),
    bare: (type, length) => withValue(type, (value) => whole(value, [length])),
    res: () =>
      withValue(attribute.res, (value) => {
        const bits = value.u16be();
        if (bits % 8 !== 0) value.fail(`RES of ${bits} bits`);
        return value.take(bits / 8).slice();
      }),
  };
}

export const encodeHeader = (subtype: number): Uint8Array => Uint8Array.of(subtype, 0, 0);

/** An attribute that is a number of 16 bits. */
export const numberAttribute = (type: AttributeType, value: number): Uint8Array =>
  new Writer().u8(type).u8(1).u16be(value).finish();

/** An attribute that says by being there. */
export const flagAttribute = (type: AttributeType): Uint8Array => numberAttribute(type, 0);

/** Two reserved octets and a value. @param value whole words of 4 octets */
export const octetsAttribute = (type: AttributeType, ...value: readonly Uint8Array[]): Uint8Array => {
  const whole = concat(...value);
  return new Writer()
    .u8(type)
    .u8(1 + whole.length / 4)
    .u16be(0)
    .put(whole)
    .finish();
};

/** A length and a value, filled up to whole words. */
export const sizedAttribute = (type: AttributeType, value: Uint8Array): Uint8Array => {
  const words = Math.ceil(value.length / 4);
  return new Writer()
    .u8(type)
    .u8(1 + words)
    .u16be(value.length)
    .put(value)
    .zeros(4 * words - value.length)
    .finish();
};

/** AT_MAC with zeros, to be filled in. */
export const blankMac = (): Uint8Array => octetsAttribute(attribute.mac, new Uint8Array(macLength));

/** Fills up to whole blocks of the cipher. */
export function padded(attributes: Uint8Array): Uint8Array {
  const missing = (16 - (attributes.length % 16)) % 16;
  if (missing === 0) return attributes;
  return concat(
    attributes,
    new Writer()
      .u8(attribute.padding)
      .u8(missing / 4)
      .zeros(missing - 2)
      .finish(),
  );
}
