import { type Reader, Writer } from "../../base/bytes.ts";
import { decodeMacAddress, encodeMacAddress, type MacAddress } from "../../base/mac-address.ts";

/** Interworking element. IEEE Std 802.11-2020, 9.4.2.91. */
export interface Interworking {
  /** Table 9-216: 0 private, 2 chargeable public, 3 free public ... 15 any. */
  readonly accessNetworkType: number;
  readonly internet: boolean;
  /** Additional Step Required for Access. */
  readonly asra: boolean;
  /** Emergency Services Reachable. */
  readonly esr: boolean;
  /** Unauthenticated Emergency Service Accessible. */
  readonly uesa: boolean;
  /** Tables 9-62 and 9-63. */
  readonly venue: { readonly group: number; readonly type: number } | undefined;
  /** Homogeneous ESS Identifier. */
  readonly hessid: MacAddress | undefined;
}

export function encodeInterworking(interworking: Interworking): Uint8Array {
  const { accessNetworkType, internet, asra, esr, uesa, venue, hessid } = interworking;
  const bit = (is: boolean, place: number): number => (is ? 1 << place : 0);
  const w = new Writer().u8((accessNetworkType & 0xf) | bit(internet, 4) | bit(asra, 5) | bit(esr, 6) | bit(uesa, 7));
  if (venue) w.u8(venue.group).u8(venue.type);
  if (hessid) w.put(encodeMacAddress(hessid));
  return w.finish();
}

/** @throws MalformedError when it is cut; its length says what is there */
export function decodeInterworking(r: Reader): Interworking {
  const options = r.u8();
  const hasVenue = r.remaining === 2 || r.remaining >= 8;
  const venue = hasVenue ? { group: r.u8(), type: r.u8() } : undefined;
  return {
    accessNetworkType: options & 0xf,
    internet: (options & 0x10) !== 0,
    asra: (options & 0x20) !== 0,
    esr: (options & 0x40) !== 0,
    uesa: (options & 0x80) !== 0,
    venue,
    hessid: r.remaining > 0 ? decodeMacAddress(r) : undefined,
  };
}
