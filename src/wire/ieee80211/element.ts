import { concat, type Reader, Writer } from "../../base/bytes.ts";

/** One information element. IEEE Std 802.11-2020, 9.4.2.1. */
export interface Element {
  readonly id: number;
  /** Element ID Extension, where `id` is 255. */
  readonly extension?: number;
  /** Without ID, Length and Element ID Extension; 255 octets at most, 254 with an extension. */
  readonly data: Uint8Array;
}

/** Element IDs. IEEE Std 802.11-2020, table 9-92. */
export const elementId = {
  ssid: 0,
  supportedRates: 1,
  dsParameterSet: 3,
  tim: 5,
  country: 7,
  request: 10,
  bssLoad: 11,
  edcaParameterSet: 12,
  tspec: 13,
  challengeText: 16,
  powerConstraint: 32,
  powerCapability: 33,
  tpcRequest: 34,
  tpcReport: 35,
  supportedChannels: 36,
  channelSwitchAnnouncement: 37,
  quiet: 40,
  erp: 42,
  htCapabilities: 45,
  qosCapability: 46,
  rsn: 48,
  extendedSupportedRates: 50,
  neighborReport: 52,
  mobilityDomain: 54,
  fastBssTransition: 55,
  timeoutInterval: 56,
  supportedOperatingClasses: 59,
  extendedChannelSwitchAnnouncement: 60,
  htOperation: 61,
  secondaryChannelOffset: 62,
  rmEnabledCapabilities: 70,
  multipleBssid: 71,
  bss2040Coexistence: 72,
  bss2040IntolerantChannelReport: 73,
  overlappingBssScanParameters: 74,
  managementMic: 76,
  bssMaxIdlePeriod: 90,
  wnmSleepMode: 93,
  timeZone: 98,
  linkIdentifier: 101,
  interworking: 107,
  advertisementProtocol: 108,
  qosMap: 110,
  roamingConsortium: 111,
  meshConfiguration: 113,
  meshId: 114,
  extendedCapabilities: 127,
  vhtCapabilities: 191,
  vhtOperation: 192,
  extendedBssLoad: 193,
  wideBandwidthChannelSwitch: 194,
  transmitPowerEnvelope: 195,
  channelSwitchWrapper: 196,
  aid: 197,
  operatingModeNotification: 199,
  reducedNeighborReport: 201,
  vendorSpecific: 221,
  filsIndication: 240,
  fragment: 242,
  rsnExtension: 244,
  extension: 255,
} as const;

/** Element ID Extensions. IEEE Std 802.11-2020, table 9-92. */
export const elementExtension = {
  associationDelay: 1,
  filsRequestParameters: 2,
  filsKeyConfirmation: 3,
  filsSession: 4,
  filsHlpContainer: 5,
  filsIpAddressAssignment: 6,
  keyDelivery: 7,
  filsWrappedData: 8,
  filsPublicKey: 12,
  filsNonce: 13,
  oweDiffieHellman: 32,
  passwordIdentifier: 33,
  heCapabilities: 35,
  heOperation: 36,
  muEdca: 38,
  spatialReuse: 39,
  bssColorChangeAnnouncement: 42,
  maxChannelSwitchTime: 52,
  oci: 54,
  multipleBssidConfiguration: 55,
  he6GHzCapabilities: 59,
  rejectedGroups: 92,
  antiCloggingToken: 93,
  akmSuiteSelector: 114,
  ehtOperation: 106,
  ehtCapabilities: 108,
  bandwidthIndication: 135,
  knownStaIdentification: 136,
} as const;

/** Organizations whose vendor-specific elements are known here. */
export const oui = {
  ieee80211: 0x000fac,
  /** Holds the first WPA, WMM and WPS. */
  microsoft: 0x0050f2,
  broadcom: 0x00904c,
  wifiAlliance: 0x506f9a,
} as const;

/** An element of `id`, ready for the air. */
export function encodeElement(id: number, data: Uint8Array): Uint8Array {
  if (data.length > 255) throw new RangeError(`element ${id} of ${data.length} octets`);
  return concat(Uint8Array.of(id, data.length), data);
}

export function encodeElements(elements: readonly Element[]): Uint8Array {
  return concat(
    ...elements.map(({ id, extension, data }) =>
      encodeElement(id, extension === undefined ? data : concat(Uint8Array.of(extension), data)),
    ),
  );
}

/** To the end of the field. @throws MalformedError when an element is cut, or extended without an extension. */
export function decodeElements(r: Reader): Element[] {
  const elements: Element[] = [];
  while (r.remaining) {
    const id = r.u8();
    const body = r.field(`element ${id}`, r.u8());
    if (id === elementId.extension) {
      elements.push({ id, extension: body.u8(), data: body.rest().slice() });
    } else {
      elements.push({ id, data: body.rest().slice() });
    }
  }
  return elements;
}

/** The first of `id`; with `extension`, of the two. */
export const findElement = (elements: readonly Element[], id: number, extension?: number): Element | undefined =>
  elements.find((element) => element.id === id && element.extension === extension);

/** The first vendor-specific element of an organization and its type; with `subtype`, its next octet too. */
export const findVendor = (
  elements: readonly Element[],
  organization: number,
  type: number,
  subtype?: number,
): Element | undefined => elements.find((element) => isVendor(element, organization, type, subtype));

export function isVendor(element: Element, organization: number, type: number, subtype?: number): boolean {
  const { id, data } = element;
  return (
    id === elementId.vendorSpecific &&
    data[0] === organization >>> 16 &&
    data[1] === ((organization >>> 8) & 0xff) &&
    data[2] === (organization & 0xff) &&
    data[3] === type &&
    (subtype === undefined || data[4] === subtype)
  );
}

/** @param data what follows OUI and type */
export const vendorElement = (organization: number, type: number, data: Uint8Array): Element => ({
  id: elementId.vendorSpecific,
  data: concat(new Writer().u24be(organization).u8(type).finish(), data),
});
