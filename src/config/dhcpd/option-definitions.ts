/** Options that a file defines itself, or names by their number. */

import { optionCode } from "../../wire/dhcp/option-code.ts";
import type { OptionDefinition, OptionField, OptionFormat } from "../../wire/dhcp/option-names.ts";
import type { Cursor } from "./cursor.ts";
import { integer } from "./option-values.ts";

/** What only the server's own reckoning can say. */
export const ofServer: ReadonlySet<number> = new Set([
  optionCode.requestedAddress,
  optionCode.leaseTime,
  optionCode.overload,
  optionCode.messageType,
  optionCode.parameterRequestList,
  optionCode.relayAgentInformation,
]);

export const unnumbered = /^(?:unknown|option)-(\d{1,3})$/;

/** `option-NNN` and `unknown-NNN` are options without a name, of octets. */
export function numberedOption(name: string): OptionDefinition | undefined {
  const code = Number(unnumbered.exec(name)?.[1] ?? 0);
  return code >= 1 && code <= 254 ? { name, code, format: { fields: ["octets"], repeatsFrom: undefined } } : undefined;
}

/** @throws Abandoned */
export function optionFormat(cursor: Cursor): OptionFormat {
  if (cursor.skips("array")) {
    if (!cursor.skips("of")) cursor.refuse("'of' is wanted here");
    return { ...optionFormat(cursor), repeatsFrom: 0 };
  }
  if (!cursor.skips("{")) return { fields: [optionField(cursor)], repeatsFrom: undefined };
  const fields = [optionField(cursor)];
  while (cursor.skips(",")) fields.push(optionField(cursor));
  cursor.expect("}");
  return { fields, repeatsFrom: undefined };
}

/** @throws Abandoned */
function optionField(cursor: Cursor): OptionField {
  const signed = cursor.skips("signed") || (cursor.skips("unsigned") ? false : undefined);
  if (cursor.skips("integer")) {
    const bits = integer(cursor, 8, 32);
    if (bits !== 8 && bits !== 16 && bits !== 32) cursor.refuse("an integer has 8, 16 or 32 bits");
    return `${signed === true ? "i" : "u"}${bits}`;
  }
  const name = cursor.word("the type of the option").text.toLowerCase();
  const field = fieldNames.get(name);
  if (field === "domains") cursor.skips("compressed");
  return field ?? cursor.refuse(`'${name}' is no type of an option`);
}

const fieldNames: ReadonlyMap<string, OptionField> = new Map<string, OptionField>([
  ["boolean", "flag"],
  ["ip-address", "address"],
  ["ip6-address", "address6"],
  ["text", "text"],
  ["string", "octets"],
  ["domain-name", "domain"],
  ["domain-list", "domains"],
]);
