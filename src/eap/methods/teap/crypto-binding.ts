/** The Crypto-Binding TLV of TEAP, which ties the methods inside to the tunnel. RFC 9930, section 4.2.13. */

import { concat, Reader, sameBytes, Writer } from "../../../base/bytes.ts";
import { sameSecret } from "../../../crypto/secret.ts";
import type { TeapCompoundKeys, TeapKeySchedule } from "../../../crypto/teap.ts";
import { encodeTlv, tlvTypes } from "../../../wire/eap/tlv.ts";
import { eapTypes } from "../../../wire/eap/types.ts";

const subtype = { request: 0, response: 1 } as const;
/** Flags: which MACs there are. */
const has = { emsk: 1, msk: 2 } as const;
const nonceLength = 32;
const macLength = 20;
const valueLength = 4 + nonceLength + 2 * macLength;

/** What the MACs are made with. */
export interface BindingKeys {
  readonly schedule: TeapKeySchedule;
  readonly msk: TeapCompoundKeys;
  /** undefined where the method inside has no EMSK. */
  readonly emsk: TeapCompoundKeys | undefined;
  /** Outer TLVs of both first messages, the server's first. */
  readonly outer: readonly Uint8Array[];
}

interface Fields {
  readonly received: number;
  readonly subtype: number;
  readonly flags: number;
  readonly nonce: Uint8Array;
}

const version = 1;

function blankTlv({ received, subtype, flags, nonce }: Fields): Uint8Array {
  const value = new Writer()
    .u8(0)
    .u8(version)
    .u8(received)
    .u8((flags << 4) | subtype)
    .put(nonce)
    .zeros(2 * macLength)
    .finish();
  return encodeTlv(tlvTypes.cryptoBinding, value, true);
}

/** RFC 9930, section 6.3. @param blank the whole TLV, both MACs zero */
const macsOf = ({ schedule, msk, emsk, outer }: BindingKeys, blank: Uint8Array) => {
  const buffer = concat(blank, Uint8Array.of(eapTypes.TEAP.type), ...outer);
  const mac = ({ cmk }: TeapCompoundKeys): Uint8Array => schedule.compoundMac(cmk, buffer);
  return { msk: mac(msk), emsk: emsk === undefined ? undefined : mac(emsk) };
};

/** @param random 32 octets @returns the TLV, and the nonce that it asks with */
export function buildTeapBinding(
  keys: BindingKeys,
  received: number,
  random: Uint8Array,
): { readonly tlv: Uint8Array; readonly nonce: Uint8Array } {
  const nonce = random.slice();
  // The last bit tells a request from a response.
  nonce[nonceLength - 1] = (nonce[nonceLength - 1] ?? 0) & 0xfe;
  const flags = has.msk | (keys.emsk === undefined ? 0 : has.emsk);
  const tlv = blankTlv({ received, subtype: subtype.request, flags, nonce });
  const { msk, emsk } = macsOf(keys, tlv);
  if (emsk !== undefined) tlv.set(emsk, tlv.length - 2 * macLength);
  tlv.set(msk, tlv.length - macLength);
  return { tlv, nonce };
}

export type BindingVerdict =
  /** @property chain S-IMCK that goes on: by the EMSK where both have it */
  { readonly kind: "right"; readonly chain: Uint8Array } | { readonly kind: "wrong"; readonly reason: string };

/** @param value of the peer's TLV @param received version that it has told before */
export function verifyTeapBinding(
  keys: BindingKeys,
  nonce: Uint8Array,
  received: number,
  value: Uint8Array,
): BindingVerdict {
  const wrong = (reason: string): BindingVerdict => ({ kind: "wrong", reason: `its Crypto-Binding ${reason}` });
  if (value.length !== valueLength) return wrong(`has ${value.length} octets`);
  const r = new Reader(value, ["Crypto-Binding TLV"]);
  r.skip(1);
  const [itsVersion, itsReceived, both] = [r.u8(), r.u8(), r.u8()];
  const itsNonce = r.take(nonceLength);
  const [emskMac, mskMac] = [r.take(macLength), r.take(macLength)];
  const flags = both >> 4;
  if (itsVersion !== version || itsReceived !== received)
    return wrong(`is of versions ${itsVersion} and ${itsReceived}`);
  if ((both & 0x0f) !== subtype.response || flags < has.emsk || flags > (has.emsk | has.msk)) {
    return wrong("is no response");
  }
  const asked = nonce.slice();
  asked[nonceLength - 1] = (asked[nonceLength - 1] ?? 0) | 1;
  if (!sameBytes(asked, itsNonce)) return wrong("is of another request");

  const expected = macsOf(keys, blankTlv({ received: itsReceived, subtype: subtype.response, flags, nonce: itsNonce }));
  const badMac = wrong("is wrong: the method inside was not spoken with who is at the tunnel's end");
  if (flags & has.msk && !sameSecret(expected.msk, mskMac)) return badMac;
  if (flags & has.emsk && keys.emsk !== undefined && expected.emsk !== undefined) {
    return sameSecret(expected.emsk, emskMac) ? { kind: "right", chain: keys.emsk.chain } : badMac;
  }
  return flags & has.msk ? { kind: "right", chain: keys.msk.chain } : wrong("has no MAC that could be checked");
}
