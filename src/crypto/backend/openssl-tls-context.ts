/** A context of OpenSSL's: certificates and keys of the server's, whom it believes, versions and ciphers. */

import type { TlsServerSettings, TlsVersion } from "../tls/port.ts";
import { callbacks } from "./openssl-tls-callbacks.ts";
import { must, type OpenSsl, type Pointer, withBio } from "./openssl-tls-library.ts";

/** Of openssl/ssl.h, openssl/tls1.h and openssl/x509_vfy.h; the macros there are calls of SSL_CTX_ctrl with these. */
const control = {
  mode: 33,
  sessionCacheMode: 44,
  statusCallback: 63,
  chainCertificate: 89,
  groups: 92,
  signatureAlgorithms: 98,
  automaticDh: 118,
  oldestVersion: 123,
} as const;

const option = {
  noTicket: 0x4000,
  noCompression: 0x2_0000,
  middleboxCompatibility: 0x10_0000,
  noRenegotiation: 0x4000_0000,
} as const;

/** `number` as records have it; `exclude` is the option SSL_OP_NO_... */
export const versions: Readonly<Record<TlsVersion, { readonly number: number; readonly exclude: number }>> = {
  TLSv1: { number: 0x0301, exclude: 0x0400_0000 },
  "TLSv1.1": { number: 0x0302, exclude: 0x1000_0000 },
  "TLSv1.2": { number: 0x0303, exclude: 0x0800_0000 },
  "TLSv1.3": { number: 0x0304, exclude: 0x2000_0000 },
};

/** Without the second, OpenSSL looks for the server's own chain anew, and verifies it, in each handshake. */
const modes = { releaseBuffers: 0x10, noAutomaticChain: 0x8 } as const;
const cache = { off: 0, server: 2 } as const;
const storeFlag = { list: 0x4, wholeChain: 0x8, noTimes: 0x20_0000 } as const;

/** @returns what has to be freed @throws ConfigurationError in words for whoever wrote the configuration */
export function newContext(openssl: OpenSsl, settings: TlsServerSettings): Pointer {
  openssl.clearErrors();
  const context = openssl.newContext(openssl.serverMethod());
  must(openssl, context !== null, "OpenSSL makes no TLS context");
  try {
    // The context owns the store.
    openssl.setStore(context, newStore(openssl, settings));
    configure(openssl, context, settings);
    return context;
  } catch (error) {
    openssl.freeContext(context);
    throw error;
  }
}

/** Reads DER, uses the object, and frees it: OpenSSL's lists count references of their own. */
function withObject(
  openssl: OpenSsl,
  octets: Uint8Array,
  what: string,
  read: (bio: Pointer, none: null) => Pointer,
  free: (object: Pointer) => void,
  use: (object: Pointer) => void,
): void {
  const object = withBio(openssl, octets, (bio) => read(bio, null));
  must(openssl, object !== null, `OpenSSL can't read ${what}`);
  try {
    use(object);
  } finally {
    free(object);
  }
}

function newStore(openssl: OpenSsl, settings: TlsServerSettings): Pointer {
  const { trust } = settings;
  const store = openssl.newStore();
  must(openssl, store !== null, "OpenSSL is out of memory");
  try {
    for (const authority of trust.authorities) {
      withObject(
        openssl,
        authority,
        "a CA certificate",
        openssl.readCertificate,
        openssl.freeCertificate,
        (certificate) =>
          must(openssl, openssl.addCertificate(store, certificate) === 1, "OpenSSL refuses a CA certificate"),
      );
    }
    for (const list of trust.revocationLists) {
      withObject(openssl, list, "a revocation list", openssl.readList, openssl.freeList, (crl) =>
        must(openssl, openssl.addList(store, crl) === 1, "OpenSSL refuses a revocation list"),
      );
    }
    const lists = { unchecked: 0, client: storeFlag.list, chain: storeFlag.list | storeFlag.wholeChain };
    openssl.setStoreFlags(store, lists[settings.revocation] | (settings.ignoreTimes ? storeFlag.noTimes : 0));
    return store;
  } catch (error) {
    openssl.freeStore(store);
    throw error;
  }
}

function configure(openssl: OpenSsl, context: Pointer, settings: TlsServerSettings): void {
  const text = (command: number, value: string | undefined, what: string): void => {
    if (value === undefined) return;
    must(openssl, openssl.contextText(context, command, 0, value) === 1, `OpenSSL knows nothing of ${what} '${value}'`);
  };
  let options = option.noTicket | option.noCompression | option.noRenegotiation;
  for (const version of settings.excluded) options |= versions[version].exclude;
  openssl.setContextOptions(context, options);
  // Records that look like TLS 1.2's to a middlebox: there is none in EAP.
  openssl.clearContextOptions(context, option.middleboxCompatibility);
  openssl.contextControl(context, control.mode, modes.releaseBuffers | modes.noAutomaticChain, null);
  openssl.contextControl(context, control.oldestVersion, versions[settings.oldest].number, null);
  // OpenSSL 3 signs nothing in TLS 1.0 and 1.1 that its level 1 would call strong.
  if (settings.oldest === "TLSv1" || settings.oldest === "TLSv1.1") openssl.setContextLevel(context, 0);
  text(control.groups, settings.groups, "the groups");
  text(control.signatureAlgorithms, settings.signatureAlgorithms, "the signature algorithms");
  if (settings.ciphers !== undefined) {
    must(openssl, openssl.contextCiphers(context, settings.ciphers) === 1, `no cipher is called '${settings.ciphers}'`);
  }
  for (const identity of settings.identities) useIdentity(openssl, context, identity);
  if (settings.dhParameters === undefined) openssl.contextControl(context, control.automaticDh, 1, null);
  else useDhParameters(openssl, context, settings.dhParameters);

  openssl.contextControl(
    context,
    control.sessionCacheMode,
    settings.sessionLifetime > 0 ? cache.server : cache.off,
    null,
  );
  openssl.setTicketCount(context, settings.sessionLifetime > 0 ? 1 : 0);
  if (settings.sessionLifetime > 0) openssl.setLifetime(context, settings.sessionLifetime);
  for (const authority of settings.trust.authorities) {
    withObject(
      openssl,
      authority,
      "a CA certificate",
      openssl.readCertificate,
      openssl.freeCertificate,
      (certificate) => openssl.addClientAuthority(context, certificate),
    );
  }
  if (settings.ocspResponse !== undefined) {
    openssl.contextCallback(context, control.statusCallback, callbacks(openssl).status);
  }
  openssl.clearErrors();
}

function useIdentity(openssl: OpenSsl, context: Pointer, identity: TlsServerSettings["identities"][number]): void {
  const { readCertificate, freeCertificate } = openssl;
  const key = withBio(openssl, identity.privateKey, (bio) => openssl.readKey(bio, null));
  must(openssl, key !== null, "OpenSSL can't read the private key");
  try {
    withObject(
      openssl,
      identity.certificate,
      "the server's certificate",
      readCertificate,
      freeCertificate,
      (certificate) =>
        must(
          openssl,
          openssl.useIdentity(context, certificate, key, null, 1) === 1,
          "OpenSSL refuses the server's certificate and key",
        ),
    );
  } finally {
    openssl.freeKey(key);
  }
  for (const authority of identity.chain) {
    withObject(openssl, authority, "a certificate of the chain", readCertificate, freeCertificate, (certificate) =>
      // The 1 has OpenSSL count a reference of its own.
      must(
        openssl,
        openssl.contextControl(context, control.chainCertificate, 1, certificate as never) === 1,
        "OpenSSL refuses a certificate of the chain",
      ),
    );
  }
}

function useDhParameters(openssl: OpenSsl, context: Pointer, pem: Uint8Array): void {
  const parameters = withBio(openssl, pem, (bio) => openssl.readParameters(bio, null));
  must(openssl, parameters !== null, "OpenSSL can't read the DH parameters");
  const isTaken = openssl.setDhKey(context, parameters) === 1;
  if (!isTaken) openssl.freeKey(parameters);
  must(openssl, isTaken, "OpenSSL refuses the DH parameters");
}
