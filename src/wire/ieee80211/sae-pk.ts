/** The elements with which an access point proves its key in SAE-PK. WPA3 Specification 3.1, section 6.6; IEEE Std 802.11-2020, 9.4.2.179, 9.4.2.180. */

import { concat, type Reader } from "../../base/bytes.ts";
import {
  decodeElements,
  elementExtension,
  elementId,
  encodeElements,
  findElement,
  findVendor,
  oui,
  vendorElement,
} from "./element.ts";

export interface SaePkElements {
  /** DER, SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** KeyAuth: DER, Ecdsa-Sig-Value. */
  readonly signature: Uint8Array;
  /** EncryptedModifier. */
  readonly sealedModifier: Uint8Array;
}

/** Key Type of the FILS Public Key element: an uncertified public key for ECDSA. */
const ecdsaKeyType = 2;
const saePkType = 0x1f;

export const encodeSaePkElements = ({ publicKey, signature, sealedModifier }: SaePkElements): Uint8Array =>
  encodeElements([
    {
      id: elementId.extension,
      extension: elementExtension.filsPublicKey,
      data: concat(Uint8Array.of(ecdsaKeyType), publicKey),
    },
    { id: elementId.extension, extension: elementExtension.filsKeyConfirmation, data: signature },
    vendorElement(oui.wifiAlliance, saePkType, sealedModifier),
  ]);

/** @throws MalformedError when one is missing or cut, or the key is of another type */
export function decodeSaePkElements(r: Reader): SaePkElements {
  const elements = decodeElements(r);
  const key = findElement(elements, elementId.extension, elementExtension.filsPublicKey);
  const confirmation = findElement(elements, elementId.extension, elementExtension.filsKeyConfirmation);
  const modifier = findVendor(elements, oui.wifiAlliance, saePkType);
  if (key?.data[0] !== ecdsaKeyType) return r.fail("no public key for ECDSA");
  if (!confirmation || !modifier) return r.fail("not all elements of SAE-PK");
  return { publicKey: key.data.subarray(1), signature: confirmation.data, sealedModifier: modifier.data.subarray(4) };
}
