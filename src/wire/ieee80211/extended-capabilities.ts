import type { Reader } from "../../base/bytes.ts";

/** Bits of the Extended Capabilities element. IEEE Std 802.11-2020, table 9-153. */
export const extendedCapabilityBits = {
  bss2040Coexistence: 0,
  extendedChannelSwitching: 2,
  psmp: 4,
  sPsmp: 6,
  event: 7,
  diagnostics: 8,
  multicastDiagnostics: 9,
  locationTracking: 10,
  fms: 11,
  proxyArp: 12,
  collocatedInterferenceReporting: 13,
  civicLocation: 14,
  geospatialLocation: 15,
  tfs: 16,
  wnmSleepMode: 17,
  timBroadcast: 18,
  bssTransition: 19,
  qosTrafficCapability: 20,
  acStationCount: 21,
  multipleBssid: 22,
  timingMeasurement: 23,
  channelUsage: 24,
  ssidList: 25,
  dms: 26,
  utcTsfOffset: 27,
  tpuBufferStation: 28,
  tdlsPeerPsm: 29,
  tdlsChannelSwitching: 30,
  interworking: 31,
  qosMap: 32,
  ebr: 33,
  sspnInterface: 34,
  msgcf: 36,
  tdls: 37,
  tdlsProhibited: 38,
  tdlsChannelSwitchingProhibited: 39,
  rejectUnadmittedFrame: 40,
  identifierLocation: 44,
  uapsdCoexistence: 45,
  wnmNotification: 46,
  qab: 47,
  utf8Ssid: 48,
  qmf: 49,
  qmfReconfiguration: 50,
  robustAvStreaming: 51,
  advancedGcr: 52,
  meshGcr: 53,
  scs: 54,
  qLoadReport: 55,
  alternateEdca: 56,
  unprotectedTxopNegotiation: 57,
  protectedTxopNegotiation: 58,
  protectedQLoadReport: 60,
  tdlsWiderBandwidth: 61,
  operatingModeNotification: 62,
  ftmResponder: 70,
  ftmInitiator: 71,
  fils: 72,
  extendedSpectrumManagement: 73,
  futureChannelGuidance: 74,
  pad: 75,
  twtRequester: 77,
  twtResponder: 78,
  completeNontransmittedBssidProfile: 80,
  saePasswordIdentifiers: 81,
  saePasswordIdentifiersExclusively: 82,
  beaconProtection: 84,
  mirroredScs: 85,
  saePkExclusively: 88,
  knownStaIdentification: 102,
} as const;

export type ExtendedCapability = keyof typeof extendedCapabilityBits;

/** Extended Capabilities element. IEEE Std 802.11-2020, 9.4.2.26. */
export interface ExtendedCapabilities {
  readonly names: ReadonlySet<ExtendedCapability>;
  /** Numbers of the set bits that have no name here, ascending. Max-number-of-MSDUs and service interval bits are among them. */
  readonly otherBits: readonly number[];
}

const namesByBit = new Map<number, ExtendedCapability>(
  Object.entries(extendedCapabilityBits).map(([name, bit]) => [bit, name as ExtendedCapability]),
);

/** As few octets as say it, but at least `minimumLength`. */
export function encodeExtendedCapabilities(capabilities: ExtendedCapabilities, minimumLength = 0): Uint8Array {
  const bits = [...capabilities.otherBits, ...[...capabilities.names].map((name) => extendedCapabilityBits[name])];
  const octets = new Uint8Array(Math.max(minimumLength, ...bits.map((bit) => (bit >>> 3) + 1)));
  for (const bit of bits) octets[bit >>> 3] = (octets[bit >>> 3] ?? 0) | (1 << (bit & 7));
  return octets;
}

/** Of any length: bits that are not sent are 0. */
export function decodeExtendedCapabilities(r: Reader): ExtendedCapabilities {
  const names = new Set<ExtendedCapability>();
  const otherBits: number[] = [];
  for (const [at, octet] of r.rest().entries()) {
    for (let bit = 0; bit < 8; bit++) {
      if ((octet & (1 << bit)) === 0) continue;
      const name = namesByBit.get(8 * at + bit);
      if (name) names.add(name);
      else otherBits.push(8 * at + bit);
    }
  }
  return { names, otherBits };
}
