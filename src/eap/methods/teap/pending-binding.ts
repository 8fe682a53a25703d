/** A Crypto-Binding that is out, and what the peer has to say to it. RFC 9930, section 4.2.13. */

import { decodeStatus } from "../../../wire/eap/tlv.ts";
import { type BindingKeys, type BindingVerdict, verifyTeapBinding } from "./crypto-binding.ts";
import type { ReceivedTlvs } from "./tlvs.ts";

export interface PendingBinding {
  readonly keys: BindingKeys;
  /** That it asked with, 32 octets. */
  readonly nonce: Uint8Array;
  /** The result went out with it: with the peer's it is over. */
  readonly isFinal: boolean;
  /** Whether an Intermediate-Result belongs to the peer's. */
  readonly hasIntermediate: boolean;
}

/** @param received version that the peer has told before */
export function judgeConfirmation(pending: PendingBinding, received: number, tlvs: ReceivedTlvs): BindingVerdict {
  const wrong = (reason: string): BindingVerdict => ({ kind: "wrong", reason });
  const binding = tlvs.value("cryptoBinding");
  if (binding === undefined) return wrong("it does not confirm the Crypto-Binding");
  if (pending.isFinal && tlvs.value("result") === undefined) {
    return wrong("it confirms the Crypto-Binding without a result");
  }
  const intermediate = tlvs.value("intermediateResult");
  if (pending.hasIntermediate && (intermediate === undefined || decodeStatus(intermediate) !== "success")) {
    return wrong("it confirms the Crypto-Binding without an intermediate success");
  }
  return verifyTeapBinding(pending.keys, pending.nonce, received, binding);
}
