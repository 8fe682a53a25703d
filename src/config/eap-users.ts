/**
 * hostapd.eap_user: a line for each user, `"identity" METHODS [secret] [2]`, in the order in which they count. `"prefix"*` is whoever's
 * identity begins so, `*` whoever else. The secret is `"password"`, `hash:` and an NT hash, `ssha1:`, `ssha256:`, `ssha512:` and a salted
 * hash, or hexadecimal digits. `[2]` marks users inside a tunnel, `[ver=0]` and `[ver=1]` the version of PEAP. Lines that begin with
 * `radius_accept_attr=` belong to the user before them. `#` in the first column starts a comment.
 */

import { bytesOfHex } from "../base/bytes.ts";
import { eapTypes, sameEapType } from "../wire/eap/types.ts";
import { type MethodList, parseMethods } from "./eap-methods.ts";
import type { EapCredential, UserAttribute } from "./eap-user.ts";
import { type EapUserPattern, type EapUserProfile, EapUserTable } from "./eap-user-table.ts";
import { isRefused, type Kind } from "./kinds.ts";
import { fileLines, mostProblems } from "./lines.ts";
import { parseNamedFile } from "./named-file.ts";
import { type OctetText, octetsOf, octetTextOf, octetTextOfString, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";
import { parseRadiusAttribute } from "./radius-attribute.ts";

export interface ParsedEapUsers {
  readonly users: EapUserTable;
  readonly problems: readonly Problem[];
}

const attributePrefix = "radius_accept_attr=";

export function parseEapUsers(contents: Uint8Array, file: string): ParsedEapUsers {
  const users = new EapUserTable(contents);
  const problems: Problem[] = [];
  const lineOfEntry: number[] = [];
  const parser = new LineParser(file, problems);
  let hasUser = false;
  for (const { line, text, cut } of fileLines(contents)) {
    if (problems.length >= mostProblems) break;
    if (text === "" || text.startsWith("#")) continue;
    parser.take(line, text);
    if (cut !== "no") {
      parser.tell({ at: text.length, length: 1, message: "the rest of the line is left out", severity: "warning" });
    }
    if (hasUser && text.startsWith(attributePrefix)) {
      const attribute = parser.parseAttribute();
      if (attribute !== undefined) users.addAttribute(attribute);
      continue;
    }
    const parsed = parser.parse();
    hasUser = true;
    if (parsed === undefined) continue;
    const before = users.add(parsed);
    lineOfEntry.push(line);
    if (before === undefined) continue;
    const message = `nobody is ever found here: line ${lineOfEntry[before] ?? 0} comes first`;
    parser.tell({ at: 0, length: parsed.patternLength, message, severity: "warning" });
  }
  return { users, problems };
}

interface Complaint extends Pick<Problem, "message"> {
  readonly at: number;
  readonly length: number;
  readonly severity?: Problem["severity"];
  readonly fix?: string;
  readonly hostapd?: string;
}

/** One object for all users with the same methods. */
class Profiles {
  readonly #parsed = new Map<OctetText, ReturnType<typeof parseMethods>>();
  readonly #profiles = new Map<MethodList, Map<0 | 1 | undefined, EapUserProfile>>();

  parse(text: OctetText): ReturnType<typeof parseMethods> {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const parsed = parseMethods(text);
    this.#parsed.set(text, parsed);
    return parsed;
  }

  of(list: MethodList, peapVersion: 0 | 1 | undefined): EapUserProfile {
    const byVersion = this.#profiles.get(list) ?? new Map<0 | 1 | undefined, EapUserProfile>();
    this.#profiles.set(list, byVersion);
    const profile = byVersion.get(peapVersion) ?? { ...list, peapVersion };
    byVersion.set(peapVersion, profile);
    return profile;
  }
}

interface ParsedLine {
  readonly pattern: EapUserPattern;
  /** Octets of the line that it takes. */
  readonly patternLength: number;
  readonly phase: 1 | 2;
  readonly profile: EapUserProfile;
  readonly credential: EapCredential | undefined;
}

const saltedHashes = [
  { mark: "ssha1:", prep: "sha1", length: 20 },
  { mark: "ssha256:", prep: "sha256", length: 32 },
  { mark: "ssha512:", prep: "sha512", length: 64 },
] as const;

class LineParser {
  readonly #profiles = new Profiles();
  #line = 0;
  #text: OctetText = "";
  #at = 0;

  constructor(
    readonly file: string,
    readonly problems: Problem[],
  ) {}

  take(line: number, text: OctetText): void {
    this.#line = line;
    this.#text = text;
    this.#at = 0;
  }

  /** @param problem its `hostapd` is without the line and the file */
  tell({ at, length, hostapd, severity = "error", ...rest }: Complaint): void {
    const place = { file: this.file, line: this.#line, column: at + 1, length: Math.max(1, length) };
    const inHostapd = hostapd === undefined ? {} : { hostapd: `${hostapd} on line ${this.#line} in '${this.file}'` };
    this.problems.push({ severity, ...place, ...rest, ...inHostapd });
  }

  parseAttribute(): UserAttribute | undefined {
    const given = this.#text.slice(attributePrefix.length);
    const attribute = parseRadiusAttribute(given);
    if (typeof attribute === "object") return attribute;
    const place = { file: this.file, line: this.#line, column: attributePrefix.length + 1 };
    const hostapd = `Invalid radius_accept_attr: ${readable(given)}`;
    this.problems.push({ severity: "error", ...place, length: Math.max(1, given.length), message: attribute, hostapd });
    return undefined;
  }

  parse(): ParsedLine | undefined {
    const pattern = this.#pattern();
    if (pattern === undefined) return undefined;
    const patternLength = this.#at;
    this.#skipBlanks();
    const methods = this.#methods();
    if (methods === undefined) return undefined;
    this.#skipBlanks();

    const peapVersion = this.#skip("[ver=0]") ? 0 : this.#skip("[ver=1]") ? 1 : undefined;
    const profile = this.#profiles.of(methods, peapVersion);
    let isInner = peapVersion === undefined && this.#skip("[2]");
    let credential: EapCredential | undefined | "wrong";
    if (peapVersion === undefined && !isInner && this.#at < this.#text.length) {
      credential = this.#credential();
      this.#skipBlanks();
      isInner = this.#skip("[2]");
    }
    if (credential === "wrong") return undefined;
    this.#warnOfRest();
    return { pattern, patternLength, profile, phase: isInner ? 2 : 1, credential };
  }

  #pattern(): EapUserPattern | undefined {
    const text = this.#text;
    if (text[0] === "*") {
      this.#at = 1;
      return { kind: "any" };
    }
    if (text[0] !== '"') {
      const message = `an identity in quotation marks is wanted here, or *, or ${attributePrefix} below a user`;
      const length = /^[^ \t]*/.exec(text)?.[0].length ?? 1;
      this.tell({ at: 0, length, message, hostapd: 'Invalid EAP identity (no " in start)' });
      return undefined;
    }
    const end = text.indexOf('"', 1);
    if (end < 0) {
      const message = "the closing quotation mark of the identity is missing";
      this.tell({ at: 0, length: text.length, message, hostapd: 'Invalid EAP identity (no " in end)' });
      return undefined;
    }
    const isPrefix = text[end + 1] === "*";
    this.#at = end + (isPrefix ? 2 : 1);
    // A text of its own: a part of the line would keep the line, and the secret in it.
    return { kind: isPrefix ? "prefix" : "exact", text: octetTextOf(octetsOf(text.slice(1, end))) };
  }

  #methods(): MethodList | undefined {
    const at = this.#at;
    const word = this.#word();
    if (word === "") {
      this.tell({ at, length: 1, message: "the method is missing: PEAP, TLS...", hostapd: "No EAP method" });
      return undefined;
    }
    const { list, problem } = this.#profiles.parse(word);
    if (problem !== undefined) {
      const { name, ...rest } = problem;
      const isReturn = name?.endsWith("\r") ? { message: `${rest.message}: a carriage return ends the line` } : {};
      const hostapd = name === undefined ? {} : { hostapd: `Unsupported EAP type '${readable(name)}'` };
      this.tell({ ...rest, ...isReturn, at: at + rest.at, ...hostapd });
    }
    if (problem?.severity === "error") return undefined;
    if (list.methods.some((type) => sameEapType(type, eapTypes["VENDOR-TEST"]))) {
      const message = "VENDOR-TEST lets in whoever speaks it: it is for tests";
      this.tell({ at, length: word.length, message, severity: "warning" });
    }
    if (list.methods.length > 0 || list.ttls.length > 0 || list.macAcl) return list;
    this.tell({ at, length: word.length, message: "no method is named", hostapd: "No EAP types configured" });
    return undefined;
  }

  #credential(): EapCredential | undefined | "wrong" {
    const at = this.#at;
    if (this.#text[at] === '"') return this.#password();
    const word = this.#word("#");
    const wrong = (message: string, hostapd: string): "wrong" => {
      this.tell({ at, length: word.length, message, hostapd });
      return "wrong";
    };
    if (word.startsWith("hash:")) {
      const hash = bytesOfHex(word.slice("hash:".length));
      if (hash?.length === 16) return { kind: "nt-hash", hash };
      return wrong("behind hash: stand 32 hexadecimal digits", "Invalid password hash");
    }
    for (const { mark, prep, length } of saltedHashes) {
      if (!word.startsWith(mark)) continue;
      const digits = word.slice(mark.length);
      const octets = bytesOfHex(digits);
      if (octets !== undefined && octets.length > length) {
        return { kind: "salted", prep, hash: octets.slice(0, length), salt: octets.slice(length) };
      }
      const message = `behind ${mark} stand ${2 * length} hexadecimal digits of the hash, and then those of the salt`;
      return wrong(message, `Invalid salted ${prep} hash`);
    }
    const password = bytesOfHex(word);
    if (password !== undefined && word !== "") return { kind: "password", password };
    if (this.#text[this.#at] === "#" && word === "") return undefined;
    const message = "a password in quotation marks, hash:, ssha1:, ssha256:, ssha512: or hexadecimal digits are wanted";
    return wrong(message, "Invalid hex password");
  }

  #password(): EapCredential | "wrong" {
    const at = this.#at;
    const end = this.#text.indexOf('"', at + 1);
    if (end < 0) {
      const message = "the closing quotation mark of the password is missing";
      this.tell({ at, length: this.#text.length - at, message, hostapd: 'Invalid EAP password (no " in end)' });
      return "wrong";
    }
    this.#at = end + 1;
    return { kind: "password", password: octetsOf(this.#text.slice(at + 1, end)) };
  }

  #warnOfRest(): void {
    if (this.#at >= this.#text.length) return;
    const rest = this.#text.slice(this.#at);
    if (/^[ \t\r]*(#.*)?$/s.test(rest)) return;
    const message = "what stands here is left out, as in hostapd";
    this.tell({ at: this.#at, length: rest.length, message, severity: "warning" });
  }

  /** Up to a blank or what else ends it. */
  #word(end = " "): OctetText {
    const text = this.#text;
    const start = this.#at;
    while (this.#at < text.length && !isBlank(text[this.#at]) && text[this.#at] !== end) this.#at += 1;
    return text.slice(start, this.#at);
  }

  /** @returns whether it was there */
  #skip(mark: string): boolean {
    const isThere = this.#text.startsWith(mark, this.#at);
    if (isThere) this.#at += mark.length;
    return isThere;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text[this.#at])) this.#at += 1;
  }
}

const isBlank = (character: string | undefined): boolean => character === " " || character === "\t";

/** Where users come from: a file, a database, or both, of which the file is asked first. */
export interface EapUserSource {
  /** As it stands in the last line. */
  readonly path: string;
  /** That `users` were read from. */
  readonly file: string | undefined;
  readonly users: EapUserTable | undefined;
  readonly database: string | undefined;
}

const sqlitePrefix = "sqlite:";

export const eapUserFileKind: Kind<EapUserSource> = {
  shape: "path, or sqlite: and the path of a database",
  addsUp: true,
  parse(octets, { files, previous }) {
    const path = new TextDecoder().decode(octetsOf(octets));
    if (path.startsWith(sqlitePrefix)) {
      const database = path.slice(sqlitePrefix.length);
      return {
        value: { path, file: previous?.file, users: previous?.users, database },
        ...replacing(previous?.database),
      };
    }
    const read = parseNamedFile(
      path,
      files,
      (contents) => {
        const { users, problems } = parseEapUsers(contents, path);
        return { value: { path, file: path, users, database: previous?.database }, problems };
      },
      `EAP user file '${path}' not found.`,
    );
    return isRefused(read) ? read : { ...read, ...replacing(previous?.file) };
  },
  format: ({ path }) => octetTextOfString(path),
};

/** A file goes together with a database, not with another file. */
const replacing = (before: string | undefined): { readonly warning?: string } =>
  before === undefined ? {} : { warning: `it takes the place of '${before}', which is left out` };
