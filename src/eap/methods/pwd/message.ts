/** EAP-pwd's messages. RFC 5931, section 3; RFC 8146. */

import { type Reader, Writer } from "../../../base/bytes.ts";
import type { CyclicGroup } from "../../../crypto/groups/cyclic-group.ts";
import type { SaeCommitValues } from "../../../crypto/sae/exchange.ts";

/** PWD-Exch. RFC 5931, section 3.1. */
export const exchangeCode = { id: 1, commit: 2, confirm: 3 } as const;

/** Random Function and PRF: HMAC-SHA-256, the only ones there are. RFC 5931, section 3.2.1. */
const hmacSha256 = 1;

/** Octets of a token. */
export const tokenLength = 4;

/** How the password is prepared. RFC 5931, section 3.2.1; RFC 8146, section 2.1. */
export type Preparation = "none" | "ms" | "sha1" | "sha256" | "sha512";

const preparationCodes: Readonly<Record<Preparation, number>> = { none: 0, ms: 1, sha1: 3, sha256: 4, sha512: 5 };

export interface IdMessage {
  readonly group: number;
  readonly token: Uint8Array;
  readonly preparation: Preparation;
  readonly identity: Uint8Array;
}

/** Group, random function and PRF: what confirmations and keys are bound to. */
export const encodeCiphersuite = (group: number): Uint8Array =>
  new Writer().u16be(group).u8(hmacSha256).u8(hmacSha256).finish();

/** RFC 5931, section 3.2.1. */
export const encodeId = ({ group, token, preparation, identity }: IdMessage): Uint8Array =>
  new Writer().put(encodeCiphersuite(group)).put(token).u8(preparationCodes[preparation]).put(identity).finish();

/** @throws MalformedError also where the functions are others than HMAC-SHA-256 */
export function decodeId(r: Reader): IdMessage {
  const group = r.u16be();
  if (r.u8() !== hmacSha256) r.fail("another random function than the one there is");
  if (r.u8() !== hmacSha256) r.fail("another PRF than the one there is");
  const token = r.take(tokenLength).slice();
  const code = r.u8();
  for (const [preparation, number] of Object.entries(preparationCodes) as [Preparation, number][]) {
    if (number === code) return { group, token, preparation, identity: r.rest().slice() };
  }
  return r.fail(`password preparation ${code}`);
}

/** The server's Commit, with the salt where there is one. RFC 5931, section 3.2.2; RFC 8146, section 2.3. */
export function encodeCommit({ scalar, element }: SaeCommitValues, salt: Uint8Array | undefined): Uint8Array {
  const w = new Writer();
  if (salt !== undefined) w.u8(salt.length).put(salt);
  return w.put(element).put(scalar).finish();
}

/** The peer's Commit. Whether its values are of the group is another question. @throws MalformedError */
export function decodeCommit(r: Reader, group: CyclicGroup): SaeCommitValues {
  const element = r.take(group.elementLength).slice();
  const scalar = r.take(group.scalarLength).slice();
  if (r.remaining > 0) r.fail(`${r.remaining} octets too many`);
  return { element, scalar };
}
