/** nl80211 commands out of what an access point asks for. Pure. */

import { inSeconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { channelSwitch, colorChange, setBeacon, setBss, startAp } from "../../wire/nl80211/access-point.ts";
import { encodeChannel } from "../../wire/nl80211/channel.ts";
import { controlPortFrame, sendFrame } from "../../wire/nl80211/frame.ts";
import {
  accessCategories,
  authTypes,
  bands,
  hiddenSsid,
  keyModes,
  p2pPowerSave,
  scanFlags,
  wpaVersions,
} from "../../wire/nl80211/generated/enums.ts";
import { keyDefaultTypes } from "../../wire/nl80211/generated/nested.ts";
import { delKey, newKey, setKey } from "../../wire/nl80211/key.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";
import { triggerScan } from "../../wire/nl80211/scan.ts";
import { delStation, newStation, type StationFlagUpdate, setStation } from "../../wire/nl80211/station.ts";
import { setWiphy } from "../../wire/nl80211/wiphy.ts";
import type {
  AccessCategory,
  ApParameters,
  BeaconRate,
  BeaconTemplate,
  BssProtection,
  ChannelDefinition,
  ChannelSwitch,
  ColorChange,
  DefaultKeyUse,
  Dismissal,
  KeyInstallation,
  ObssPacketDetection,
  SendManagement,
  StationFlag,
  StationParameters,
  TransmitQueueParameters,
} from "../port.ts";
import { flagBits } from "./statistics.ts";

/** EAPOL's EtherType. IEEE Std 802.1X-2020, 11.1.4. */
export const eapolEtherType = 0x888e;

/** What of a radio's abilities decides how it is spoken to. */
export interface Abilities {
  readonly fullStationState: boolean;
  readonly controlPort: boolean;
  readonly inactivityTimer: boolean;
}

const hidden = {
  no: hiddenSsid.NOT_IN_USE,
  empty: hiddenSsid.ZERO_LEN,
  zeroed: hiddenSsid.ZERO_CONTENTS,
} as const;

const wpaVersionBits = { 1: wpaVersions["1"], 2: wpaVersions["2"] } as const;

/** An empty attribute would mean "none", a missing one "as it comes". */
const unlessEmpty = <T extends { readonly length: number }>(list: T): T | undefined =>
  list.length === 0 ? undefined : list;

const beaconValues = (beacon: BeaconTemplate) => ({
  beaconHead: beacon.head,
  beaconTail: beacon.tail,
  beaconElements: beacon.beaconElements,
  probeResponseElements: beacon.probeResponseElements,
  associationResponseElements: beacon.associationResponseElements,
  probeResponse: beacon.probeResponse,
  bssColor: beacon.bssColor,
  ...discoveryValues(beacon.discovery),
});

function discoveryValues(discovery: BeaconTemplate["discovery"]) {
  switch (discovery?.kind) {
    case undefined:
      return {};
    case "fils": {
      const { minInterval, maxInterval, frame } = discovery;
      return { filsDiscovery: { minInterval, maxInterval, frame } };
    }
    case "probe-responses":
      return { unsolicitedProbeResponses: { interval: discovery.interval, frame: discovery.frame } };
  }
}

const obssValues = ({ control, nonSrgMaxOffset, srg }: ObssPacketDetection) => ({ control, nonSrgMaxOffset, ...srg });

/** As many as every kernel takes (NL80211_MAX_NR_AKM_SUITES); of more it is told none, since few drivers look at them at all. */
const mostAkmSuites = 2;

/** To be sent from the socket whose end is the access point's end too. */
export function buildStartAp(ifIndex: number, parameters: ApParameters, abilities: Abilities): Nl80211Message {
  const { security } = parameters;
  const wpa = security.wpaVersions.reduce((bits, version) => bits | wpaVersionBits[version], 0);
  return startAp.build({
    ifIndex,
    ...beaconValues(parameters.beacon),
    beaconInterval: parameters.beaconInterval,
    dtimPeriod: parameters.dtimPeriod,
    ssid: parameters.ssid,
    hiddenSsid: hidden[parameters.hiddenSsid],
    privacy: security.privacy,
    authType: authTypes.OPEN_SYSTEM,
    wpaVersions: wpa === 0 ? undefined : wpa,
    akmSuites: unlessEmpty(security.akmSuites.length > mostAkmSuites ? [] : security.akmSuites),
    pairwiseCiphers: unlessEmpty(security.pairwiseCiphers),
    groupCipher: security.groupCipher,
    controlPort: true,
    controlPortEthertype: eapolEtherType,
    controlPortOverNl80211: abilities.controlPort,
    controlPortNoPreauthentication: abilities.controlPort,
    socketOwner: true,
    twtResponder: parameters.twtResponder === true,
    obssPacketDetection: parameters.obssPacketDetection && obssValues(parameters.obssPacketDetection),
    inactivityTimeout: abilities.inactivityTimer ? Math.round(inSeconds(parameters.maxInactivity)) : undefined,
    beaconRates: parameters.beaconRate && beaconRatesOf(parameters.beaconRate, parameters.channel),
    ...encodeChannel(parameters.channel),
  });
}

/** The kernel takes it of an access point that runs for another width on the same primary channel. */
export const buildSetChannel = (ifIndex: number, channel: ChannelDefinition): Nl80211Message =>
  setWiphy.build({ ifIndex, ...encodeChannel(channel) });

/** Active on the channels where that is allowed, for whatever network there is. */
export const buildScan = (ifIndex: number, frequencies: readonly number[], asAccessPoint: boolean): Nl80211Message =>
  triggerScan.build({
    ifIndex,
    frequencies,
    ssids: [new Uint8Array()],
    flags: asAccessPoint ? scanFlags.AP : undefined,
  });
/** One rate, and none of the other kinds. */
function beaconRatesOf(rate: BeaconRate, { frequency, width }: ChannelDefinition) {
  const none = new Uint8Array();
  const noStreams = new Uint8Array(16);
  const oneStream = (mcs: number): Uint8Array =>
    new Uint8Array(Uint16Array.from({ length: 8 }, (_, streams) => (streams === 0 ? 1 << mcs : 0)).buffer);
  const band = frequency < 3000 ? bands["2GHZ"] : frequency < 5950 ? bands["5GHZ"] : bands["6GHZ"];
  const isWide = width === "80" || width === "160" || width === "80+80";
  const vht = isWide ? { vht: noStreams } : {};
  switch (rate.kind) {
    case "legacy":
      return new Map([[band, { legacy: Uint8Array.of(rate.rate / 5), ht: none, ...vht }]]);
    case "ht":
      return new Map([[band, { legacy: none, ht: Uint8Array.of(rate.mcs), ...vht }]]);
    case "vht":
      return new Map([[band, { legacy: none, ht: none, vht: oneStream(rate.mcs) }]]);
    case "he":
      return new Map([[band, { legacy: none, ht: none, vht: noStreams, he: oneStream(rate.mcs) }]]);
  }
}

export const buildSetBeacon = (ifIndex: number, beacon: BeaconTemplate): Nl80211Message =>
  setBeacon.build({ ifIndex, ...beaconValues(beacon) });

export const buildColorChange = (ifIndex: number, change: ColorChange): Nl80211Message =>
  colorChange.build({
    ifIndex,
    count: change.count,
    color: change.color,
    ...beaconValues(change.after),
    during: {
      ...beaconValues(change.during),
      beaconCounts: [change.beaconCount],
      probeResponseCounts: change.during.probeResponse && [change.probeResponseCount],
    },
  });

export const buildChannelSwitch = (ifIndex: number, change: ChannelSwitch): Nl80211Message =>
  channelSwitch.build({
    ifIndex,
    count: change.count,
    blockTransmission: change.blockTransmission,
    ...beaconValues(change.after),
    during: {
      ...beaconValues(change.during),
      beaconCounts: change.beaconCounts,
      probeResponseCounts: change.during.probeResponse && change.probeResponseCounts,
    },
    ...encodeChannel(change.channel),
  });

/** @param basicRates in units of 100 kb/s */
export function buildSetBss(
  ifIndex: number,
  protection: BssProtection,
  basicRates: readonly number[],
  isolate: boolean,
): Nl80211Message {
  return setBss.build({
    ifIndex,
    ctsProtection: Number(protection.ctsProtection),
    shortPreamble: Number(protection.shortPreamble),
    shortSlot: Number(protection.shortSlot),
    htOperationMode: protection.htOperationMode,
    isolate: Number(isolate),
    basicRates: unlessEmpty(Uint8Array.from(basicRates, (rate) => rate / 5)),
  });
}

const queues: Readonly<Record<AccessCategory, number>> = {
  voice: accessCategories.VO,
  video: accessCategories.VI,
  "best-effort": accessCategories.BE,
  background: accessCategories.BK,
};

export const buildSetQueue = (
  ifIndex: number,
  category: AccessCategory,
  parameters: TransmitQueueParameters,
): Nl80211Message => setWiphy.build({ ifIndex, txqParameters: [{ queue: queues[category], ...parameters }] });

/**
 * Without AUTHENTICATED and ASSOCIATED in the mask the kernel takes a new station for an associated one. A driver that
 * doesn't know these states refuses both.
 */
function flagUpdate(flags: StationParameters["flags"], isNew: boolean, full: boolean): StationFlagUpdate | undefined {
  let mask = isNew && full ? flagBits.authenticated | flagBits.associated : 0;
  let set = 0;
  for (const [flag, on] of Object.entries(flags ?? {}) as [StationFlag, boolean][]) {
    mask |= flagBits[flag];
    if (on) set |= flagBits[flag];
  }
  const known = full ? ~0 : ~(flagBits.authenticated | flagBits.associated);
  return isNew || mask & known ? { mask: mask & known, set: set & known } : undefined;
}

const stationValues = (parameters: StationParameters) => ({
  aid: parameters.aid,
  listenInterval: parameters.listenInterval,
  supportedRates: parameters.supportedRates,
  capability: parameters.capability,
  extendedCapabilities: parameters.extendedCapabilities,
  htCapabilities: parameters.htCapabilities,
  vhtCapabilities: parameters.vhtCapabilities,
  heCapabilities: parameters.heCapabilities,
  he6GHzCapabilities: parameters.he6GHzCapabilities,
  ehtCapabilities: parameters.ehtCapabilities,
  operatingMode: parameters.operatingMode,
  wme: parameters.wme,
});

/** The kernel wants an association identifier that isn't 0, also of a station that has none yet. */
export const buildNewStation = (
  ifIndex: number,
  station: MacAddress,
  parameters: StationParameters,
  abilities: Abilities,
): Nl80211Message =>
  newStation.build({
    ifIndex,
    station,
    ...stationValues(parameters),
    aid: parameters.aid ?? 1,
    listenInterval: parameters.listenInterval ?? 0,
    supportedRates: parameters.supportedRates ?? new Uint8Array(),
    p2pPowerSave: p2pPowerSave.UNSUPPORTED,
    flags: flagUpdate(parameters.flags, true, abilities.fullStationState),
  });

export const buildSetStation = (
  ifIndex: number,
  station: MacAddress,
  parameters: StationParameters,
  abilities: Abilities,
): Nl80211Message =>
  setStation.build({
    ifIndex,
    station,
    ...stationValues(parameters),
    flags: flagUpdate(parameters.flags, false, abilities.fullStationState),
  });

/** Management frames' subtypes. IEEE Std 802.11-2020, table 9-1. */
const dismissalSubtypes = { disassociation: 10, deauthentication: 12 } as const;

export const buildDelStation = (
  ifIndex: number,
  station: MacAddress,
  dismissal: Dismissal | undefined,
): Nl80211Message =>
  delStation.build({
    ifIndex,
    station,
    subtype: dismissal && dismissalSubtypes[dismissal.subtype],
    // 0 is reserved, and the kernel refuses it.
    reason: dismissal?.reason || undefined,
  });

export const buildNewKey = (ifIndex: number, installation: KeyInstallation): Nl80211Message =>
  newKey.build({
    ifIndex,
    station: installation.station,
    key: {
      data: installation.key,
      cipher: installation.cipher,
      sequence: installation.sequence,
      index: installation.index,
      mode: installation.receiveOnly === true ? keyModes.NO_TX : undefined,
    },
  });

export const buildSendWithKey = (ifIndex: number, index: number, station: MacAddress): Nl80211Message =>
  setKey.build({ ifIndex, station, key: { index, mode: keyModes.SET_TX } });

export const buildDelKey = (ifIndex: number, index: number, station: MacAddress | undefined): Nl80211Message =>
  delKey.build({ ifIndex, station, key: { index } });

export function buildDefaultKey(ifIndex: number, index: number, use: DefaultKeyUse): Nl80211Message {
  const types = (type: number) => ({ defaultTypes: new Set([type]) });
  switch (use) {
    case "unicast":
      return setKey.build({ ifIndex, key: { index, default: true, ...types(keyDefaultTypes.UNICAST) } });
    case "multicast":
      return setKey.build({ ifIndex, key: { index, default: true, ...types(keyDefaultTypes.MULTICAST) } });
    case "management":
      return setKey.build({ ifIndex, key: { index, defaultManagement: true } });
    case "beacon":
      return setKey.build({ ifIndex, key: { index, defaultBeacon: true } });
  }
}

/** @param ownFrequency for drivers that want to be told even the channel they are on */
export const buildSendFrame = (
  ifIndex: number,
  frame: Uint8Array,
  options: SendManagement,
  ownFrequency?: number,
): Nl80211Message =>
  sendFrame.build({
    ifIndex,
    frame,
    frequency: options.frequency ?? ownFrequency,
    offChannel: options.frequency !== undefined,
    noAck: options.noAck === true,
    noCck: options.noCck === true,
    switchCounts: options.switchCounts && unlessEmpty(options.switchCounts),
  });

export const buildSendEapol = (
  ifIndex: number,
  station: MacAddress,
  frame: Uint8Array,
  encrypt: boolean,
): Nl80211Message =>
  controlPortFrame.build({ ifIndex, station, frame, etherType: eapolEtherType, unencrypted: !encrypt });
