/** What all messages with AT_MAC and AT_ENCR_DATA have in common. RFC 4186, sections 9.3 to 9.8 and 10.12 to 10.14. */

import { concat, hexOf, Reader, utf8 } from "../../../base/bytes.ts";
import { aesCbcDecrypt, aesCbcEncrypt } from "../../../crypto/backend/node.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import type { MethodCall } from "../../method.ts";
import { requestOctets, responseOctets } from "../packet-octets.ts";
import {
  type Attributes,
  attribute,
  blankMac,
  decodeEncrypted,
  encodeHeader,
  numberAttribute,
  octetsAttribute,
  padded,
  type SimAkaMessage,
  sizedAttribute,
} from "./attributes.ts";
import type { Family } from "./family.ts";

/** A message under AT_MAC, which stands last. @param suffix what the MAC covers beside the packet */
export function sealMessage(
  call: MethodCall,
  family: Family,
  kAut: Uint8Array,
  subtype: number,
  attributes: readonly Uint8Array[],
  suffix: Uint8Array,
): Uint8Array {
  const blank = concat(encodeHeader(subtype), ...attributes, blankMac());
  const mac = family.mac(kAut, requestOctets(call, family.type, blank), suffix);
  return concat(blank.subarray(0, -mac.length), mac);
}

/** Whether AT_MAC is there and right. @param data Type-Data of the response */
export function isAuthentic(
  call: MethodCall,
  family: Family,
  kAut: Uint8Array,
  { attributes, macOffset }: SimAkaMessage,
  data: Uint8Array,
  suffix: Uint8Array,
): boolean {
  const mac = attributes.octets(attribute.mac, 16);
  if (mac === undefined || macOffset === undefined) return false;
  const blank = data.slice().fill(0, macOffset, macOffset + 16);
  return sameSecret(family.mac(kAut, responseOctets(call, family.type, blank), suffix), mac);
}

/** AT_IV and AT_ENCR_DATA. @param attributes what is inside */
export function encryptAttributes(call: MethodCall, kEncr: Uint8Array, attributes: readonly Uint8Array[]): Uint8Array {
  const iv = call.entropy.bytes(16);
  const clear = padded(concat(...attributes));
  const sealed = aesCbcEncrypt(kEncr, iv, clear);
  wipe(clear);
  return concat(octetsAttribute(attribute.iv, iv), octetsAttribute(attribute.encrData, sealed));
}

/** What is in AT_ENCR_DATA of a message that is authentic. @returns undefined where there is none @throws MalformedError */
export function decryptAttributes(kEncr: Uint8Array, attributes: Attributes): Attributes | undefined {
  const iv = attributes.octets(attribute.iv, 16);
  const sealed = attributes.octets(attribute.encrData);
  if (iv === undefined || sealed === undefined || sealed.length === 0 || sealed.length % 16 !== 0) return undefined;
  return decodeEncrypted(new Reader(aesCbcDecrypt(kEncr, iv, sealed), ["AT_ENCR_DATA"]));
}

/** A temporary user name that nobody has had. */
export const drawUserName = (call: MethodCall, prefix: string): string => prefix + hexOf(call.entropy.bytes(10));

export const userNameAttribute = (
  type: typeof attribute.nextPseudonym | typeof attribute.nextReauthId,
  userName: string,
): Uint8Array => sizedAttribute(type, utf8(userName));

export const counterAttribute = (counter: number): Uint8Array => numberAttribute(attribute.counter, counter);
