/** PKCS #12, which node:crypto doesn't open. Everything that OpenSSL gives is freed before the call returns. */

import type { TlsEngine } from "../tls/port.ts";
import { drain, type OpenSsl, type Pointer, takeErrors, withBio } from "./openssl-tls-library.ts";

const none = new Uint8Array(0);

/** RFC 7292. The client's own certificate is the first one. */
export function openPkcs12(
  openssl: OpenSsl,
  octets: Uint8Array,
  passphrase: string,
): ReturnType<TlsEngine["openPkcs12"]> {
  openssl.clearErrors();
  const pkcs12 = withBio(openssl, octets, (bio) => openssl.readPkcs12(bio, null));
  if (pkcs12 === null) {
    openssl.clearErrors();
    return { kind: "not-pkcs12" };
  }
  const [key, certificate, others] = [[null] as Pointer[], [null] as Pointer[], [null] as Pointer[]];
  try {
    if (openssl.parsePkcs12(pkcs12, passphrase, key, certificate, others) !== 1) {
      return { kind: "refused", reason: takeErrors(openssl).join(", ") || "OpenSSL can't open it" };
    }
    const stack = others[0] ?? null;
    const chain = Array.from({ length: stack === null ? 0 : openssl.stackSize(stack) }, (_, index) =>
      openssl.stackItem(stack, index),
    );
    const encode = (object: Pointer, write: (bio: Pointer, object: Pointer) => number): Uint8Array =>
      withBio(openssl, none, (bio) => {
        write(bio, object);
        return drain(openssl, bio);
      });
    const [ownKey = null, own = null] = [key[0], certificate[0]];
    const opened = {
      kind: "opened" as const,
      privateKey: ownKey === null ? undefined : encode(ownKey, openssl.writeKey),
      certificates: (own === null ? chain : [own, ...chain]).map((object) => encode(object, openssl.writeCertificate)),
    };
    for (const object of chain) openssl.freeCertificate(object);
    if (own !== null) openssl.freeCertificate(own);
    if (ownKey !== null) openssl.freeKey(ownKey);
    if (stack !== null) openssl.freeStack(stack);
    return opened;
  } finally {
    openssl.freePkcs12(pkcs12);
    openssl.clearErrors();
  }
}
