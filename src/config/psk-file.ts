/**
 * hostapd.wpa_psk: a line per password or key, `[keyid=NAME] [vlanid=N] [wps=0|1] MAC secret`. All zeros stand for any
 * station. `#` in the first column starts a comment. The secret is a passphrase of 8..63 octets or 64 hexadecimal digits.
 * Read octet by octet: a file may have 100,000 lines, and nothing else happens meanwhile.
 */

import { longestLine, mostProblems } from "./lines.ts";
import { nearest } from "./nearest.ts";
import { leadingInteger } from "./numbers.ts";
import { octetTextOf } from "./octets.ts";
import type { Problem } from "./problem.ts";
import { PskEntries, type PskSecret } from "./psk-entries.ts";

export interface ParsedPskFile {
  readonly entries: PskEntries;
  readonly problems: readonly Problem[];
}

const longestKeyId = 31;
const longestPassphrase = 63;
const options = ["keyid", "vlanid", "wps"] as const;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const hash = 0x23;
const equalsSign = 0x3d;
const colon = 0x3a;
const none = new Uint8Array();

/** A copy of every secret is in the result; nothing refers to `text` afterwards. */
export function parsePskFile(text: Uint8Array, file: string): ParsedPskFile {
  const entries = new PskEntries();
  const problems: Problem[] = [];
  const lineParser = new LineParser(entries, file, problems);
  let line = 0;
  for (let start = 0; start < text.length && problems.length < mostProblems; ) {
    const found = text.indexOf(newline, start);
    const end = found === -1 ? text.length : found;
    line += 1;
    if (end > start && text[start] !== hash) lineParser.parse(text.subarray(start, end), line);
    start = end + 1;
  }
  return { entries: entries.seal(), problems };
}

type Complaint = Pick<Problem, "message"> & Partial<Pick<Problem, "hostapd" | "fix" | "severity">>;

class LineParser {
  readonly #address = new Uint8Array(6);
  #bytes: Uint8Array = none;
  #line = 0;

  constructor(
    readonly entries: PskEntries,
    readonly file: string,
    readonly problems: Problem[],
  ) {}

  parse(whole: Uint8Array, line: number): void {
    this.#line = line;
    this.#bytes = this.#clipped(whole);
    const bytes = this.#bytes;
    let keyId: Uint8Array = none;
    let vlanId = 0;
    let wps = false;
    let at = 0;
    let end = 0;
    for (;;) {
      while (bytes[at] === space) at += 1;
      end = at;
      let equals = -1;
      for (; end < bytes.length && bytes[end] !== space; end++)
        if (equals < 0 && bytes[end] === equalsSign) equals = end;
      if (equals < 0) break;
      const name = octetTextOf(bytes.subarray(at, equals));
      const value = bytes.subarray(equals + 1, end);
      switch (name) {
        case "keyid":
          if (value.length > longestKeyId) {
            return this.#complain(equals + 1, end, {
              message: `a keyid has at most ${longestKeyId} octets, this one has ${value.length}`,
              hostapd: "PSK keyid too long",
            });
          }
          keyId = value;
          break;
        case "vlanid":
          vlanId = this.#number(equals + 1, end, "a VLAN ID is a number from 1 to 4094, 0 is none", 0, 4094);
          break;
        case "wps":
          wps = this.#number(equals + 1, end, "wps is 0 or 1", 0, 1) !== 0;
          break;
        default: {
          const meant = nearest(name.toLowerCase(), options) ?? (/^vlan$/i.test(name) ? "vlanid" : undefined);
          // the token may be a passphrase that lost its address
          return this.#complain(at, meant === undefined ? end : equals, {
            message: "keyid=, vlanid=, wps= or a MAC address is wanted here",
            hostapd: "Unrecognized '[REMOVED]'",
            ...(meant === undefined ? {} : { fix: meant }),
          });
        }
      }
      at = end;
    }
    if (!this.#readAddress(at, end)) return this.#complainOfAddress(at, end);
    const given = bytes.subarray(end + 1);
    if (given.length === 0) {
      return this.#complain(at, bytes.length, { message: "the passphrase or key is missing", hostapd: "No PSK" });
    }
    const secret = secretOf(given);
    if (secret === undefined) return this.#complainOfSecret(end + 1, given);
    this.#warnOfBlanks(end + 1, given);
    this.entries.add({ station: this.#address, keyId, secret, vlanId, wps, line });
  }

  /** An octet 0 ends its line's text, as it does in C. */
  #clipped(whole: Uint8Array): Uint8Array {
    const nul = whole.indexOf(0);
    const length = Math.min(nul === -1 ? whole.length : nul, longestLine);
    if (length < whole.length) {
      const message = nul === length ? "an octet 0 ends the line: the rest of it is left out" : "the line is cut here";
      this.#bytes = whole;
      this.#complain(length, length + 1, { message, severity: "warning" });
    }
    return whole.subarray(0, length);
  }

  #readAddress(at: number, end: number): boolean {
    const bytes = this.#bytes;
    if (end - at < 17) return false;
    for (let i = 0; i < 6; i++) {
      const place = at + 3 * i;
      const high = hexDigit(bytes[place] ?? 0);
      const low = hexDigit(bytes[place + 1] ?? 0);
      if (high < 0 || low < 0 || (i < 5 && bytes[place + 2] !== colon)) return false;
      this.#address[i] = (high << 4) | low;
    }
    return true;
  }

  /** hostapd takes what C's atoi makes of it, and so do we. */
  #number(start: number, end: number, wanted: string, least: number, greatest: number): number {
    const { value, clean } = leadingInteger(octetTextOf(this.#bytes.subarray(start, end)));
    if (!clean || value < least || value > greatest) {
      this.#complain(start, end, { message: `${wanted}; it counts as ${value}`, severity: "warning" });
    }
    return value;
  }

  #complainOfAddress(at: number, end: number): void {
    const token = octetTextOf(this.#bytes.subarray(at, end));
    // without its separators it might be a passphrase, which no message may repeat
    const pairs = /^([0-9a-f]{2})([-.])(?:[0-9a-f]{2}\2){4}[0-9a-f]{2}$/i.test(token) ? token.split(/[-.]/) : undefined;
    this.#complain(at, end, {
      message: "a MAC address is wanted here, six pairs of hexadecimal digits with colons between them",
      hostapd: "Invalid MAC address '[REMOVED]'",
      ...(pairs === undefined ? {} : { fix: pairs.join(":") }),
    });
  }

  #complainOfSecret(at: number, given: Uint8Array): void {
    const isCut = given.length > longestPassphrase && given.at(-1) === carriageReturn;
    const message = isCut
      ? `the carriage return at the end of the line counts: ${given.length} octets. Write the file with UNIX line ends`
      : given.length === 64
        ? "64 octets are a key only where all are hexadecimal digits, and a passphrase has at most 63"
        : `${given.length} octets are neither a passphrase of 8..63 octets nor a key of 64 hexadecimal digits`;
    this.#complain(at, at + given.length, { message, hostapd: "Invalid PSK '[REMOVED]'" });
  }

  /** They belong to the passphrase, which hardly anybody means. */
  #warnOfBlanks(at: number, given: Uint8Array): void {
    const last = given.at(-1);
    if (given.length === 64 || (last !== carriageReturn && last !== space && given[0] !== space)) return;
    const [what, place] =
      last === carriageReturn
        ? ["carriage return at the end", given.length - 1]
        : last === space
          ? ["blank at the end", given.length - 1]
          : ["blank at the beginning", 0];
    const message = `the passphrase includes the ${what}`;
    this.#complain(at + place, at + place + 1, { message, severity: "warning" });
  }

  #complain(at: number, end: number, { message, hostapd, fix, severity = "error" }: Complaint): void {
    this.problems.push({
      severity,
      file: this.file,
      line: this.#line,
      column: at + 1,
      length: Math.max(1, end - at),
      message,
      ...(fix === undefined ? {} : { fix }),
      ...(hostapd === undefined ? {} : { hostapd: `${hostapd} on line ${this.#line} in '${this.file}'` }),
    });
  }
}

function secretOf(given: Uint8Array): PskSecret | undefined {
  if (given.length === 64) {
    const key = keyOf(given);
    return key && { type: "psk", octets: key };
  }
  return given.length >= 8 && given.length <= longestPassphrase ? { type: "passphrase", octets: given } : undefined;
}

function keyOf(digits: Uint8Array): Uint8Array | undefined {
  const key = new Uint8Array(digits.length / 2);
  for (let i = 0; i < key.length; i++) {
    const high = hexDigit(digits[2 * i] ?? 0);
    const low = hexDigit(digits[2 * i + 1] ?? 0);
    if (high < 0 || low < 0) return undefined;
    key[i] = (high << 4) | low;
  }
  return key;
}

/** @returns -1 where it is none */
function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
