/**
 * Kinds of values: how a value's text becomes a value and back. Each kind says what hostapd accepts; where hostapd is
 * lenient (`1abc` is 1, `yes` is 0) the same value comes out, with a warning.
 */

import { bytesOfHex, hexOf } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { parseMacAddress } from "../base/mac-address.ts";
import { nearest } from "./nearest.ts";
import { leadingInteger } from "./numbers.ts";
import { type OctetText, octetsOf, octetTextOf, octetTextOfString, readable, stringOf } from "./octets.ts";
import type { Problem } from "./problem.ts";

/** Contents of a file that a key names. @throws ConfigurationError where it can't be read */
export type FileSource = (path: string) => Uint8Array;

export interface Located {
  /** Octets from the start of the text that was parsed, and how many. All of it where absent. */
  readonly at?: number;
  readonly length?: number;
  /** In the file that the value names. */
  readonly elsewhere?: readonly Problem[];
}

export interface Refused extends Located {
  readonly error: string;
  readonly fix?: string;
  /** In hostapd's words, without `Line N: `; the key's own where absent. */
  readonly hostapd?: string;
}

export interface Accepted<T> extends Located {
  readonly value: T;
  readonly warning?: string;
}

export type Parsed<T> = Accepted<T> | Refused;

export const isRefused = <T>(parsed: Parsed<T>): parsed is Refused => "error" in parsed;

export interface ParseContext<T> {
  readonly files: FileSource;
  /** What the key has so far, for those whose lines add up. */
  readonly previous: T | undefined;
}

export interface Kind<T> {
  /** For the documents: `10..65535`, `name of an interface`. */
  readonly shape: string;
  /** Any character may stand in it, `#` too. */
  readonly freeText?: boolean;
  /** Lines add up: what {@link parse} returns has the earlier ones in it. Elsewhere the last line counts. */
  readonly addsUp?: boolean;
  parse(text: OctetText, context: ParseContext<T>): Parsed<T>;
  /** What {@link parse} makes the same value of. */
  format(value: T): OctetText;
}

function lenient<T>(text: OctetText, value: T, shown: string, clean: boolean): Accepted<T> {
  return clean
    ? { value }
    : { value, warning: `'${readable(text)}' is not a number; taken as ${shown}, as hostapd does` };
}

export const boolean: Kind<boolean> = {
  shape: "0 or 1",
  parse(text) {
    const { value, clean } = leadingInteger(text);
    if (clean && value !== 0 && value !== 1) return { value: true, warning: `${value} means 1 here` };
    return lenient(text, value !== 0, value === 0 ? "0" : "1", clean);
  },
  format: (value) => (value ? "1" : "0"),
};

/** As {@link boolean}, where hostapd too takes nothing but 0 and 1. */
export const flag: Kind<boolean> = {
  shape: "0 or 1",
  parse(text) {
    const { value, clean } = leadingInteger(text);
    if (value !== 0 && value !== 1) return { error: `${value} is neither 0 nor 1` };
    return lenient(text, value === 1, String(value), clean);
  },
  format: boolean.format,
};

/** @param min and max are included */
export const integer = (min = -0x8000_0000, max = 0x7fff_ffff): Kind<number> => ({
  shape: min === -0x8000_0000 ? "integer" : max === 0x7fff_ffff ? `integer from ${min}` : `${min}..${max}`,
  parse(text) {
    const { value, clean } = leadingInteger(text);
    if (value < min || value > max) return { error: `${value} is not in ${min}..${max}` };
    return lenient(text, value, String(value), clean);
  },
  format: String,
});

/** What C's strtoul reads with base 0: decimal, 0x or octal, nothing after it. */
export const count = (min: number, max: number): Kind<number> => ({
  shape: `${min}..${max}`,
  parse(text) {
    const value = /^\s*\+?(0[xX][0-9a-fA-F]+|\d+)$/.test(text)
      ? Number(text.replace(/^(\s*\+?)0(?=[0-7]+$)/, "$10o"))
      : Number.NaN;
    return value >= min && value <= max
      ? { value }
      : { error: `'${readable(text)}' is not a number in ${min}..${max}` };
  },
  format: String,
});

/** A number whose values have names. Others are refused, or mean `otherwise`. */
export const numbered = <const V extends string>(
  names: Readonly<Record<number, V>>,
  otherwise?: NoInfer<V>,
): Kind<V> => ({
  shape: Object.entries(names)
    .map(([number, name]) => `${number} (${name})`)
    .join(", "),
  parse(text) {
    const { value: number, clean } = leadingInteger(text);
    const value = names[number] ?? otherwise;
    if (value === undefined) return { error: `${number} is none of ${Object.keys(names).join(", ")}` };
    if (names[number] === undefined) return { value, warning: `${number} means ${value} here` };
    return lenient(text, value, String(number), clean);
  },
  format: (value) => Object.entries(names).find(([, name]) => name === value)?.[0] ?? "",
});

/** A word of a list. */
export const word = <const V extends string>(...words: readonly V[]): Kind<V> => ({
  shape: words.join(", "),
  parse(text) {
    const value = words.find((candidate) => candidate === text);
    if (value !== undefined) return { value };
    const close = nearest(text.trim().toLowerCase(), words);
    return {
      error: `'${readable(text)}' is none of ${words.join(", ")}`,
      ...(close === undefined ? {} : { fix: close }),
    };
  },
  format: (value) => value,
});

/** A number that is a sum of named bits. Bits without a name are ignored, as hostapd ignores them. */
export const bits = <const V extends string>(names: Readonly<Record<V, number>>): Kind<ReadonlySet<V>> => {
  const entries = Object.entries(names) as [V, number][];
  const all = entries.reduce((sum, [, bit]) => sum | bit, 0);
  return {
    shape: `sum of ${entries.map(([name, bit]) => `${bit} (${name})`).join(", ")}`,
    parse(text) {
      const { value: number, clean } = leadingInteger(text);
      const value = new Set(entries.filter(([, bit]) => (number & bit) !== 0).map(([name]) => name));
      if (clean && number !== -1 && (number & ~all) !== 0) {
        return { value, warning: `${number} has bits that mean nothing here` };
      }
      return lenient(text, value, String(number), clean);
    },
    format: (value) => String(entries.reduce((sum, [name, bit]) => (value.has(name) ? sum | bit : sum), 0)),
  };
};

/** How hostapd speaks of words of a list. */
interface WordsInHostapd {
  readonly noun: string;
  unknown(word: OctetText, text: OctetText): string;
  unsupported?(text: OctetText): string;
}

/**
 * Words with blanks between them, at least one.
 * @param unfit words that hostapd knows, but not here
 */
export const words = <const V extends string>(
  inHostapd: WordsInHostapd,
  allowed: readonly V[],
  unfit: readonly string[] = [],
): Kind<ReadonlySet<V>> => ({
  shape: `list of ${allowed.join(" ")}`,
  parse(text) {
    const { noun } = inHostapd;
    const value = new Set<V>();
    for (const match of text.matchAll(/[^ \t]+/g)) {
      const given = match[0];
      const name = allowed.find((candidate) => candidate === given);
      if (name !== undefined) {
        value.add(name);
        continue;
      }
      const where = { at: match.index, length: given.length };
      if (unfit.includes(given)) {
        const hostapd = inHostapd.unsupported?.(text) ?? inHostapd.unknown(given, text);
        return { ...where, error: `${given} can't stand here`, hostapd };
      }
      const close = nearest(given.toUpperCase(), allowed);
      return {
        ...where,
        error: `no ${noun} is called '${readable(given)}'`,
        ...(close === undefined ? {} : { fix: close }),
        hostapd: inHostapd.unknown(given, text),
      };
    }
    return value.size > 0 ? { value } : { error: `no ${noun} is named`, hostapd: `no ${noun} values configured.` };
  },
  format: (value) => allowed.filter((name) => value.has(name)).join(" "),
});

/** Numbers with blanks between them. */
export const integers = (min = -0x8000_0000, max = 0x7fff_ffff): Kind<readonly number[]> => ({
  shape: "list of integers",
  parse(text) {
    const value: number[] = [];
    for (const match of text.matchAll(/\S+/g)) {
      const where = { at: match.index, length: match[0].length };
      const item = leadingInteger(match[0]);
      if (!item.clean) return { ...where, error: `'${readable(match[0])}' is not a number` };
      if (item.value < min || item.value > max) return { ...where, error: `${item.value} is not in ${min}..${max}` };
      value.push(item.value);
    }
    return { value };
  },
  format: (value) => value.join(" "),
});

/** Any text in UTF-8. @param max and min in octets */
export const text = (max = Number.POSITIVE_INFINITY, min = 0): Kind<string> => ({
  shape: max === Number.POSITIVE_INFINITY ? "text" : `text of ${min}..${max} octets`,
  freeText: true,
  parse(octets) {
    if (octets.length > max) return { error: `${octets.length} octets, where at most ${max} may be` };
    if (octets.length < min) return { error: `${octets.length} octets, where at least ${min} have to be` };
    const value = stringOf(octets);
    return value === undefined ? { error: "this is not UTF-8" } : { value };
  },
  format: octetTextOfString,
});

/** @param max octets */
export const name = (max: number): Kind<string> => ({ ...text(max), shape: `text of at most ${max} octets` });

export const path: Kind<string> = { ...text(), shape: "path" };

export const interfaceName: Kind<string> = {
  shape: "name of a network interface",
  parse(octets) {
    const value = octets.trim();
    const wrong = /[^\x21-\x7e]|[/:]/.exec(value);
    if (wrong) {
      const at = octets.indexOf(value) + wrong.index;
      return { error: `'${readable(wrong[0])}' can't stand in the name of an interface`, at, length: 1 };
    }
    if (value === "") return { error: "no interface is named" };
    if (value.length > 15) return { error: `${value.length} characters, where Linux allows 15` };
    return value === octets ? { value } : { value, warning: "the blanks around the name are left out" };
  },
  format: (value) => value,
};

/** Nothing stands for no interface. */
export const optionalInterfaceName: Kind<string | undefined> = {
  ...interfaceName,
  parse: (octets, { files }) =>
    octets.trim() === "" ? { value: undefined } : interfaceName.parse(octets, { files, previous: undefined }),
  format: (value) => value ?? "",
};

export const macAddress: Kind<MacAddress> = {
  shape: "MAC address",
  parse(octets) {
    const value = octets.includes(":") ? parseMacAddress(octets.trim()) : undefined;
    return value === undefined
      ? { error: `'${readable(octets)}' is not six pairs of hexadecimal digits with colons` }
      : { value };
  },
  format: (value) => value,
};

/** Hexadecimal digits, empty for nothing. @param min and max in octets */
export const hex = (min = 0, max = Number.POSITIVE_INFINITY): Kind<Uint8Array> => ({
  shape:
    max === Number.POSITIVE_INFINITY
      ? "hexadecimal octets"
      : `${min === max ? min : `${min}..${max}`} octets in hexadecimal`,
  parse(digits) {
    const wrong = /[^0-9a-fA-F]/.exec(digits);
    if (wrong) return { error: `'${readable(wrong[0])}' is no hexadecimal digit`, at: wrong.index, length: 1 };
    const value = bytesOfHex(digits);
    if (value === undefined) return { error: "an odd number of hexadecimal digits" };
    if (value.length < min || value.length > max) {
      return { error: `${value.length} octets, where ${min === max ? min : `${min}..${max}`} have to be` };
    }
    return { value };
  },
  format: (value) => hexOf(value),
});

/** Values that are kept as they stand, for keys whose syntax is nobody's business yet. */
export const opaque = (shape: string): Kind<string> => ({ ...text(), shape });

export const ipAddress: Kind<string> = {
  shape: "IPv4 or IPv6 address",
  parse(octets) {
    const value = octets.trim();
    const v4 = /^(\d{1,3})(\.\d{1,3}){3}$/.test(value) && value.split(".").every((part) => Number(part) <= 255);
    const v6 =
      /^[0-9a-fA-F:]+(:\d{1,3}(\.\d{1,3}){3})?(%\w+)?$/.test(value) && value.includes(":") && !value.includes(":::");
    return v4 || v6 ? { value } : { error: `'${readable(octets)}' is not an IP address` };
  },
  format: (value) => value,
};

/** A share of 0..1. */
export const probability: Kind<number> = {
  shape: "0.0..1.0",
  parse(text) {
    const value = /^\s*[+]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    return value >= 0 && value <= 1 ? { value } : { error: `'${readable(text)}' is not a number in 0..1` };
  },
  format: String,
};

/** Octets as they stand in the line. @param min and max are included */
export const octets = (min = 0, max = Number.POSITIVE_INFINITY): Kind<Uint8Array> => ({
  shape: max === Number.POSITIVE_INFINITY ? "octets" : `${min}..${max} octets`,
  freeText: true,
  parse(line) {
    if (line.length < min || line.length > max) {
      return { error: `${line.length} octets, where ${min}..${max} have to be` };
    }
    return { value: octetsOf(line) };
  },
  format: octetTextOf,
});
