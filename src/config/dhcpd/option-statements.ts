/** `option NAME VALUE;` and the definitions of options of one's own. */

import { type OptionDefinition, optionsByName } from "../../wire/dhcp/option-names.ts";
import { nearest } from "../nearest.ts";
import { Abandoned, type Cursor } from "./cursor.ts";
import { numberedOption, ofServer, optionFormat, unnumbered } from "./option-definitions.ts";
import { integer, optionValue } from "./option-values.ts";
import type { Scope } from "./scope.ts";
import type { Place } from "./tokens.ts";

/** The options that a file knows by name: ISC's, and those that it defines. */
export class OptionStatements {
  readonly #custom = new Map<string, OptionDefinition>();

  read(cursor: Cursor, scope: Scope): void {
    const { token } = cursor;
    if (token.kind === "word" && token.text.toLowerCase() === "space") {
      cursor.note(token.at, "options have one space: options within options are written as octets", {
        severity: "warning",
      });
      throw new Abandoned();
    }
    const next = token.kind === "word" ? token.text.toLowerCase() : "";
    if (!this.#custom.has(next) && !optionsByName.has(next) && !unnumbered.test(next)) {
      const taken = cursor.word("the name of an option");
      if (cursor.isWord("code")) return this.#define(cursor, next);
      return this.#refuse(cursor, next, taken.at);
    }
    const definition = this.option(cursor);
    if (cursor.isWord("code")) return this.#define(cursor, definition.name);
    if (ofServer.has(definition.code)) {
      cursor.note(token.at, `'${definition.name}' is for the server itself to say`, { severity: "warning" });
      throw new Abandoned();
    }
    const value = optionValue(cursor, definition.format);
    if (value.length > 0xffff) cursor.refuse("this is too long for an answer");
    scope.parameters.options ??= new Map();
    scope.parameters.options.set(definition.code, value);
    cursor.expect(";");
  }

  /** Notes a name that is not known. @throws Abandoned */
  option(cursor: Cursor): OptionDefinition {
    const token = cursor.word("the name of an option");
    const name = token.text.toLowerCase();
    const definition = this.#custom.get(name) ?? optionsByName.get(name) ?? numberedOption(name);
    return definition ?? this.#refuse(cursor, name, token.at);
  }

  #refuse(cursor: Cursor, name: string, at: Place): never {
    const meant = nearest(name, [...optionsByName.keys(), ...this.#custom.keys()]);
    cursor.note(at, `there is no option '${name}'`, meant === undefined ? {} : { fix: meant });
    throw new Abandoned();
  }

  /** `option NAME code N = FORMAT;` */
  #define(cursor: Cursor, name: string): void {
    cursor.take();
    const code = integer(cursor, 1, 254);
    cursor.expect("=");
    const format = optionFormat(cursor);
    this.#custom.set(name, { name, code, format });
    cursor.expect(";");
  }
}
