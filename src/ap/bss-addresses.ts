/** Which address each BSS of a radio has, as hostapd gives them out. */

import { ConfigurationError } from "../base/errors.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../base/mac-address.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";

export interface Neighbours {
  /** Of the radio's first BSS; undefined for the first itself. */
  readonly first: MacAddress | undefined;
  /** Of BSSs that are there already. */
  readonly inUse: ReadonlySet<MacAddress>;
  /** Of all BSSs that are to be. */
  readonly configured: ReadonlySet<MacAddress>;
}

/**
 * The first BSS has its interface's own address, the others count on from it, and `bssid` comes before both.
 * @returns undefined where the driver is to choose
 * @throws ConfigurationError where a further BSS is given the first one's address
 */
export function addressFor(
  settings: BssSettings,
  radio: RadioSettings,
  { first, inUse, configured }: Neighbours,
): MacAddress | undefined {
  if (first === undefined) return settings.bssid;
  if (settings.bssid === first) {
    throw new ConfigurationError(
      `BSS '${settings.interface}' may not have BSSID set to the MAC address of the radio (${first})`,
    );
  }
  if (settings.bssid !== undefined) return settings.bssid;
  return radio.use_driver_iface_addr ? undefined : nextAddress(first, new Set([...inUse, ...configured]));
}

/** The first one after `address` that nobody has. */
export function nextAddress(address: MacAddress, taken: ReadonlySet<MacAddress>): MacAddress {
  let next = successor(address);
  while (taken.has(next) && next !== address) next = successor(next);
  return next;
}

function successor(address: MacAddress): MacAddress {
  const octets = Uint8Array.from(encodeMacAddress(address));
  for (let i = octets.length - 1; i >= 0; i--) {
    octets[i] = ((octets[i] ?? 0) + 1) & 0xff;
    if (octets[i] !== 0) break;
  }
  return macAddressOf(octets);
}

/**
 * Radios with several addresses tell them apart by their last bits: hostapd wants the first address to be the first of a
 * block that is large enough for all.
 * @returns hostapd's words for what is wrong; undefined where nothing is, or where all addresses are given or the driver's
 */
export function addressBlockProblem(
  first: MacAddress,
  radio: RadioSettings,
  bsses: readonly BssSettings[],
): string | undefined {
  if (radio.use_driver_iface_addr || !bsses.slice(1).some(({ bssid }) => bssid === undefined)) return undefined;
  const own = numberOf(first);
  let differing = 0n;
  for (const { bssid } of bsses) if (bssid !== undefined) differing |= numberOf(bssid) ^ own;
  const bits = Math.max(bitLength(BigInt(bsses.length - 1)), bitLength(differing));
  if (bits > 40) return `Too many bits in the BSSID mask (${bits})`;
  const mask = ((1n << 48n) - 1n) ^ ((1n << BigInt(bits)) - 1n);
  if ((own & mask) === own) return undefined;
  return `Invalid BSSID mask ${textOf(mask)} for start address ${first}.`;
}

const numberOf = (address: MacAddress): bigint =>
  encodeMacAddress(address).reduce((number, octet) => (number << 8n) | BigInt(octet), 0n);

const bitLength = (number: bigint): number => (number === 0n ? 0 : number.toString(2).length);

const textOf = (number: bigint): string =>
  macAddressOf(Uint8Array.from({ length: 6 }, (_, i) => Number((number >> BigInt(8 * (5 - i))) & 0xffn)));
