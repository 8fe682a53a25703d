/** The EAPOL-Key frames of a supplicant: of the kind agreed on, told apart, verified. IEEE Std 802.11-2020, 12.7.2. */

import { Reader, sameBytes } from "../base/bytes.ts";
import { computeMic, decryptKeyData, micLengths } from "../crypto/eapol-key-protection.ts";
import type { Ptk } from "../crypto/ptk.ts";
import { sameSecret } from "../crypto/secret.ts";
import { decodeEapolKey, type EapolKey, keyDescriptor, withoutMic } from "../wire/eapol/eapol-key.ts";
import { decodeKeyData, type KeyDataItem } from "../wire/eapol/kde.ts";
import { type Element, elementId, isVendor, oui } from "../wire/ieee80211/element.ts";
import { wpaIeType } from "../wire/ieee80211/wpa-ie.ts";
import { type EapolKeyFormat, formatOf, formatOfReceived, type Negotiated } from "./negotiated.ts";

/** Nothing of it is verified yet. */
export interface ReceivedKey {
  /** The whole EAPOL PDU. */
  readonly pdu: Uint8Array;
  readonly key: EapolKey;
  readonly format: EapolKeyFormat;
}

/** @param body reader over the PDU's body @returns undefined where it is of another kind than agreed on @throws MalformedError */
export function decodeReceived(agreed: Negotiated, pdu: Uint8Array, body: Reader): ReceivedKey | undefined {
  const key = decodeEapolKey(body, micLengths[formatOf(agreed).protection]);
  // Some stations mark message 4 as WPA's in an RSN.
  const isOurs = agreed.protocol === "rsn" || key.descriptorType === keyDescriptor.wpa;
  if (!isOurs || key.smkMessage || key.ack || !key.hasMic) return undefined;
  const format = formatOfReceived(agreed, key.descriptorVersion);
  return format && { pdu, key, format };
}

export type MessageName = "message2" | "message4" | "group-message2" | "request";

/** Tells the messages apart as the standard's fields allow. @param keyData decrypted where it was encrypted */
export function classify(agreed: Negotiated, { key }: ReceivedKey, keyData: readonly KeyDataItem[]): MessageName {
  if (key.request) return "request";
  if (key.keyType === "group") return "group-message2";
  if (key.keyData.length === 0) return "message4";
  // Message 4 may carry KDEs; what makes message 2 is the station's own element.
  return agreed.protocol === "rsn" && key.secure && !securityElementOf(keyData) ? "message4" : "message2";
}

/** The items of its Key Data, decrypted with `ptk` where that is needed. @returns undefined where it can't be @throws MalformedError */
export function openKeyData({ key, format }: ReceivedKey, ptk: Ptk | undefined): KeyDataItem[] | undefined {
  const plain = key.encryptedKeyData
    ? ptk && decryptKeyData(format.protection, ptk.kek, key.iv, key.keyData)
    : key.keyData;
  return plain && decodeKeyData(new Reader(plain, ["Key Data"]));
}

/** Does its MIC fit the key confirmation key? */
export const verifyMic = ({ pdu, key, format }: ReceivedKey, ptk: Ptk): boolean =>
  sameSecret(computeMic(format.protection, ptk.kck, withoutMic(pdu, key.mic.length)), key.mic);

export const isWpaElement = (element: Element): boolean => isVendor(element, oui.microsoft, wpaIeType);

/** The element of the station's own that message 2 repeats. */
export function securityElementOf(items: readonly KeyDataItem[]): Element | undefined {
  for (const item of items) {
    if (item.kind !== "element") continue;
    if (item.element.id === elementId.rsn || isWpaElement(item.element)) return item.element;
  }
  return undefined;
}

/** The station's RSNXE, which message 2 repeats where it has one. */
export const rsnxeOf = (items: readonly KeyDataItem[]): Element | undefined =>
  items.flatMap((item) =>
    item.kind === "element" && item.element.id === elementId.rsnExtension ? [item.element] : [],
  )[0];

export const sameElement = (a: Element, b: Element): boolean => a.id === b.id && sameBytes(a.data, b.data);
