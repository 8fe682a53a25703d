/** Starting, changing and stopping an access point. linux/nl80211.h, NL80211_CMD_START_AP and what follows it. */

import { attr, attributes, bytes, flag, nested, u8, u16, u16Array, u32, u32Array, u64 } from "../netlink/attributes.ts";
import { channelShape } from "./channel.ts";
import { attributes as ids } from "./generated/attributes.ts";
import {
  bssColorAttributes,
  filsDiscoveryAttributes,
  obssPdAttributes,
  unsolicitedProbeResponseAttributes,
} from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";
import { transmitRates } from "./transmit-rates.ts";

const bssColorSet = attributes({
  color: attr(bssColorAttributes.COLOR, u8),
  disabled: attr(bssColorAttributes.DISABLED, flag),
  partial: attr(bssColorAttributes.PARTIAL, flag),
});

/** Intervals in time units. */
const filsDiscoverySet = attributes({
  minInterval: attr(filsDiscoveryAttributes.INT_MIN, u32),
  maxInterval: attr(filsDiscoveryAttributes.INT_MAX, u32),
  frame: attr(filsDiscoveryAttributes.TMPL, bytes),
});

const unsolicitedSet = attributes({
  interval: attr(unsolicitedProbeResponseAttributes.INT, u32),
  frame: attr(unsolicitedProbeResponseAttributes.TMPL, bytes),
});

/** Offsets are octets, in dB. */
const obssPdSet = attributes({
  minOffset: attr(obssPdAttributes.MIN_OFFSET, u8),
  maxOffset: attr(obssPdAttributes.MAX_OFFSET, u8),
  nonSrgMaxOffset: attr(obssPdAttributes.NON_SRG_MAX_OFFSET, u8),
  bssColors: attr(obssPdAttributes.BSS_COLOR_BITMAP, bytes),
  partialBssids: attr(obssPdAttributes.PARTIAL_BSSID_BITMAP, bytes),
  control: attr(obssPdAttributes.SR_CTRL, u8),
});

/** The beacon, and what the driver adds to frames that it makes itself. */
const beaconShape = {
  beaconHead: attr(ids.BEACON_HEAD, bytes),
  beaconTail: attr(ids.BEACON_TAIL, bytes),
  beaconElements: attr(ids.IE, bytes),
  probeResponseElements: attr(ids.IE_PROBE_RESP, bytes),
  associationResponseElements: attr(ids.IE_ASSOC_RESP, bytes),
  probeResponse: attr(ids.PROBE_RESP, bytes),
  bssColor: attr(ids.HE_BSS_COLOR, nested(bssColorSet)),
  filsDiscovery: attr(ids.FILS_DISCOVERY, nested(filsDiscoverySet)),
  unsolicitedProbeResponses: attr(ids.UNSOL_BCAST_PROBE_RESP, nested(unsolicitedSet)),
} as const;

export const startAp = messageType(
  "START_AP",
  {
    ifIndex,
    ...beaconShape,
    beaconInterval: attr(ids.BEACON_INTERVAL, u32),
    dtimPeriod: attr(ids.DTIM_PERIOD, u32),
    ssid: attr(ids.SSID, bytes),
    hiddenSsid: attr(ids.HIDDEN_SSID, u32),
    privacy: attr(ids.PRIVACY, flag),
    authType: attr(ids.AUTH_TYPE, u32),
    /** enum nl80211_wpa_versions, bits. */
    wpaVersions: attr(ids.WPA_VERSIONS, u32),
    akmSuites: attr(ids.AKM_SUITES, u32Array),
    pairwiseCiphers: attr(ids.CIPHER_SUITES_PAIRWISE, u32Array),
    groupCipher: attr(ids.CIPHER_SUITE_GROUP, u32),
    controlPort: attr(ids.CONTROL_PORT, flag),
    controlPortEthertype: attr(ids.CONTROL_PORT_ETHERTYPE, u16),
    controlPortOverNl80211: attr(ids.CONTROL_PORT_OVER_NL80211, flag),
    controlPortNoPreauthentication: attr(ids.CONTROL_PORT_NO_PREAUTH, flag),
    socketOwner: attr(ids.SOCKET_OWNER, flag),
    /** Seconds. */
    inactivityTimeout: attr(ids.INACTIVITY_TIMEOUT, u16),
    twtResponder: attr(ids.TWT_RESPONDER, flag),
    obssPacketDetection: attr(ids.HE_OBSS_PD, nested(obssPdSet)),
    beaconRates: transmitRates,
    ...channelShape,
  },
  ["ifIndex", "beaconHead", "beaconInterval", "dtimPeriod"],
);

export const setBeacon = messageType("SET_BEACON", { ifIndex, ...beaconShape }, ["ifIndex", "beaconHead"]);

const announcementSet = attributes({
  ...beaconShape,
  /** Octets from the start of the beacon's tail. */
  beaconCounts: attr(ids.CNTDWN_OFFS_BEACON, u16Array),
  probeResponseCounts: attr(ids.CNTDWN_OFFS_PRESP, u16Array),
});

/** The beacon outside of `during` is the one after the switch. */
export const channelSwitch = messageType(
  "CHANNEL_SWITCH",
  {
    ifIndex,
    count: attr(ids.CH_SWITCH_COUNT, u32),
    blockTransmission: attr(ids.CH_SWITCH_BLOCK_TX, flag),
    ...beaconShape,
    during: attr(ids.CSA_IES, nested(announcementSet)),
    ...channelShape,
  },
  ["ifIndex", "count", "during"],
);

/** As {@link channelSwitch}. */
export const colorChange = messageType(
  "COLOR_CHANGE_REQUEST",
  {
    ifIndex,
    count: attr(ids.COLOR_CHANGE_COUNT, u8),
    color: attr(ids.COLOR_CHANGE_COLOR, u8),
    ...beaconShape,
    during: attr(ids.COLOR_CHANGE_ELEMS, nested(announcementSet)),
  },
  ["ifIndex", "count", "color", "during"],
);

export const colorCollision = messageType(
  "OBSS_COLOR_COLLISION",
  { ifIndex, colors: attr(ids.OBSS_COLOR_BITMAP, u64) },
  ["ifIndex"],
);

export const colorChanged = messageType("COLOR_CHANGE_COMPLETED", { ifIndex }, ["ifIndex"]);
export const colorChangeAborted = messageType("COLOR_CHANGE_ABORTED", { ifIndex }, ["ifIndex"]);

export const setMulticastToUnicast = messageType(
  "SET_MULTICAST_TO_UNICAST",
  { ifIndex, enabled: attr(ids.MULTICAST_TO_UNICAST_ENABLED, flag) },
  ["ifIndex"],
);

/** The event has the same name. */
export const stopAp = messageType("STOP_AP", { ifIndex, wiphy: attr(ids.WIPHY, u32) }, ["ifIndex"]);

export const setBss = messageType(
  "SET_BSS",
  {
    ifIndex,
    ctsProtection: attr(ids.BSS_CTS_PROT, u8),
    shortPreamble: attr(ids.BSS_SHORT_PREAMBLE, u8),
    shortSlot: attr(ids.BSS_SHORT_SLOT_TIME, u8),
    htOperationMode: attr(ids.BSS_HT_OPMODE, u16),
    isolate: attr(ids.AP_ISOLATE, u8),
    /** 500 kb/s each. */
    basicRates: attr(ids.BSS_BASIC_RATES, bytes),
  },
  ["ifIndex"],
);

/** The events about it. */
export const channelSwitchStarted = messageType("CH_SWITCH_STARTED_NOTIFY", { ifIndex, ...channelShape }, ["ifIndex"]);
export const channelSwitched = messageType("CH_SWITCH_NOTIFY", { ifIndex, ...channelShape }, ["ifIndex"]);

export const radarDetected = messageType(
  "RADAR_DETECT",
  { wiphy: attr(ids.WIPHY, u32), ifIndex, event: attr(ids.RADAR_EVENT, u32), ...channelShape },
  ["wiphy", "event"],
);
