/** Certificates for an EAP server and a user of it, and TLS with them. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { ConfigurationError, messageOf } from "../src/base/errors.ts";
import { Log } from "../src/base/log.ts";
import { defaultBss } from "../src/config/settings.ts";
import { tlsEngine } from "../src/crypto/tls/engine.ts";
import { createTlsService, type EapTlsSettings, type ReloadableTlsService } from "../src/eap/tls/service.ts";
import { systemClock } from "../src/linux/clock.ts";
import { type Authority, createAuthority, type Issued } from "./certificates.ts";

/** An authority, the server's certificate and a user's, in a folder that goes with them. */
export interface Pki {
  readonly folder: string;
  readonly authority: Authority;
  readonly server: Issued;
  readonly user: Issued;
  remove(): void;
}

export function createPki(key: "ec" | "rsa" = "ec"): Pki {
  const folder = mkdtempSync(join(tmpdir(), "beacond-pki-"));
  const authority = createAuthority(join(folder, "ca"), "Test CA", key);
  return {
    folder,
    authority,
    server: authority.issue("radius.example.com", { key, alternativeName: "DNS:radius.example.com" }),
    user: authority.issue("user", { key, usage: "client", organization: "/C=FI/O=Example" }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** For all tests of a file or a suite: called where they are told, it goes when they are over. */
export function pkiForTests(key?: "ec" | "rsa"): Pki {
  const pki = createPki(key);
  after(() => pki.remove());
  return pki;
}

/** @throws ConfigurationError where the file can't be read */
export const readTestFile = (path: string): Uint8Array => {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (error) {
    throw new ConfigurationError(`can't read '${path}': ${messageOf(error)}`);
  }
};

/** TLS with the certificates of a {@link Pki} and settings by their names in the configuration. */
export function tlsServiceWith(
  pki: Pki,
  settings: Partial<EapTlsSettings> = {},
  log: (text: string) => void = () => undefined,
): ReloadableTlsService {
  return createTlsService(
    {
      ...defaultBss("test"),
      ca_cert: pki.authority.certificate,
      server_cert: pki.server.certificate,
      private_key: pki.server.key,
      ...settings,
    },
    { engine: tlsEngine(), read: readTestFile, clock: systemClock, log: new Log(({ text }) => log(text)) },
  );
}

/** The same, for all tests of a file or a suite. */
export function tlsServiceForTests(pki: Pki, settings: Partial<EapTlsSettings> = {}): ReloadableTlsService {
  const service = tlsServiceWith(pki, settings);
  after(() => service.close());
  return service;
}
