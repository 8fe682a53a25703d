/**
 * The files that TLS lives on: certificates, keys, authorities, revocation lists. What can't work is refused, what clients will not like is
 * warned of, each with what to do.
 */

import { textOf } from "../../base/bytes.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { type CertificateFacts, certificateFacts, readPrivateKey } from "../../crypto/backend/certificates.ts";
import { wipe } from "../../crypto/secret.ts";
import { looksLikePem, parsePem } from "../../crypto/tls/pem.ts";
import type { TlsEngine, TlsIdentity, TlsTrust } from "../../crypto/tls/port.ts";
import { revocationListTimes } from "../../crypto/tls/revocation-list.ts";

/** @throws ConfigurationError where it can't be read */
export type ReadFile = (path: string) => Uint8Array;

export interface Sources {
  readonly read: ReadFile;
  readonly engine: Pick<TlsEngine, "openPkcs12">;
  /** Seconds of UNIX time. */
  readonly now: number;
  /** Hears what clients will not like. */
  readonly warn: (text: string) => void;
}

/** A certificate and its key, as the configuration names them. */
export interface IdentityFiles {
  readonly certificate: string | undefined;
  readonly privateKey: string | undefined;
  readonly passphrase: Uint8Array | undefined;
  /** The configuration's keys that say so. */
  readonly named: { readonly certificate: string; readonly privateKey: string; readonly passphrase: string };
}

const serverAuthentication = "1.3.6.1.5.5.7.3.1";
const anyUsage = "2.5.29.37.0";

/** @returns undefined where neither key is set @throws ConfigurationError with what to do */
export function readIdentity(files: IdentityFiles, sources: Sources): TlsIdentity | undefined {
  const certificatePath = files.certificate;
  const keyPath = files.privateKey ?? certificatePath;
  if (keyPath === undefined) return undefined;
  const keyName = files.privateKey === undefined ? files.named.certificate : files.named.privateKey;
  if (certificatePath === undefined) return readBundle(files, keyPath, sources);

  const certificates = certificatesIn(sources.read(certificatePath), certificatePath);
  const [certificate, ...chain] = certificates;
  if (certificate === undefined) {
    throw new ConfigurationError(
      `there is no certificate in '${certificatePath}': ${files.named.certificate} wants PEM or DER`,
    );
  }
  const octets = sources.read(keyPath);
  const privateKey = readKey(octets, keyPath, keyName, files, sources);
  wipe(octets);
  return checkedIdentity({ certificate, chain, privateKey }, certificatePath, keyPath, sources);
}

function readKey(
  octets: Uint8Array,
  path: string,
  keyName: string,
  { passphrase, named }: IdentityFiles,
  { engine }: Sources,
): Uint8Array {
  const phrase = passphrase === undefined ? undefined : textOf(passphrase);
  const reading = readPrivateKey(octets, phrase);
  switch (reading.kind) {
    case "key":
      return reading.pkcs8;
    case "no-passphrase":
      throw new ConfigurationError(`the key in '${path}' is encrypted: ${named.passphrase} has to tell its passphrase`);
    case "wrong-passphrase":
      throw new ConfigurationError(`${named.passphrase} is not the passphrase of the key in '${path}'`);
    case "no-key": {
      const bundle = looksLikePem(octets) ? undefined : engine.openPkcs12(octets, phrase ?? "");
      if (bundle?.kind === "opened" && bundle.privateKey !== undefined) return pkcs8Of(bundle.privateKey, path);
      if (bundle?.kind === "refused")
        throw new ConfigurationError(bundleRefusal(path, bundle.reason, named.passphrase));
      throw new ConfigurationError(`there is no private key in '${path}': ${keyName} wants PEM, DER or PKCS #12`);
    }
  }
}

const bundleRefusal = (path: string, reason: string, passphrase: string): string =>
  /mac verify|mac/i.test(reason)
    ? `${passphrase} is not the passphrase of '${path}'`
    : `'${path}' can't be opened: ${reason}; where it is of an older program, have openssl pkcs12 make it anew`;

function pkcs8Of(key: Uint8Array, path: string): Uint8Array {
  const reading = readPrivateKey(key, undefined);
  wipe(key);
  if (reading.kind !== "key") throw new ConfigurationError(`the private key in '${path}' is of an unknown kind`);
  return reading.pkcs8;
}

/** PKCS #12, where server_cert is not set. */
function readBundle(files: IdentityFiles, path: string, sources: Sources): TlsIdentity {
  const octets = sources.read(path);
  const wanted = `${files.named.certificate} has to name the certificate, unless ${files.named.privateKey} is PKCS #12 with both`;
  const bundle = sources.engine.openPkcs12(octets, files.passphrase === undefined ? "" : textOf(files.passphrase));
  wipe(octets);
  if (bundle.kind === "not-pkcs12") throw new ConfigurationError(wanted);
  if (bundle.kind === "refused")
    throw new ConfigurationError(bundleRefusal(path, bundle.reason, files.named.passphrase));
  const [certificate, ...chain] = bundle.certificates;
  if (certificate === undefined || bundle.privateKey === undefined) {
    throw new ConfigurationError(`'${path}' has not both a certificate and its key`);
  }
  return checkedIdentity({ certificate, chain, privateKey: pkcs8Of(bundle.privateKey, path) }, path, path, sources);
}

function certificatesIn(octets: Uint8Array, path: string): Uint8Array[] {
  if (!looksLikePem(octets)) return certificateFacts(octets) === undefined ? [] : [octets];
  const found = parsePem(octets).filter(({ label }) => label === "CERTIFICATE" || label === "X509 CERTIFICATE");
  const broken = found.findIndex(({ der }) => certificateFacts(der) === undefined);
  if (broken >= 0) throw new ConfigurationError(`certificate ${broken + 1} in '${path}' is broken`);
  return found.map(({ der }) => der);
}

const nameOf = ({ subject }: CertificateFacts): string => subject.join(", ") || "without a name";

function checkedIdentity(identity: TlsIdentity, path: string, keyPath: string, { now, warn }: Sources): TlsIdentity {
  const facts = factsOf(identity.certificate, path);
  if (!facts.matches(identity.privateKey)) {
    wipe(identity.privateKey);
    throw new ConfigurationError(
      `the private key in '${keyPath}' is not that of the certificate in '${path}' (${nameOf(facts)}); the server's own certificate has to be the first one`,
    );
  }
  warnOfTimes(facts, `the server's certificate in '${path}'`, "clients will refuse it: get a new one", now, warn);
  if (facts.usages !== undefined && !facts.usages.includes(serverAuthentication) && !facts.usages.includes(anyUsage)) {
    warn(
      `the certificate in '${path}' is not for servers (extended key usage without serverAuth): most clients will refuse it; get one that is`,
    );
  }
  if (facts.hostNames.length === 0) {
    warn(
      `the certificate in '${path}' (${nameOf(facts)}) names no host (no DNS name in subjectAltName): clients that know the server by its domain, which Android insists on, will refuse it; get one that does`,
    );
  }
  return identity;
}

function factsOf(der: Uint8Array, path: string): CertificateFacts {
  const facts = certificateFacts(der);
  if (facts === undefined) throw new ConfigurationError(`a certificate in '${path}' is broken`);
  return facts;
}

const shownTime = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400);
  return days === 0 ? "less than a day" : `${days} day${days === 1 ? "" : "s"}`;
};

const soon = 14 * 86_400;

function warnOfTimes(
  facts: CertificateFacts,
  what: string,
  advice: string,
  now: number,
  warn: (text: string) => void,
): void {
  const { notBefore, notAfter } = facts;
  if (now > notAfter) warn(`${what} (${nameOf(facts)}) has expired, ${shownTime(now - notAfter)} ago; ${advice}`);
  else if (now < notBefore) {
    warn(
      `${what} (${nameOf(facts)}) is not valid for another ${shownTime(notBefore - now)}; look at the clock, or wait`,
    );
  } else if (notAfter - now < soon) {
    warn(`${what} (${nameOf(facts)}) expires in ${shownTime(notAfter - now)}; get a new one`);
  }
}

/**
 * The authorities from the one that has signed the server's certificate to the root, in order: those behind it in its file, then those of ca_cert. Says where a
 * client can't get to a root with them. The root goes along where it is known: whoever trusts a network at first sight, as phones do, pins it.
 */
export function withChain(
  identity: TlsIdentity,
  trust: TlsTrust,
  path: string,
  { warn }: Sources,
  /** The configuration's key that names the authorities' file. */
  named = "ca_cert",
): TlsIdentity {
  const others = [...identity.chain, ...trust.authorities].map((der) => ({ der, facts: factsOf(der, path) }));
  const chain: Uint8Array[] = [];
  let current = factsOf(identity.certificate, path);
  while (!current.isSelfSigned && chain.length < longestChain) {
    const next = others.find(({ facts }) => current.isIssuedBy(facts));
    if (next === undefined) {
      warn(
        `the certificate of '${current.issuer.join(", ")}', which has signed ${chain.length === 0 ? "the server's" : "another of the chain"}, is neither in '${path}' nor in ${named}: ` +
          "where it is no root that clients know, they will refuse the server; put it behind the server's own",
      );
      break;
    }
    chain.push(next.der);
    current = next.facts;
  }
  return { ...identity, chain };
}

const longestChain = 10;

/** @throws ConfigurationError with what to do */
export function readTrust(
  path: string | undefined,
  revocation: "unchecked" | "client" | "chain",
  strict: boolean,
  sources: Sources,
  /** The configuration's key that names the file. */
  named = "ca_cert",
): TlsTrust {
  const checks = revocation !== "unchecked";
  if (path === undefined) {
    if (checks)
      throw new ConfigurationError("check_crl needs the authority's certificate and its revocation list in ca_cert");
    return { authorities: [], revocationLists: [] };
  }
  const octets = sources.read(path);
  const authorities = certificatesIn(octets, path);
  if (authorities.length === 0)
    throw new ConfigurationError(`there is no certificate in '${path}': ${named} wants PEM or DER`);
  const revocationLists = parsePem(octets)
    .filter(({ label }) => label === "X509 CRL")
    .map(({ der }) => der);
  for (const der of authorities) {
    const facts = factsOf(der, path);
    warnOfTimes(
      facts,
      `the CA certificate in '${path}'`,
      "who has a certificate of its will be refused",
      sources.now,
      sources.warn,
    );
  }
  if (checks) warnOfLists(revocationLists, path, strict, sources);
  return { authorities, revocationLists };
}

function warnOfLists(lists: readonly Uint8Array[], path: string, strict: boolean, { now, warn }: Sources): void {
  if (lists.length === 0) {
    warn(
      `check_crl is set, and there is no revocation list in '${path}': every client's certificate will be refused; append one in PEM`,
    );
  }
  for (const list of lists) {
    const times = revocationListTimes(list);
    if (times === undefined) throw new ConfigurationError(`a revocation list in '${path}' is broken`);
    const { thisUpdate, nextUpdate } = times;
    const consequence = strict
      ? "clients will be refused until there is a newer one"
      : "check_crl_strict=0 uses it all the same";
    if (nextUpdate !== undefined && now > nextUpdate) {
      warn(`a revocation list in '${path}' is outdated since ${shownTime(now - nextUpdate)}: ${consequence}`);
    } else if (now < thisUpdate) {
      warn(`a revocation list in '${path}' is of ${shownTime(thisUpdate - now)} from now: look at the clock`);
    }
  }
}
