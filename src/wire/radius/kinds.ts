/** The data types of RADIUS attributes. RFC 8044. */

import { concat, Reader, textOf, utf8, Writer } from "../../base/bytes.ts";
import { formatIpAddress, parseIpAddress } from "../../base/ip-address.ts";

/** How the octets of a value become a value and back. `decode` throws MalformedError where they can't. */
export interface AttributeKind<T> {
  encode(value: T): Uint8Array;
  decode(r: Reader): T;
}

/** Of no known structure; copied. RFC 8044, section 3.5. */
export const octets: AttributeKind<Uint8Array> = {
  encode: (value) => value,
  decode: (r) => r.rest().slice(),
};

/** UTF-8. Where it isn't, it is only good to be shown. RFC 8044, section 3.4. */
export const text: AttributeKind<string> = {
  encode: utf8,
  decode: (r) => textOf(r.rest()),
};

/** 32 bits. RFC 8044, section 3.1. */
export const integer: AttributeKind<number> = {
  encode: (value) => new Writer().u32be(value).finish(),
  decode: (r) => r.u32be(),
};

/** Seconds of UNIX time. RFC 8044, section 3.3. */
export const time = integer;

/** `192.0.2.1`. RFC 8044, section 3.8. */
export const ipv4Address: AttributeKind<string> = {
  encode: (value) => addressOf(value, 4),
  decode: (r) => formatIpAddress(r.take(4)),
};

/** `2001:db8::1`. RFC 8044, section 3.9. */
export const ipv6Address: AttributeKind<string> = {
  encode: (value) => addressOf(value, 16),
  decode: (r) => formatIpAddress(r.take(16)),
};

/** `2001:db8::/32`; octets behind the prefix need not be there. RFC 8044, section 3.10. */
export const ipv6Prefix: AttributeKind<string> = {
  encode(value) {
    const [address = "", length = ""] = value.split("/");
    const bits = Number(length);
    const prefix = addressOf(address, 16);
    return concat(Uint8Array.of(0, bits), prefix.subarray(0, Math.ceil(bits / 8)));
  },
  decode(r) {
    r.skip(1);
    const bits = r.u8();
    const prefix = r.rest();
    if (bits > 128 || prefix.length > 16 || prefix.length * 8 < bits) r.fail(`a prefix of ${bits} bits`);
    return `${formatIpAddress(concat(prefix, new Uint8Array(16 - prefix.length)))}/${bits}`;
  },
};

/** The value of one of several tunnels. @property tag 1..31, 0 for the only one */
export interface Tagged<T> {
  readonly tag: number;
  readonly value: T;
}

/** A tag and 24 bits. RFC 2868, section 3.1. */
export const taggedInteger: AttributeKind<Tagged<number>> = {
  encode: ({ tag, value }) => new Writer().u8(tag).u24be(value).finish(),
  decode: (r) => ({ tag: tagOf(r.u8()), value: r.u24be() }),
};

/** A first octet above 31 is no tag, but of the text already. RFC 2868, section 3.6. */
export const taggedOctets: AttributeKind<Tagged<Uint8Array>> = {
  encode: ({ tag, value }) => (tag === 0 && !isTag(value[0]) ? value : concat(Uint8Array.of(tag), value)),
  decode(r) {
    const all = r.rest();
    return isTag(all[0]) ? { tag: all[0] ?? 0, value: all.slice(1) } : { tag: 0, value: all.slice() };
  },
};

/** A tag, a salt and what the salt hides: what `hide` and `reveal` of radius/hiding.ts work on. RFC 2868, section 3.5. */
export const taggedSecret: AttributeKind<Tagged<Uint8Array>> = {
  encode: ({ tag, value }) => concat(Uint8Array.of(tag), value),
  decode: (r) => ({ tag: tagOf(r.u8()), value: r.rest().slice() }),
};

const isTag = (octet: number | undefined): boolean => octet !== undefined && octet <= 0x1f;

/** One that is none is ignored. RFC 2868, section 3.1. */
const tagOf = (octet: number): number => (isTag(octet) ? octet : 0);

function addressOf(text: string, length: 4 | 16): Uint8Array {
  const octets = parseIpAddress(text)?.octets;
  if (octets?.length !== length) throw new RangeError(`'${text}' is no address of this kind`);
  return octets;
}

/** @throws MalformedError where octets are left over too */
export function decodeWhole<T>(kind: AttributeKind<T>, name: string, value: Uint8Array): T {
  const r = new Reader(value, () => ["RADIUS", name]);
  const decoded = kind.decode(r);
  if (r.remaining > 0) r.fail(`${r.remaining} octets too many`);
  return decoded;
}
