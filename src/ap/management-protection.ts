/** What protects management frames and beacons, out of a BSS's settings; and the channel that stations may ask for. */

import { ConfigurationError } from "../base/errors.ts";
import type { BssSettings } from "../config/registry.ts";
import type { DefaultKeyUse, RadioCapabilities } from "../driver/port.ts";
import { bigtkIndex, type GroupKey, igtkIndex } from "../rsn/group-key.ts";
import type { ManagementProtection } from "../rsn/negotiation.ts";
import type { OperatingChannel, TransmitWidth } from "../rsn/operating-channel.ts";
import type { GroupCiphers } from "../rsn/port.ts";
import { cipherSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";
import { channelOf } from "./channel-plan.ts";
import type { Station } from "./station.ts";

/** @returns undefined where management frames are not protected, be it that the radio can't */
export function managementProtectionOf(
  settings: BssSettings,
  radio: Pick<RadioCapabilities, "ciphers">,
  use: BssSettings["ieee80211w"] = settings.ieee80211w,
): ManagementProtection | undefined {
  const { group_mgmt_cipher: groupCipher, ocv } = settings;
  if (use === "no" || !radio.ciphers.has(cipherSuite[groupCipher])) return undefined;
  return {
    required: use === "required",
    requiredWithSae: settings.sae_require_mfp,
    groupCipher,
    ...(ocv === "no" ? {} : { channelValidation: ocv === "yes" ? "strict" : "lenient" }),
  };
}

/** The most that any station is offered: by the RSNE, or by what overrides it. */
export function managementProtectionUse(settings: BssSettings): BssSettings["ieee80211w"] {
  const { ieee80211w, rsn_override_key_mgmt, rsn_override_key_mgmt_2 } = settings;
  const uses = [
    ieee80211w,
    rsn_override_key_mgmt.size > 0 ? settings.rsn_override_mfp : "no",
    rsn_override_key_mgmt_2.size > 0 ? settings.rsn_override_mfp_2 : "no",
  ];
  return (["required", "optional"] as const).find((use) => uses.includes(use)) ?? "no";
}

/** Says what the radio can't do. @throws ConfigurationError where nobody may join without it */
export function checkManagementProtection({ settings, radio, log }: Bss): void {
  const { ieee80211w, group_mgmt_cipher: cipher, beacon_prot } = settings;
  const use = managementProtectionUse(settings);
  if (use === "no") return;
  if (!managementProtectionOf(settings, radio.capabilities, use)) {
    const lack = `the radio has no ${cipher}, so management frames can't be protected`;
    if (ieee80211w === "required") throw new ConfigurationError(`${lack}: ieee80211w=2 can't be`);
    log.warning(`${lack}: ieee80211w=1 has no effect`);
  } else if (beacon_prot && !radio.capabilities.beaconProtection) {
    log.warning("the driver can't protect beacons: beacon_prot=1 has no effect");
  }
}

export const protectsBeacons = (
  settings: BssSettings,
  radio: Pick<RadioCapabilities, "ciphers" | "beaconProtection">,
): boolean =>
  settings.beacon_prot &&
  radio.beaconProtection &&
  managementProtectionOf(settings, radio, managementProtectionUse(settings)) !== undefined;

/**
 * Group key, IGTK and BIGTK into the radio, and in use from now on.
 * @param vlanId 0 for the BSS itself
 */
export function installGroupKeys(
  bss: Bss,
  { index, key, management }: GroupKey,
  ciphers: GroupCiphers,
  vlanId: number,
): void {
  const install = (key: Uint8Array, index: number, cipher: keyof typeof cipherSuite, use: DefaultKeyUse) =>
    bss.attempt((port) => {
      const group = vlanId === 0 ? port : bss.vlans.portOf(vlanId);
      group?.installKey({ cipher: cipherSuite[cipher], key, index });
      group?.setDefaultKey(index, use);
    });
  install(key, index, ciphers.group, "multicast");
  if (!management || !ciphers.management) return;
  const { igtk, bigtk } = management;
  install(igtk, igtkIndex(index), ciphers.management, "management");
  if (bigtk) install(bigtk, bigtkIndex(index), ciphers.management, "beacon");
}

const widths = { "20-no-ht": 20, "20": 20, "40": 40, "80": 80, "80+80": 160, "160": 160, "320": 320 } as const;

/** The channel that the BSS is on, as an operating class describes it. */
export function operatingChannelOf({ radio }: Bss): OperatingChannel {
  const { frequency, width, centerFrequency1, centerFrequency2 } = radio.plan.definition;
  return {
    frequency,
    width: widths[width],
    split: width === "80+80",
    secondary: width !== "40" ? "none" : centerFrequency1 > frequency ? "above" : "below",
    segment1: width === "80+80" && centerFrequency2 !== undefined ? channelOf(centerFrequency2).channel : 0,
  };
}

/** What a station can receive of it. */
export function transmitWidthOf(bss: Bss, station: Station | undefined): TransmitWidth {
  const { width, segment1 } = operatingChannelOf(bss);
  const { traits, vhtCapabilities } = station?.association ?? {};
  // Supported Channel Width Set. IEEE Std 802.11-2020, 9.4.2.157.2.
  const vhtWidth = vhtCapabilities && ((vhtCapabilities[0] ?? 0) & 0x0c ? 160 : 80);
  const own = vhtWidth ?? (traits?.width40 ? 40 : 20);
  return { width: Math.min(own, width), segment1: vhtWidth === 160 ? segment1 : 0 };
}
