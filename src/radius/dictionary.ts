/**
 * Names of attributes and of their values, in the form of FreeRADIUS's dictionary files: ATTRIBUTE, VALUE, VENDOR, BEGIN-VENDOR and END-VENDOR,
 * $INCLUDE. What else such a file says is passed over.
 */

import { textOf } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import { radius } from "../wire/radius/attributes.ts";

/** How octets are shown. */
export type ShownAs =
  | "text"
  | "octets"
  | "integer"
  | "ipv4"
  | "ipv6"
  | "ipv6-prefix"
  | "date"
  | "tagged-integer"
  | "tagged-text";

export interface NamedAttribute {
  readonly name: string;
  readonly shownAs: ShownAs;
}

/** Vendor 0 is the standard's own. */
const keyOf = (vendor: number, type: number): number => vendor * 256 + type;

export class Dictionary {
  readonly #attributes = new Map<number, NamedAttribute>();
  readonly #byName = new Map<string, { readonly vendor: number; readonly type: number }>();
  /** By attribute's name and number. */
  readonly #values = new Map<string, string>();

  attribute(vendor: number, type: number): NamedAttribute | undefined {
    return this.#attributes.get(keyOf(vendor, type));
  }

  /** @returns the name that an attribute's value has, such as `Start` */
  valueName(attribute: string, value: number): string | undefined {
    return this.#values.get(`${attribute} ${value}`);
  }

  find(name: string): { readonly vendor: number; readonly type: number } | undefined {
    return this.#byName.get(name.toLowerCase());
  }

  get size(): number {
    return this.#attributes.size;
  }

  add(vendor: number, type: number, attribute: NamedAttribute): void {
    this.#attributes.set(keyOf(vendor, type), attribute);
    this.#byName.set(attribute.name.toLowerCase(), { vendor, type });
  }

  addValue(attribute: string, name: string, value: number): void {
    this.#values.set(`${attribute} ${value}`, name);
  }
}

/** Those that Beacond itself speaks of. */
export function builtInDictionary(): Dictionary {
  const dictionary = new Dictionary();
  for (const { name, place, kind } of Object.values(radius)) {
    if (place.space !== "standard" && place.space !== "vendor") continue;
    const shownAs = textual.has(name) ? "text" : (shownOf.get(kind) ?? "octets");
    dictionary.add(place.space === "vendor" ? place.vendor : 0, place.type, { name, shownAs });
  }
  for (const [attribute, values] of Object.entries(builtInValues)) {
    for (const [name, value] of Object.entries(values)) dictionary.addValue(attribute, name, value);
  }
  return dictionary;
}

const shownOf = new Map<unknown, ShownAs>([
  [radius.nasPort.kind, "integer"],
  [radius.calledStationId.kind, "text"],
  [radius.nasIpAddress.kind, "ipv4"],
  [radius.nasIpv6Address.kind, "ipv6"],
  [radius.framedIpv6Prefix.kind, "ipv6-prefix"],
  [radius.tunnelType.kind, "tagged-integer"],
  [radius.tunnelPrivateGroupId.kind, "tagged-text"],
]);

/** Octets that people mean as text, most of the time. */
const textual: ReadonlySet<string> = new Set([
  radius.userName.name,
  radius.filterId.name,
  radius.replyMessage.name,
  radius.nasIdentifier.name,
  radius.acctSessionId.name,
  radius.acctMultiSessionId.name,
  radius.egressVlanName.name,
  radius.chargeableUserIdentity.name,
  radius.operatorName.name,
  radius.ciscoAvPair.name,
]);

/** RFC 2865, 2866, 2868, 3580, 5176; IANA's registry of RADIUS types. */
const builtInValues: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "Acct-Status-Type": { Start: 1, Stop: 2, "Interim-Update": 3, "Accounting-On": 7, "Accounting-Off": 8, Failed: 15 },
  "Acct-Authentic": { RADIUS: 1, Local: 2, Remote: 3, Diameter: 4 },
  "Acct-Terminate-Cause": {
    "User-Request": 1,
    "Lost-Carrier": 2,
    "Lost-Service": 3,
    "Idle-Timeout": 4,
    "Session-Timeout": 5,
    "Admin-Reset": 6,
    "Admin-Reboot": 7,
    "Port-Error": 8,
    "NAS-Error": 9,
    "NAS-Request": 10,
    "NAS-Reboot": 11,
    "Port-Unneeded": 12,
    "Port-Preempted": 13,
    "Port-Suspended": 14,
    "Service-Unavailable": 15,
    Callback: 16,
    "User-Error": 17,
    "Host-Request": 18,
    "Supplicant-Restart": 19,
    "Reauthentication-Failure": 20,
    "Port-Reinit": 21,
    "Port-Disabled": 22,
  },
  "NAS-Port-Type": { Async: 0, Virtual: 5, Ethernet: 15, "Wireless-802.11": 19 },
  "Service-Type": { "Login-User": 1, "Framed-User": 2, "Call-Check": 10 },
  "Termination-Action": { Default: 0, "RADIUS-Request": 1 },
  "Tunnel-Type": { VLAN: 13 },
  "Tunnel-Medium-Type": { "IEEE-802": 6 },
};

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
const deepest = 8;
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
  const problems: DictionaryProblem[] = [];
  const vendorNumbers = new Map<string, number>();
  let files = 0;

  const readFile = (file: string, depth: number, from: { readonly file: string; readonly line: number }): void => {
    files += 1;
    if (depth > deepest || files > mostFiles) {
      problems.push({ ...from, message: `'${file}' is left out: too many files include each other` });
      return;
    }
    let text: string;
    try {
      text = textOf(read(file));
    } catch (thrown) {
      problems.push({ ...from, message: messageOf(thrown) });
      return;
    }
    let vendor = 0;
    let isInside = false;
    for (const [index, whole] of text.split("\n").entries()) {
      const here = { file, line: index + 1 };
      const [keyword = "", ...words] = whole.replace(/#.*/, "").trim().split(/\s+/);
      const wrong = (message: string): void => void problems.push({ ...here, message });
      switch (keyword.toUpperCase()) {
        case "$INCLUDE":
        case "$INCLUDE-":
          readFile(besides(file, words[0] ?? ""), depth + 1, here);
          break;
        case "VENDOR": {
          const number = numberOf(words[1]);
          if (words[0] === undefined || number === undefined) wrong("VENDOR wants a name and a number");
          else vendorNumbers.set(words[0].toLowerCase(), number);
          break;
        }
        case "BEGIN-VENDOR": {
          const number = vendorNumbers.get((words[0] ?? "").toLowerCase());
          if (number === undefined) wrong(`there is no vendor '${words[0] ?? ""}'`);
          // Attributes of an unknown vendor are nobody's, rather than the standard's.
          vendor = number ?? 0;
          isInside = number === undefined;
          break;
        }
        case "END-VENDOR":
          vendor = 0;
          isInside = false;
          break;
        case "ATTRIBUTE": {
          const [name, number = "", type = "", flags = ""] = words;
          // 1.2 is a part of another one; so is what stands behind a BEGIN-TLV.
          if (/^[.\d]+\.\d/.test(number) || isInside) break;
          const attribute = numberOf(number);
          const last = flags.split(",");
          const of = last.find((flag) => vendorNumbers.has(flag.toLowerCase()));
          const owner = of === undefined ? vendor : (vendorNumbers.get(of.toLowerCase()) ?? 0);
          if (name === undefined || attribute === undefined) wrong("ATTRIBUTE wants a name, a number and a type");
          else if (attribute <= 255) dictionary.add(owner, attribute, { name, shownAs: shownBy(type, last) });
          break;
        }
        case "VALUE": {
          const [attribute, name, number] = words;
          const value = numberOf(number);
          if (attribute === undefined || name === undefined || value === undefined) {
            wrong("VALUE wants an attribute, a name and a number");
          } else dictionary.addValue(attribute, name, value);
          break;
        }
        default:
          // PROTOCOL, BEGIN-TLV, FLAGS, STRUCT and the like belong to what is not read here.
          break;
      }
    }
  };
  readFile(path, 0, { file: path, line: 0 });
  return problems;
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
