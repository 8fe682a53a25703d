/** Stations as the driver knows them. */

import {
  attr,
  attributes,
  bytes,
  type Codec,
  type Decoded,
  flag,
  indexed,
  macAddress,
  nested,
  s8,
  u8,
  u16,
  u32,
  u64,
} from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import {
  stationAttributes as info,
  rateAttributes as rate,
  tidAttributes as tid,
  txqStatisticsAttributes as txq,
  wmeAttributes as wme,
} from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

/** struct nl80211_sta_flag_update: bits of enum nl80211_sta_flags, and which of them to change. */
export interface StationFlagUpdate {
  readonly mask: number;
  readonly set: number;
}

export const stationFlagUpdate: Codec<StationFlagUpdate> = {
  encode: ({ mask, set }) => new Uint8Array(Uint32Array.of(mask, set).buffer),
  decode: (r) => ({ mask: r.u32le(), set: r.u32le() }),
};

const wmeSet = attributes({
  uapsdQueues: attr(wme.UAPSD_QUEUES, u8),
  maxServicePeriod: attr(wme.MAX_SP, u8),
});

const stationShape = {
  ifIndex,
  station: attr(ids.MAC, macAddress),
  aid: attr(ids.STA_AID, u16),
  /** Beacon intervals. */
  listenInterval: attr(ids.STA_LISTEN_INTERVAL, u16),
  /** 500 kb/s each. */
  supportedRates: attr(ids.STA_SUPPORTED_RATES, bytes),
  capability: attr(ids.STA_CAPABILITY, u16),
  extendedCapabilities: attr(ids.STA_EXT_CAPABILITY, bytes),
  htCapabilities: attr(ids.HT_CAPABILITY, bytes),
  vhtCapabilities: attr(ids.VHT_CAPABILITY, bytes),
  heCapabilities: attr(ids.HE_CAPABILITY, bytes),
  he6GHzCapabilities: attr(ids.HE_6GHZ_CAPABILITY, bytes),
  ehtCapabilities: attr(ids.EHT_CAPABILITY, bytes),
  operatingMode: attr(ids.OPMODE_NOTIF, u8),
  flags: attr(ids.STA_FLAGS2, stationFlagUpdate),
  wme: attr(ids.STA_WME, nested(wmeSet)),
  p2pPowerSave: attr(ids.STA_SUPPORT_P2P_PS, u8),
  /** Index of an interface of the same access point. */
  vlan: attr(ids.STA_VLAN, u32),
  airtimeWeight: attr(ids.AIRTIME_WEIGHT, u16),
} as const;

export const newStation = messageType("NEW_STATION", stationShape, [
  "ifIndex",
  "station",
  "aid",
  "listenInterval",
  "supportedRates",
]);

export const setStation = messageType("SET_STATION", stationShape, ["ifIndex", "station"]);

/**
 * Without a station: all of the interface. Where the firmware associates stations it sends the frame, too. The event has
 * the same name.
 */
export const delStation = messageType(
  "DEL_STATION",
  {
    ifIndex,
    station: attr(ids.MAC, macAddress),
    /** Of a management frame; Deauthentication where missing. IEEE Std 802.11-2020, table 9-1. */
    subtype: attr(ids.MGMT_SUBTYPE, u8),
    /** Not 0; 2 where missing. */
    reason: attr(ids.REASON_CODE, u16),
  },
  ["ifIndex"],
);

/** An event: a station has told that it works otherwise from now on; one of the three. */
export const stationModeChanged = messageType(
  "STA_OPMODE_CHANGED",
  {
    ifIndex,
    station: attr(ids.MAC, macAddress),
    /** enum nl80211_smps_mode. */
    powerSave: attr(ids.SMPS_MODE, u8),
    /** enum nl80211_chan_width. */
    width: attr(ids.CHANNEL_WIDTH, u32),
    streams: attr(ids.NSS, u8),
  },
  ["ifIndex", "station"],
);

/** Of one station, or dumped. */
export const getStation = messageType("GET_STATION", { ifIndex, station: attr(ids.MAC, macAddress) }, ["ifIndex"]);

const rateSet = attributes({
  /** 100 kb/s; the wider one where both are there. */
  bitrate: attr(rate.BITRATE, u16),
  bitrate32: attr(rate.BITRATE32, u32),
  mcs: attr(rate.MCS, u8),
  shortGi: attr(rate.SHORT_GI, flag),
  vhtMcs: attr(rate.VHT_MCS, u8),
  vhtNss: attr(rate.VHT_NSS, u8),
  heMcs: attr(rate.HE_MCS, u8),
  heNss: attr(rate.HE_NSS, u8),
  ehtMcs: attr(rate.EHT_MCS, u8),
  ehtNss: attr(rate.EHT_NSS, u8),
});

const queueSet = attributes({ backlogBytes: attr(txq.BACKLOG_BYTES, u32) });

const trafficSet = attributes({ queue: attr(tid.TXQ_STATS, nested(queueSet)) });

const informationSet = attributes({
  /** ms. */
  inactive: attr(info.INACTIVE_TIME, u32),
  /** Seconds. */
  connected: attr(info.CONNECTED_TIME, u32),
  rxBytes: attr(info.RX_BYTES, u32),
  txBytes: attr(info.TX_BYTES, u32),
  rxBytes64: attr(info.RX_BYTES64, u64),
  txBytes64: attr(info.TX_BYTES64, u64),
  rxPackets: attr(info.RX_PACKETS, u32),
  txPackets: attr(info.TX_PACKETS, u32),
  txRetries: attr(info.TX_RETRIES, u32),
  txFailed: attr(info.TX_FAILED, u32),
  /** dBm. */
  signal: attr(info.SIGNAL, s8),
  ackSignal: attr(info.ACK_SIGNAL, s8),
  rxRate: attr(info.RX_BITRATE, nested(rateSet)),
  txRate: attr(info.TX_BITRATE, nested(rateSet)),
  flags: attr(info.STA_FLAGS, stationFlagUpdate),
  /** By traffic identifier, counted from 1. */
  traffic: attr(info.TID_STATS, indexed(nested(trafficSet))),
});

export type RateInformation = Omit<Decoded<typeof rateSet.shape>, "others">;
export type StationInformation = Omit<Decoded<typeof informationSet.shape>, "others">;

/** The answer to {@link getStation}. */
export const stationDescription = messageType(
  "NEW_STATION",
  {
    ifIndex,
    station: attr(ids.MAC, macAddress),
    information: attr(ids.STA_INFO, nested(informationSet)),
  },
  ["ifIndex", "station"],
);

/** The event of a new station. One that the firmware has associated brings the elements of its request. */
export const stationArrival = messageType(
  "NEW_STATION",
  { ifIndex, station: attr(ids.MAC, macAddress), requestElements: attr(ids.IE, bytes) },
  ["ifIndex", "station"],
);
