/**
 * Clients of the RADIUS server (`radius_server_clients`): a line for each, `ADDRESS[/PREFIX] SECRET`, of IPv4 or IPv6. The first line that an
 * address fits counts. `#` in the first column starts a comment.
 */

import { parseIpAddress, unmappedIpAddress } from "../base/ip-address.ts";
import { fileLines, mostProblems } from "./lines.ts";
import { namedFile } from "./named-file.ts";
import { octetsOf } from "./octets.ts";
import type { Problem } from "./problem.ts";

export interface RadiusClient {
  /** 4 octets or 16, with zeros behind the prefix. */
  readonly address: Uint8Array;
  /** In bits. */
  readonly prefixLength: number;
  readonly secret: Uint8Array;
}

export interface RadiusClients {
  readonly path: string;
  /** In the order of the file. */
  readonly clients: readonly RadiusClient[];
}

export interface ParsedRadiusClients {
  readonly clients: readonly RadiusClient[];
  readonly problems: readonly Problem[];
}

export function parseRadiusClients(text: Uint8Array, file: string): ParsedRadiusClients {
  const clients: RadiusClient[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, number>();
  for (const { line, text: source, cut } of fileLines(text)) {
    if (source.startsWith("#")) continue;
    if (problems.length >= mostProblems) break;
    // Never with the line itself: a secret is in it.
    const found = (severity: Problem["severity"], at: number, length: number, message: string): void => {
      const hostapd = severity === "error" ? { hostapd: `RADIUS SRV: Invalid line ${line} in '${file}'` } : {};
      problems.push({ severity, file, line, column: at + 1, length: Math.max(1, length), message, ...hostapd });
    };
    const [, address = "", slash, prefix = "", gap = "", secret = ""] =
      /^([0-9a-fA-F.:]*)(\/?)(\d*)([ \t]*)(.*)$/s.exec(source) ?? [];
    const parsed = parseIpAddress(address)?.octets;
    if (!parsed) {
      const length = /^\S*/.exec(source)?.[0].length ?? 0;
      found("error", 0, length, "an IP address has to stand first, without a name or an interface");
      continue;
    }
    const prefixAt = address.length + 1;
    const bits = parsed.length * 8;
    const prefixLength = slash === "" ? bits : Number(prefix || Number.NaN);
    if (!(prefixLength <= bits)) {
      found("error", prefixAt, prefix.length, `behind the slash stands the length of the prefix, 0..${bits}`);
      continue;
    }
    if (gap === "" || secret === "") {
      found("error", source.length - secret.length, secret.length, "a blank and the shared secret are missing here");
      continue;
    }
    if (cut !== "no") found("warning", source.length - 1, 1, "the rest of the line is left out");
    const last = secret.at(-1) ?? "";
    if (/[\s]/.test(last)) {
      const what = last === "\r" ? "a carriage return: write the file with UNIX line ends" : "a blank";
      found("warning", source.length - 1, 1, `the secret ends with ${what}`);
    }
    const client = settled(parsed, prefixLength, octetsOf(secret));
    const key = `${client.address.join(".")}/${client.prefixLength}`;
    const earlier = seen.get(key);
    if (earlier !== undefined) found("warning", 0, address.length, `line ${earlier} has this address, and counts`);
    else seen.set(key, line);
    clients.push(client);
  }
  return { clients, problems };
}

function settled(address: Uint8Array, prefixLength: number, secret: Uint8Array): RadiusClient {
  const plain = prefixLength >= 96 ? unmappedIpAddress(address) : address;
  const length = prefixLength - (address.length - plain.length) * 8;
  return { address: maskedAddress(plain, length), prefixLength: length, secret };
}

/** With zeros behind the prefix. */
export function maskedAddress(address: Uint8Array, prefixLength: number): Uint8Array {
  return address.map((octet, i) => octet & (0xff00 >> Math.min(8, Math.max(0, prefixLength - 8 * i))));
}

/** The value is the file's name; its contents come along. */
export const radiusClientsFile = namedFile<RadiusClients>(
  (contents, path) => {
    const { clients, problems } = parseRadiusClients(contents, path);
    return { value: { path, clients }, problems };
  },
  { hostapd: (path) => `RADIUS SRV: Could not open client file '${path}'` },
);
