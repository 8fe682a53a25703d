/** TLS, the client's end, with as little of its own as can be: the same OpenSSL inside Node, over memory BIOs. For loads, not for trust. */

import koffi from "koffi";
import { drain, loadOpenSsl, type Pointer } from "../../src/crypto/backend/openssl-tls-library.ts";

const library = koffi.load(null);
const clientMethod = library.func("void *TLS_client_method()") as () => Pointer;
const useCertificate = library.func("int SSL_CTX_use_certificate_file(void *, const char *, int)") as UseFile;
const useKey = library.func("int SSL_CTX_use_PrivateKey_file(void *, const char *, int)") as UseFile;
const connectState = library.func("void SSL_set_connect_state(void *)") as (session: Pointer) => void;
type UseFile = (context: Pointer, path: string, type: number) => number;

const loaded = loadOpenSsl();
if (loaded instanceof Error) throw loaded;
const openssl = loaded;

const pem = 1;
const highestVersion = 124;
const tls12 = 0x0303;

export interface TlsClient {
  /** @returns what the server is to get */
  feed(octets: Uint8Array): Uint8Array;
  readonly isEstablished: boolean;
  read(): Uint8Array;
  write(plain: Uint8Array): Uint8Array;
  close(): void;
}

/** @param certificate path of a PEM file, as the key; undefined where the client has none @returns makes a client */
export function tlsClients(certificate: string | undefined, key: string | undefined): () => TlsClient {
  const context = openssl.newContext(clientMethod());
  openssl.contextControl(context, highestVersion, tls12, null);
  if (certificate !== undefined && key !== undefined) {
    if (useCertificate(context, certificate, pem) !== 1) throw new Error(`can't use ${certificate}`);
    if (useKey(context, key, pem) !== 1) throw new Error(`can't use ${key}`);
  }
  return () => client(context);
}

const plain = new Uint8Array(4096);

function client(context: Pointer): TlsClient {
  const session = openssl.newSession(context);
  const [input, output] = [openssl.newBio(openssl.bioMemory()), openssl.newBio(openssl.bioMemory())];
  openssl.setBios(session, input, output);
  connectState(session);
  let isEstablished = false;
  return {
    get isEstablished() {
      return isEstablished;
    },
    feed(octets) {
      if (octets.length > 0) openssl.writeBio(input, octets, octets.length);
      if (!isEstablished) isEstablished = openssl.handshake(session) === 1;
      return drain(openssl, output);
    },
    read() {
      const length = openssl.read(session, plain, plain.length);
      return plain.slice(0, Math.max(0, length));
    },
    write(octets) {
      openssl.write(session, octets, octets.length);
      return drain(openssl, output);
    },
    close: () => openssl.freeSession(session),
  };
}
