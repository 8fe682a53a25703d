/** TLS's pseudorandom function up to TLS 1.2, which methods over TLS use for keys of their own. RFC 5246, section 5; RFC 2246, section 5. */

import { concat, utf8 } from "../../base/bytes.ts";
import { type Digest, hmac } from "../backend/node.ts";
import { wipe } from "../secret.ts";

/** P_hash. RFC 5246, section 5. */
function expand(digest: Digest, secret: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let a = hmac(digest, secret, seed);
  for (let offset = 0; offset < length; ) {
    const block = hmac(digest, secret, a, seed);
    out.set(block.subarray(0, length - offset), offset);
    offset += block.length;
    wipe(block);
    const next = hmac(digest, secret, a);
    wipe(a);
    a = next;
  }
  wipe(a);
  return out;
}

/** @param hash of the cipher suite; `md5-sha1` before TLS 1.2 */
export function tlsPrf(
  hash: "sha256" | "sha384" | "md5-sha1",
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  // A seed may be a key, too.
  const labelled = concat(utf8(label), seed);
  const out = expandAll(hash, secret, labelled, length);
  wipe(labelled);
  return out;
}

function expandAll(
  hash: "sha256" | "sha384" | "md5-sha1",
  secret: Uint8Array,
  labelled: Uint8Array,
  length: number,
): Uint8Array {
  if (hash !== "md5-sha1") return expand(hash, secret, labelled, length);
  const half = Math.ceil(secret.length / 2);
  const out = expand("md5", secret.subarray(0, half), labelled, length);
  const other = expand("sha1", secret.subarray(secret.length - half), labelled, length);
  for (const [i, octet] of other.entries()) out[i] = (out[i] ?? 0) ^ octet;
  wipe(other);
  return out;
}
