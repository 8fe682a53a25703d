/** What an authority was made with, and the names that may be in certificates. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, messageOf } from "../../base/errors.ts";

export interface PkiSettings {
  readonly domain: string;
  readonly ssid: string;
  readonly organization: string;
  readonly key: "ec" | "rsa";
}

const file = "pki.json";

export const settingsText = (settings: PkiSettings): string => `${JSON.stringify(settings, undefined, 2)}\n`;

/** @throws ConfigurationError where there is no authority */
export function readSettings(folder: string): PkiSettings {
  try {
    const found: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
    if (isSettings(found)) return found;
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    throw new ConfigurationError(
      isMissing
        ? `there is no authority in '${folder}': beacon pki init makes one, --dir names another place`
        : `the authority in '${folder}' can't be read: ${messageOf(thrown)}`,
    );
  }
  throw new ConfigurationError(`'${join(folder, file)}' is not what beacon pki init has written`);
}

const isSettings = (found: unknown): found is PkiSettings =>
  typeof found === "object" &&
  found !== null &&
  "domain" in found &&
  "ssid" in found &&
  "organization" in found &&
  "key" in found &&
  typeof found.domain === "string" &&
  typeof found.ssid === "string" &&
  typeof found.organization === "string" &&
  (found.key === "ec" || found.key === "rsa");

export const settingsFile = file;

/** @returns what is wrong, in words */
export function complaintOfDomain(name: string): string | undefined {
  const isDomain = /^(?=.{1,64}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(name);
  return isDomain ? undefined : `'${name}' is no domain name, such as radius.example.org`;
}

/** A folder, an identity and the name in a certificate at once. */
export function complaintOfClient(name: string): string | undefined {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,62}$/u.test(name) && Buffer.byteLength(name) <= 64
    ? undefined
    : "a name has up to 64 letters, digits, and . _ @ + - in between";
}

/** openssl's configuration would take some characters for its own. */
export function complaintOfOrganization(name: string): string | undefined {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._@&'()+,-]{0,62}$/u.test(name) && Buffer.byteLength(name) <= 64
    ? undefined
    : "an organization's name has up to 64 letters, digits, blanks and . _ @ & ' ( ) + , -";
}
