/** What the configuration asks of a radio that it hasn't got, in words. hostapd refuses to start then, and so does Beacond. */

import type { HtCapability } from "../config/keys/radio.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { Band, ChannelDefinition, HeSupport, VhtSupport } from "../driver/port.ts";
import { ehtPhyBit } from "../wire/ieee80211/eht-capabilities.ts";
import { hasBit, hePhyBit } from "../wire/ieee80211/he-capabilities.ts";
import { decodeHtCapabilityInformation } from "../wire/ieee80211/ht-capabilities.ts";
import { decodeVhtCapabilityInformation, type VhtCapabilityInformation } from "../wire/ieee80211/vht-capabilities.ts";
import { vhtInformationOf } from "./vht.ts";

/** The modes of operation that are in use on a channel. */
export interface Modes {
  readonly ht: boolean;
  readonly vht: VhtSupport | undefined;
  readonly he: HeSupport | undefined;
  readonly eht: boolean;
}

/** Flags of ht_capab that the radio hasn't got. */
export function htLacks({ ht_capab }: RadioSettings, band: Band): string | undefined {
  const has = decodeHtCapabilityInformation(band.ht?.capabilities ?? 0);
  const asked = (...flags: readonly HtCapability[]): boolean => flags.some((flag) => ht_capab.has(flag));
  const rxStbc = ht_capab.has("RX-STBC123") ? 3 : ht_capab.has("RX-STBC12") ? 2 : ht_capab.has("RX-STBC1") ? 1 : 0;
  const lacks: readonly (readonly [boolean, string])[] = [
    [asked("LDPC") && !has.ldpc, "[LDPC]"],
    [asked("HT40+", "HT40-") && !has.width40, ht_capab.has("HT40+") ? "[HT40+]" : "[HT40-]"],
    [asked("GF") && !has.greenfield, "[GF]"],
    [asked("SHORT-GI-20") && !has.shortGi20, "[SHORT-GI-20]"],
    [asked("SHORT-GI-40") && !has.shortGi40, "[SHORT-GI-40]"],
    [asked("TX-STBC") && !has.txStbc, "[TX-STBC]"],
    [rxStbc > has.rxStbc, `[RX-STBC${"123".slice(0, rxStbc)}]`],
    [asked("DELAYED-BA") && !has.delayedBlockAck, "[DELAYED-BA]"],
    [asked("MAX-AMSDU-7935") && !has.longAmsdu, "[MAX-AMSDU-7935]"],
    // There is no DSSS on other bands, so there it says nothing.
    [asked("DSSS_CCK-40") && !has.dsssCck40 && band.name === "2.4GHz", "[DSSS_CCK-40]"],
    [asked("LSIG-TXOP-PROT") && !has.lSigTxopProtection, "[LSIG-TXOP-PROT]"],
  ];
  return sentence("ht_capab", band, lacks);
}

/** Flags of vht_capab that the radio hasn't got. */
export function vhtLacks(settings: RadioSettings, support: VhtSupport, band: Band): string | undefined {
  const has = decodeVhtCapabilityInformation(support.capabilities);
  const asked = vhtInformationOf(settings);
  const reach = (info: VhtCapabilityInformation) => ["80", "160", "160 and 80+80", "reserved"].indexOf(info.widths);
  const mpdu = ({ maxMpduLength }: VhtCapabilityInformation) => (maxMpduLength === "reserved" ? 0 : maxMpduLength);
  const flags: readonly (readonly [keyof VhtCapabilityInformation, string])[] = [
    ["rxLdpc", "[RXLDPC]"],
    ["shortGi80", "[SHORT-GI-80]"],
    ["shortGi160", "[SHORT-GI-160]"],
    ["txStbc", "[TX-STBC-2BY1]"],
    ["suBeamformer", "[SU-BEAMFORMER]"],
    ["suBeamformee", "[SU-BEAMFORMEE]"],
    ["muBeamformer", "[MU-BEAMFORMER]"],
    ["txopPowerSave", "[VHT-TXOP-PS]"],
    ["htcVht", "[HTC-VHT]"],
    ["rxAntennaPatternConsistent", "[RX-ANTENNA-PATTERN]"],
    ["txAntennaPatternConsistent", "[TX-ANTENNA-PATTERN]"],
  ];
  return sentence("vht_capab", band, [
    [mpdu(asked) > mpdu(has), `[MAX-MPDU-${asked.maxMpduLength}]`],
    [reach(asked) > reach(has), asked.widths === "160" ? "[VHT160]" : "[VHT160-80PLUS80]"],
    ...flags.map(([name, flag]) => [asked[name] === true && has[name] !== true, flag] as const),
    [asked.rxStbc > has.rxStbc, `[RX-STBC-${"1234".slice(0, asked.rxStbc)}]`],
    [asked.beamformeeSts > has.beamformeeSts, `[BF-ANTENNA-${asked.beamformeeSts + 1}]`],
    [asked.soundingDimensions > has.soundingDimensions, `[SOUNDING-DIMENSION-${asked.soundingDimensions + 1}]`],
    [asked.maxAmpduLengthExponent > has.maxAmpduLengthExponent, `[MAX-A-MPDU-LEN-EXP${asked.maxAmpduLengthExponent}]`],
    [(asked.linkAdaptation & ~has.linkAdaptation) !== 0, `[VHT-LINK-ADAPT${asked.linkAdaptation}]`],
  ]);
}

/** What of 6 GHz's own keys the radio hasn't got. */
export function lacksOf6GHz(settings: RadioSettings, he: HeSupport, band: Band): string | undefined {
  const has = he.capabilities6GHz ?? 0;
  const { he_6ghz_max_mpdu: mpdu, he_6ghz_max_ampdu_len_exp: ampdu } = settings;
  return sentence("HE on 6 GHz", band, [
    [mpdu > ((has >>> 6) & 3), `he_6ghz_max_mpdu=${mpdu}`],
    [ampdu > ((has >>> 3) & 7), `he_6ghz_max_ampdu_len_exp=${ampdu}`],
    [settings.he_6ghz_rx_ant_pat && !(has & (1 << 12)), "he_6ghz_rx_ant_pat=1"],
    [settings.he_6ghz_tx_ant_pat && !(has & (1 << 13)), "he_6ghz_tx_ant_pat=1"],
  ]);
}

/** Why a radio can't do a width in the modes that are asked for. */
export function widthLack(settings: RadioSettings, modes: Modes, band: Band, definition: ChannelDefinition) {
  const { width } = definition;
  const { he, vht, eht } = modes;
  const hePhy = (bit: number): boolean => he !== undefined && hasBit(he.phy, bit);
  const cannot = (text: string): string => `this radio can't do ${width} MHz on ${band.name}${text}`;
  switch (width) {
    case "20-no-ht":
    case "20":
      return undefined;
    case "40":
      if (!he || hePhy(band.name === "2.4GHz" ? hePhyBit.width40In2GHz : hePhyBit.width40And80)) return undefined;
      return cannot(" with HE");
    case "80":
      if (!he) return vht ? undefined : cannot(": ieee80211ac or ieee80211ax is needed");
      return hePhy(hePhyBit.width40And80) ? undefined : cannot(" with HE");
    case "160":
    case "80+80": {
      if (he)
        return hePhy(width === "160" ? hePhyBit.width160 : hePhyBit.width80Plus80) ? undefined : cannot(" with HE");
      if (!vht) return cannot(": ieee80211ac or ieee80211ax is needed");
      const told = vhtInformationOf(settings).widths;
      if (told === "160 and 80+80" || (told === "160" && width === "160")) return undefined;
      return `${width} MHz have to be in vht_capab: ${width === "160" ? "[VHT160]" : "[VHT160-80PLUS80]"}`;
    }
    case "320":
      if (eht && band.eht && hasBit(band.eht.phy, ehtPhyBit.width320In6GHz)) return undefined;
      return cannot(eht ? "" : ": ieee80211be is needed");
  }
}

function sentence(
  key: string,
  band: Band,
  lacks: readonly (readonly [lacks: boolean, what: string])[],
): string | undefined {
  const missing = lacks.filter(([isMissing]) => isMissing).map(([, what]) => what);
  return missing.length === 0 ? undefined : `${key}: this radio can't do ${missing.join(", ")} on ${band.name}`;
}
