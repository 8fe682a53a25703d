/** Answers of Beacond's own commands: JSON, and what a client takes for one. */

import { count, list, maybe, type Of, object, oneOf, type Shaped, text, truth } from "../base/shape.ts";
import { address, networkEntryShape, requiredShape, stationRecordShape } from "../observe/record/entry.ts";

const banShape = object({ since: count, until: maybe(count) });

const stationFields = {
  address,
  /** As people here call it. */
  name: maybe(text),
  /** As it calls itself. */
  hostName: maybe(text),
  /** `in`: data may flow. */
  standing: oneOf("in", "associated", "authenticated"),
  aid: maybe(count),
  signalDbm: maybe(count),
  /** In units of 100 kb/s. */
  rxRate: maybe(count),
  txRate: maybe(count),
  rxBytes: maybe(count),
  txBytes: maybe(count),
  /** Seconds. */
  connected: maybe(count),
  silent: maybe(count),
  /** What was agreed on; absent in an open network. */
  security: maybe(object({ protocol: oneOf("rsn", "wpa"), akm: text, cipher: text, protection: truth })),
  generation: oneOf("before", "n", "ac", "ax", "be"),
  vlanId: maybe(count),
  keyId: maybe(text),
  /** Of IPv4, as far as it was seen to take one. */
  ip: maybe(text),
} as const;

export const liveStationShape = object(stationFields);
export type LiveStation = Of<typeof stationFields>;

/** A page: `next` is what to ask for the next one with. */
export const stationsShape = object({ interface: text, stations: list(liveStationShape), next: maybe(address) });
export type StationsAnswer = Shaped<typeof stationsShape>;

export const statusShape = object({
  version: text,
  pid: count,
  /** Seconds of UNIX time. */
  now: count,
  /** The daemon's beginning. */
  started: count,
  interface: text,
  radio: text,
  phy: maybe(text),
  /** hostapd's word: ENABLED. */
  state: text,
  ssid: text,
  bssid: maybe(address),
  /** MHz */
  frequency: maybe(count),
  channel: maybe(count),
  width: maybe(text),
  country: maybe(text),
  generation: oneOf("before", "n", "ac", "ax", "be"),
  required: requiredShape,
  /** Associated ones. */
  stations: count,
  /** When it came on the air. */
  up: maybe(count),
  warnings: list(text),
  /** So many stations that had it in the last hour, and have it still. */
  troubles: object({ wrongPassphrase: count, withoutAddress: count }),
  /** Networks of the daemon that have no socket: `BEACON-FOR` asks for them. */
  others: list(text),
});
export type StatusAnswer = Shaped<typeof statusShape>;

export const recordShape = object({
  now: count,
  /** The daemon's beginning. */
  started: count,
  record: maybe(stationRecordShape),
  network: list(networkEntryShape),
  name: maybe(text),
  ban: maybe(banShape),
  /** In seconds: after so long a silence a station is asked whether it is there. */
  maxInactivity: count,
  ssid: text,
  /** Its frames have been heard lately, whatever they were. */
  isHeard: truth,
});
export type RecordAnswer = Shaped<typeof recordShape>;

/** Who is remembered: latest first. */
export const recordsShape = object({
  now: count,
  stations: list(object({ address, name: maybe(text), hostName: maybe(text), at: count, what: text })),
});
export type RecordsAnswer = Shaped<typeof recordsShape>;

export const devicesShape = object({
  devices: list(object({ address, name: maybe(text), ban: maybe(banShape) })),
});
export type DevicesAnswer = Shaped<typeof devicesShape>;

/** What became of an order. */
export const doneShape = object({
  /** It was in on one of this daemon's networks, or it was banned, or had a name. */
  found: truth,
  /** It is not remembered beyond the daemon's end, because. */
  notKept: maybe(text),
});
export type DoneAnswer = Shaped<typeof doneShape>;
