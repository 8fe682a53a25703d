/** IPv4 and IPv6 addresses as octets and as text. RFC 791; RFC 4291, section 2.2; RFC 5952. */

/** An address in its shortest form; of the link, with the name of the interface behind `%`. */
export type IpAddress = string & { readonly __brand: "IpAddress" };

export interface IpOctets {
  /** 4 of them, or 16. */
  readonly octets: Uint8Array;
  /** Interface of an IPv6 address of the link. */
  readonly zone: string | undefined;
}

/** @returns undefined where the text is no address */
export function parseIpAddress(text: string): IpOctets | undefined {
  const [, address = "", zone] = /^([^%]*)(?:%([^%/]+))?$/.exec(text) ?? [];
  if (!address.includes(":")) {
    const octets = zone === undefined ? parseIpv4(address) : undefined;
    return octets && { octets, zone: undefined };
  }
  const octets = parseIpv6(address);
  return octets && { octets, zone };
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split(".").map(Number);
  return parts.every((part) => part <= 255) ? Uint8Array.from(parts) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  const [before, after = []] = groups;
  if (!before || !groups.every((half) => half !== undefined)) return undefined;
  const missing = 16 - before.length - (after?.length ?? 0);
  // "::" stands for at least one group.
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...before, ...Array<number>(missing).fill(0), ...(after ?? [])]);
}

/** @param isLast an IPv4 address may end it */
function groupsOf(text: string, isLast: boolean): number[] | undefined {
  if (text === "") return [];
  const octets: number[] = [];
  const groups = text.split(":");
  for (const [i, group] of groups.entries()) {
    if (isLast && i === groups.length - 1 && group.includes(".")) {
      const v4 = parseIpv4(group);
      if (!v4) return undefined;
      octets.push(...v4);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      octets.push(value >>> 8, value & 0xff);
    }
  }
  return octets;
}

/** @param octets 4 or 16 */
export function formatIpAddress(octets: Uint8Array, zone?: string): IpAddress {
  if (octets.length === 4) return octets.join(".") as IpAddress;
  const groups = Array.from({ length: 8 }, (_, i) => ((octets[2 * i] ?? 0) << 8) | (octets[2 * i + 1] ?? 0));
  const { at, length } = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(":");
  const text = length < 2 ? hex(groups) : `${hex(groups.slice(0, at))}::${hex(groups.slice(at + length))}`;
  return (zone === undefined ? text : `${text}%${zone}`) as IpAddress;
}

function longestZeros(groups: readonly number[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < groups.length; at++) {
    let length = 0;
    while (at + length < groups.length && groups[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
    at += length;
  }
  return best;
}

/** An IPv6 address that stands for an IPv4 one (`::ffff:192.0.2.1`, RFC 4291, section 2.5.5.2) as that one; others as they are. */
export function unmappedIpAddress(octets: Uint8Array): Uint8Array {
  if (octets.length !== 16 || !octets.subarray(0, 12).every((octet, i) => octet === (i < 10 ? 0 : 0xff))) return octets;
  return octets.slice(12);
}
