/**
 * hostapd.wpa_psk: a line per password or key, `[keyid=NAME] [vlanid=N] [wps=0|1] MAC secret`. All zeros stand for any
 * station. `#` in the first column starts a comment. The secret is a passphrase of 8..63 octets or 64 hexadecimal digits.
 */

import { bytesOfHex } from "../base/bytes.ts";
import { type MacAddress, parseMacAddress, zeroAddress } from "../base/mac-address.ts";
import { type FileLine, fileLines, mostProblems } from "./lines.ts";
import { leadingInteger } from "./numbers.ts";
import { type OctetText, octetsOf, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";

export type PskSecret =
  /** 8..63 octets; the key follows from it and the SSID. */
  | { readonly type: "passphrase"; readonly octets: Uint8Array }
  /** 32 octets. */
  | { readonly type: "psk"; readonly octets: Uint8Array };

export interface PskEntry {
  /** undefined for any station. */
  readonly station: MacAddress | undefined;
  readonly secret: PskSecret;
  readonly keyId: string | undefined;
  /** 0 for none. */
  readonly vlanId: number;
  /** It was given out by Wi-Fi Protected Setup. */
  readonly wps: boolean;
  /** From 1, for messages about it. */
  readonly line: number;
}

export interface ParsedPskFile {
  /** In the file's order; hostapd tries the last first. */
  readonly entries: readonly PskEntry[];
  readonly problems: readonly Problem[];
}

const longestKeyId = 31;

export function parsePskFile(text: Uint8Array, file: string): ParsedPskFile {
  const entries: PskEntry[] = [];
  const problems: Problem[] = [];
  for (const line of fileLines(text)) {
    if (line.text === "" || line.text.startsWith("#")) continue;
    if (problems.length >= mostProblems) break;
    const parsed = parseLine(line);
    if ("entry" in parsed) {
      entries.push(parsed.entry);
      continue;
    }
    const { wrong, at, length, hostapd } = parsed;
    problems.push({
      severity: "error",
      file,
      line: line.line,
      column: at + 1,
      length: Math.max(1, length),
      message: wrong,
      hostapd: `${hostapd} on line ${line.line} in '${file}'`,
    });
  }
  return { entries, problems };
}

interface Wrong {
  readonly wrong: string;
  readonly at: number;
  readonly length: number;
  readonly hostapd: string;
}

function parseLine({ line, text }: FileLine): { readonly entry: PskEntry } | Wrong {
  let keyId: string | undefined;
  let vlanId = 0;
  let wps = false;
  let at = 0;
  for (;;) {
    at += /^ */.exec(text.slice(at))?.[0].length ?? 0;
    const token = /^[^ ]*/.exec(text.slice(at))?.[0] ?? "";
    const equals = token.indexOf("=");
    if (equals === -1) break;
    const name = token.slice(0, equals);
    const value = token.slice(equals + 1);
    const where = { at, length: token.length };
    switch (name) {
      case "keyid":
        if (value.length > longestKeyId) {
          return { ...where, wrong: `a keyid has at most ${longestKeyId} octets`, hostapd: "PSK keyid too long" };
        }
        keyId = readable(value);
        break;
      case "vlanid":
        vlanId = leadingInteger(value).value;
        break;
      case "wps":
        wps = leadingInteger(value).value !== 0;
        break;
      default:
        // the token may be a passphrase that lost its address
        return {
          ...where,
          wrong: "keyid=, vlanid=, wps= or a MAC address is wanted here",
          hostapd: "Unrecognized '[REMOVED]'",
        };
    }
    at += token.length;
  }
  const token = /^[^ ]*/.exec(text.slice(at))?.[0] ?? "";
  const address = token[2] === ":" ? parseMacAddress(token.slice(0, 17)) : undefined;
  if (address === undefined) {
    return {
      at,
      length: token.length,
      wrong: "a MAC address is wanted here",
      hostapd: "Invalid MAC address '[REMOVED]'",
    };
  }
  const start = at + token.length + 1;
  const given = text.slice(start);
  if (given === "")
    return { at, length: text.length - at, wrong: "the passphrase or key is missing", hostapd: "No PSK" };
  const secret = secretOf(given);
  if (secret === undefined) {
    const wrong = `${given.length} octets are neither a passphrase of 8..63 octets nor a key of 64 hexadecimal digits`;
    return { at: start, length: given.length, wrong, hostapd: "Invalid PSK '[REMOVED]'" };
  }
  const station = address === zeroAddress ? undefined : address;
  return { entry: { station, secret, keyId, vlanId, wps, line } };
}

function secretOf(text: OctetText): PskSecret | undefined {
  const psk = text.length === 64 ? bytesOfHex(text) : undefined;
  if (psk !== undefined) return { type: "psk", octets: psk };
  return text.length >= 8 && text.length <= 63 ? { type: "passphrase", octets: octetsOf(text) } : undefined;
}
