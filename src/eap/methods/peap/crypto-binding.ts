/** The Crypto-Binding TLV of PEAPv0, which shows that the ends of the tunnel are those of the method inside. [MS-PEAP], section 2.2.8.1.1. */

import { concat, Reader, Writer } from "../../../base/bytes.ts";
import { type CompoundKeys, compoundMac } from "../../../crypto/peap.ts";
import { sameSecret } from "../../../crypto/secret.ts";
import { encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";

const subtype = { request: 0, response: 1 } as const;
const macLength = 20;
const valueLength = 56;

/** Octets of the nonce. */
export const bindingNonceLength = 32;

/** @param versions the tunnel's, and the one that the peer has told @returns the TLV */
export function buildBinding(
  { cmk }: CompoundKeys,
  versions: { readonly ours: number; readonly received: number },
  nonce: Uint8Array,
): Uint8Array {
  const value = new Writer()
    .u8(0)
    .u8(versions.ours)
    .u8(versions.received)
    .u8(subtype.request)
    .put(nonce)
    .zeros(macLength)
    .finish();
  const tlv = encodeTlv(tlvTypes.cryptoBinding, value, false);
  tlv.set(compoundMac(cmk, tlv, eapTypes.PEAP.type), tlv.length - macLength);
  return tlv;
}

/** @param mandatory the bit as the peer has sent it, which the MAC covers too @param value of the peer's TLV */
export function verifyBinding({ cmk }: CompoundKeys, version: number, mandatory: boolean, value: Uint8Array): boolean {
  if (value.length !== valueLength) return false;
  const r = new Reader(value, ["Crypto-Binding TLV"]);
  r.skip(1);
  const itsVersion = r.u8();
  r.skip(1);
  const itsSubtype = r.u8();
  const mac = value.subarray(valueLength - macLength);
  const blank = concat(value.subarray(0, valueLength - macLength), new Uint8Array(macLength));
  const expected = compoundMac(cmk, encodeTlv(tlvTypes.cryptoBinding, blank, mandatory), eapTypes.PEAP.type);
  return sameSecret(mac, expected) && itsVersion === version && itsSubtype === subtype.response;
}
