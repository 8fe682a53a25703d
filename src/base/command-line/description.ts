/**
 * What a command takes and does, in one place: its `--help`, its manual page, what a shell completes and how its
 * arguments are read all come from it.
 */

/** What a value may be: how it is checked, and what a shell offers for it. */
export type ValueKind =
  | "text"
  | "file"
  | "directory"
  /** A network interface of this machine. */
  | "interface"
  /** The address of a station. */
  | "station"
  | { readonly oneOf: readonly string[] }
  /** A whole number. */
  | { readonly from: number; readonly to: number };

export interface OptionDescription {
  /** The long name, without its dashes; a single letter is an option with one dash. */
  readonly name: string;
  /** Beside a long name. */
  readonly letter?: string;
  /** What its value is called, in capitals; an option without stands alone. */
  readonly value?: string;
  /** Of the value: text where absent. */
  readonly kind?: ValueKind;
  /** It may be given several times. */
  readonly repeated?: true;
  readonly text: string;
}

export interface ArgumentDescription {
  /** In capitals. */
  readonly name: string;
  readonly kind: ValueKind;
  readonly optional?: true;
  /** It may be given several times; the last argument only. */
  readonly repeated?: true;
}

/** What `--json` writes: a line for each of something, with these members. */
export interface JsonDescription {
  readonly lineFor: string;
  readonly members: Readonly<Record<string, string>>;
}

export interface CommandDescription {
  /** Without the program's name: `up`, `pki init`. */
  readonly name: string;
  /** What it does, as the end of a sentence: for lists of commands. */
  readonly summary: string;
  /** What may follow the name, a group of options each; the lines of the usage are made of them. */
  readonly synopsis: readonly string[];
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly arguments: readonly ArgumentDescription[];
  readonly options: readonly OptionDescription[];
  readonly examples: readonly string[];
  readonly exitStatuses: Readonly<Record<number, string>>;
  readonly json?: JsonDescription;
  /** Files that it reads or writes by itself, and what is in them. */
  readonly files?: Readonly<Record<string, string>>;
  /** Other manual pages: `hostapd.conf(5)`. */
  readonly seeAlso?: readonly string[];
  /** What it consists of, where it does nothing by itself. */
  readonly commands?: readonly CommandDescription[];
}

/** How an option is written: `--print-config`, `-p`. */
export const written = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

/** What may be written for an option, with its value: `-p, --directory DIRECTORY`. */
export function optionTitle({ name, letter, value }: OptionDescription): string {
  const names = [...(letter === undefined ? [] : [`-${letter}`]), written(name)].join(", ");
  return value === undefined ? names : `${names} ${value}`;
}

/** It writes what it says as JSON. */
export const jsonOption = (text: string) => ({ name: "json", text }) as const;
