// Made by scripts/generate-nl80211.ts from Linux's include/uapi/linux/nl80211.h: not to be edited.

/** enum nl80211_band_attr, without NL80211_BAND_ATTR_ */
export const bandAttributes = {
  FREQS: 1,
  RATES: 2,
  HT_MCS_SET: 3,
  HT_CAPA: 4,
  HT_AMPDU_FACTOR: 5,
  HT_AMPDU_DENSITY: 6,
  VHT_MCS_SET: 7,
  VHT_CAPA: 8,
  IFTYPE_DATA: 9,
  EDMG_CHANNELS: 10,
  EDMG_BW_CONFIG: 11,
  S1G_MCS_NSS_SET: 12,
  S1G_CAPA: 13,
} as const;

/** enum nl80211_band_iftype_attr, without NL80211_BAND_IFTYPE_ATTR_ */
export const bandTypeAttributes = {
  IFTYPES: 1,
  HE_CAP_MAC: 2,
  HE_CAP_PHY: 3,
  HE_CAP_MCS_SET: 4,
  HE_CAP_PPE: 5,
  HE_6GHZ_CAPA: 6,
  VENDOR_ELEMS: 7,
  EHT_CAP_MAC: 8,
  EHT_CAP_PHY: 9,
  EHT_CAP_MCS_SET: 10,
  EHT_CAP_PPE: 11,
} as const;

/** enum nl80211_bitrate_attr, without NL80211_BITRATE_ATTR_ */
export const bitrateAttributes = {
  RATE: 1,
  "2GHZ_SHORTPREAMBLE": 2,
} as const;

/** enum nl80211_bss, without NL80211_BSS_ */
export const scanResultAttributes = {
  BSSID: 1,
  FREQUENCY: 2,
  TSF: 3,
  BEACON_INTERVAL: 4,
  CAPABILITY: 5,
  INFORMATION_ELEMENTS: 6,
  SIGNAL_MBM: 7,
  SIGNAL_UNSPEC: 8,
  STATUS: 9,
  SEEN_MS_AGO: 10,
  BEACON_IES: 11,
  CHAN_WIDTH: 12,
  BEACON_TSF: 13,
  PRESP_DATA: 14,
  LAST_SEEN_BOOTTIME: 15,
  PAD: 16,
  PARENT_TSF: 17,
  PARENT_BSSID: 18,
  CHAIN_SIGNAL: 19,
  FREQUENCY_OFFSET: 20,
  MLO_LINK_ID: 21,
  MLD_ADDR: 22,
  USE_FOR: 23,
  CANNOT_USE_REASONS: 24,
} as const;

/** enum nl80211_bss_color_attributes, without NL80211_HE_BSS_COLOR_ATTR_ */
export const bssColorAttributes = {
  COLOR: 1,
  DISABLED: 2,
  PARTIAL: 3,
} as const;

/** enum nl80211_fils_discovery_attributes, without NL80211_FILS_DISCOVERY_ATTR_ */
export const filsDiscoveryAttributes = {
  INT_MIN: 1,
  INT_MAX: 2,
  TMPL: 3,
} as const;

/** enum nl80211_frequency_attr, without NL80211_FREQUENCY_ATTR_ */
export const frequencyAttributes = {
  FREQ: 1,
  DISABLED: 2,
  NO_IR: 3,
  RADAR: 5,
  MAX_TX_POWER: 6,
  DFS_STATE: 7,
  DFS_TIME: 8,
  NO_HT40_MINUS: 9,
  NO_HT40_PLUS: 10,
  NO_80MHZ: 11,
  NO_160MHZ: 12,
  DFS_CAC_TIME: 13,
  INDOOR_ONLY: 14,
  IR_CONCURRENT: 15,
  NO_20MHZ: 16,
  NO_10MHZ: 17,
  WMM: 18,
  NO_HE: 19,
  OFFSET: 20,
  "1MHZ": 21,
  "2MHZ": 22,
  "4MHZ": 23,
  "8MHZ": 24,
  "16MHZ": 25,
  NO_320MHZ: 26,
  NO_EHT: 27,
  PSD: 28,
  DFS_CONCURRENT: 29,
  NO_6GHZ_VLP_CLIENT: 30,
  NO_6GHZ_AFC_CLIENT: 31,
  CAN_MONITOR: 32,
  ALLOW_6GHZ_VLP_AP: 33,
  ALLOW_20MHZ_ACTIVITY: 34,
} as const;

/** enum nl80211_if_combination_attrs, without NL80211_IFACE_COMB_ */
export const combinationAttributes = {
  UNSPEC: 0,
  LIMITS: 1,
  MAXNUM: 2,
  STA_AP_BI_MATCH: 3,
  NUM_CHANNELS: 4,
  RADAR_DETECT_WIDTHS: 5,
  RADAR_DETECT_REGIONS: 6,
  BI_MIN_GCD: 7,
} as const;

/** enum nl80211_iface_limit_attrs, without NL80211_IFACE_LIMIT_ */
export const limitAttributes = {
  UNSPEC: 0,
  MAX: 1,
  TYPES: 2,
} as const;

/** enum nl80211_key_attributes, without NL80211_KEY_ */
export const keyAttributes = {
  DATA: 1,
  IDX: 2,
  CIPHER: 3,
  SEQ: 4,
  DEFAULT: 5,
  DEFAULT_MGMT: 6,
  TYPE: 7,
  DEFAULT_TYPES: 8,
  MODE: 9,
  DEFAULT_BEACON: 10,
} as const;

/** enum nl80211_key_default_types, without NL80211_KEY_DEFAULT_TYPE_ */
export const keyDefaultTypes = {
  UNICAST: 1,
  MULTICAST: 2,
} as const;

/** enum nl80211_mbssid_config_attributes, without NL80211_MBSSID_CONFIG_ATTR_ */
export const mbssidAttributes = {
  MAX_INTERFACES: 1,
  MAX_EMA_PROFILE_PERIODICITY: 2,
  INDEX: 3,
  TX_IFINDEX: 4,
  EMA: 5,
} as const;

/** enum nl80211_obss_pd_attributes, without NL80211_HE_OBSS_PD_ATTR_ */
export const obssPdAttributes = {
  MIN_OFFSET: 1,
  MAX_OFFSET: 2,
  NON_SRG_MAX_OFFSET: 3,
  BSS_COLOR_BITMAP: 4,
  PARTIAL_BSSID_BITMAP: 5,
  SR_CTRL: 6,
} as const;

/** enum nl80211_rate_info, without NL80211_RATE_INFO_ */
export const rateAttributes = {
  BITRATE: 1,
  MCS: 2,
  "40_MHZ_WIDTH": 3,
  SHORT_GI: 4,
  BITRATE32: 5,
  VHT_MCS: 6,
  VHT_NSS: 7,
  "80_MHZ_WIDTH": 8,
  "80P80_MHZ_WIDTH": 9,
  "160_MHZ_WIDTH": 10,
  "10_MHZ_WIDTH": 11,
  "5_MHZ_WIDTH": 12,
  HE_MCS: 13,
  HE_NSS: 14,
  HE_GI: 15,
  HE_DCM: 16,
  HE_RU_ALLOC: 17,
  "320_MHZ_WIDTH": 18,
  EHT_MCS: 19,
  EHT_NSS: 20,
  EHT_GI: 21,
  EHT_RU_ALLOC: 22,
  S1G_MCS: 23,
  S1G_NSS: 24,
  "1_MHZ_WIDTH": 25,
  "2_MHZ_WIDTH": 26,
  "4_MHZ_WIDTH": 27,
  "8_MHZ_WIDTH": 28,
  "16_MHZ_WIDTH": 29,
} as const;

/** enum nl80211_reg_rule_attr, without NL80211_ATTR_ */
export const regulatoryRuleAttributes = {
  REG_RULE_FLAGS: 1,
  FREQ_RANGE_START: 2,
  FREQ_RANGE_END: 3,
  FREQ_RANGE_MAX_BW: 4,
  POWER_RULE_MAX_ANT_GAIN: 5,
  POWER_RULE_MAX_EIRP: 6,
  DFS_CAC_TIME: 7,
  POWER_RULE_PSD: 8,
} as const;

/** enum nl80211_sta_bss_param, without NL80211_STA_BSS_PARAM_ */
export const stationBssAttributes = {
  CTS_PROT: 1,
  SHORT_PREAMBLE: 2,
  SHORT_SLOT_TIME: 3,
  DTIM_PERIOD: 4,
  BEACON_INTERVAL: 5,
} as const;

/** enum nl80211_sta_info, without NL80211_STA_INFO_ */
export const stationAttributes = {
  INACTIVE_TIME: 1,
  RX_BYTES: 2,
  TX_BYTES: 3,
  LLID: 4,
  PLID: 5,
  PLINK_STATE: 6,
  SIGNAL: 7,
  TX_BITRATE: 8,
  RX_PACKETS: 9,
  TX_PACKETS: 10,
  TX_RETRIES: 11,
  TX_FAILED: 12,
  SIGNAL_AVG: 13,
  RX_BITRATE: 14,
  BSS_PARAM: 15,
  CONNECTED_TIME: 16,
  STA_FLAGS: 17,
  BEACON_LOSS: 18,
  T_OFFSET: 19,
  LOCAL_PM: 20,
  PEER_PM: 21,
  NONPEER_PM: 22,
  RX_BYTES64: 23,
  TX_BYTES64: 24,
  CHAIN_SIGNAL: 25,
  CHAIN_SIGNAL_AVG: 26,
  EXPECTED_THROUGHPUT: 27,
  RX_DROP_MISC: 28,
  BEACON_RX: 29,
  BEACON_SIGNAL_AVG: 30,
  TID_STATS: 31,
  RX_DURATION: 32,
  PAD: 33,
  ACK_SIGNAL: 34,
  ACK_SIGNAL_AVG: 35,
  RX_MPDUS: 36,
  FCS_ERROR_COUNT: 37,
  CONNECTED_TO_GATE: 38,
  TX_DURATION: 39,
  AIRTIME_WEIGHT: 40,
  AIRTIME_LINK_METRIC: 41,
  ASSOC_AT_BOOTTIME: 42,
  CONNECTED_TO_AS: 43,
} as const;

/** enum nl80211_sta_wme_attr, without NL80211_STA_WME_ */
export const wmeAttributes = {
  UAPSD_QUEUES: 1,
  MAX_SP: 2,
} as const;

/** enum nl80211_tid_stats, without NL80211_TID_STATS_ */
export const tidAttributes = {
  RX_MSDU: 1,
  TX_MSDU: 2,
  TX_MSDU_RETRIES: 3,
  TX_MSDU_FAILED: 4,
  PAD: 5,
  TXQ_STATS: 6,
} as const;

/** enum nl80211_tx_rate_attributes, without NL80211_TXRATE_ */
export const transmitRateAttributes = {
  LEGACY: 1,
  HT: 2,
  VHT: 3,
  GI: 4,
  HE: 5,
  HE_GI: 6,
  HE_LTF: 7,
} as const;

/** enum nl80211_txq_stats, without NL80211_TXQ_STATS_ */
export const txqStatisticsAttributes = {
  BACKLOG_BYTES: 1,
  BACKLOG_PACKETS: 2,
  FLOWS: 3,
  DROPS: 4,
  ECN_MARKS: 5,
  OVERLIMIT: 6,
  OVERMEMORY: 7,
  COLLISIONS: 8,
  TX_BYTES: 9,
  TX_PACKETS: 10,
  MAX_FLOWS: 11,
} as const;

/** enum nl80211_survey_info, without NL80211_SURVEY_INFO_ */
export const surveyAttributes = {
  FREQUENCY: 1,
  NOISE: 2,
  IN_USE: 3,
  TIME: 4,
  TIME_BUSY: 5,
  TIME_EXT_BUSY: 6,
  TIME_RX: 7,
  TIME_TX: 8,
  TIME_SCAN: 9,
  PAD: 10,
  TIME_BSS_RX: 11,
  FREQUENCY_OFFSET: 12,
} as const;

/** enum nl80211_txq_attr, without NL80211_TXQ_ATTR_ */
export const txqAttributes = {
  AC: 1,
  TXOP: 2,
  CWMIN: 3,
  CWMAX: 4,
  AIFS: 5,
} as const;

/** enum nl80211_unsol_bcast_probe_resp_attributes, without NL80211_UNSOL_BCAST_PROBE_RESP_ATTR_ */
export const unsolicitedProbeResponseAttributes = {
  INT: 1,
  TMPL: 2,
} as const;

/** enum nl80211_attr_cqm, without NL80211_ATTR_CQM_ */
export const cqmAttributes = {
  RSSI_THOLD: 1,
  RSSI_HYST: 2,
  RSSI_THRESHOLD_EVENT: 3,
  PKT_LOSS_EVENT: 4,
  TXE_RATE: 5,
  TXE_PKTS: 6,
  TXE_INTVL: 7,
  BEACON_LOSS_EVENT: 8,
  RSSI_LEVEL: 9,
} as const;
