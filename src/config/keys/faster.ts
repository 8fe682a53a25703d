/** Later: several BSSs in one beacon, several links, UHR, and choosing channels. */

import { channelBias, ranges } from "../checked-kinds.ts";
import { bssLater, radioLater } from "../entry.ts";
import { boolean, count, integer, macAddress } from "../kinds.ts";

const bitmap = count(0, 0xffff);

export const fasterKeys = {
  acs_num_scans: radioLater(integer(1, 100), 5, "Scans before a channel is chosen."),
  acs_chan_bias: radioLater(channelBias, undefined, "Preference among channels."),
  acs_exclude_dfs: radioLater(boolean, false, "Choose no channel with radar detection."),
  acs_exclude_6ghz_non_psc: radioLater(boolean, false, "Choose among the preferred scanning channels of 6 GHz only."),
  chanlist: radioLater(ranges("channels"), undefined, "Channels to choose from."),
  freqlist: radioLater(ranges("frequencies in MHz"), undefined, "Frequencies to choose from."),
  min_tx_power: radioLater(integer(0, 255), 0, "Least transmit power of a channel that is chosen, in dBm."),
  enable_background_radar: radioLater(boolean, false, "Look for radar on a receiver of its own."),
  ht_vht_twt_responder: radioLater(boolean, false, "Target wake time for HT and VHT stations."),

  mbssid: radioLater(integer(0, 2), 0, "Several BSSs in one beacon: off, on, enhanced."),
  mbssid_index: bssLater(integer(0, 255), 0, "Place of this BSS in the common beacon."),
  mbssid_max: radioLater(integer(0, 255), 0, "Most BSSs in the common beacon."),
  channel_usage: radioLater(boolean, false, "Channel usage procedures."),
  peer_to_peer_twt: radioLater(boolean, false, "Target wake time between stations."),

  punct_acs_threshold: radioLater(integer(0, 100), 0, "Interference from which on a channel is punctured, in percent."),
  mld_ap: bssLater(boolean, false, "Part of a multi-link device."),
  mld_addr: bssLater(macAddress, undefined, "Address of the multi-link device."),

  ieee80211bn: radioLater(boolean, false, "UHR (802.11bn)."),
  require_uhr: radioLater(boolean, false, "Refuse stations without UHR."),
  disable_11bn: bssLater(boolean, false, "No UHR in this BSS."),
  dbe_bandwidth: radioLater(integer(0, 5), 0, "Dynamic bandwidth extension."),
  dbe_punct_bitmap: radioLater(bitmap, 0, "Punctured channels of the dynamic bandwidth."),
} as const;
