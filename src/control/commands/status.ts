/** STATUS: the radio and its BSSs, in hostapd's order. */

import { htCapabilitiesOf } from "../../ap/ht.ts";
import type { Radio } from "../../ap/radio.ts";
import { rateSet } from "../../ap/rates.ts";
import { printable } from "../../ap/ssid-text.ts";
import { hexOf } from "../../base/bytes.ts";
import { zeroAddress } from "../../base/mac-address.ts";
import type { BssSettings } from "../../config/registry.ts";
import { encodeHtCapabilityInformation } from "../../wire/ieee80211/ht-capabilities.ts";
import { encodeHtOperationMode } from "../../wire/ieee80211/ht-operation.ts";
import { type InterfaceContext, onInterface } from "../command.ts";
import { modeLines, modesOn } from "./status-modes.ts";

function status({ radio, index }: InterfaceContext): string {
  const bss = radio.configuration.bsses[index];
  return [
    ...radioLines(radio, bss),
    ...modeLines(radio, bss),
    ...rateLines(radio, bss),
    ...bssLines(radio),
    ...loadLines(radio, bss),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function* radioLines(radio: Radio, bss: BssSettings | undefined): Generator<string> {
  const { plan, settings, protection } = radio;
  const { counts } = protection;
  const on = modesOn(radio, bss);
  yield `state=${radio.state}`;
  yield `phy=${radio.phy ?? ""}`;
  yield `freq=${plan?.definition.frequency ?? 0}`;
  yield `num_sta_non_erp=${counts.nonErp}`;
  yield `num_sta_no_short_slot_time=${counts.longSlot}`;
  yield `num_sta_no_short_preamble=${counts.longPreamble}`;
  yield `olbc=${protection.olbc.erp ? 1 : 0}`;
  yield `num_sta_ht_no_gf=${counts.nonGreenfield}`;
  yield `num_sta_no_ht=${counts.nonHt}`;
  yield `num_sta_ht_20_mhz=${counts.width20}`;
  yield `num_sta_ht40_intolerant=${counts.fortyIntolerant}`;
  yield `olbc_ht=${protection.olbc.ht ? 1 : 0}`;
  yield `ht_op_mode=0x${(on.ht && plan ? encodeHtOperationMode(protection.htOf(plan.secondary)) : 0).toString(16)}`;
  if (plan) yield `hw_mode=${plan.band.name === "5GHz" || plan.band.name === "6GHz" ? "a" : settings.hw_mode}`;
  if (settings.country_code !== undefined) {
    yield `country_code=${settings.country_code}`;
    yield `country3=0x${settings.country3.toString(16).toUpperCase()}`;
  }
  yield "cac_time_seconds=0";
  yield "cac_time_left_seconds=N/A";
  yield `channel=${plan?.channel ?? (settings.channel === "automatic" ? 0 : settings.channel)}`;
  yield "edmg_enable=0";
  yield "edmg_channel=0";
  yield `secondary_channel=${on.ht || plan?.band.name === "6GHz" ? { above: 1, none: 0, below: -1 }[plan?.secondary ?? "none"] : 0}`;
  yield `ieee80211n=${on.ht ? 1 : 0}`;
  yield `ieee80211ac=${on.vht ? 1 : 0}`;
  yield `ieee80211ax=${on.he ? 1 : 0}`;
  yield `ieee80211be=${on.eht ? 1 : 0}`;
  yield "ieee80211bn=0";
  yield `beacon_int=${settings.beacon_int}`;
  yield `dtim_period=${bss?.dtim_period ?? 0}`;
}

function* rateLines(radio: Radio, bss: BssSettings | undefined): Generator<string> {
  const { plan, settings } = radio;
  if (!plan || !bss) return;
  if (modesOn(radio, bss).ht) {
    const { information, mcsSet } = htCapabilitiesOf(settings, plan);
    yield `ht_caps_info=${encodeHtCapabilityInformation(information).toString(16).padStart(4, "0")}`;
    yield `ht_mcs_bitmask=${hexOf(mcsSet.subarray(0, 10))}`;
  }
  const { supported } = rateSet(bss, settings, plan.band);
  yield `supported_rates=${hexOf(
    Uint8Array.from(supported, (rate) => rate / 5),
    " ",
  )}`;
  const channel = plan.band.channels.find(({ frequency }) => frequency === plan.definition.frequency);
  if (channel) yield `max_txpower=${channel.maxPowerDbm}`;
}

function* bssLines(radio: Radio): Generator<string> {
  for (const [index, settings] of radio.configuration.bsses.entries()) {
    const bss = radio.running?.find(settings.interface);
    yield `bss[${index}]=${settings.interface}`;
    yield `bssid[${index}]=${radio.running?.addressOf(settings.interface) ?? zeroAddress}`;
    yield `ssid[${index}]=${printable(settings.ssid)}`;
    yield `num_sta[${index}]=${bss?.stations.size ?? 0}`;
  }
}

function* loadLines(radio: Radio, settings: BssSettings | undefined): Generator<string> {
  if (!settings || settings.chan_util_avg_period === 0) return;
  yield `chan_util_avg=${radio.bsses.find((bss) => bss.name === settings.interface)?.load.average ?? 0}`;
}

export const statusCommands = [
  onInterface("STATUS", "", "Shows the radio's state, channel and capabilities, and its BSSs.", status),
] as const;
