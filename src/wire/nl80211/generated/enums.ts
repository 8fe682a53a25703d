// Made by scripts/generate-nl80211.ts from Linux's include/uapi/linux/nl80211.h: not to be edited.

/** enum nl80211_iftype, without NL80211_IFTYPE_ */
export const interfaceTypes = {
  UNSPECIFIED: 0,
  ADHOC: 1,
  STATION: 2,
  AP: 3,
  AP_VLAN: 4,
  WDS: 5,
  MONITOR: 6,
  MESH_POINT: 7,
  P2P_CLIENT: 8,
  P2P_GO: 9,
  P2P_DEVICE: 10,
  OCB: 11,
  NAN: 12,
} as const;

/** enum nl80211_sta_flags, without NL80211_STA_FLAG_ */
export const stationFlags = {
  AUTHORIZED: 1,
  SHORT_PREAMBLE: 2,
  WME: 3,
  MFP: 4,
  AUTHENTICATED: 5,
  TDLS_PEER: 6,
  ASSOCIATED: 7,
  SPP_AMSDU: 8,
} as const;

/** enum nl80211_band, without NL80211_BAND_ */
export const bands = {
  "2GHZ": 0,
  "5GHZ": 1,
  "60GHZ": 2,
  "6GHZ": 3,
  S1GHZ: 4,
  LC: 5,
} as const;

/** enum nl80211_chan_width, without NL80211_CHAN_WIDTH_ */
export const channelWidths = {
  "20_NOHT": 0,
  "20": 1,
  "40": 2,
  "80": 3,
  "80P80": 4,
  "160": 5,
  "5": 6,
  "10": 7,
  "1": 8,
  "2": 9,
  "4": 10,
  "8": 11,
  "16": 12,
  "320": 13,
} as const;

/** enum nl80211_channel_type, without NL80211_CHAN_ */
export const channelTypes = {
  NO_HT: 0,
  HT20: 1,
  HT40MINUS: 2,
  HT40PLUS: 3,
} as const;

/** enum nl80211_auth_type, without NL80211_AUTHTYPE_ */
export const authTypes = {
  OPEN_SYSTEM: 0,
  SHARED_KEY: 1,
  FT: 2,
  NETWORK_EAP: 3,
  SAE: 4,
  FILS_SK: 5,
  FILS_SK_PFS: 6,
  FILS_PK: 7,
  AUTOMATIC: 8,
} as const;

/** enum nl80211_wpa_versions, without NL80211_WPA_VERSION_ */
export const wpaVersions = {
  "1": 1,
  "2": 2,
  "3": 4,
} as const;

/** enum nl80211_hidden_ssid, without NL80211_HIDDEN_SSID_ */
export const hiddenSsid = {
  NOT_IN_USE: 0,
  ZERO_LEN: 1,
  ZERO_CONTENTS: 2,
} as const;

/** enum nl80211_key_type, without NL80211_KEYTYPE_ */
export const keyTypes = {
  GROUP: 0,
  PAIRWISE: 1,
  PEERKEY: 2,
} as const;

/** enum nl80211_key_mode, without NL80211_KEY_ */
export const keyModes = {
  RX_TX: 0,
  NO_TX: 1,
  SET_TX: 2,
} as const;

/** enum nl80211_ac, without NL80211_AC_ */
export const accessCategories = {
  VO: 0,
  VI: 1,
  BE: 2,
  BK: 3,
} as const;

/** enum nl80211_reg_initiator, without NL80211_REGDOM_SET_BY_ */
export const regulatoryInitiators = {
  CORE: 0,
  USER: 1,
  DRIVER: 2,
  COUNTRY_IE: 3,
} as const;

/** enum nl80211_reg_type, without NL80211_REGDOM_TYPE_ */
export const regulatoryTypes = {
  COUNTRY: 0,
  WORLD: 1,
  CUSTOM_WORLD: 2,
  INTERSECTION: 3,
} as const;

/** enum nl80211_dfs_state, without NL80211_DFS_ */
export const dfsStates = {
  USABLE: 0,
  UNAVAILABLE: 1,
  AVAILABLE: 2,
} as const;

/** enum nl80211_radar_event, without NL80211_RADAR_ */
export const radarEvents = {
  DETECTED: 0,
  CAC_FINISHED: 1,
  CAC_ABORTED: 2,
  NOP_FINISHED: 3,
  PRE_CAC_EXPIRED: 4,
  CAC_STARTED: 5,
} as const;

/** enum nl80211_feature_flags, without NL80211_FEATURE_ */
export const features = {
  SK_TX_STATUS: 1,
  HT_IBSS: 2,
  INACTIVITY_TIMER: 4,
  CELL_BASE_REG_HINTS: 8,
  P2P_DEVICE_NEEDS_CHANNEL: 16,
  SAE: 32,
  LOW_PRIORITY_SCAN: 64,
  SCAN_FLUSH: 128,
  AP_SCAN: 256,
  VIF_TXPOWER: 512,
  NEED_OBSS_SCAN: 1024,
  P2P_GO_CTWIN: 2048,
  P2P_GO_OPPPS: 4096,
  ADVERTISE_CHAN_LIMITS: 16384,
  FULL_AP_CLIENT_STATE: 32768,
  USERSPACE_MPM: 65536,
  ACTIVE_MONITOR: 131072,
  AP_MODE_CHAN_WIDTH_CHANGE: 262144,
  DS_PARAM_SET_IE_IN_PROBES: 524288,
  WFA_TPC_IE_IN_PROBES: 1048576,
  QUIET: 2097152,
  TX_POWER_INSERTION: 4194304,
  ACKTO_ESTIMATION: 8388608,
  STATIC_SMPS: 16777216,
  DYNAMIC_SMPS: 33554432,
  SUPPORTS_WMM_ADMISSION: 67108864,
  MAC_ON_CREATE: 134217728,
  TDLS_CHANNEL_SWITCH: 268435456,
  SCAN_RANDOM_MAC_ADDR: 536870912,
  SCHED_SCAN_RANDOM_MAC_ADDR: 1073741824,
  ND_RANDOM_MAC_ADDR: 2147483648,
} as const;

/** enum nl80211_ext_feature_index, without NL80211_EXT_FEATURE_ */
export const extendedFeatures = {
  VHT_IBSS: 0,
  RRM: 1,
  MU_MIMO_AIR_SNIFFER: 2,
  SCAN_START_TIME: 3,
  BSS_PARENT_TSF: 4,
  SET_SCAN_DWELL: 5,
  BEACON_RATE_LEGACY: 6,
  BEACON_RATE_HT: 7,
  BEACON_RATE_VHT: 8,
  FILS_STA: 9,
  MGMT_TX_RANDOM_TA: 10,
  MGMT_TX_RANDOM_TA_CONNECTED: 11,
  SCHED_SCAN_RELATIVE_RSSI: 12,
  CQM_RSSI_LIST: 13,
  FILS_SK_OFFLOAD: 14,
  "4WAY_HANDSHAKE_STA_PSK": 15,
  "4WAY_HANDSHAKE_STA_1X": 16,
  FILS_MAX_CHANNEL_TIME: 17,
  ACCEPT_BCAST_PROBE_RESP: 18,
  OCE_PROBE_REQ_HIGH_TX_RATE: 19,
  OCE_PROBE_REQ_DEFERRAL_SUPPRESSION: 20,
  MFP_OPTIONAL: 21,
  LOW_SPAN_SCAN: 22,
  LOW_POWER_SCAN: 23,
  HIGH_ACCURACY_SCAN: 24,
  DFS_OFFLOAD: 25,
  CONTROL_PORT_OVER_NL80211: 26,
  ACK_SIGNAL_SUPPORT: 27,
  TXQS: 28,
  SCAN_RANDOM_SN: 29,
  SCAN_MIN_PREQ_CONTENT: 30,
  CAN_REPLACE_PTK0: 31,
  ENABLE_FTM_RESPONDER: 32,
  AIRTIME_FAIRNESS: 33,
  AP_PMKSA_CACHING: 34,
  SCHED_SCAN_BAND_SPECIFIC_RSSI_THOLD: 35,
  EXT_KEY_ID: 36,
  STA_TX_PWR: 37,
  SAE_OFFLOAD: 38,
  VLAN_OFFLOAD: 39,
  AQL: 40,
  BEACON_PROTECTION: 41,
  CONTROL_PORT_NO_PREAUTH: 42,
  PROTECTED_TWT: 43,
  DEL_IBSS_STA: 44,
  MULTICAST_REGISTRATIONS: 45,
  BEACON_PROTECTION_CLIENT: 46,
  SCAN_FREQ_KHZ: 47,
  CONTROL_PORT_OVER_NL80211_TX_STATUS: 48,
  OPERATING_CHANNEL_VALIDATION: 49,
  "4WAY_HANDSHAKE_AP_PSK": 50,
  SAE_OFFLOAD_AP: 51,
  FILS_DISCOVERY: 52,
  UNSOL_BCAST_PROBE_RESP: 53,
  BEACON_RATE_HE: 54,
  SECURE_LTF: 55,
  SECURE_RTT: 56,
  PROT_RANGE_NEGO_AND_MEASURE: 57,
  BSS_COLOR: 58,
  FILS_CRYPTO_OFFLOAD: 59,
  RADAR_BACKGROUND: 60,
  POWERED_ADDR_CHANGE: 61,
  PUNCT: 62,
  SECURE_NAN: 63,
  AUTH_AND_DEAUTH_RANDOM_TA: 64,
  OWE_OFFLOAD: 65,
  OWE_OFFLOAD_AP: 66,
  DFS_CONCURRENT: 67,
  SPP_AMSDU_SUPPORT: 68,
} as const;

/** enum nl80211_protocol_features, without NL80211_PROTOCOL_FEATURE_ */
export const protocolFeatures = {
  SPLIT_WIPHY_DUMP: 1,
} as const;

/** enum nl80211_sta_p2p_ps_status, without NL80211_P2P_PS_ */
export const p2pPowerSave = {
  UNSUPPORTED: 0,
  SUPPORTED: 1,
} as const;

/** enum nl80211_scan_flags, without NL80211_SCAN_FLAG_ */
export const scanFlags = {
  LOW_PRIORITY: 1,
  FLUSH: 2,
  AP: 4,
  RANDOM_ADDR: 8,
  FILS_MAX_CHANNEL_TIME: 16,
  ACCEPT_BCAST_PROBE_RESP: 32,
  OCE_PROBE_REQ_HIGH_TX_RATE: 64,
  OCE_PROBE_REQ_DEFERRAL_SUPPRESSION: 128,
  LOW_SPAN: 256,
  LOW_POWER: 512,
  HIGH_ACCURACY: 1024,
  RANDOM_SN: 2048,
  MIN_PREQ_CONTENT: 4096,
  FREQ_KHZ: 8192,
  COLOCATED_6GHZ: 16384,
} as const;

/** enum nl80211_smps_mode, without NL80211_SMPS_ */
export const smpsModes = {
  OFF: 0,
  STATIC: 1,
  DYNAMIC: 2,
} as const;

/** enum nl80211_connect_failed_reason, without NL80211_CONN_FAIL_ */
export const connectFailures = {
  MAX_CLIENTS: 0,
  BLOCKED_CLIENT: 1,
} as const;
