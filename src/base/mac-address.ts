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
export const encodeMacAddress = (address: MacAddress): Uint8Array =>
  Uint8Array.from({ length: 6 }, (_, i) => Number.parseInt(address.slice(3 * i, 3 * i + 2), 16));

/** @returns undefined where `text` is not six pairs of hexadecimal digits with colons, hyphens or nothing between them */
export function parseMacAddress(text: string): MacAddress | undefined {
  const pairs = /^([0-9a-fA-F]{2})([:-]?)(?:[0-9a-fA-F]{2}\2){4}[0-9a-fA-F]{2}$/.test(text)
    ? text.match(/[0-9a-fA-F]{2}/g)
    : null;
  return pairs ? (pairs.join(":").toLowerCase() as MacAddress) : undefined;
}

/** Broadcast addresses are group addresses too. IEEE Std 802-2014, 8.2. */
export const isGroupAddress = (address: MacAddress): boolean => (Number.parseInt(address.slice(0, 2), 16) & 1) === 1;

export const isLocallyAdministered = (address: MacAddress): boolean =>
  (Number.parseInt(address.slice(0, 2), 16) & 2) === 2;
