/**
 * Netlink attributes: type, length and payload, padded to four octets, little-endian hosts' order. linux/netlink.h,
 * struct nlattr. A shape names the attributes that a message or a nested attribute may carry; the compiler checks what
 * is written, the decoder what is read.
 */

import { concat, MalformedError, type Reader, textOf, utf8 } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";

/** How the payload of one attribute is written and read. */
export interface Codec<T> {
  /** @returns undefined where the attribute isn't to be there at all */
  encode(value: T): Uint8Array | undefined;
  /** What it returns may be a view. @throws MalformedError */
  decode(r: Reader): T;
  /** The payload is made of attributes: NLA_F_NESTED is set. */
  readonly nested?: true;
}

export interface Attribute<T> {
  readonly id: number;
  readonly codec: Codec<T>;
}

/** An attribute of whatever type; each {@link Attribute} is one. */
export interface AnyAttribute {
  readonly id: number;
  readonly codec: {
    encode(value: never): Uint8Array | undefined;
    decode(r: Reader): unknown;
    readonly nested?: true;
  };
}

/** What a message or a nested attribute can carry, by name. */
export type Shape = Readonly<Record<string, AnyAttribute>>;

type ValueOf<A extends AnyAttribute> = A extends { readonly codec: { decode(r: Reader): infer T } } ? T : never;

/** The values that a shape describes; undefined and absent are the same. */
export type Values<S extends Shape> = { readonly [K in keyof S]?: ValueOf<S[K]> | undefined };

/** The values of a shape where those named by R must be there. */
export type Request<S extends Shape, R extends keyof S> = Values<S> & { readonly [K in R]: ValueOf<S[K]> };

export interface RawAttribute {
  readonly id: number;
  readonly data: Uint8Array;
}

/** What was read, and the attributes that the shape doesn't know. */
export type Decoded<S extends Shape, R extends keyof S = never> = Request<S, R> & {
  readonly others: readonly RawAttribute[];
};

/** A shape made ready for use. */
export interface AttributeSet<S extends Shape, R extends keyof S = never> {
  readonly shape: S;
  encode(values: Request<S, R>): Uint8Array;
  /**
   * Unknown attributes come back as they are: the kernel may be newer than we are. Of one that comes twice the last
   * counts, as in the kernel.
   * @throws MalformedError also where one of those needed is missing
   */
  decode(r: Reader): Decoded<S, R>;
}

export const attr = <T>(id: number, codec: Codec<T>): Attribute<T> => ({ id, codec });

/** The two upper bits of the type are flags: nested, and network byte order. */
const nestedFlag = 0x8000;
const idMask = 0x3fff;

const headerLength = 4;
const padding = (length: number): number => -length & 3;

export function encodeAttribute(id: number, data: Uint8Array, nested = false): Uint8Array {
  const length = headerLength + data.length;
  const out = new Uint8Array(length + padding(length));
  const view = new DataView(out.buffer);
  view.setUint16(0, length, true);
  view.setUint16(2, nested ? id | nestedFlag : id, true);
  out.set(data, headerLength);
  return out;
}

/** Calls `visit` for each attribute up to the end of the field. @throws MalformedError */
export function walkAttributes(r: Reader, visit: (id: number, body: Uint8Array) => void): void {
  while (r.remaining >= headerLength) {
    const length = r.u16le() - headerLength;
    const id = r.u16le() & idMask;
    if (length < 0) r.fail(`attribute ${id} is shorter than its header`);
    visit(id, r.take(length));
    r.skip(Math.min(padding(length), r.remaining));
  }
  if (r.remaining > 0) r.fail(`${r.remaining} octets after the last attribute`);
}

export function attributes<const S extends Shape, const R extends keyof S & string = never>(
  shape: S,
  required: readonly R[] = [],
): AttributeSet<S, R> {
  const entries = Object.entries(shape);
  const byId = new Map(entries.map(([name, attribute]) => [attribute.id, { name, codec: attribute.codec }]));

  return {
    shape,
    encode(values) {
      const parts: Uint8Array[] = [];
      for (const [name, { id, codec }] of entries) {
        const value = values[name];
        if (value === undefined) continue;
        const data = codec.encode(value as never);
        if (data !== undefined) parts.push(encodeAttribute(id, data, codec.nested === true));
      }
      return concat(...parts);
    },
    decode(r) {
      const values: Record<string, unknown> = {};
      const others: RawAttribute[] = [];
      walkAttributes(r, (id, data) => {
        const known = byId.get(id);
        if (known === undefined) {
          others.push({ id, data });
          return;
        }
        const body = r.inside(known.name, data);
        values[known.name] = known.codec.decode(body);
        if (body.remaining > 0) body.fail(`${body.remaining} octets too many`);
      });
      for (const name of required) if (!(name in values)) throw new MalformedError(r.path, 0, `${name} is missing`);
      return Object.assign(values, { others }) as unknown as Decoded<S, R>;
    },
  };
}

const number = (
  size: number,
  write: (view: DataView, value: number) => void,
  read: (r: Reader) => number,
): Codec<number> => ({
  encode: (value) => {
    const out = new Uint8Array(size);
    write(new DataView(out.buffer), value);
    return out;
  },
  decode: read,
});

export const u8 = number(
  1,
  (view, value) => view.setUint8(0, value),
  (r) => r.u8(),
);
export const s8 = number(
  1,
  (view, value) => view.setInt8(0, value),
  (r) => r.i8(),
);
export const u16 = number(
  2,
  (view, value) => view.setUint16(0, value, true),
  (r) => r.u16le(),
);
export const u32 = number(
  4,
  (view, value) => view.setUint32(0, value, true),
  (r) => r.u32le(),
);
export const s32 = number(
  4,
  (view, value) => view.setInt32(0, value, true),
  (r) => r.i32le(),
);

export const u64: Codec<bigint> = {
  encode: (value) => {
    const out = new Uint8Array(8);
    new DataView(out.buffer).setBigUint64(0, value, true);
    return out;
  },
  decode: (r) => r.u64le(),
};

/** There or not; false isn't written. */
export const flag: Codec<boolean> = {
  encode: (value) => (value ? new Uint8Array() : undefined),
  decode: () => true,
};

export const bytes: Codec<Uint8Array> = {
  encode: (value) => value,
  decode: (r) => r.rest(),
};

/** Text that ends with a zero octet, though some senders leave that out. */
export const text: Codec<string> = {
  encode: (value) => utf8(`${value}\0`),
  decode: (r) => textOf(r.rest()).replace(/\0+$/, ""),
};

export const macAddress: Codec<MacAddress> = { encode: encodeMacAddress, decode: decodeMacAddress };

/** 32-bit numbers one after the other, without attribute headers. */
export const u32Array: Codec<readonly number[]> = {
  encode: (values) => {
    const out = new Uint8Array(4 * values.length);
    const view = new DataView(out.buffer);
    for (const [i, value] of values.entries()) view.setUint32(4 * i, value, true);
    return out;
  },
  decode: (r) => {
    const values: number[] = [];
    while (r.remaining > 0) values.push(r.u32le());
    return values;
  },
};

/** 16-bit numbers one after the other, without attribute headers. */
export const u16Array: Codec<readonly number[]> = {
  encode: (values) => {
    const out = new Uint8Array(2 * values.length);
    const view = new DataView(out.buffer);
    for (const [i, value] of values.entries()) view.setUint16(2 * i, value, true);
    return out;
  },
  decode: (r) => {
    const values: number[] = [];
    while (r.remaining > 0) values.push(r.u16le());
    return values;
  },
};

export const nested = <S extends Shape, R extends keyof S>(set: AttributeSet<S, R>): Codec<Request<S, R>> => ({
  encode: (values) => set.encode(values),
  decode: (r) => set.decode(r),
  nested: true,
});

/** Attributes whose types only count, from `first` on: the kernel's nested arrays. */
export const list = <T>(item: Codec<T>, first = 1): Codec<readonly T[]> => ({
  encode: (values) => concat(...values.map((value, i) => encodeItem(item, first + i, value))),
  decode: (r) => {
    const values: T[] = [];
    walkAttributes(r, (id, data) => values.push(decodeItem(item, id, data, r)));
    return values;
  },
  nested: true,
});

/** Attributes whose types mean something by themselves: a band, a queue. */
export const indexed = <T>(item: Codec<T>): Codec<ReadonlyMap<number, T>> => ({
  encode: (values) => concat(...[...values].map(([id, value]) => encodeItem(item, id, value))),
  decode: (r) => {
    const values = new Map<number, T>();
    walkAttributes(r, (id, data) => values.set(id, decodeItem(item, id, data, r)));
    return values;
  },
  nested: true,
});

/** A set of numbers, each an empty attribute of that type. */
export const flagSet: Codec<ReadonlySet<number>> = {
  encode: (values) => concat(...[...values].map((id) => encodeAttribute(id, new Uint8Array()))),
  decode: (r) => {
    const values = new Set<number>();
    walkAttributes(r, (id) => values.add(id));
    return values;
  },
  nested: true,
};

function encodeItem<T>(item: Codec<T>, id: number, value: T): Uint8Array {
  const data = item.encode(value);
  return data === undefined ? new Uint8Array() : encodeAttribute(id, data, item.nested === true);
}

function decodeItem<T>(item: Codec<T>, id: number, data: Uint8Array, parent: Reader): T {
  const body = parent.inside(`[${id}]`, data);
  const value = item.decode(body);
  if (body.remaining > 0) body.fail(`${body.remaining} octets too many`);
  return value;
}
