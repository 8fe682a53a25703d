/**
 * FreeRADIUS's dictionary files, as far as they name attributes and values: ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR and END-VENDOR, $INCLUDE.
 * What else such a file says is passed over.
 */

import { textOf } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import type { Dictionary, ShownAs } from "./dictionary.ts";

/** Of FreeRADIUS's data types; others are octets. */
const types = new Map<string, ShownAs>([
  ["string", "text"],
  ["integer", "integer"],
  ["uint32", "integer"],
  ["short", "integer"],
  ["uint16", "integer"],
  ["byte", "integer"],
  ["uint8", "integer"],
  ["signed", "integer"],
  ["time_delta", "integer"],
  ["ipaddr", "ipv4"],
  ["ipv4addr", "ipv4"],
  ["ipv6addr", "ipv6"],
  ["ipv6prefix", "ipv6-prefix"],
  ["date", "date"],
]);

export interface DictionaryProblem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Files that include each other go no deeper, and no more of them are read. */
const deepest = 9;
const mostFiles = 1000;

/**
 * Adds a file's names, and those of the files it includes.
 * @param read the contents of a file; throws where it can't be read
 * @returns what was not understood
 */
export function readDictionary(
  dictionary: Dictionary,
  path: string,
  read: (path: string) => Uint8Array,
): readonly DictionaryProblem[] {
  const reading = new Reading(dictionary, read);
  reading.include(path, 1, { file: path, line: 0 });
  return reading.problems;
}

type Place = Pick<DictionaryProblem, "file" | "line">;

/** Where in a file the lines belong. */
interface Section {
  /** Of the vendor whose attributes follow; 0 for the standard's. */
  vendor: number;
  /** Attributes of an unknown vendor are nobody's, rather than the standard's. */
  isForeign: boolean;
}

class Reading {
  readonly problems: DictionaryProblem[] = [];
  /** Numbers, by names in small letters. */
  readonly #vendors = new Map<string, number>();
  #files = 0;

  constructor(
    readonly dictionary: Dictionary,
    readonly read: (path: string) => Uint8Array,
  ) {}

  /** @param depth 1 for the file that nobody includes @param from where it is named */
  include(file: string, depth: number, from: Place): void {
    this.#files += 1;
    if (depth > deepest || this.#files > mostFiles) {
      return this.#tell(from, `'${file}' is left out: too many files include each other`);
    }
    let text: string;
    try {
      text = textOf(this.read(file));
    } catch (thrown) {
      return this.#tell(from, messageOf(thrown));
    }
    const section: Section = { vendor: 0, isForeign: false };
    for (const [index, line] of text.split("\n").entries()) {
      const [keyword = "", ...words] = line.replace(/#.*/, "").trim().split(/\s+/);
      const place = { file, line: index + 1 };
      if (/^\$INCLUDE-?$/i.test(keyword)) this.include(besides(file, words[0] ?? ""), depth + 1, place);
      else this.#take(keyword, words, section, place);
    }
  }

  #take(keyword: string, words: readonly string[], section: Section, place: Place): void {
    switch (keyword.toUpperCase()) {
      case "VENDOR":
        return this.#vendor(words, place);
      case "BEGIN-VENDOR": {
        const vendor = this.#vendors.get((words[0] ?? "").toLowerCase());
        if (vendor === undefined) this.#tell(place, `there is no vendor '${words[0] ?? ""}'`);
        section.vendor = vendor ?? 0;
        section.isForeign = vendor === undefined;
        return;
      }
      case "END-VENDOR":
        section.vendor = 0;
        section.isForeign = false;
        return;
      case "ATTRIBUTE":
        return this.#attribute(words, section, place);
      case "VALUE":
        return this.#value(words, place);
      default:
        // PROTOCOL, BEGIN-TLV, FLAGS, STRUCT and the like belong to what is not read here.
        return;
    }
  }

  #vendor([name, number]: readonly string[], place: Place): void {
    const vendor = numberOf(number);
    if (name === undefined || vendor === undefined) return this.#tell(place, "VENDOR wants a name and a number");
    this.#vendors.set(name.toLowerCase(), vendor);
  }

  #attribute([name, number = "", type = "", flags = ""]: readonly string[], section: Section, place: Place): void {
    // 1.2 is a part of another one; so is what stands behind a BEGIN-TLV.
    if (/^[.\d]+\.\d/.test(number) || section.isForeign) return;
    const attribute = numberOf(number);
    if (name === undefined || attribute === undefined) {
      return this.#tell(place, "ATTRIBUTE wants a name, a number and a type");
    }
    if (attribute > 255) return;
    // Older files name the vendor here, in place of a section.
    const words = flags.split(",");
    const [vendor = section.vendor] = words.flatMap((word) => this.#vendors.get(word.toLowerCase()) ?? []);
    this.dictionary.add(vendor, attribute, { name, shownAs: shownBy(type, words) });
  }

  #value([attribute, name, number]: readonly string[], place: Place): void {
    const value = numberOf(number);
    if (attribute === undefined || name === undefined || value === undefined) {
      return this.#tell(place, "VALUE wants an attribute, a name and a number");
    }
    this.dictionary.addValue(attribute, name, value);
  }

  #tell(place: Place, message: string): void {
    this.problems.push({ ...place, message });
  }
}

function shownBy(type: string, flags: readonly string[]): ShownAs {
  // octets[18] has a fixed length.
  const plain = types.get(type.toLowerCase().replace(/\[\d+\]$/, "")) ?? "octets";
  if (flags.some((flag) => /^encrypt(=|$)/.test(flag))) return "octets";
  if (!flags.includes("has_tag")) return plain;
  return plain === "integer" ? "tagged-integer" : plain === "text" ? "tagged-text" : plain;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : undefined;
}

/** A path as the file that names it means it. */
const besides = (file: string, named: string): string =>
  named.startsWith("/") ? named : `${file.slice(0, file.lastIndexOf("/") + 1)}${named}`;
