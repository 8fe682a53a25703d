/** What certificates and keys say about themselves, by node:crypto: no object here outlives a call. */

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { PeerCertificate } from "../tls/port.ts";

/** What there is to know of a certificate before it is used. */
export interface CertificateFacts {
  /** Attributes of the subject in order, `CN=radius.example.com`. */
  readonly subject: readonly string[];
  readonly issuer: readonly string[];
  readonly isSelfSigned: boolean;
  readonly isAuthority: boolean;
  /** Seconds of UNIX time. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** Object identifiers of what it may be used for; undefined where it doesn't say, which is for anything. RFC 5280, 4.2.1.12. */
  readonly usages: readonly string[] | undefined;
  /** DNS names of subjectAltName. RFC 5280, 4.2.1.6. */
  readonly hostNames: readonly string[];
  /** Whether that certificate's key may have signed this one, by the names. */
  isIssuedBy(issuer: CertificateFacts): boolean;
  /** @param privateKey DER, PKCS #8 */
  matches(privateKey: Uint8Array): boolean;
}

const lines = (text: string | undefined): readonly string[] => (text === undefined ? [] : text.split("\n"));

const known = new WeakMap<CertificateFacts, X509Certificate>();

/** @param der of one certificate @returns undefined where it is none */
export function certificateFacts(der: Uint8Array): CertificateFacts | undefined {
  const certificate = parse(der);
  if (certificate === undefined) return undefined;
  const facts: CertificateFacts = {
    subject: lines(certificate.subject),
    issuer: lines(certificate.issuer),
    isSelfSigned: certificate.checkIssued(certificate),
    isAuthority: certificate.ca,
    notBefore: Date.parse(certificate.validFrom) / 1000,
    notAfter: Date.parse(certificate.validTo) / 1000,
    usages: (certificate.keyUsage as readonly string[] | undefined) ?? undefined,
    hostNames: alternativeNamesOf(certificate).flatMap((name) => (name.startsWith("DNS:") ? [name.slice(4)] : [])),
    isIssuedBy(issuer) {
      const other = known.get(issuer);
      return other !== undefined && certificate.checkIssued(other);
    },
    matches: (privateKey) =>
      certificate.checkPrivateKey(createPrivateKey({ key: Buffer.from(privateKey), format: "der", type: "pkcs8" })),
  };
  known.set(facts, certificate);
  return facts;
}

const alternativeNamesOf = ({ subjectAltName }: X509Certificate): readonly string[] =>
  subjectAltName === undefined ? [] : subjectAltName.split(", ");

function parse(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(der));
  } catch {
    // OpenSSL has nothing to say about it that would help.
    return undefined;
  }
}

/** @param der a certificate that OpenSSL has read before */
export function describePeer(der: Uint8Array): {
  readonly peer: PeerCertificate;
  readonly rsaBits: number | undefined;
} {
  const certificate = new X509Certificate(Buffer.from(der));
  return {
    peer: {
      der,
      subject: lines(certificate.subject),
      alternativeNames: alternativeNamesOf(certificate),
      serial: certificate.serialNumber,
    },
    rsaBits:
      certificate.publicKey.asymmetricKeyType === "rsa"
        ? certificate.publicKey.asymmetricKeyDetails?.modulusLength
        : undefined,
  };
}

export type PrivateKeyReading =
  /** @property pkcs8 DER; wipe it */
  | { readonly kind: "key"; readonly pkcs8: Uint8Array }
  | { readonly kind: "no-key" }
  | { readonly kind: "no-passphrase" }
  | { readonly kind: "wrong-passphrase" };

/** @param octets PEM, or DER of PKCS #8, PKCS #1 or SEC 1 */
export function readPrivateKey(octets: Uint8Array, passphrase: string | undefined): PrivateKeyReading {
  const key = Buffer.from(octets);
  const isPem = key.includes("-----BEGIN ");
  const attempts = isPem
    ? [{ key, format: "pem" as const }]
    : (["pkcs8", "pkcs1", "sec1"] as const).map((type) => ({ key, format: "der" as const, type }));
  for (const attempt of attempts) {
    try {
      const read = createPrivateKey(passphrase === undefined ? attempt : { ...attempt, passphrase });
      return { kind: "key", pkcs8: Uint8Array.from(read.export({ format: "der", type: "pkcs8" })) };
    } catch {
      // Node's words tell a wrong passphrase from a wrong format by chance only; what is in the file tells more.
    }
  }
  if (!isEncrypted(key, isPem)) return { kind: "no-key" };
  return { kind: passphrase === undefined ? "no-passphrase" : "wrong-passphrase" };
}

/** Object identifiers of PBES2 and of the older PKCS #5 and PKCS #12 schemes, as DER has them. */
const encryptionSchemes = [
  [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d],
  [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01],
].map((octets) => Buffer.from(octets));

/** EncryptedPrivateKeyInfo begins with its scheme; PKCS #12 has such schemes too, further inside. */
const isEncrypted = (key: Buffer, isPem: boolean): boolean =>
  isPem ? key.includes("ENCRYPTED") : encryptionSchemes.some((scheme) => key.subarray(0, 24).includes(scheme));
