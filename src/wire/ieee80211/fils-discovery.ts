import { type Reader, Writer } from "../../base/bytes.ts";
import { actionCategory } from "./action.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** Public Action field value. IEEE Std 802.11-2020, table 9-364. */
export const filsDiscoveryAction = 34;

/** Bits of the FILS Discovery Frame Control subfield; the lowest five are the SSID's length less one. Figure 9-896. */
const present = {
  capability: 1 << 5,
  shortSsid: 1 << 6,
  sequenceNumber: 1 << 7,
  accessNetworkOptions: 1 << 8,
  segment1: 1 << 9,
  primaryChannel: 1 << 10,
  rsnInformation: 1 << 11,
  length: 1 << 12,
  mobilityDomain: 1 << 13,
} as const;

const phys = ["HR/DSSS", "ERP-OFDM", "HT", "VHT or TVHT", "HE", "EHT", "reserved", "reserved"] as const;
const widths = ["20", "40", "80", "160 or 80+80", "320", "reserved", "reserved", "reserved"] as const;

/** FD Capability subfield. IEEE Std 802.11-2020, 9.6.7.36, as 802.11be-2024 has it. */
export interface DiscoveryCapability {
  readonly ess: boolean;
  readonly privacy: boolean;
  readonly width: (typeof widths)[number];
  /** 0 to 3 for one stream to four, 4 for more. */
  readonly streams: number;
  readonly multipleBssids: boolean;
  readonly phy: (typeof phys)[number];
  /** 0 for the lowest rates of the PHY. */
  readonly minimumRate: number;
}

/** FD RSN Information subfield. Numbers of suites of 00-0F-AC; 62 another organization's, 63 none. */
export interface DiscoveryRsn {
  /** RSN Capabilities field as it stands in the RSNE. */
  readonly capabilities: number;
  readonly group: number;
  readonly groupManagement: number;
  readonly pairwise: number;
  /** 0 for those of the RSNE. */
  readonly akm: number;
}

/** FILS Discovery frame, as far as access points on 6 GHz need it. IEEE Std 802.11-2020, 9.6.7.36. */
export interface FilsDiscovery {
  /** Filled in by whoever sends it. */
  readonly timestamp: bigint;
  readonly interval: number;
  readonly shortSsid: number;
  readonly capability: DiscoveryCapability;
  readonly primaryChannel?: { readonly operatingClass: number; readonly channel: number } | undefined;
  readonly rsn?: DiscoveryRsn | undefined;
  readonly elements: readonly Element[];
}

const shortSsidLength = 4;

/** The frame's body, from the category on. */
export function encodeFilsDiscovery(frame: FilsDiscovery): Uint8Array {
  const { capability, primaryChannel, rsn } = frame;
  const inside = new Writer().u16le(encodeCapability(capability));
  if (primaryChannel) inside.u8(primaryChannel.operatingClass).u8(primaryChannel.channel);
  if (rsn) inside.put(encodeRsn(rsn));
  const information = inside.finish();
  const control =
    (shortSsidLength - 1) |
    present.capability |
    present.shortSsid |
    present.length |
    (primaryChannel ? present.primaryChannel : 0) |
    (rsn ? present.rsnInformation : 0);
  return new Writer()
    .u8(actionCategory.public)
    .u8(filsDiscoveryAction)
    .u16le(control)
    .u64le(frame.timestamp)
    .u16le(frame.interval)
    .u32le(frame.shortSsid)
    .u8(information.length)
    .put(information)
    .put(encodeElements(frame.elements))
    .finish();
}

/** Fields that {@link FilsDiscovery} has no place for are passed over. @throws MalformedError also where one of its own is missing */
export function decodeFilsDiscovery(r: Reader): FilsDiscovery {
  if (r.u8() !== actionCategory.public || r.u8() !== filsDiscoveryAction) r.fail("another action");
  const control = r.u16le();
  const has = (field: keyof typeof present): boolean => (control & present[field]) !== 0;
  const timestamp = r.u64le();
  const interval = r.u16le();
  if (!has("shortSsid") || (control & 31) !== shortSsidLength - 1) r.fail("there is no short SSID");
  const shortSsid = r.u32le();
  if (!has("length") || !has("capability")) r.fail("there is no capability");
  const information = r.field("FD information", r.u8());
  const capability = decodeCapability(information.u16le());
  const primaryChannel = has("primaryChannel")
    ? { operatingClass: information.u8(), channel: information.u8() }
    : undefined;
  if (has("sequenceNumber")) information.u8();
  if (has("accessNetworkOptions")) information.u8();
  const rsn = has("rsnInformation") ? decodeRsn(information) : undefined;
  return { timestamp, interval, shortSsid, capability, primaryChannel, rsn, elements: decodeElements(r) };
}

const encodeCapability = ({ ess, privacy, width, streams, multipleBssids, phy, minimumRate }: DiscoveryCapability) =>
  (ess ? 1 : 0) |
  (privacy ? 2 : 0) |
  (widths.indexOf(width) << 2) |
  (streams << 5) |
  (multipleBssids ? 1 << 9 : 0) |
  (phys.indexOf(phy) << 10) |
  (minimumRate << 13);

const decodeCapability = (bits: number): DiscoveryCapability => ({
  ess: (bits & 1) !== 0,
  privacy: (bits & 2) !== 0,
  width: widths[(bits >>> 2) & 7] ?? "reserved",
  streams: (bits >>> 5) & 7,
  multipleBssids: (bits & (1 << 9)) !== 0,
  phy: phys[(bits >>> 10) & 7] ?? "reserved",
  minimumRate: bits >>> 13,
});

function encodeRsn({ capabilities, group, groupManagement, pairwise, akm }: DiscoveryRsn): Uint8Array {
  const selectors = group | (groupManagement << 6) | (pairwise << 12) | (akm << 18);
  return new Writer()
    .u16le(capabilities)
    .u16le(selectors & 0xffff)
    .u8(selectors >>> 16)
    .finish();
}

function decodeRsn(r: Reader): DiscoveryRsn {
  const capabilities = r.u16le();
  const selectors = r.u16le() | (r.u8() << 16);
  const six = (shift: number): number => (selectors >>> shift) & 63;
  return { capabilities, group: six(0), groupManagement: six(6), pairwise: six(12), akm: six(18) };
}
