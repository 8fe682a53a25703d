/** VHT: 802.11ac. */

import { ofBss, ofRadio } from "../entry.ts";
import { boolean, integer } from "../kinds.ts";
import { flagList } from "./flags.ts";

const vhtFlags = [
  "MAX-MPDU-7991",
  "MAX-MPDU-11454",
  "VHT160",
  "VHT160-80PLUS80",
  "RXLDPC",
  "SHORT-GI-80",
  "SHORT-GI-160",
  "TX-STBC-2BY1",
  "RX-STBC-1",
  "RX-STBC-12",
  "RX-STBC-123",
  "RX-STBC-1234",
  "SU-BEAMFORMER",
  "SU-BEAMFORMEE",
  "BF-ANTENNA-2",
  "BF-ANTENNA-3",
  "BF-ANTENNA-4",
  "SOUNDING-DIMENSION-2",
  "SOUNDING-DIMENSION-3",
  "SOUNDING-DIMENSION-4",
  "MU-BEAMFORMER",
  "VHT-TXOP-PS",
  "HTC-VHT",
  "MAX-A-MPDU-LEN-EXP0",
  "MAX-A-MPDU-LEN-EXP1",
  "MAX-A-MPDU-LEN-EXP2",
  "MAX-A-MPDU-LEN-EXP3",
  "MAX-A-MPDU-LEN-EXP4",
  "MAX-A-MPDU-LEN-EXP5",
  "MAX-A-MPDU-LEN-EXP6",
  "MAX-A-MPDU-LEN-EXP7",
  "VHT-LINK-ADAPT2",
  "VHT-LINK-ADAPT3",
  "RX-ANTENNA-PATTERN",
  "TX-ANTENNA-PATTERN",
] as const;

/** Of the VHT Capabilities Information field. IEEE Std 802.11-2020, 9.4.2.157.2. */
export type VhtCapability = (typeof vhtFlags)[number];

/** Beyond 40 MHz: a value that hostapd doesn't know asks for none of these. */
export const widthKind = integer(0, 9);
export const channelIndex = integer(0, 255);

/** `vht_oper_chwidth=` empties the value, and 0 is what that means. */
const widthDoc = (name: string): string =>
  `${name} channel width: 0 for 20 or 40 MHz, 1 for 80, 2 for 160, 3 for 80+80.`;

export const vhtKeys = {
  ieee80211ac: ofRadio({ kind: boolean, initial: false, cost: "stations", doc: "VHT (802.11ac)." }),
  vht_capab: ofRadio({
    kind: flagList("VHT capability", vhtFlags),
    initial: new Set<VhtCapability>(),
    cost: "stations",
    doc: "VHT capabilities to offer, of those that the radio has.",
  }),
  require_vht: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "Refuse stations without VHT." }),
  vht_oper_chwidth: ofRadio({ kind: widthKind, initial: 0, cost: "channel", doc: widthDoc("VHT") }),
  vht_oper_centr_freq_seg0_idx: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "channel",
    doc: "Channel number of the centre of 80 or 160 MHz, or of the first 80 MHz of 80+80; 0 for what the primary channel says.",
  }),
  vht_oper_centr_freq_seg1_idx: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "channel",
    doc: "Channel number of the centre of the second 80 MHz of 80+80.",
  }),
  vendor_vht: ofBss({
    kind: boolean,
    initial: false,
    cost: "stations",
    doc: "VHT rates on 2.4 GHz, told in a vendor-specific element.",
  }),
  use_sta_nsts: ofBss({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Answer an association with no more space-time streams for beamforming than the station has.",
  }),
  disable_11ac: ofBss({ kind: boolean, initial: false, cost: "stations", doc: "No VHT in this BSS." }),
} as const;
