import { Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type Beacon, decodeBeacon } from "../wire/ieee80211/beacon.ts";
import type { Capability } from "../wire/ieee80211/capability-information.ts";
import { decodeExtendedChannelSwitchAnnouncement } from "../wire/ieee80211/channel-switch.ts";
import { type Element, elementId, findElement, findVendor, oui } from "../wire/ieee80211/element.ts";
import { encodeExtendedCapabilities } from "../wire/ieee80211/extended-capabilities.ts";
import type { ManagementHeader } from "../wire/ieee80211/frame.ts";
import { encodeHtCapabilities } from "../wire/ieee80211/ht-capabilities.ts";
import { decodeRsne, encodeRsne, type RsnCapability, rsneDefaults } from "../wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite } from "../wire/ieee80211/suites.ts";
import { splitRates } from "../wire/ieee80211/supported-rates.ts";
import { encodeWmmInformation, wmmSubtype, wmmType } from "../wire/ieee80211/wmm.ts";
import type { StationOptions, StationSecurity } from "./options.ts";

/** An access point as its beacon or probe response shows it. */
export interface Network {
  readonly bssid: MacAddress;
  readonly frequency: number;
  readonly ssid: Uint8Array;
  readonly isProtected: boolean;
  /** As beaconed, to compare with message 3. */
  readonly rsne: Element | undefined;
  readonly hasWmm: boolean;
  readonly hasHt: boolean;
}

/** @param r at the body of a Beacon or Probe Response @throws MalformedError */
export function networkOf(header: ManagementHeader, r: Reader, frequency: number): Network {
  const { elements, capabilities }: Beacon = decodeBeacon(r);
  return {
    bssid: header.bssid,
    frequency,
    ssid: findElement(elements, elementId.ssid)?.data ?? new Uint8Array(),
    isProtected: capabilities.has("privacy"),
    rsne: findElement(elements, elementId.rsn),
    hasWmm: findVendor(elements, oui.microsoft, wmmType, wmmSubtype.parameter) !== undefined,
    hasHt: findElement(elements, elementId.htCapabilities) !== undefined,
  };
}

/** Classes 81 to 84 are of 2.4 GHz. IEEE Std 802.11-2020, table E-4. */
const isBelow3GHz = (operatingClass: number): boolean => operatingClass <= 84;

/** Where an access point says that it goes. @throws MalformedError */
export function announcedChannel(
  elements: readonly Element[],
): { readonly frequency: number; readonly count: number } | undefined {
  const data = findElement(elements, elementId.extendedChannelSwitchAnnouncement)?.data;
  if (!data) return undefined;
  const path = ["Extended Channel Switch Announcement"];
  const { operatingClass, channel, count } = decodeExtendedChannelSwitchAnnouncement(new Reader(data, path));
  return { frequency: (isBelow3GHz(operatingClass) ? 2407 : 5000) + 5 * channel, count };
}

/** In units of 500 kb/s. */
const dsssRates = [2, 4, 11, 22];
const ofdmRates = [12, 18, 24, 36, 48, 72, 96, 108];

export const rateElements = (frequency: number): Element[] =>
  splitRates({
    rates: (frequency < 3000 ? [...dsssRates, ...ofdmRates] : ofdmRates).map((rate) => ({ rate, basic: false })),
    selectors: [],
  });

const protectionCapabilities = ({ managementProtection }: StationSecurity): ReadonlySet<RsnCapability> =>
  new Set<RsnCapability>([
    ...(managementProtection ? (["mfpCapable"] as const) : []),
    ...(managementProtection === "required" ? (["mfpRequired"] as const) : []),
  ]);

/** Both ends protect management frames. */
export function protectsManagement({ security }: StationOptions, { rsne }: Network): boolean {
  if (!security?.managementProtection || !rsne) return false;
  return decodeRsne(new Reader(rsne.data, ["RSNE"])).capabilities.has("mfpCapable");
}

/** The RSNE that the station sends; none to an open network. */
export function ownRsne(options: StationOptions): Element | undefined {
  const { security } = options;
  if (!security) return undefined;
  const data =
    security.rsne ??
    encodeRsne({
      ...rsneDefaults,
      group: cipherSuite[security.group ?? "CCMP"],
      pairwise: (security.pairwise ?? ["CCMP"]).map((name) => cipherSuite[name]),
      akm: [akmSuite[security.akm ?? "WPA-PSK"]],
      capabilities: protectionCapabilities(security),
      groupManagement: security.managementCipher && cipherSuite[security.managementCipher],
    });
  return { id: elementId.rsn, data };
}

export function associationCapabilities(network: Network): ReadonlySet<Capability> {
  const capabilities = new Set<Capability>(["ess"]);
  if (network.isProtected) capabilities.add("privacy");
  if (network.frequency < 3000) capabilities.add("shortPreamble").add("shortSlotTime");
  return capabilities;
}

export const usesWmm = (options: StationOptions, network: Network): boolean => network.hasWmm && options.wmm !== false;

export function associationElements(options: StationOptions, network: Network): Element[] {
  const [rates, ...moreRates] = rateElements(network.frequency);
  const rsne = ownRsne(options);
  const wmm = usesWmm(options, network);
  return [
    { id: elementId.ssid, data: options.ssid },
    ...(rates ? [rates] : []),
    ...moreRates,
    ...(rsne ? [rsne] : []),
    ...(wmm && network.hasHt && options.ht !== false ? [htElement] : []),
    { id: elementId.extendedCapabilities, data: encodeExtendedCapabilities({ names: new Set(), otherBits: [] }, 8) },
    ...(wmm ? [wmmElement] : []),
  ];
}

const htElement: Element = {
  id: elementId.htCapabilities,
  data: encodeHtCapabilities({
    information: {
      ldpc: false,
      width40: false,
      smPowerSave: "disabled",
      greenfield: false,
      shortGi20: true,
      shortGi40: false,
      txStbc: false,
      rxStbc: 0,
      delayedBlockAck: false,
      longAmsdu: false,
      dsssCck40: false,
      psmp: false,
      fortyMhzIntolerant: false,
      lSigTxopProtection: false,
    },
    maxAmpduLengthExponent: 3,
    minMpduStartSpacing: 6,
    mcsSet: Uint8Array.from({ length: 16 }, (_, i) => (i < 2 ? 0xff : 0)),
    extendedCapabilities: 0,
    transmitBeamforming: 0,
    antennaSelection: 0,
  }),
};

const wmmElement: Element = {
  id: elementId.vendorSpecific,
  data: encodeWmmInformation({ uapsd: new Set(), maxServicePeriod: 0 }),
};
