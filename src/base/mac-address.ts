import { hexOf, type Reader } from "./bytes.ts";

/** An IEEE 802 48-bit address in its canonical text, lower-case and colons: a map key, and what a log shows. */
export type MacAddress = string & { readonly __brand: "MacAddress" };

export const broadcast = "ff:ff:ff:ff:ff:ff" as MacAddress;
export const zeroAddress = "00:00:00:00:00:00" as MacAddress;

/** @throws MalformedError at the end of the field */
export const decodeMacAddress = (r: Reader): MacAddress => macAddressOf(r.take(6));

/** @param octets 6 of them */
export const macAddressOf = (octets: Uint8Array): MacAddress => hexOf(octets, ":") as MacAddress;

/** 6 octets. */
export function encodeMacAddress(address: MacAddress): Uint8Array {
  const octets = new Uint8Array(6);
  for (let i = 0; i < 6; i++) octets[i] = (digitAt(address, 3 * i) << 4) | digitAt(address, 3 * i + 1);
  return octets;
}

/** The value of a lower-case hexadecimal digit. */
function digitAt(address: MacAddress, index: number): number {
  const code = address.charCodeAt(index);
  return code < 0x3a ? code - 0x30 : code - 0x57;
}

/** @returns undefined where `text` is not six pairs of hexadecimal digits with colons, hyphens or nothing between them */
export function parseMacAddress(text: string): MacAddress | undefined {
  const pairs = /^([0-9a-fA-F]{2})([:-]?)(?:[0-9a-fA-F]{2}\2){4}[0-9a-fA-F]{2}$/.test(text)
    ? text.match(/[0-9a-fA-F]{2}/g)
    : null;
  return pairs ? (pairs.join(":").toLowerCase() as MacAddress) : undefined;
}

/** Broadcast addresses are group addresses too. IEEE Std 802-2014, 8.2. */
export const isGroupAddress = (address: MacAddress): boolean => (digitAt(address, 1) & 1) === 1;

export const isLocallyAdministered = (address: MacAddress): boolean => (digitAt(address, 1) & 2) === 2;
