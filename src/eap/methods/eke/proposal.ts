/** What the two ends of EAP-EKE agree on. RFC 6124, sections 4.2.1 and 7. */

import { hmac, type ModpName } from "../../../crypto/backend/node.ts";

export interface EkeGroup {
  readonly code: number;
  readonly prime: ModpName;
  /** Of the whole group, unlike the one that IKE uses with the same prime: what it makes shows nothing of the password. */
  readonly generator: number;
}

export interface EkeHash {
  readonly code: number;
  readonly digest: "sha1" | "sha256";
  /** In octets. */
  readonly length: number;
}

export interface EkeProposal {
  readonly group: EkeGroup;
  /** For keys, and for integrity. Encryption is AES-128-CBC always. */
  readonly hash: EkeHash;
}

const aes128Cbc = 1;
const sha1: EkeHash = { code: 1, digest: "sha1", length: 20 };
const sha256: EkeHash = { code: 2, digest: "sha256", length: 32 };
const group14: EkeGroup = { code: 3, prime: "modp14", generator: 11 };
const group15: EkeGroup = { code: 4, prime: "modp15", generator: 5 };
const group16: EkeGroup = { code: 5, prime: "modp16", generator: 5 };

/** The strongest first; the last is the one that everybody has. */
export const ekeProposals: readonly EkeProposal[] = [
  { group: group16, hash: sha256 },
  { group: group15, hash: sha256 },
  { group: group14, hash: sha256 },
  { group: group14, hash: sha1 },
];

export const encodeProposal = ({ group, hash }: EkeProposal): Uint8Array =>
  Uint8Array.of(group.code, aes128Cbc, hash.code, hash.code);

export const prf = ({ digest }: EkeHash, key: Uint8Array, ...data: readonly Uint8Array[]): Uint8Array =>
  hmac(digest, key, ...data);
