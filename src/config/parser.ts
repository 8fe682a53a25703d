/** hostapd.conf and what it says. Everything that is wrong is found at once, and nothing is dropped in silence. */

import { messageOf } from "../base/errors.ts";
import { change, changeInPlace, isChanged, refusalInHostapd } from "./change.ts";
import { type Finding, findings, problemOf } from "./check.ts";
import { withoutComment } from "./comments.ts";
import { type FileSource, isRefused, type Refused } from "./kinds.ts";
import { type FileLine, fileLines, longestLine, mostProblems } from "./lines.ts";
import { nearest } from "./nearest.ts";
import { type OctetText, readable } from "./octets.ts";
import { isError, type Problem, type Severity } from "./problem.ts";
import { parsePskFile } from "./psk-file.ts";
import {
  type BssSettings,
  type Configuration,
  type FoundKey,
  findKey,
  isObsoleteMember,
  keyNames,
  type RadioSettings,
} from "./registry.ts";
import { defaultBss, defaultRadio, settle } from "./settings.ts";

export interface ParseResult {
  /** Absent where there is an error among the problems. */
  readonly configuration?: Configuration;
  /** In the order of the file; those about the whole last. */
  readonly problems: readonly Problem[];
  /** A finding as a problem in the file, where its key stands. */
  locate(finding: Finding): Problem;
}

/**
 * @param file its name, for the problems
 * @param files where the files are read that the text names
 * @param interfaceName takes the place of what the file calls the first interface (flag -i)
 */
export function parseConfiguration(
  text: Uint8Array,
  file: string,
  files: FileSource,
  interfaceName?: string,
): ParseResult {
  const parser = new Parser(file, files, interfaceName);
  for (const line of fileLines(text)) {
    parser.line(line);
    if (parser.isFull) break;
  }
  return parser.result();
}

/** Where a key's value stands. */
type Place = Pick<Problem, "line" | "column" | "length"> & { readonly source: OctetText };

const mostBsses = 256;
/** Suggestions cost time, and after so many wrong keys they help nobody. */
const mostSuggestions = 100;

class Parser {
  readonly #problems: Problem[] = [];
  readonly #radio: RadioSettings = defaultRadio();
  readonly #bsses: BssSettings[] = [defaultBss("")];
  /** By property. */
  readonly #radioPlaces = new Map<string, Place>();
  readonly #bssPlaces: Map<string, Place>[] = [new Map()];
  #inlineComments = true;
  #beforeFirstKey = true;
  /** Properties whose value was refused, or whose key was misspelt, by BSS. */
  readonly #refusedProperties: Set<string>[] = [new Set()];
  #unknownKeys = 0;
  #carriageReturns = false;

  constructor(
    readonly file: string,
    readonly files: FileSource,
    readonly interfaceName: string | undefined,
  ) {}

  get isFull(): boolean {
    return this.#problems.length >= mostProblems;
  }

  line({ line, text, cut }: FileLine): void {
    if (text.startsWith("#")) return;
    const whole: Place = { line, column: 1, length: Math.max(1, text.length), source: text };
    if (cut === "too-long") {
      const place = { ...whole, column: longestLine, length: 1, source: "" };
      this.#add("error", place, undefined, `the line is longer than ${longestLine} octets`);
      return;
    }
    if (cut === "at-nul") {
      const place = { ...whole, column: text.length + 1, length: 1, source: "" };
      this.#add("warning", place, undefined, "the line ends here, at an octet 0, as it does for hostapd");
    }
    if (text === "") return;
    if (this.#inlineComments && /^[ \t]+(#|$)/.test(text)) return;
    if (text.endsWith("\r") && !this.#carriageReturns) {
      this.#carriageReturns = true;
      const message = "this file has Windows' line ends, and the carriage return belongs to the value, as for hostapd";
      this.#add(
        "warning",
        { ...whole, column: text.length, length: 1, source: "" },
        undefined,
        message,
        "sed -i 's/\\r$//'",
      );
    }
    const equals = text.indexOf("=");
    if (equals === -1) {
      const source = secretive(text) ? "[REMOVED]" : text;
      const hostapd = `Line ${line}: invalid line '${readable(source)}'`;
      this.#add("error", { ...whole, source }, undefined, "there is no '=' in this line", undefined, hostapd);
      return;
    }
    this.#setting(line, text.slice(0, equals), text.slice(equals + 1));
  }

  #setting(line: number, name: OctetText, rest: OctetText): void {
    const column = name.length + 2;
    if (name === "inline_comments") {
      this.#inlineCommentsSetting(line, name, rest);
      return;
    }
    this.#beforeFirstKey = false;
    const key = findKey(name);
    const value = this.#inlineComments ? withoutComment(rest) : rest;
    // an unknown key may be a misspelt secret one
    const hidden = key === undefined || key.entry.secret === true;
    const place: Place = {
      line,
      column,
      length: Math.max(1, hidden ? 1 : value.length),
      source: hidden ? `${name}=${key === undefined ? "..." : "[REMOVED]"}` : `${name}=${rest}`,
    };
    if (key === undefined) {
      this.#unknown({ ...place, column: 1, length: Math.max(1, name.length) }, name);
      return;
    }
    if (value !== rest) this.#tellTaken(place, key, value);
    if (key.name === "bss") this.#section(place, key, value);
    else this.#value(place, key, value);
  }

  #inlineCommentsSetting(line: number, name: OctetText, rest: OctetText): void {
    const value = withoutComment(rest);
    const place: Place = { line, column: 1, length: name.length, source: `${name}=${rest}` };
    if (!this.#beforeFirstKey) {
      this.#add("error", place, name, "inline_comments has to stand before all other keys");
    } else if (value !== "0" && value !== "1") {
      this.#add(
        "error",
        { ...place, column: name.length + 2, length: Math.max(1, value.length) },
        name,
        "0 or 1 is wanted",
      );
    } else {
      this.#inlineComments = value === "1";
    }
  }

  #unknown(place: Place, name: OctetText): void {
    if (isObsoleteMember(name)) {
      this.#add("warning", place, name, `${name} has no effect, in hostapd neither`);
      this.#idle(place.line);
      return;
    }
    this.#unknownKeys++;
    const wanted = name.replace(/^\xef\xbb\xbf/, "").trim();
    const fix =
      findKey(wanted)?.name ??
      findKey(wanted.toLowerCase())?.name ??
      (this.#unknownKeys <= mostSuggestions ? nearest(wanted, keyNames()) : undefined);
    if (fix !== undefined) this.#refusedProperties.at(-1)?.add(findKey(fix)?.property ?? fix);
    const message = name.startsWith("\xef\xbb\xbf")
      ? "the file begins with a byte order mark, which hostapd takes for a part of the key"
      : `there is no key '${readable(name)}'`;
    this.#add(
      "error",
      place,
      undefined,
      message,
      fix,
      `Line ${place.line}: unknown configuration item '${readable(name)}'`,
    );
  }

  /** Free text could have had a `#` in it on purpose, so it is said what was made of it. */
  #tellTaken(place: Place, key: FoundKey, value: OctetText): void {
    if (key.type === "member" || key.entry.kind.freeText !== true || key.entry.status === "known") return;
    const taken = key.entry.secret ? `the first ${value.length} octets` : `'${readable(value)}'`;
    const message = `${key.name} is ${taken}; the rest of the line is a comment (inline_comments=0 at the top takes all)`;
    this.#add("warning", place, key.name, message);
  }

  #section(place: Place, key: FoundKey, value: OctetText): void {
    const parsed =
      key.type === "entry" ? key.entry.kind.parse(value, { files: this.files, previous: undefined }) : undefined;
    if (parsed === undefined) return;
    if (isRefused(parsed)) {
      this.#refused(place, key, value, parsed);
      return;
    }
    if (parsed.warning !== undefined) this.#add("warning", place, key.name, parsed.warning);
    if (this.#bsses.length >= mostBsses) {
      this.#add("error", place, key.name, `more than ${mostBsses} BSSs`);
      return;
    }
    this.#bsses.push(defaultBss(String(parsed.value)));
    this.#bssPlaces.push(new Map([["interface", place]]));
    this.#refusedProperties.push(new Set());
  }

  #value(place: Place, key: FoundKey, value: OctetText): void {
    const radio = key.entry.scope === "radio";
    const index = key.name === "interface" ? 0 : this.#bsses.length - 1;
    const places = radio ? this.#radioPlaces : this.#bssPlaces[index];
    const settings = radio ? this.#radio : this.#bsses[index];
    if (places === undefined || settings === undefined) return;

    const changes = change(settings, key, value, this.files);
    if (!isChanged(changes)) {
      const { after } = key.entry;
      // of what belongs to a key that was refused there is nothing new to say
      if (after !== undefined && this.#refusedProperties[index]?.has(after)) return;
      this.#refused(place, key, value, changes);
      return;
    }
    for (const { severity, message, at, length } of changes.notices) {
      this.#add(severity, within(place, at, length), key.name, message);
    }
    this.#problems.push(...changes.elsewhere);
    // What says more about a value doesn't take its place.
    const takesPlace = key.type === "entry" && key.entry.kind.addsUp !== true && key.entry.after !== key.property;
    const earlier = takesPlace && key.entry.status !== "known" ? places.get(key.property) : undefined;
    if (earlier !== undefined) {
      this.#add("warning", place, key.name, `${key.property} stands in line ${earlier.line} too; this line counts`);
      this.#idle(earlier.line);
    }
    places.set(key.property, place);
    changeInPlace(settings, changes);
  }

  #refused(place: Place, key: FoundKey, value: OctetText, refused: Refused): void {
    this.#refusedProperties[key.name === "interface" ? 0 : this.#bsses.length - 1]?.add(key.property);
    const at = key.entry.secret ? place : within(place, refused.at, refused.length);
    const hostapd = `Line ${place.line}: ${refusalInHostapd(key, value, refused)}`;
    this.#add("error", at, key.name, `${key.name}: ${refused.error}`, refused.fix, hostapd);
    this.#problems.push(...(refused.elsewhere ?? []));
  }

  #add(
    severity: Severity,
    place: Place,
    key: string | undefined,
    message: string,
    fix?: string,
    hostapd?: string,
  ): void {
    const { line, column, length, source } = place;
    this.#problems.push({
      severity,
      file: this.file,
      line,
      column,
      length,
      message,
      ...(source === "" ? {} : { source }),
      ...(key === undefined ? {} : { key }),
      ...(fix === undefined ? {} : { fix }),
      ...(hostapd === undefined ? {} : { hostapd }),
    });
  }

  /** The problem that was told last is that this line has no effect. */
  #idle(line: number): void {
    const last = this.#problems.pop();
    if (last !== undefined) this.#problems.push({ ...last, idle: line });
  }

  result(): ParseResult {
    if (this.isFull) {
      const message = `more than ${mostProblems} problems; what comes after is not read`;
      this.#problems.push({ severity: "error", file: this.file, line: 0, column: 0, length: 0, message });
      return { problems: this.#problems, locate: (finding) => this.#located(finding) };
    }
    const configuration = settle({ radio: this.#radio, bsses: this.#namedBsses() });
    for (const finding of findings(configuration)) {
      const refused = this.#refusedProperties[finding.bss ?? 0];
      if (finding.missing?.some((key) => refused?.has(key))) continue;
      this.#problems.push(this.#located(finding));
    }
    for (const [index, bss] of configuration.bsses.entries()) this.#checkPskFile(bss, index);
    const problems = this.#inOrder();
    const locate = (finding: Finding): Problem => this.#located(finding);
    return problems.some(isError) ? { problems, locate } : { configuration, problems, locate };
  }

  #namedBsses(): BssSettings[] {
    const name = this.interfaceName;
    return name === undefined
      ? this.#bsses
      : this.#bsses.map((bss, index) => (index === 0 ? { ...bss, interface: name } : bss));
  }

  /** As the file goes; problems of another file stay behind the line that names it. */
  #inOrder(): Problem[] {
    let last = 0;
    return this.#problems
      .map((problem) => {
        if (problem.file === this.file) last = problem.line === 0 ? Number.POSITIVE_INFINITY : problem.line;
        return { problem, line: last };
      })
      .sort((a, b) => (a.line === b.line ? 0 : a.line - b.line))
      .map(({ problem }) => problem);
  }

  #located(finding: Finding): Problem {
    const problem = problemOf(finding, this.file);
    const places = finding.bss === undefined ? this.#radioPlaces : this.#bssPlaces[finding.bss];
    // what depends on a radio's key may be a BSS's trouble
    const place =
      places?.get(finding.property) ??
      this.#radioPlaces.get(finding.property) ??
      ((finding.bss ?? 0) > 0 ? places?.get("interface") : undefined);
    return place === undefined ? problem : { ...problem, ...place };
  }

  /** The file is read anew whenever the access point starts; here only to say what is wrong with it. */
  #checkPskFile(bss: BssSettings, index: number): void {
    const place = this.#bssPlaces[index]?.get("wpa_psk_file");
    if (bss.wpa_psk_file === undefined || bss.wpa.size === 0 || place === undefined) return;
    try {
      const { problems } = parsePskFile(this.files(bss.wpa_psk_file), bss.wpa_psk_file);
      if (problems.some(isError)) {
        this.#add("error", place, "wpa_psk_file", `there are errors in '${bss.wpa_psk_file}'`);
      }
      this.#problems.push(...problems);
    } catch (thrown) {
      const hostapd = `WPA PSK file '${bss.wpa_psk_file}' not found.`;
      this.#add("error", place, "wpa_psk_file", messageOf(thrown), undefined, hostapd);
    }
  }
}

/** Could a line with such a name hold a secret? */
const secretive = (name: OctetText): boolean => /pass|psk|secret|key|pwd|pin|pw_|cak/i.test(name.slice(0, 64));

const within = (place: Place, at?: number, length?: number): Place =>
  at === undefined ? place : { ...place, column: place.column + at, length: Math.max(1, length ?? 1) };
