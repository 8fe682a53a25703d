/** Strict cursors over bytes. A decoder never sees `undefined`: it gets the value or a located error. */

import { BeaconError } from "./errors.ts";

/** Bytes that break the format they claim to have: from the air, a socket or the kernel. */
export class MalformedError extends BeaconError {
  override readonly name = "MalformedError";

  constructor(
    /** Where in the message, outermost first: `["EAPOL-Key", "Key Data", "RSNE"]`. */
    readonly path: readonly string[],
    /** Octets from the start of the innermost field. */
    readonly offset: number,
    readonly problem: string,
  ) {
    super("malformed", `${path.join(" > ")} at ${offset}: ${problem}`);
  }
}

/** Where a field lies. A reader inside another makes its path when somebody asks, which is when something is wrong. */
type Place = readonly string[] | (() => readonly string[]);

export class Reader {
  readonly bytes: Uint8Array;
  readonly #place: Place;
  #offset = 0;

  constructor(bytes: Uint8Array, place: Place) {
    this.bytes = bytes;
    this.#place = place;
  }

  /** Names of the fields around this one and its own, outermost first. */
  get path(): readonly string[] {
    return typeof this.#place === "function" ? this.#place() : this.#place;
  }

  /** Octets from the start of this field. */
  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  u8(): number {
    return this.#octet(this.#take(1));
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16le(): number {
    const at = this.#take(2);
    return this.#octet(at) | (this.#octet(at + 1) << 8);
  }

  u16be(): number {
    const at = this.#take(2);
    return (this.#octet(at) << 8) | this.#octet(at + 1);
  }

  u24be(): number {
    const at = this.#take(3);
    return (this.#octet(at) << 16) | (this.#octet(at + 1) << 8) | this.#octet(at + 2);
  }

  u32le(): number {
    return this.i32le() >>> 0;
  }

  i32le(): number {
    const at = this.#take(4);
    return this.#octet(at) | (this.#octet(at + 1) << 8) | (this.#octet(at + 2) << 16) | (this.#octet(at + 3) << 24);
  }

  u32be(): number {
    const at = this.#take(4);
    const signed =
      (this.#octet(at) << 24) | (this.#octet(at + 1) << 16) | (this.#octet(at + 2) << 8) | this.#octet(at + 3);
    return signed >>> 0;
  }

  u64le(): bigint {
    return this.#view(this.#take(8)).getBigUint64(0, true);
  }

  u64be(): bigint {
    return this.#view(this.#take(8)).getBigUint64(0, false);
  }

  /** A view, not a copy: whoever keeps it copies it. */
  take(length: number): Uint8Array {
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  skip(length: number): void {
    this.#take(length);
  }

  /** A reader over the next `length` octets, named in the errors it throws. */
  field(name: string, length = this.remaining): Reader {
    return this.inside(name, this.take(length));
  }

  /** A reader over octets that were taken from this one. */
  inside(name: string, bytes: Uint8Array): Reader {
    return new Reader(bytes, () => [...this.path, name]);
  }

  fail(problem: string): never {
    throw new MalformedError(this.path, this.#offset, problem);
  }

  #take(length: number): number {
    const start = this.#offset;
    const left = this.bytes.length - start;
    if (length > left) this.fail(`${length} octets wanted, ${left} left`);
    this.#offset = start + length;
    return start;
  }

  /** Of the octets that were taken; there is one at that place. */
  #octet(at: number): number {
    return this.bytes[at] ?? 0;
  }

  #view(start: number): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start);
  }
}

export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  /** @param room octets that are expected. The default is as many as V8 keeps within the object itself, which is far cheaper than memory of its own */
  constructor(room = 64) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    this.#grow(1)[this.#length - 1] = value;
    return this;
  }

  u16le(value: number): this {
    return this.u8(value & 0xff).u8(value >>> 8);
  }

  u16be(value: number): this {
    return this.u8(value >>> 8).u8(value & 0xff);
  }

  u24be(value: number): this {
    return this.u8(value >>> 16).u16be(value & 0xffff);
  }

  u32le(value: number): this {
    return this.u16le(value & 0xffff).u16le(value >>> 16);
  }

  u32be(value: number): this {
    return this.u16be(value >>> 16).u16be(value & 0xffff);
  }

  u64le(value: bigint): this {
    return this.u32le(Number(value & 0xffff_ffffn)).u32le(Number((value >> 32n) & 0xffff_ffffn));
  }

  u64be(value: bigint): this {
    return this.u32be(Number((value >> 32n) & 0xffff_ffffn)).u32be(Number(value & 0xffff_ffffn));
  }

  put(bytes: Uint8Array): this {
    const start = this.#length;
    this.#grow(bytes.length).set(bytes, start);
    return this;
  }

  zeros(count: number): this {
    this.#grow(count);
    return this;
  }

  /** What was written; nothing is written any more. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }

  #grow(by: number): Uint8Array {
    this.#length += by;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    out.set(part, offset);
    offset += part.length;
  }
  return out;
}

/** Not constant-time: for secrets there is `crypto/secret.ts`. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Bytes that are no UTF-8 become U+FFFD: for people to read, never to go back to bytes. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

const hexDigits = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** A loop of its own, not a map and a join: every address of every frame comes through here. */
export function hexOf(bytes: Uint8Array, separator = ""): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    if (i > 0) text += separator;
    text += hexDigits[bytes[i] ?? 0];
  }
  return text;
}

/** @returns undefined where `text` is not an even number of hexadecimal digits. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}
