/** An IPv4 address as one number, 0 to 2^32 - 1, so that ranges are arithmetic. Made with the functions below only. */
export type Ipv4Address = number & { readonly __brand: "Ipv4Address" };

export const ipv4AddressOf = (value: number): Ipv4Address => (value >>> 0) as Ipv4Address;

export const unspecifiedIpv4 = ipv4AddressOf(0);
export const broadcastIpv4 = ipv4AddressOf(0xffff_ffff);

/** @returns undefined where it is not four numbers of 0 to 255 with dots between them */
export function parseIpv4Address(text: string): Ipv4Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return ipv4AddressOf(parts.reduce((sum, part) => sum * 256 + Number(part), 0));
}

export const formatIpv4Address = (address: Ipv4Address): string =>
  `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;

/** @param length of the prefix, 0 to 32 */
export const ipv4Mask = (length: number): Ipv4Address => ipv4AddressOf(length === 0 ? 0 : -1 << (32 - length));

/** @returns undefined for a mask with holes */
export function ipv4PrefixLength(mask: Ipv4Address): number | undefined {
  const length = Math.clz32(~mask);
  return ipv4Mask(length) === mask ? length : undefined;
}

/** Addresses with a common beginning. */
export interface Ipv4Network {
  readonly address: Ipv4Address;
  readonly mask: Ipv4Address;
}

export const isInNetwork = (address: Ipv4Address, network: Ipv4Network): boolean =>
  (address & network.mask) >>> 0 === network.address;

export const broadcastOf = ({ address, mask }: Ipv4Network): Ipv4Address => ipv4AddressOf(address | ~mask);
