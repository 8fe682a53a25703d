import { Writer } from "../../base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";

/** dot11PHYType. IEEE Std 802.11-2020, annex C, and 802.11ax and 802.11be. */
export const phyTypes = { ofdm: 4, "hr-dsss": 5, erp: 6, ht: 7, vht: 9, he: 14, eht: 16 } as const;

/** Neighbor Report element without subelements. IEEE Std 802.11-2020, 9.4.2.36. */
export interface NeighborReport {
  readonly bssid: MacAddress;
  /** BSSID Information field. */
  readonly information: number;
  readonly operatingClass: number;
  readonly channel: number;
  readonly phyType: keyof typeof phyTypes;
}

export const encodeNeighborReport = (report: NeighborReport): Uint8Array =>
  new Writer()
    .put(encodeMacAddress(report.bssid))
    .u32le(report.information)
    .u8(report.operatingClass)
    .u8(report.channel)
    .u8(phyTypes[report.phyType])
    .finish();
