/** What TEAP's keys and its Session-Id come of: the tunnel's TLS. RFC 9930, sections 3.8 and 6; with TLS 1.3, RFC 9427, section 2.2. */

import { concat } from "../../../base/bytes.ts";
import { type TeapKeySchedule, teapKeysOfTls12, teapKeysOfTls13 } from "../../../crypto/teap.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { TlsChannel } from "../../tls/channel.ts";

const teapType = eapTypes.TEAP.type;

export function scheduleOf({ isTls13, session }: TlsChannel): TeapKeySchedule {
  const { prf, cipher = "" } = session;
  const hash = prf === "sha384" ? "sha384" : "sha256";
  const exported = session.export.bind(session);
  if (isTls13) return teapKeysOfTls13(exported, teapType, hash);
  // Names of cipher suites say SHA where they mean SHA-1.
  return teapKeysOfTls12(exported, prf, cipher.endsWith("-SHA") ? "sha1" : hash);
}

/** In TLS 1.3 as with all methods. @returns undefined before the handshake's end */
export function sessionIdOf(channel: TlsChannel): Uint8Array | undefined {
  if (channel.isTls13) return channel.sessionId(teapType);
  const unique = channel.session.unique();
  return unique === undefined ? undefined : concat(Uint8Array.of(teapType), unique);
}
