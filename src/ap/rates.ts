/** The rates of a BSS. IEEE Std 802.11-2020, 9.4.2.3. */

import { ConfigurationError } from "../base/errors.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { Band, BeaconRate, RadioCapabilities } from "../driver/port.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import { type BssMembershipSelector, splitRates } from "../wire/ieee80211/supported-rates.ts";

export interface RateSet {
  /** In units of 100 kb/s, as offered, in the radio's order. */
  readonly supported: readonly number[];
  readonly basic: readonly number[];
}

/** Mandatory rates of 802.11b, of ERP as stations of that time expect them, and of OFDM. */
const basicOf = { b: [10, 20], g: [10, 20, 55, 110], a: [60, 120, 240], ad: [], any: [10, 20, 55, 110] } as const;

const dsssRates: readonly number[] = [10, 20, 55, 110];

export function rateSet(settings: BssSettings, radio: RadioSettings, band: Band): RateSet {
  const offered = radio.hw_mode === "b" ? band.rates.filter((rate) => dsssRates.includes(rate)) : band.rates;
  const supported =
    settings.supported_rates.length > 0 ? offered.filter((rate) => settings.supported_rates.includes(rate)) : offered;
  const wanted: readonly number[] =
    settings.basic_rates.length > 0 ? settings.basic_rates : basicOf[band.name === "5GHz" ? "a" : radio.hw_mode];
  return { supported, basic: supported.filter((rate) => wanted.includes(rate)) };
}

/** @throws ConfigurationError where the driver doesn't let it be chosen */
export function beaconRateOf(
  { beacon_rate: beaconRate }: BssSettings,
  { beaconRates }: RadioCapabilities,
): { readonly beaconRate?: BeaconRate } {
  if (!beaconRate) return {};
  if (beaconRates.has(beaconRate.kind)) return { beaconRate };
  throw new ConfigurationError(
    `beacon_rate: the driver does not support setting Beacon frame rate (${beaconRate.kind})`,
  );
}

/** @param demanded modes that whoever joins has to have */
export function rateElements({ supported, basic }: RateSet, demanded: readonly BssMembershipSelector[]): Element[] {
  const rates = supported.map((rate) => ({ rate: rate / 5, basic: basic.includes(rate) }));
  return splitRates({ rates, selectors: demanded });
}

/** Is any of a station's rates faster than DSSS goes? In units of 500 kb/s. */
export const knowsOfdm = (stationRates: Uint8Array): boolean => stationRates.some((rate) => rate > 22);
