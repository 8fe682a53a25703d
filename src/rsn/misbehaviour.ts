/** What an authenticator may be told to do wrong, so that supplicants can be tested against it. */

import type { Entropy } from "../base/entropy.ts";
import { micField } from "../wire/eapol/eapol-key.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import type { ClaimingFrame } from "./channel-validation.ts";
import type { Message3 } from "./eapol-key-frames.ts";

export interface Misbehaviour {
  /** Octets to add to the Key Data of messages 1 and 3. */
  readonly message1KeyData: Uint8Array | undefined;
  readonly message3KeyData: Uint8Array | undefined;
  /** What stands in message 3 in place of our RSNE and RSNXE. */
  readonly message3Rsne: readonly Element[] | undefined;
  readonly message3Rsnxe: readonly Element[] | undefined;
  readonly message3Unencrypted: boolean;
  /** Receive sequence counter to claim for the group key. */
  readonly groupCounter: Uint8Array | undefined;
  /** The same of the IGTK. */
  readonly managementCounter: Uint8Array | undefined;
  /** MHz, to claim in place of the operating channel's in frames that tell it. */
  readonly claimedFrequencies: Partial<Readonly<Record<ClaimingFrame, number>>> | undefined;
  readonly randomReserved: boolean;
  /** 0..1, of group messages whose MIC is spoilt. */
  readonly spoiltGroupMics: number;
  /** Only the last of a message's attempts goes out. */
  readonly lastAttemptOnly: boolean;
}

/** Message 3 as it is to be sent. */
export function twistMessage3(fields: Message3, how: Misbehaviour): Message3 {
  const instead = (id: number, others: readonly Element[] | undefined) => (elements: readonly Element[]) =>
    others ? replace(elements, id, others) : elements;
  const withRsne = instead(elementId.rsn, how.message3Rsne)(fields.elements);
  return {
    ...fields,
    elements: instead(elementId.rsnExtension, how.message3Rsnxe)(withRsne),
    rsc: how.groupCounter ?? fields.rsc,
    ...(how.message3KeyData ? { moreKeyData: how.message3KeyData } : {}),
    unencrypted: how.message3Unencrypted,
  };
}

/** In the place of the one with that ID, or at the end. */
function replace(elements: readonly Element[], id: number, others: readonly Element[]): readonly Element[] {
  const at = elements.findIndex((element) => element.id === id);
  return at < 0 ? [...elements, ...others] : [...elements.slice(0, at), ...others, ...elements.slice(at + 1)];
}

/** A group message as it is to be sent. */
export function spoilGroupMic(pdu: Uint8Array, how: Misbehaviour, entropy: Entropy): Uint8Array {
  if (!happens(how.spoiltGroupMics, entropy)) return pdu;
  const { start } = micField();
  return pdu.with(start, (pdu[start] ?? 0) ^ 1);
}

/** Draws lots. @param probability 0..1 */
export function happens(probability: number, entropy: Entropy): boolean {
  if (probability <= 0) return false;
  const drawn = new DataView(entropy.bytes(4).slice().buffer).getUint32(0);
  return drawn < probability * 0x1_0000_0000;
}
