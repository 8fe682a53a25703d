/** The functions of OpenSSL 3 that TLS is made with, as symbols of the process. Prototypes are those of its headers. */

import koffi from "koffi";
import { ConfigurationError } from "../../base/errors.ts";

/** An address. null where OpenSSL gives none. Only openssl-tls*.ts and openssl-pkcs12.ts hold any. */
export type Pointer = bigint | null;

/** Every function by its name and prototype; a missing one fails the load, and its name is in the error. */
const load = () => {
  const library = koffi.load(null);
  const of = <F>(prototype: string): F => library.func(prototype) as F;
  type Ctl = (object: Pointer, command: number, number: number, pointer: Pointer | Uint8Array | string) => number;
  type Random = (object: Pointer, octets: Uint8Array, length: number) => number;
  type Free = (object: Pointer) => void;
  type Unary = (object: Pointer) => Pointer;
  type Number = (object: Pointer) => number;
  type Add = (object: Pointer, added: Pointer) => number;
  return {
    bioMemory: of<() => Pointer>("void *BIO_s_mem()"),
    newBio: of<Unary>("void *BIO_new(void *)"),
    freeBio: of<Free>("int BIO_free(void *)"),
    writeBio: of<(bio: Pointer, octets: Uint8Array, length: number) => number>(
      "int BIO_write(void *, const void *, int)",
    ),
    readBio: of<(bio: Pointer, octets: Uint8Array, length: number) => number>("int BIO_read(void *, void *, int)"),
    pendingBio: of<Number>("size_t BIO_ctrl_pending(void *)"),

    serverMethod: of<() => Pointer>("void *TLS_server_method()"),
    newContext: of<Unary>("void *SSL_CTX_new(void *)"),
    freeContext: of<Free>("void SSL_CTX_free(void *)"),
    contextControl: of<Ctl>("long SSL_CTX_ctrl(void *, int, long, void *)"),
    contextText: of<(context: Pointer, command: number, number: number, text: string) => number>(
      "long SSL_CTX_ctrl(void *, int, long, const char *)",
    ),
    contextCallback: of<(context: Pointer, command: number, callback: Pointer) => number>(
      "long SSL_CTX_callback_ctrl(void *, int, void *)",
    ),
    setContextOptions: of<(context: Pointer, options: number) => bigint | number>(
      "uint64_t SSL_CTX_set_options(void *, uint64_t)",
    ),
    clearContextOptions: of<(context: Pointer, options: number) => bigint | number>(
      "uint64_t SSL_CTX_clear_options(void *, uint64_t)",
    ),
    setLifetime: of<(context: Pointer, seconds: number) => number>("long SSL_CTX_set_timeout(void *, long)"),
    setTicketCount: of<(context: Pointer, count: number) => number>("int SSL_CTX_set_num_tickets(void *, size_t)"),
    setContextLevel: of<(context: Pointer, level: number) => void>("void SSL_CTX_set_security_level(void *, int)"),
    contextCiphers: of<(context: Pointer, list: string) => number>("int SSL_CTX_set_cipher_list(void *, const char *)"),
    useIdentity: of<(context: Pointer, certificate: Pointer, key: Pointer, chain: null, override: number) => number>(
      "int SSL_CTX_use_cert_and_key(void *, void *, void *, void *, int)",
    ),
    setDhKey: of<Add>("int SSL_CTX_set0_tmp_dh_pkey(void *, void *)"),
    addClientAuthority: of<Add>("int SSL_CTX_add_client_CA(void *, void *)"),
    setStore: of<(context: Pointer, store: Pointer) => void>("void SSL_CTX_set_cert_store(void *, void *)"),
    removeSession: of<Add>("int SSL_CTX_remove_session(void *, void *)"),

    newStore: of<() => Pointer>("void *X509_STORE_new()"),
    freeStore: of<Free>("void X509_STORE_free(void *)"),
    addCertificate: of<Add>("int X509_STORE_add_cert(void *, void *)"),
    addList: of<Add>("int X509_STORE_add_crl(void *, void *)"),
    setStoreFlags: of<(store: Pointer, flags: number) => number>("int X509_STORE_set_flags(void *, unsigned long)"),
    verifyError: of<Number>("int X509_STORE_CTX_get_error(void *)"),
    setVerifyError: of<(store: Pointer, error: number) => void>("void X509_STORE_CTX_set_error(void *, int)"),
    verifyDepth: of<Number>("int X509_STORE_CTX_get_error_depth(void *)"),
    verifiedCertificate: of<Unary>("void *X509_STORE_CTX_get_current_cert(void *)"),
    verifyErrorText: of<(error: number) => string>("const char *X509_verify_cert_error_string(long)"),

    readCertificate: of<(bio: Pointer, none: null) => Pointer>("void *d2i_X509_bio(void *, void *)"),
    writeCertificate: of<(bio: Pointer, certificate: Pointer) => number>("int i2d_X509_bio(void *, void *)"),
    freeCertificate: of<Free>("void X509_free(void *)"),
    certificateSerial: of<Unary>("void *X509_get_serialNumber(void *)"),
    stringLength: of<Number>("int ASN1_STRING_length(void *)"),
    stringOctets: of<Unary>("void *ASN1_STRING_get0_data(void *)"),
    readList: of<(bio: Pointer, none: null) => Pointer>("void *d2i_X509_CRL_bio(void *, void *)"),
    freeList: of<Free>("void X509_CRL_free(void *)"),
    readKey: of<(bio: Pointer, none: null) => Pointer>("void *d2i_PrivateKey_bio(void *, void *)"),
    writeKey: of<(bio: Pointer, key: Pointer) => number>("int i2d_PrivateKey_bio(void *, void *)"),
    freeKey: of<Free>("void EVP_PKEY_free(void *)"),
    readParameters: of<(bio: Pointer, none: null) => Pointer>("void *PEM_read_bio_Parameters(void *, void *)"),

    newSession: of<Unary>("void *SSL_new(void *)"),
    freeSession: of<Free>("void SSL_free(void *)"),
    setBios: of<(session: Pointer, input: Pointer, output: Pointer) => void>(
      "void SSL_set_bio(void *, void *, void *)",
    ),
    acceptState: of<Free>("void SSL_set_accept_state(void *)"),
    sessionControl: of<Ctl>("long SSL_ctrl(void *, int, long, void *)"),
    setSessionOptions: of<(session: Pointer, options: number) => bigint | number>(
      "uint64_t SSL_set_options(void *, uint64_t)",
    ),
    setSessionLevel: of<(session: Pointer, level: number) => void>("void SSL_set_security_level(void *, int)"),
    sessionCiphers: of<(session: Pointer, list: string) => number>("int SSL_set_cipher_list(void *, const char *)"),
    setVerify: of<(session: Pointer, mode: number, callback: Pointer) => void>(
      "void SSL_set_verify(void *, int, void *)",
    ),
    setIdContext: of<(session: Pointer, octets: Uint8Array, length: number) => number>(
      "int SSL_set_session_id_context(void *, const void *, unsigned int)",
    ),
    setTicketCallback: of<(session: Pointer, callback: Pointer, argument: null) => number>(
      "int SSL_set_session_ticket_ext_cb(void *, void *, void *)",
    ),
    setSecretCallback: of<(session: Pointer, callback: Pointer, argument: null) => number>(
      "int SSL_set_session_secret_cb(void *, void *, void *)",
    ),
    handshake: of<Number>("int SSL_do_handshake(void *)"),
    read: of<(session: Pointer, octets: Uint8Array, length: number) => number>("int SSL_read(void *, void *, int)"),
    write: of<(session: Pointer, octets: Uint8Array, length: number) => number>(
      "int SSL_write(void *, const void *, int)",
    ),
    outcome: of<(session: Pointer, returned: number) => number>("int SSL_get_error(void *, int)"),
    exportKeys: of<
      (
        session: Pointer,
        octets: Uint8Array,
        length: number,
        label: Uint8Array,
        labelLength: number,
        context: Uint8Array | null,
        contextLength: number,
        useContext: number,
      ) => number
    >("int SSL_export_keying_material(void *, void *, size_t, const void *, size_t, const void *, size_t, int)"),
    version: of<(session: Pointer) => string>("const char *SSL_get_version(void *)"),
    cipher: of<Unary>("void *SSL_get_current_cipher(void *)"),
    cipherName: of<(cipher: Pointer) => string>("const char *SSL_CIPHER_get_name(void *)"),
    cipherDigest: of<Unary>("void *SSL_CIPHER_get_handshake_digest(void *)"),
    digestSize: of<Number>("int EVP_MD_get_size(void *)"),
    clientRandom: of<Random>("size_t SSL_get_client_random(void *, void *, size_t)"),
    serverRandom: of<Random>("size_t SSL_get_server_random(void *, void *, size_t)"),
    ownFinished: of<Random>("size_t SSL_get_finished(void *, void *, size_t)"),
    peerFinished: of<Random>("size_t SSL_get_peer_finished(void *, void *, size_t)"),
    resumable: of<Unary>("void *SSL_get_session(void *)"),
    masterSecret: of<Random>("size_t SSL_SESSION_get_master_key(void *, void *, size_t)"),
    setData: of<(resumable: Pointer, octets: Uint8Array, length: number) => number>(
      "int SSL_SESSION_set1_ticket_appdata(void *, const void *, size_t)",
    ),
    data: of<(resumable: Pointer, octets: Pointer[], length: number[]) => number>(
      "int SSL_SESSION_get0_ticket_appdata(void *, _Out_ void **, _Out_ size_t *)",
    ),
    endInOrder: of<(session: Pointer, how: number) => void>("void SSL_set_shutdown(void *, int)"),
    wasResumed: of<Number>("int SSL_session_reused(void *)"),
    peer: of<Unary>("void *SSL_get0_peer_certificate(void *)"),
    verifyResult: of<Number>("long SSL_get_verify_result(void *)"),

    readPkcs12: of<(bio: Pointer, none: null) => Pointer>("void *d2i_PKCS12_bio(void *, void *)"),
    freePkcs12: of<Free>("void PKCS12_free(void *)"),
    parsePkcs12: of<
      (pkcs12: Pointer, passphrase: string, key: Pointer[], certificate: Pointer[], others: Pointer[]) => number
    >("int PKCS12_parse(void *, const char *, _Out_ void **, _Out_ void **, _Out_ void **)"),
    stackSize: of<Number>("int OPENSSL_sk_num(void *)"),
    stackItem: of<(stack: Pointer, index: number) => Pointer>("void *OPENSSL_sk_value(void *, int)"),
    freeStack: of<Free>("void OPENSSL_sk_free(void *)"),

    allocate: of<(length: number, file: string, line: number) => Pointer>(
      "void *CRYPTO_malloc(size_t, const char *, int)",
    ),
    copyOut: of<(target: Uint8Array, source: Pointer, length: number) => Pointer>(
      "void *memcpy(void *, const void *, size_t)",
    ),
    copyIn: of<(target: Pointer, source: Uint8Array, length: number) => Pointer>(
      "void *memcpy(void *, const void *, size_t)",
    ),
    nextError: of<() => number | bigint>("unsigned long ERR_get_error()"),
    errorText: of<(error: number | bigint) => string | null>("const char *ERR_reason_error_string(unsigned long)"),
    clearErrors: of<() => void>("void ERR_clear_error()"),
  };
};

export type OpenSsl = ReturnType<typeof load>;

let loaded: OpenSsl | Error | undefined;

/** @returns the error that says which symbol is missing where the process has no OpenSSL whose functions can be called by name */
export function loadOpenSsl(): OpenSsl | Error {
  if (loaded === undefined) {
    try {
      loaded = load();
    } catch (error) {
      loaded = error instanceof Error ? error : new Error(String(error));
    }
  }
  return loaded;
}

/** Octets of what OpenSSL owns; a copy. */
export function octetsAt(openssl: OpenSsl, address: Pointer, length: number): Uint8Array {
  const octets = new Uint8Array(length);
  if (address !== null && length > 0) openssl.copyOut(octets, address, length);
  return octets;
}

/** What is in a memory BIO, which is empty then. */
export function drain(openssl: OpenSsl, bio: Pointer): Uint8Array {
  const octets = new Uint8Array(openssl.pendingBio(bio));
  if (octets.length > 0) openssl.readBio(bio, octets, octets.length);
  return octets;
}

/** Calls with a memory BIO that holds the octets, and frees it. */
export function withBio<T>(openssl: OpenSsl, octets: Uint8Array, use: (bio: Pointer) => T): T {
  const bio = openssl.newBio(openssl.bioMemory());
  if (bio === null) throw new Error("OpenSSL is out of memory");
  try {
    if (octets.length > 0) openssl.writeBio(bio, octets, octets.length);
    return use(bio);
  } finally {
    openssl.freeBio(bio);
  }
}

/** The reasons in the thread's error queue, the first one first; it is empty then. */
export function takeErrors(openssl: OpenSsl): string[] {
  const reasons: string[] = [];
  for (let error = openssl.nextError(); Number(error) !== 0; error = openssl.nextError()) {
    const reason = openssl.errorText(error);
    if (reason !== null && reasons.length < 8) reasons.push(reason);
  }
  return reasons;
}

/** @throws ConfigurationError with OpenSSL's reasons unless `succeeded` */
export function must(openssl: OpenSsl, succeeded: boolean, what: string): void {
  const reasons = takeErrors(openssl);
  if (succeeded) return;
  throw new ConfigurationError(reasons.length === 0 ? what : `${what}: ${reasons.join(", ")}`);
}
