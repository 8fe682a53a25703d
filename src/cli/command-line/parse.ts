/** Reads a command's arguments, as its description has them. */

import {
  type ArgumentDescription,
  type CommandDescription,
  type OptionDescription,
  type ValueKind,
  written,
} from "../../base/command-line/description.ts";
import { nearest } from "../../config/nearest.ts";

type ValueOf<O extends OptionDescription> = O extends { readonly kind: { readonly oneOf: readonly (infer V)[] } }
  ? V
  : O extends { readonly kind: { readonly from: number } }
    ? number
    : string;

/** By the options' names: whether those that stand alone were given, and the others' values. */
export type OptionValues<D extends CommandDescription> = {
  readonly [O in D["options"][number] as O["name"]]: O extends { readonly value: string }
    ? O extends { readonly repeated: true }
      ? readonly ValueOf<O>[]
      : ValueOf<O> | undefined
    : boolean;
};

export interface Parsed<D extends CommandDescription> {
  readonly options: OptionValues<D>;
  readonly rest: readonly string[];
}

export interface Refused {
  /** What is wrong, in words. */
  readonly refused: string;
}

/**
 * Options may come behind other arguments, until `--`; of those that count once, the last counts. Values follow in the
 * next argument, or behind `=`.
 */
export function parseCommandLine<const D extends CommandDescription>(
  description: D,
  args: readonly string[],
): Parsed<D> | Refused {
  const values = new Map<string, unknown>();
  for (const { name, value, repeated } of description.options) {
    values.set(name, value === undefined ? false : repeated ? [] : undefined);
  }
  const rest: string[] = [];
  const waiting = [...args];
  for (let arg = waiting.shift(); arg !== undefined; arg = waiting.shift()) {
    if (arg === "--") {
      rest.push(...waiting);
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      rest.push(arg);
      continue;
    }
    const split = splitOption(description.options, arg);
    if ("refused" in split) return split;
    const { option, attached } = split;
    if (option.value === undefined) {
      values.set(option.name, true);
      if (attached !== undefined && arg.startsWith("--")) return { refused: `${written(option.name)} takes no value` };
      if (attached !== undefined) waiting.unshift(`-${attached}`);
      continue;
    }
    const text = attached ?? waiting.shift();
    const complaint = text === undefined || isLikeOption(text, attached) ? missing(option, text) : undefined;
    const value = complaint ?? checkedValue(option.kind ?? "text", text ?? "");
    if (typeof value === "object") return { refused: `${written(option.name)}: ${value.refused}` };
    const before = values.get(option.name);
    values.set(option.name, option.repeated ? [...(Array.isArray(before) ? before : []), value] : value);
  }
  const refused = complaintOfArguments(description.arguments, rest);
  if (refused !== undefined) return { refused };
  // The keys and the types of the values are those of the description, by the loop above.
  return { options: Object.fromEntries(values) as unknown as OptionValues<D>, rest };
}

function splitOption(
  options: readonly OptionDescription[],
  arg: string,
): { readonly option: OptionDescription; readonly attached: string | undefined } | Refused {
  if (arg.startsWith("--")) {
    const [, name = "", attached] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const option = options.find((each) => each.name === name && name.length > 1);
    if (option !== undefined) return { option, attached };
    const names = options.map((each) => each.name).filter((each) => each.length > 1);
    const meant = nearest(name, names) ?? onlyOneBeginning(name, names);
    return { refused: `there is no option --${name}${meant === undefined ? "" : `; did you mean --${meant}?`}` };
  }
  const letter = arg.charAt(1);
  const option = options.find((each) => each.letter === letter || each.name === letter);
  if (option === undefined) {
    const long = options.find(({ name }) => name.length > 1 && name === arg.slice(1));
    return { refused: `there is no option -${letter}${long === undefined ? "" : `; did you mean --${long.name}?`}` };
  }
  return { option, attached: arg.length > 2 ? arg.slice(2) : undefined };
}

function onlyOneBeginning(name: string, names: readonly string[]): string | undefined {
  const found = name === "" ? [] : names.filter((each) => each.startsWith(name));
  return found.length === 1 ? found[0] : undefined;
}

/** `-` alone is a value: standard input. A negative number is one too. */
const isLikeOption = (text: string, attached: string | undefined): boolean =>
  attached === undefined && /^-[^\d]/.test(text);

function missing({ name, value = "" }: OptionDescription, text: string | undefined): Refused {
  const hint = text === undefined ? "" : `; ${written(name)}=${text}, if that is meant`;
  return { refused: `${value} is missing${hint}` };
}

function checkedValue(kind: ValueKind, text: string): string | number | Refused {
  if (typeof kind === "string") {
    return text === "" && kind !== "text" ? { refused: `an empty ${kind === "file" ? "file name" : "name"}` } : text;
  }
  if ("oneOf" in kind) {
    if (kind.oneOf.includes(text)) return text;
    const meant = text.length < 3 ? undefined : nearest(text, kind.oneOf);
    const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
    return { refused: `'${text}' is none of ${kind.oneOf.join(", ")}${hint}` };
  }
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return number >= kind.from && number <= kind.to
    ? number
    : { refused: `'${text}' is no number from ${kind.from} to ${kind.to}` };
}

function complaintOfArguments(wanted: readonly ArgumentDescription[], given: readonly string[]): string | undefined {
  const needed = wanted.filter(({ optional }) => !optional);
  const lacking = needed[given.length];
  if (lacking !== undefined) return `${lacking.name} is missing`;
  const extra = wanted.at(-1)?.repeated ? undefined : given[wanted.length];
  if (extra !== undefined) return `'${extra}' is one argument too many`;
  for (const [i, text] of given.entries()) {
    const { name, kind } = wanted[Math.min(i, wanted.length - 1)] ?? { name: "", kind: "text" as const };
    const value = checkedValue(kind, text);
    if (typeof value === "object") return `${name}: ${value.refused}`;
  }
  return undefined;
}
