/** Later: VHT, HE, EHT, UHR, and choosing channels. */

import { channelBias, ranges } from "../checked-kinds.ts";
import { bssLater, radioLater } from "../entry.ts";
import { boolean, count, integer, integers, macAddress, numbered, opaque } from "../kinds.ts";

const index = integer(0, 255);
const width = integer(0, 9);
const bitmap = count(0, 0xffff);
const list = integers(0, 63);

export const fasterKeys = {
  ieee80211h: radioLater(boolean, false, "Radar detection and transmit power control (802.11h)."),
  local_pwr_constraint: radioLater(integer(0, 255), undefined, "Power Constraint element, in dB."),
  spectrum_mgmt_required: radioLater(boolean, false, "Set the Spectrum Management bit always."),
  acs_num_scans: radioLater(integer(1, 100), 5, "Scans before a channel is chosen."),
  acs_chan_bias: radioLater(channelBias, undefined, "Preference among channels."),
  acs_exclude_dfs: radioLater(boolean, false, "Choose no channel with radar detection."),
  acs_exclude_6ghz_non_psc: radioLater(boolean, false, "Choose among the preferred scanning channels of 6 GHz only."),
  chanlist: radioLater(ranges("channels"), undefined, "Channels to choose from."),
  freqlist: radioLater(ranges("frequencies in MHz"), undefined, "Frequencies to choose from."),
  min_tx_power: radioLater(integer(0, 255), 0, "Least transmit power of a channel that is chosen, in dBm."),
  enable_background_radar: radioLater(boolean, false, "Look for radar on a receiver of its own."),
  edmg_channel: radioLater(integer(0, 255), 0, "EDMG channel (60 GHz)."),
  enable_edmg: radioLater(boolean, false, "EDMG (60 GHz)."),
  ht_vht_twt_responder: radioLater(boolean, false, "Target wake time for HT and VHT stations."),

  ieee80211ac: radioLater(boolean, false, "VHT (802.11ac)."),
  vht_capab: radioLater(opaque("list of [FLAG]"), "", "VHT capabilities to offer."),
  require_vht: radioLater(boolean, false, "Refuse stations without VHT."),
  vht_oper_chwidth: radioLater(width, 0, "VHT channel width: 20/40, 80, 160, 80+80 MHz."),
  vht_oper_centr_freq_seg0_idx: radioLater(index, 0, "Centre channel of the VHT width."),
  vht_oper_centr_freq_seg1_idx: radioLater(index, 0, "Centre channel of the second 80 MHz."),
  vendor_vht: bssLater(boolean, false, "VHT on 2.4 GHz by vendor elements."),
  use_sta_nsts: bssLater(boolean, false, "Answer with the station's own number of space-time streams."),
  disable_11ac: bssLater(boolean, false, "No VHT in this BSS."),

  ieee80211ax: radioLater(boolean, false, "HE (802.11ax)."),
  require_he: radioLater(boolean, false, "Refuse stations without HE."),
  disable_11ax: bssLater(boolean, false, "No HE in this BSS."),
  he_su_beamformer: radioLater(boolean, false, "HE single-user beamformer."),
  he_su_beamformee: radioLater(boolean, false, "HE single-user beamformee."),
  he_mu_beamformer: radioLater(boolean, false, "HE multi-user beamformer."),
  he_bss_color: radioLater(integer(0, 63), undefined, "BSS colour; a random one where absent."),
  he_bss_color_partial: radioLater(boolean, false, "AID assignment by BSS colour."),
  he_default_pe_duration: radioLater(integer(0, 7), 0, "Default packet extension, in units of 4 us."),
  he_twt_required: radioLater(boolean, false, "Demand target wake time."),
  he_twt_responder: radioLater(boolean, true, "Target wake time for HE stations.", { idle: false }),
  he_rts_threshold: radioLater(
    integer(0, 1023),
    1023,
    "Transmission time from which on RTS is used, in units of 32 us.",
  ),
  he_er_su_disable: radioLater(boolean, false, "Don't receive 242-tone HE ER SU."),
  he_basic_mcs_nss_set: radioLater(integer(0, 65535), 0xfffc, "Basic HE MCS and streams."),
  he_mu_edca_qos_info_param_count: radioLater(integer(0, 15), 0, "MU EDCA: update count."),
  he_mu_edca_qos_info_q_ack: radioLater(boolean, false, "MU EDCA: Q-Ack."),
  he_mu_edca_qos_info_queue_request: radioLater(boolean, false, "MU EDCA: queue request."),
  he_mu_edca_qos_info_txop_request: radioLater(boolean, false, "MU EDCA: TXOP request."),
  ...muEdca("be", "best effort"),
  ...muEdca("bk", "background"),
  ...muEdca("vi", "video"),
  ...muEdca("vo", "voice"),
  he_spr_sr_control: radioLater(integer(0, 31), 0, "Spatial reuse: control bits."),
  he_spr_non_srg_obss_pd_max_offset: radioLater(index, 0, "Spatial reuse: offset outside the group, in dB."),
  he_spr_srg_obss_pd_min_offset: radioLater(index, 0, "Spatial reuse: least offset in the group, in dB."),
  he_spr_srg_obss_pd_max_offset: radioLater(index, 0, "Spatial reuse: greatest offset in the group, in dB."),
  he_spr_srg_bss_colors: radioLater(list, undefined, "Spatial reuse: colours of the group."),
  he_spr_srg_partial_bssid: radioLater(list, undefined, "Spatial reuse: partial BSSIDs of the group."),
  he_oper_chwidth: radioLater(width, 0, "HE channel width: 20/40, 80, 160, 80+80 MHz."),
  he_oper_centr_freq_seg0_idx: radioLater(index, 0, "Centre channel of the HE width."),
  he_oper_centr_freq_seg1_idx: radioLater(index, 0, "Centre channel of the second 80 MHz."),
  he_6ghz_max_mpdu: radioLater(integer(0, 2), 2, "Longest MPDU on 6 GHz: 3895, 7991 or 11454 octets."),
  he_6ghz_max_ampdu_len_exp: radioLater(integer(0, 7), 7, "Longest A-MPDU on 6 GHz, as an exponent."),
  he_6ghz_rx_ant_pat: radioLater(boolean, true, "Steady receive antenna pattern on 6 GHz."),
  he_6ghz_tx_ant_pat: radioLater(boolean, true, "Steady transmit antenna pattern on 6 GHz."),
  he_6ghz_reg_pwr_type: radioLater(
    numbered({
      0: "indoor",
      1: "standard-power",
      2: "very-low-power",
      3: "indoor-enabled",
      4: "indoor-standard-power",
    }),
    "very-low-power",
    "Kind of access point on 6 GHz.",
  ),
  reg_def_cli_eirp_psd: radioLater(integer(), -1, "Client power density on 6 GHz, default category."),
  reg_sub_cli_eirp_psd: radioLater(integer(), -1, "Client power density on 6 GHz, subordinate category."),
  reg_def_cli_eirp: radioLater(integer(), -1, "Client power on 6 GHz."),
  unsol_bcast_probe_resp_interval: bssLater(
    integer(0, 20),
    0,
    "Time between unasked probe responses on 6 GHz, in time units.",
  ),
  mbssid: radioLater(integer(0, 2), 0, "Several BSSs in one beacon: off, on, enhanced."),
  mbssid_index: bssLater(integer(0, 255), 0, "Place of this BSS in the common beacon."),
  mbssid_max: radioLater(integer(0, 255), 0, "Most BSSs in the common beacon."),
  channel_usage: radioLater(boolean, false, "Channel usage procedures."),
  peer_to_peer_twt: radioLater(boolean, false, "Target wake time between stations."),
  rnr: bssLater(boolean, false, "Reduced Neighbor Report."),

  ieee80211be: radioLater(boolean, false, "EHT (802.11be)."),
  require_eht: radioLater(boolean, false, "Refuse stations without EHT."),
  bss_require_eht: bssLater(boolean, false, "Refuse stations without EHT in this BSS."),
  disable_11be: bssLater(boolean, false, "No EHT in this BSS."),
  eht_oper_chwidth: radioLater(width, 0, "EHT channel width: 20/40, 80, 160, 80+80, 320 MHz."),
  eht_oper_centr_freq_seg0_idx: radioLater(index, 0, "Centre channel of the EHT width."),
  eht_su_beamformer: radioLater(boolean, false, "EHT single-user beamformer."),
  eht_su_beamformee: radioLater(boolean, false, "EHT single-user beamformee."),
  eht_mu_beamformer: radioLater(boolean, false, "EHT multi-user beamformer."),
  eht_default_pe_duration: radioLater(boolean, false, "Packet extension of 20 us."),
  eht_bw320_offset: radioLater(integer(0, 2), 0, "Which of the two 320 MHz plans is preferred."),
  punct_bitmap: radioLater(bitmap, 0, "Punctured 20 MHz channels."),
  punct_acs_threshold: radioLater(integer(0, 100), 0, "Interference from which on a channel is punctured, in percent."),
  mld_ap: bssLater(boolean, false, "Part of a multi-link device."),
  mld_addr: bssLater(macAddress, undefined, "Address of the multi-link device."),
  disable_mcs15_rx: radioLater(boolean, true, "No EHT-MCS 15."),

  ieee80211bn: radioLater(boolean, false, "UHR (802.11bn)."),
  require_uhr: radioLater(boolean, false, "Refuse stations without UHR."),
  disable_11bn: bssLater(boolean, false, "No UHR in this BSS."),
  dbe_bandwidth: radioLater(integer(0, 5), 0, "Dynamic bandwidth extension."),
  dbe_punct_bitmap: radioLater(bitmap, 0, "Punctured channels of the dynamic bandwidth."),
} as const;

type MuField = "aifsn" | "acm" | "aci" | "ecwmin" | "ecwmax" | "timer";

function muEdca<C extends "be" | "bk" | "vi" | "vo">(category: C, what: string) {
  const key = (kind: ReturnType<typeof integer>, doc: string) => radioLater(kind, 0, `MU EDCA, ${what}: ${doc}.`);
  const keys = {
    [`he_mu_edca_ac_${category}_aifsn`]: key(integer(0, 15), "AIFS number"),
    [`he_mu_edca_ac_${category}_acm`]: key(integer(0, 1), "admission control"),
    [`he_mu_edca_ac_${category}_aci`]: key(integer(0, 3), "category index"),
    [`he_mu_edca_ac_${category}_ecwmin`]: key(integer(0, 15), "smallest window, as an exponent"),
    [`he_mu_edca_ac_${category}_ecwmax`]: key(integer(0, 15), "largest window, as an exponent"),
    [`he_mu_edca_ac_${category}_timer`]: key(integer(0, 255), "how long it holds, in units of 8 time units"),
  };
  return keys as Record<`he_mu_edca_ac_${C}_${MuField}`, ReturnType<typeof key>>;
}
