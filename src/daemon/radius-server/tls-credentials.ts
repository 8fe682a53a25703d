/** What RADIUS over TLS shows and believes, read from the files of the settings, and read again where they may have changed. */

import type { Clock } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { sameValue } from "../../base/same-value.ts";
import type { BssSettings } from "../../config/registry.ts";
import { wipe } from "../../crypto/secret.ts";
import { tlsEngine } from "../../crypto/tls/engine.ts";
import { encodePem } from "../../crypto/tls/pem.ts";
import { readIdentity, readTrust, withChain } from "../../eap/tls/credentials.ts";
import type { TlsServerCredentials } from "../../linux/tls-server.ts";
import { files } from "../read-configuration.ts";

/** A renewed certificate is in use after so long, without anybody's doing. */
const readInterval = seconds(60);

const tlsKeys = [
  "radius_server_tls_cert",
  "radius_server_tls_private_key",
  "radius_server_tls_private_key_passwd",
  "radius_server_tls_ca_cert",
] as const satisfies readonly (keyof BssSettings)[];

export class CredentialFiles {
  #settings: BssSettings;
  #inUse: TlsServerCredentials;
  #readAt: Duration;

  /** @throws ConfigurationError with what to do, where a file is missing or wrong */
  constructor(
    settings: BssSettings,
    readonly parts: { readonly clock: Clock; readonly log: Log },
  ) {
    this.#settings = settings;
    this.#inUse = this.#read(settings);
    this.#readAt = parts.clock.now();
  }

  /** The same object as long as they are the same. */
  get current(): TlsServerCredentials {
    if (since(this.parts.clock, this.#readAt) >= readInterval) this.#readAgain();
    return this.#inUse;
  }

  /** @throws ConfigurationError where other files are named, and are wrong; those from before stay in use then */
  use(settings: BssSettings): void {
    if (tlsKeys.every((key) => sameValue(settings[key], this.#settings[key]))) return this.#readAgain();
    this.#take(this.#read(settings, this.#inUse));
    this.#settings = settings;
  }

  #readAgain(): void {
    this.#readAt = this.parts.clock.now();
    try {
      this.#take(this.#read(this.#settings, this.#inUse));
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      this.parts.log.error(`RADIUS over TLS: the certificates from before stay in use: ${messageOf(thrown)}`);
    }
  }

  #take(read: TlsServerCredentials): void {
    if (!sameValue(read, this.#inUse)) this.#inUse = read;
  }

  /** @param before what was read the last time */
  #read(settings: BssSettings, before?: TlsServerCredentials): TlsServerCredentials {
    const { radius_server_tls_cert: certificate, radius_server_tls_private_key: privateKey } = settings;
    const { clock, log } = this.parts;
    const warnings: string[] = [];
    const sources = {
      read: files,
      engine: tlsEngine(),
      now: clock.unixTime(),
      warn: (text: string) => void warnings.push(text),
    };
    const named = {
      certificate: "radius_server_tls_cert",
      privateKey: "radius_server_tls_private_key",
      passphrase: "radius_server_tls_private_key_passwd",
    };
    const passphrase = settings.radius_server_tls_private_key_passwd;
    const identity = readIdentity({ certificate, privateKey, passphrase, named }, sources);
    if (!identity) throw new ConfigurationError(`${named.certificate} is missing`);
    const authorities = "radius_server_tls_ca_cert";
    const trust = readTrust(settings[authorities], "unchecked", false, sources, authorities);
    const { chain } = withChain(identity, trust, certificate ?? privateKey ?? "", sources, authorities);
    const pem = (label: string) => (der: Uint8Array) => encodePem({ label, der });
    const credentials = {
      certificates: [identity.certificate, ...chain].map(pem("CERTIFICATE")),
      privateKey: pem("PRIVATE KEY")(identity.privateKey),
      authorities: trust.authorities.map(pem("CERTIFICATE")),
      revocationLists: trust.revocationLists.map(pem("X509 CRL")),
    };
    wipe(identity.privateKey);
    // What was said of these files when they were read first is no news.
    if (!sameValue(credentials, before)) for (const each of warnings) log.warning(`RADIUS over TLS: ${each}`);
    return credentials;
  }
}
