/** The Crypto-Binding TLV of EAP-FAST. RFC 4851, section 4.2.8. */

import { Reader, sameBytes, Writer } from "../../../base/bytes.ts";
import { fastCompoundMac } from "../../../crypto/eap-fast.ts";
import { sameSecret } from "../../../crypto/secret.ts";
import { encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";

const version = 1;
const subtype = { request: 0, response: 1 } as const;
const nonceLength = 32;
const macLength = 20;
const valueLength = 4 + nonceLength + macLength;

/** The TLV with its MAC zero. */
const blankTlv = (mandatory: boolean, received: number, kind: number, nonce: Uint8Array): Uint8Array =>
  encodeTlv(
    tlvTypes.cryptoBinding,
    new Writer().u8(0).u8(version).u8(received).u8(kind).put(nonce).zeros(macLength).finish(),
    mandatory,
  );

/** @param received version that the peer has told @param random 32 octets @returns the TLV, and the nonce that it asks with */
export function buildFastBinding(
  cmk: Uint8Array,
  received: number,
  random: Uint8Array,
): { readonly tlv: Uint8Array; readonly nonce: Uint8Array } {
  const nonce = random.slice();
  // The last bit tells a request from a response.
  nonce[nonceLength - 1] = (nonce[nonceLength - 1] ?? 0) & 0xfe;
  const tlv = blankTlv(true, received, subtype.request, nonce);
  tlv.set(fastCompoundMac(cmk, tlv), tlv.length - macLength);
  return { tlv, nonce };
}

/** @param mandatory the bit of the peer's TLV, which the MAC covers too @param value of that */
export function verifyFastBinding(cmk: Uint8Array, nonce: Uint8Array, mandatory: boolean, value: Uint8Array): boolean {
  if (value.length !== valueLength) return false;
  const r = new Reader(value, ["Crypto-Binding TLV"]);
  r.skip(1);
  const [itsVersion, itsReceived, itsSubtype] = [r.u8(), r.u8(), r.u8()];
  const itsNonce = r.take(nonceLength);
  const asked = nonce.slice();
  asked[nonceLength - 1] = (asked[nonceLength - 1] ?? 0) | 1;
  const isAnswer =
    itsVersion === version && itsReceived === version && itsSubtype === subtype.response && sameBytes(asked, itsNonce);
  const expected = fastCompoundMac(cmk, blankTlv(mandatory, itsReceived, itsSubtype, itsNonce));
  return sameSecret(expected, r.take(macLength)) && isAnswer;
}
