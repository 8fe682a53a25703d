/** TLS as the configuration wants it: one context for all conversations, made anew where its files have changed. */

import { sameBytes } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { BssSettings } from "../../config/registry.ts";
import { hash } from "../../crypto/backend/node.ts";
import { wipe } from "../../crypto/secret.ts";
import type {
  TlsEngine,
  TlsServerContext,
  TlsServerSettings,
  TlsSession,
  TlsSessionSettings,
  TlsVersion,
} from "../../crypto/tls/port.ts";
import { type ReadFile, readIdentity, readTrust, type Sources, withChain } from "./credentials.ts";
import { subjectMatcher } from "./subject-match.ts";

/** The keys of the configuration that TLS is made from. */
export const eapTlsKeys = [
  "ca_cert",
  "server_cert",
  "private_key",
  "private_key_passwd",
  "server_cert2",
  "private_key2",
  "private_key_passwd2",
  "check_cert_subject",
  "check_crl",
  "check_crl_strict",
  "crl_reload_interval",
  "tls_session_lifetime",
  "tls_flags",
  "ocsp_stapling_response",
  "dh_file",
  "openssl_ciphers",
  "openssl_ecdh_curves",
  "fragment_size",
] as const satisfies readonly (keyof BssSettings)[];

export type EapTlsSettings = Pick<BssSettings, (typeof eapTlsKeys)[number]>;

export interface TlsServices {
  readonly engine: TlsEngine;
  readonly read: ReadFile;
  readonly clock: Clock;
  readonly log: Log;
}

/** What methods over TLS ask for. */
export interface TlsService {
  session(settings: TlsSessionSettings): TlsSession;
  /** Most octets of Type-Data in a request. */
  readonly fragmentLimit: number;
  /** Whether sessions may be resumed. */
  readonly resumes: boolean;
}

export interface ReloadableTlsService extends TlsService {
  /** Reads the files again. What is wrong with them is logged, and what was there before goes on. @returns whether they are good */
  reload(): boolean;
  /** Conversations that run go on. */
  close(): void;
}

const defaultFragmentLimit = 1398;

/** @throws ConfigurationError with what to do, where a file is missing or wrong */
export function createTlsService(settings: EapTlsSettings, services: TlsServices): ReloadableTlsService {
  return new Service(settings, services);
}

/** What a context is made from, to see whether it is another. */
interface Made {
  readonly context: TlsServerContext;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

class Service implements ReloadableTlsService {
  readonly fragmentLimit: number;
  readonly resumes: boolean;
  #made: Made;
  #readAt: Duration;

  constructor(
    readonly settings: EapTlsSettings,
    readonly services: TlsServices,
  ) {
    this.fragmentLimit = settings.fragment_size > 0 ? settings.fragment_size : defaultFragmentLimit;
    this.resumes = settings.tls_session_lifetime > 0;
    this.#readAt = services.clock.now();
    this.#made = this.#make();
  }

  session(settings: TlsSessionSettings): TlsSession {
    const { check_crl, crl_reload_interval } = this.settings;
    const age = this.services.clock.now() - this.#readAt;
    if (check_crl !== "unchecked" && crl_reload_interval > 0 && age >= seconds(crl_reload_interval)) this.reload();
    return this.#made.context.session(settings);
  }

  reload(): boolean {
    this.#readAt = this.services.clock.now();
    try {
      const before = this.#made;
      const made = this.#make(before);
      if (made !== before) {
        this.#made = made;
        before.context.close();
        this.services.log.info("EAP server: certificates and revocation lists read again");
      }
      return true;
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      this.services.log.error(`EAP server: the certificates from before stay in use: ${messageOf(thrown)}`);
      return false;
    }
  }

  close(): void {
    this.#made.context.close();
  }

  /** @returns `before` where the files are the same */
  #make(before?: Made): Made {
    const { engine, clock, log } = this.services;
    const files = new Map<string, Uint8Array>();
    const digests = new Map<string, Uint8Array>();
    const read: ReadFile = (path) => {
      const octets = files.get(path) ?? this.services.read(path);
      files.set(path, octets);
      digests.set(path, hash("sha256", octets));
      return octets.slice();
    };
    const warnings: string[] = [];
    const sources: Sources = { read, engine, now: clock.unixTime(), warn: (text) => warnings.push(text) };
    try {
      const made = serverSettingsOf(this.settings, sources, this.services.read);
      if (before !== undefined && sameFiles(before.files, digests)) {
        for (const { privateKey } of made.identities) wipe(privateKey);
        return before;
      }
      for (const warning of warnings) log.warning(`EAP server: ${warning}`);
      const context = engine.server(made);
      // OpenSSL has a copy of its own.
      for (const { privateKey } of made.identities) wipe(privateKey);
      return { context, files: digests };
    } finally {
      wipe(...files.values());
    }
  }
}

function sameFiles(a: ReadonlyMap<string, Uint8Array>, b: ReadonlyMap<string, Uint8Array>): boolean {
  return a.size === b.size && [...a].every(([path, octets]) => sameBytes(octets, b.get(path) ?? new Uint8Array()));
}

const versionNames: readonly TlsVersion[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const flagNumber = (version: TlsVersion): string => (version === "TLSv1" ? "TLSv1.0" : version);

/** @param readLater for what is read while the server runs */
function serverSettingsOf(settings: EapTlsSettings, sources: Sources, readLater: ReadFile): TlsServerSettings {
  const has = (flag: string): boolean => settings.tls_flags.includes(`[${flag}]`);
  const trust = readTrust(settings.ca_cert, settings.check_crl, settings.check_crl_strict, sources);
  const files = [
    {
      certificate: settings.server_cert,
      privateKey: settings.private_key,
      passphrase: settings.private_key_passwd,
      named: { certificate: "server_cert", privateKey: "private_key", passphrase: "private_key_passwd" },
    },
    {
      certificate: settings.server_cert2,
      privateKey: settings.private_key2,
      passphrase: settings.private_key_passwd2,
      named: { certificate: "server_cert2", privateKey: "private_key2", passphrase: "private_key_passwd2" },
    },
  ];
  const identities = files.flatMap((of) => {
    const identity = readIdentity(of, sources);
    return identity === undefined ? [] : [withChain(identity, trust, of.certificate ?? of.privateKey ?? "", sources)];
  });
  const oldest =
    versionNames.find((version) => has(`ENABLE-${flagNumber(version)}`) && version !== "TLSv1.3") ?? "TLSv1.2";
  const excluded = new Set(versionNames.filter((version) => has(`DISABLE-${flagNumber(version)}`)));
  if (has("ENABLE-TLSv1.3")) excluded.delete("TLSv1.3");
  else excluded.add("TLSv1.3");
  if (versionNames.slice(versionNames.indexOf(oldest)).every((version) => excluded.has(version))) {
    throw new ConfigurationError("tls_flags leave no version of TLS: [ENABLE-TLSv1.3] or TLS 1.2 has to stay");
  }
  const suiteB = has("SUITEB") || has("SUITEB-NO-ECDH");
  const { check_cert_subject: pattern, ocsp_stapling_response: ocspPath } = settings;
  const matches = pattern === undefined ? undefined : subjectMatcher(pattern);
  return {
    identities,
    trust,
    revocation: settings.check_crl,
    strictLists: settings.check_crl_strict,
    ignoreTimes: has("DISABLE-TIME-CHECKS"),
    oldest: suiteB ? "TLSv1.2" : oldest,
    excluded,
    ciphers: settings.openssl_ciphers ?? (suiteB ? suiteBCiphers(has("SUITEB-NO-ECDH")) : undefined),
    groups: settings.openssl_ecdh_curves || (suiteB && !has("SUITEB-NO-ECDH") ? "P-384" : undefined),
    signatureAlgorithms: suiteB ? suiteBSignatures(excluded.has("TLSv1.3")) : undefined,
    dhParameters: settings.dh_file === undefined ? undefined : sources.read(settings.dh_file),
    sessionLifetime: settings.tls_session_lifetime,
    accepts: matches === undefined ? undefined : ({ subject }) => matches(subject),
    leastRsaBits: suiteB ? 3072 : 0,
    ocspResponse: ocspPath === undefined ? undefined : () => readLater(ocspPath),
  };
}

/** Of WPA3-Enterprise's 192-bit mode, with RSA. */
const suiteBCiphers = (withoutEcdh: boolean): string =>
  withoutEcdh ? "DHE-RSA-AES256-GCM-SHA384" : "ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES256-GCM-SHA384";
const suiteBSignatures = (isOld: boolean): string =>
  isOld ? "RSA+SHA384" : "RSA+SHA384:ecdsa_secp384r1_sha384:rsa_pss_rsae_sha384";
