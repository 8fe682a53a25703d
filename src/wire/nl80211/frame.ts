/** Frames from and to the air: management frames, EAPOL over the control port, and whether they were acknowledged. */

import {
  attr,
  attributes,
  bytes,
  flag,
  macAddress,
  nested,
  s32,
  u16,
  u16Array,
  u32,
  u64,
} from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { cqmAttributes } from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

const cookie = attr(ids.COOKIE, u64);
const frame = attr(ids.FRAME, bytes);
const station = attr(ids.MAC, macAddress);
const wiphy = attr(ids.WIPHY, u32);
const acknowledged = attr(ids.ACK, flag);

/** Has frames of a type, whose body starts with `match`, sent to this socket. EALREADY where another has them. */
export const registerFrame = messageType(
  "REGISTER_FRAME",
  {
    ifIndex,
    /** Frame Control's type and subtype in their places. */
    frameType: attr(ids.FRAME_TYPE, u16),
    match: attr(ids.FRAME_MATCH, bytes),
  },
  ["ifIndex", "frameType", "match"],
);

export const sendFrame = messageType(
  "FRAME",
  {
    ifIndex,
    frame,
    frequency: attr(ids.WIPHY_FREQ, u32),
    noAck: attr(ids.DONT_WAIT_FOR_ACK, flag),
    noCck: attr(ids.TX_NO_CCK_RATE, flag),
    offChannel: attr(ids.OFFCHANNEL_TX_OK, flag),
    switchCounts: attr(ids.CSA_C_OFFSETS_TX, u16Array),
  },
  ["ifIndex", "frame"],
);

/** The answer to {@link sendFrame} and {@link probeClient}. */
export const cookieReply = messageType("FRAME", { cookie }, ["cookie"]);

/** Without an interface it is a neighbour's beacon. */
export const receivedFrame = messageType(
  "FRAME",
  { ifIndex, wiphy, frame, frequency: attr(ids.WIPHY_FREQ, u32), signal: attr(ids.RX_SIGNAL_DBM, s32) },
  ["frame"],
);

/** Has the beacons of other access points sent to this socket; they come without an interface. EALREADY the second time. */
export const registerBeacons = messageType("REGISTER_BEACONS", { wiphy }, ["wiphy"]);

export const frameStatus = messageType("FRAME_TX_STATUS", { ifIndex, frame, cookie, acknowledged }, [
  "ifIndex",
  "frame",
  "cookie",
]);

/** Asks for data frames of stations that the driver doesn't know; the event has the same name. */
export const unexpectedFrame = messageType("UNEXPECTED_FRAME", { ifIndex, station }, ["ifIndex"]);
export const unexpectedFourAddressFrame = messageType("UNEXPECTED_4ADDR_FRAME", { ifIndex, station }, ["ifIndex"]);

const controlPort = {
  ifIndex,
  station,
  /** From the version octet on. */
  frame,
  etherType: attr(ids.CONTROL_PORT_ETHERTYPE, u16),
  unencrypted: attr(ids.CONTROL_PORT_NO_ENCRYPT, flag),
} as const;

/** Both ways; the cookie of a transmission comes in the extended acknowledgement. */
export const controlPortFrame = messageType("CONTROL_PORT_FRAME", controlPort, [
  "ifIndex",
  "station",
  "frame",
  "etherType",
]);

/** The frame starts with its Ethernet header. */
export const controlPortStatus = messageType("CONTROL_PORT_FRAME_TX_STATUS", { ifIndex, frame, cookie, acknowledged }, [
  "ifIndex",
  "frame",
  "cookie",
]);

/** Has a null frame sent; the event has the same name. */
export const probeClient = messageType("PROBE_CLIENT", { ifIndex, station }, ["ifIndex", "station"]);
export const probeStatus = messageType("PROBE_CLIENT", { ifIndex, station, cookie, acknowledged }, [
  "ifIndex",
  "station",
]);

const cqmSet = attributes({ lostPackets: attr(cqmAttributes.PKT_LOSS_EVENT, u32) });

/** Connection quality: here, that a station acknowledges too little. */
export const connectionQuality = messageType(
  "NOTIFY_CQM",
  { ifIndex, station, quality: attr(ids.CQM, nested(cqmSet)) },
  ["ifIndex"],
);
