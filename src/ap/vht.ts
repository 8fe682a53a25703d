import { Reader } from "../base/bytes.ts";
import type { VhtCapability } from "../config/keys/vht.ts";
import type { BssSettings, RadioSettings } from "../config/registry.ts";
import type { Band, RadioCapabilities, VhtSupport } from "../driver/port.ts";
import {
  decodeVhtCapabilities,
  type VhtCapabilities,
  type VhtCapabilityInformation,
} from "../wire/ieee80211/vht-capabilities.ts";

/** What the radio has of VHT in a band; for BSSs with vendor_vht, on 2.4 GHz what it has on 5 GHz. */
export function vhtSupportOf(band: Band, capabilities: Pick<RadioCapabilities, "bands">): VhtSupport | undefined {
  if (band.vht || band.name !== "2.4GHz") return band.vht;
  return capabilities.bands.find(({ name }) => name === "5GHz")?.vht;
}

/** VHT capabilities as vht_capab has them; what goes only with another flag needs that. IEEE Std 802.11-2020, 9.4.2.157.2. */
export function vhtInformationOf({ vht_capab }: Pick<RadioSettings, "vht_capab">): VhtCapabilityInformation {
  const has = (flag: VhtCapability): boolean => vht_capab.has(flag);
  /** Numbers whose flags are set bit by bit, as hostapd does. */
  const sum = (...flags: readonly (readonly [VhtCapability, number])[]): number =>
    flags.reduce((value, [flag, bits]) => (has(flag) ? value | bits : value), 0);
  const exponent = ([7, 6, 5, 4, 3, 2, 1] as const).find((value) => has(`MAX-A-MPDU-LEN-EXP${value}`)) ?? 0;
  const beamformee = has("SU-BEAMFORMEE");
  const beamformer = has("SU-BEAMFORMER");
  return {
    maxMpduLength: has("MAX-MPDU-11454") ? 11454 : has("MAX-MPDU-7991") ? 7991 : 3895,
    widths: has("VHT160-80PLUS80") ? "160 and 80+80" : has("VHT160") ? "160" : "80",
    rxLdpc: has("RXLDPC"),
    shortGi80: has("SHORT-GI-80"),
    shortGi160: has("SHORT-GI-160"),
    txStbc: has("TX-STBC-2BY1"),
    rxStbc: sum(["RX-STBC-1", 1], ["RX-STBC-12", 2], ["RX-STBC-123", 3], ["RX-STBC-1234", 4]),
    suBeamformer: beamformer,
    suBeamformee: beamformee,
    beamformeeSts: beamformee ? sum(["BF-ANTENNA-2", 1], ["BF-ANTENNA-3", 2], ["BF-ANTENNA-4", 3]) : 0,
    soundingDimensions: beamformer
      ? sum(["SOUNDING-DIMENSION-2", 1], ["SOUNDING-DIMENSION-3", 2], ["SOUNDING-DIMENSION-4", 3])
      : 0,
    muBeamformer: has("MU-BEAMFORMER"),
    muBeamformee: false,
    txopPowerSave: has("VHT-TXOP-PS"),
    htcVht: has("HTC-VHT"),
    maxAmpduLengthExponent: exponent,
    linkAdaptation: has("HTC-VHT") ? sum(["VHT-LINK-ADAPT2", 2], ["VHT-LINK-ADAPT3", 3]) : 0,
    rxAntennaPatternConsistent: has("RX-ANTENNA-PATTERN"),
    txAntennaPatternConsistent: has("TX-ANTENNA-PATTERN"),
    extendedNssBw: 0,
  };
}

/** @param streams of a station that use_sta_nsts adapts to: Beamformee STS Capability */
export function vhtCapabilitiesOf(radio: RadioSettings, support: VhtSupport, streams?: number): VhtCapabilities {
  const information = vhtInformationOf(radio);
  return {
    information: streams ? { ...information, beamformeeSts: streams } : information,
    mcsSet: support.mcsSet,
  };
}

/** With use_sta_nsts: the streams to answer a station's VHT capabilities with. @returns undefined for our own */
export function streamsFor(
  settings: Pick<BssSettings, "use_sta_nsts">,
  radio: RadioSettings,
  station: Uint8Array | undefined,
): number | undefined {
  if (!settings.use_sta_nsts || !station) return undefined;
  const { information } = decodeVhtCapabilities(new Reader(station, ["VHT Capabilities"]));
  return information.beamformeeSts > vhtInformationOf(radio).beamformeeSts ? undefined : information.beamformeeSts;
}

/** Eight numbers of streams, two bits each; 3 is none. IEEE Std 802.11-2020, figure 9-562; 802.11ax-2021, figure 9-788f. */
export function haveCommonMcs(ours: number, theirs: number): boolean {
  for (let shift = 0; shift < 16; shift += 2) {
    if (((ours >>> shift) & 3) !== 3 && ((theirs >>> shift) & 3) !== 3) return true;
  }
  return false;
}
