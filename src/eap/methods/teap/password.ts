/** A password inside TEAP, without EAP. RFC 9930, section 4.2.15. */

import { Reader } from "../../../base/bytes.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import { shownIdentity } from "../../identity.ts";
import type { InnerServer } from "../../tunnel.ts";

export type PasswordVerdict =
  | { readonly kind: "right"; readonly identity: Uint8Array }
  | { readonly kind: "wrong"; readonly reason: string };

/**
 * @param value of a Basic-Password-Auth-Resp TLV: name and password, each behind an octet with its length; it is wiped
 * @throws MalformedError where the lengths are others
 */
export async function judgePasswordResponse(inner: InnerServer, value: Uint8Array): Promise<PasswordVerdict> {
  const r = new Reader(value, ["Basic-Password-Auth-Resp TLV"]);
  const identity = r.take(r.u8()).slice();
  const password = r.take(r.u8()).slice();
  if (r.remaining > 0) r.fail(`${r.remaining} octets too many`);
  const credential = (await inner.findUser(identity))?.credential;
  const isRight = credential?.kind === "password" && sameSecret(credential.password, password);
  wipe(password, value);
  const wrong = (reason: string): PasswordVerdict => ({ kind: "wrong", reason });
  if (credential === undefined) return wrong(`there is no user '${shownIdentity(identity)}' with a password`);
  if (credential.kind !== "password") return wrong("the user has no password in clear text");
  return isRight ? { kind: "right", identity } : wrong("the password is wrong");
}
