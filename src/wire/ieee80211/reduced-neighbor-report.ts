import { type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";
import { type BitName, decodeBits, encodeBits } from "./named-bits.ts";

const bssParameterBits = {
  octRecommended: 0,
  sameSsid: 1,
  multipleBssid: 2,
  transmittedBssid: 3,
  essWithColocatedAp: 4,
  unsolicitedProbeResponses: 5,
  colocatedAp: 6,
} as const;

/** BSS Parameters subfield. IEEE Std 802.11ax-2021, 9.4.2.170.2. */
export type NeighborBssParameters = ReadonlySet<BitName<typeof bssParameterBits>>;

/** TBTT Information field in the form of 13 octets. IEEE Std 802.11ax-2021, 9.4.2.170.2. */
export interface TbttInformation {
  /** In time units; 255 where it isn't known. */
  readonly tbttOffset: number;
  readonly bssid: MacAddress;
  /** {@link shortSsidOf} the SSID. IEEE Std 802.11-2020, 9.4.2.170.3. */
  readonly shortSsid: number;
  readonly parameters: NeighborBssParameters;
  /** In halves of a dBm per MHz, -127 to 126; 127 for no limit, -128 where it isn't said. */
  readonly psd20MHz: number;
}

/** Access points on one channel. */
export interface NeighborAps {
  readonly operatingClass: number;
  readonly channel: number;
  /** Only for those who look for an SSID that isn't in the list: Filtered Neighbor AP. */
  readonly filtered: boolean;
  readonly aps: readonly TbttInformation[];
}

/** Reduced Neighbor Report element. IEEE Std 802.11-2020, 9.4.2.170, as 802.11ax-2021 has it. */
export type ReducedNeighborReport = readonly NeighborAps[];

const tbttInformationLength = 13;

/** Of a field's header: TBTT Information Count is four bits. */
const maxNeighborAps = 16;
const fieldHeaderLength = 4;
const longestElement = 255;

export function encodeReducedNeighborReport(report: ReducedNeighborReport): Uint8Array {
  const w = new Writer();
  for (const { operatingClass, channel, filtered, aps } of report) {
    w.u16le((filtered ? 1 << 2 : 0) | ((aps.length - 1) << 4) | (tbttInformationLength << 8))
      .u8(operatingClass)
      .u8(channel);
    for (const ap of aps) {
      w.u8(ap.tbttOffset)
        .put(encodeMacAddress(ap.bssid))
        .u32le(ap.shortSsid)
        .u8(encodeBits(bssParameterBits, ap.parameters))
        .u8(ap.psd20MHz & 0xff);
    }
  }
  return w.finish();
}

/** Access points on any number of channels, in as many reports as it takes; each fits in an element. */
export function packReducedNeighborReports(all: readonly NeighborAps[]): ReducedNeighborReport[] {
  const reports: NeighborAps[][] = [];
  let room = 0;
  for (const { aps, ...place } of all) {
    for (let start = 0; start < aps.length; start += maxNeighborAps) {
      const field = { ...place, aps: aps.slice(start, start + maxNeighborAps) };
      const length = fieldHeaderLength + tbttInformationLength * field.aps.length;
      if (length > room) {
        reports.push([]);
        room = longestElement;
      }
      reports.at(-1)?.push(field);
      room -= length;
    }
  }
  return reports;
}

/** Fields in other forms are passed over. @throws MalformedError when it is cut */
export function decodeReducedNeighborReport(r: Reader): ReducedNeighborReport {
  const report: NeighborAps[] = [];
  while (r.remaining) {
    const header = r.u16le();
    const operatingClass = r.u8();
    const channel = r.u8();
    const count = ((header >>> 4) & 15) + 1;
    const length = header >>> 8;
    const fields = r.field("TBTT Information Set", count * length);
    if (length !== tbttInformationLength || (header & 3) !== 0) continue;
    const aps = Array.from({ length: count }, () => decodeTbttInformation(fields));
    report.push({ operatingClass, channel, filtered: (header & (1 << 2)) !== 0, aps });
  }
  return report;
}

const decodeTbttInformation = (r: Reader): TbttInformation => ({
  tbttOffset: r.u8(),
  bssid: decodeMacAddress(r),
  shortSsid: r.u32le(),
  parameters: decodeBits(bssParameterBits, r.u8()).names,
  psd20MHz: (r.u8() << 24) >> 24,
});

/** Short SSID: CRC-32 of the SSID, as of an FCS. IEEE Std 802.11-2020, 9.4.2.170.3. */
export function shortSsidOf(ssid: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const octet of ssid) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
