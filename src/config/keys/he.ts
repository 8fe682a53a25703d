/** HE: 802.11ax, on 2.4, 5 and 6 GHz. */

import { ofBss, ofRadio } from "../entry.ts";
import { boolean, integer, integers, numbered } from "../kinds.ts";
import { channelIndex, widthKind } from "./vht.ts";

const onOff = (doc: string, initial = false) => ofRadio({ kind: boolean, initial, cost: "stations", doc });
const number = (min: number, max: number, initial: number, doc: string) =>
  ofRadio({ kind: integer(min, max), initial, cost: "beacon", doc });

/** Numbers of bits. */
const bitList = integers(0, 63);

/** Regulatory Info of the HE Operation element. IEEE Std 802.11ax-2021, table E-12. */
export const powerTypes6GHz = {
  0: "indoor",
  1: "standard-power",
  2: "very-low-power",
  3: "indoor-enabled",
  4: "indoor-standard-power",
} as const;

export const heKeys = {
  ieee80211ax: onOff("HE (802.11ax)."),
  require_he: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "Refuse stations without HE." }),
  disable_11ax: ofBss({ kind: boolean, initial: false, cost: "stations", doc: "No HE in this BSS." }),
  he_su_beamformer: onOff("HE single-user beamformer."),
  he_su_beamformee: onOff("HE single-user beamformee."),
  he_mu_beamformer: onOff("HE multi-user beamformer."),
  he_bss_color: ofRadio({
    kind: integer(0, 63),
    initial: undefined,
    cost: "color",
    doc: "BSS colour; where absent, one is drawn and told as disabled.",
  }),
  he_bss_color_partial: onOff("Association identifiers go by the BSS colour."),
  he_default_pe_duration: number(0, 7, 0, "Default packet extension, in units of 4 us."),
  he_twt_required: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "Demand target wake time." }),
  he_twt_responder: onOff("Stations may agree on target wake times, where the radio can.", true),
  he_rts_threshold: number(
    0,
    1023,
    1023,
    "Transmission time from which on RTS is used, in units of 32 us; 1023 for none.",
  ),
  he_er_su_disable: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "No 242-tone HE ER SU frames." }),
  he_basic_mcs_nss_set: number(0, 65535, 0xfffc, "Basic HE MCS and streams: two bits for each number of streams."),
  he_mu_edca_qos_info_param_count: number(0, 15, 0, "MU EDCA: update count."),
  he_mu_edca_qos_info_q_ack: number(0, 1, 0, "MU EDCA: Q-Ack."),
  he_mu_edca_qos_info_queue_request: number(0, 1, 0, "MU EDCA: queue request."),
  he_mu_edca_qos_info_txop_request: number(0, 1, 0, "MU EDCA: TXOP request."),
  ...muEdca("be", "best effort"),
  ...muEdca("bk", "background"),
  ...muEdca("vi", "video"),
  ...muEdca("vo", "voice"),
  he_spr_sr_control: ofRadio({
    kind: integer(0, 31),
    initial: 0,
    cost: "stations",
    doc: "Spatial reuse: SR Control field; 0 for no Spatial Reuse element.",
  }),
  he_spr_non_srg_obss_pd_max_offset: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "stations",
    doc: "Spatial reuse: greatest offset outside the group, in dB.",
  }),
  he_spr_srg_obss_pd_min_offset: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "stations",
    doc: "Spatial reuse: least offset in the group, in dB.",
  }),
  he_spr_srg_obss_pd_max_offset: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "stations",
    doc: "Spatial reuse: greatest offset in the group, in dB.",
  }),
  he_spr_srg_bss_colors: ofRadio({
    kind: bitList,
    initial: [],
    cost: "stations",
    doc: "Spatial reuse: colours of the group.",
  }),
  he_spr_srg_partial_bssid: ofRadio({
    kind: bitList,
    initial: [],
    cost: "stations",
    doc: "Spatial reuse: partial BSSIDs of the group.",
  }),
  he_oper_chwidth: ofRadio({
    kind: widthKind,
    initial: 0,
    cost: "channel",
    doc: "HE channel width: 0 for 20 or 40 MHz, 1 for 80, 2 for 160, 3 for 80+80; on 6 GHz the centre and op_class say it.",
  }),
  he_oper_centr_freq_seg0_idx: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "channel",
    doc: "Channel number of the centre of the HE width; 0 for what the primary channel says.",
  }),
  he_oper_centr_freq_seg1_idx: ofRadio({
    kind: channelIndex,
    initial: 0,
    cost: "channel",
    doc: "Channel number of the centre of the second 80 MHz of 80+80.",
  }),
  he_6ghz_max_mpdu: ofRadio({
    kind: integer(0, 2),
    initial: 2,
    cost: "stations",
    doc: "Longest MPDU on 6 GHz: 3895, 7991 or 11454 octets.",
  }),
  he_6ghz_max_ampdu_len_exp: ofRadio({
    kind: integer(0, 7),
    initial: 7,
    cost: "stations",
    doc: "Longest A-MPDU on 6 GHz: 2^(13 + this) - 1 octets.",
  }),
  he_6ghz_rx_ant_pat: onOff("The receive antenna pattern on 6 GHz doesn't change.", true),
  he_6ghz_tx_ant_pat: onOff("The transmit antenna pattern on 6 GHz doesn't change.", true),
  he_6ghz_reg_pwr_type: ofRadio({
    kind: numbered(powerTypes6GHz),
    initial: "very-low-power",
    cost: "beacon",
    doc: "Kind of access point on 6 GHz by the country's rules.",
    inHostapd: () => "invalid he_6ghz_reg_pwr_type value",
  }),
  reg_def_cli_eirp_psd: number(
    -128,
    127,
    -1,
    "Client power density on 6 GHz, default category, in halves of a dBm per MHz; -1 for -1 dBm.",
  ),
  reg_sub_cli_eirp_psd: number(
    -128,
    127,
    -1,
    "The same of the subordinate category, for indoor access points; -1 for 5 dBm.",
  ),
  reg_def_cli_eirp: number(
    -128,
    127,
    -1,
    "Client power on 6 GHz for standard-power access points, in halves of a dBm; -1 for none.",
  ),
  rnr: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell of the other BSSs of the radio (Reduced Neighbor Report); of those in 6 GHz others tell anyhow.",
  }),
  unsol_bcast_probe_resp_interval: ofBss({
    kind: integer(0, 20),
    initial: 0,
    cost: "beacon",
    doc: "Time between Probe Responses that nobody asked for on 6 GHz, in time units; 0 for none.",
    inHostapd: () => "invalid unsol_bcast_probe_resp_interval value",
  }),
  fils_discovery_min_interval: ofBss({
    kind: integer(0, 10000),
    initial: 20,
    cost: "beacon",
    doc: "Least time between FILS Discovery frames, in time units.",
  }),
  fils_discovery_max_interval: ofBss({
    kind: integer(0, 10000),
    initial: 0,
    cost: "beacon",
    doc: "Most time between FILS Discovery frames on 6 GHz, in time units; 0 for none.",
  }),
} as const;

type MuField = "aifsn" | "acm" | "aci" | "ecwmin" | "ecwmax" | "timer";

function muEdca<C extends "be" | "bk" | "vi" | "vo">(category: C, what: string) {
  const key = (max: number, doc: string) => number(0, max, 0, `MU EDCA, ${what}: ${doc}.`);
  const keys = {
    [`he_mu_edca_ac_${category}_aifsn`]: key(15, "AIFS number"),
    [`he_mu_edca_ac_${category}_acm`]: key(1, "admission control"),
    [`he_mu_edca_ac_${category}_aci`]: key(3, "category index"),
    [`he_mu_edca_ac_${category}_ecwmin`]: key(15, "smallest window, as an exponent"),
    [`he_mu_edca_ac_${category}_ecwmax`]: key(15, "largest window, as an exponent"),
    [`he_mu_edca_ac_${category}_timer`]: key(255, "how long it holds, in units of 8 time units"),
  };
  return keys as Record<`he_mu_edca_ac_${C}_${MuField}`, ReturnType<typeof key>>;
}
