/** EHT: 802.11be, on a single link. */

import { ofBss, ofRadio } from "../entry.ts";
import { boolean, count, integer } from "../kinds.ts";
import { channelIndex, widthKind } from "./vht.ts";

const onOff = (doc: string, initial = false) => ofRadio({ kind: boolean, initial, cost: "stations", doc });

export const ehtKeys = {
  ieee80211be: onOff("EHT (802.11be), on a single link."),
  require_eht: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "Refuse stations without EHT." }),
  bss_require_eht: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Refuse stations without EHT in this BSS.",
  }),
  disable_11be: ofBss({ kind: boolean, initial: false, cost: "stations", doc: "No EHT in this BSS." }),
  eht_oper_chwidth: ofRadio({
    kind: widthKind,
    initial: 0,
    cost: "channel",
    doc: "EHT channel width: 0 for 20 or 40 MHz, 1 for 80, 2 for 160, 3 for 80+80, 9 for 320; with op_class, that says it.",
  }),
  eht_oper_centr_freq_seg0_idx: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "channel",
    doc: "Channel number of the centre of the EHT width; 0 for what the primary channel says.",
  }),
  eht_su_beamformer: onOff("EHT single-user beamformer."),
  eht_su_beamformee: onOff("EHT single-user beamformee."),
  eht_mu_beamformer: onOff("EHT multi-user beamformer."),
  eht_default_pe_duration: onOff("Packet extension of 20 us."),
  eht_bw320_offset: ofRadio({
    kind: integer(0, 2),
    initial: 0,
    cost: "stations",
    doc: "Which of the two plans of 320 MHz channels is preferred; 0 for the first that has room.",
  }),
  punct_bitmap: ofRadio({
    kind: count(0, 0xffff),
    initial: 0,
    cost: "channel",
    doc: "Punctured 20 MHz channels, the lowest in the least significant bit.",
  }),
  disable_mcs15_rx: onOff("No EHT-MCS 15.", true),
} as const;
