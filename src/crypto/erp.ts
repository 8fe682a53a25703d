/** Key hierarchy of EAP's re-authentication protocol. RFC 6696, section 4, with the KDF of RFC 5295, section 3.1.2, which is HKDF-Expand. */

import { concat, utf8, Writer } from "../base/bytes.ts";
import { hkdfExpand } from "./prf.ts";

/** Label, an octet 0, what belongs to it, and the length. */
const usage = (label: string, length: number, data: Uint8Array = new Uint8Array()): Uint8Array =>
  concat(utf8(label), Uint8Array.of(0), data, new Writer().u16be(length).finish());

const emskNameLength = 8;

/** RFC 5295, section 5.1 and its erratum: of the Session-Id. @returns 8 octets */
export const deriveEmskName = (sessionId: Uint8Array): Uint8Array =>
  hkdfExpand("sha256", sessionId, usage("EMSK", emskNameLength), emskNameLength);

/** RFC 6696, section 4.1. @returns as many octets as the EMSK has */
export const deriveRootKey = (emsk: Uint8Array): Uint8Array =>
  hkdfExpand("sha256", emsk, usage("EAP Re-authentication Root Key@ietf.org", emsk.length), emsk.length);

/** RFC 6696, section 4.3. @param suite number of the cryptosuite */
export const deriveIntegrityKey = (rootKey: Uint8Array, suite: number): Uint8Array =>
  hkdfExpand(
    "sha256",
    rootKey,
    usage("Re-authentication Integrity Key@ietf.org", rootKey.length, Uint8Array.of(suite)),
    rootKey.length,
  );

/** RFC 6696, section 4.6. @param sequence SEQ of the re-authentication */
export const deriveReauthenticatedMsk = (rootKey: Uint8Array, sequence: number): Uint8Array =>
  hkdfExpand(
    "sha256",
    rootKey,
    usage("Re-authentication Master Session Key@ietf.org", rootKey.length, new Writer().u16be(sequence).finish()),
    rootKey.length,
  );
