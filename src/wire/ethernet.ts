import { concat, type Reader, Writer } from "../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../base/mac-address.ts";

/** As it leaves and enters an access point on its wired side. IEEE Std 802.3-2018, 3.1.1, without FCS. */
export interface EthernetFrame {
  readonly destination: MacAddress;
  readonly source: MacAddress;
  readonly etherType: number;
  readonly payload: Uint8Array;
}

export const encodeEthernet = (frame: EthernetFrame): Uint8Array =>
  concat(
    new Writer()
      .put(encodeMacAddress(frame.destination))
      .put(encodeMacAddress(frame.source))
      .u16be(frame.etherType)
      .finish(),
    frame.payload,
  );

/** @throws MalformedError when it is shorter than its header */
export const decodeEthernet = (r: Reader): EthernetFrame => ({
  destination: decodeMacAddress(r),
  source: decodeMacAddress(r),
  etherType: r.u16be(),
  payload: r.rest().slice(),
});
