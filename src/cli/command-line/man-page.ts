/** A manual page of a command, from its description: man(7). Pure. */

import {
  type CommandDescription,
  type JsonDescription,
  type OptionDescription,
  written,
} from "../../base/command-line/description.ts";
import { wrap } from "../../base/command-line/help-text.ts";

export interface ManPageParts {
  readonly description: CommandDescription;
  /** What it is called by: `beacon up`. */
  readonly calledAs: string;
  readonly section: 1 | 8;
  readonly version: string;
  /** As `2026-08-01`. */
  readonly date: string;
  readonly seeAlso: readonly string[];
}

/** `beacon-up`, `beacond`. */
export const pageName = (calledAs: string): string => calledAs.replaceAll(" ", "-");

/** Of a program's command, or of the program itself where the command has no name. */
export const calledAs = (program: string, { name }: CommandDescription): string =>
  name === "" ? program : `${program} ${name}`;

export function manPage(parts: ManPageParts): string {
  const { description, section, version, date } = parts;
  const name = pageName(parts.calledAs);
  const lines = [
    // The pages have no equations and no tables.
    `.TH ${name.toUpperCase()} ${section} ${date} "Beacond ${version}" Beacond`,
    ".SH NAME",
    `${literal(name)} \\- ${plain(description.summary)}`,
    ".SH SYNOPSIS",
    ...synopsisOf(parts.calledAs, description),
    ".SH DESCRIPTION",
    ...paragraphs(description.text),
    ...(description.commands ?? []).flatMap((command) => subcommand(parts.calledAs, command)),
    ...section_("OPTIONS", optionLines(description.options)),
    ...section_("JSON", description.json === undefined ? [] : jsonLines(description.json)),
    ...section_("FILES", entries(description.files ?? {})),
    ".SH EXIT STATUS",
    ...entries(description.exitStatuses),
    ".SH EXAMPLES",
    ...description.examples.flatMap((example, i) => [
      ...(i === 0 ? [] : [".PP"]),
      ".EX",
      `    ${literal(example)}`,
      ".EE",
    ]),
    ...section_("SEE ALSO", seeAlso([...parts.seeAlso, ...(description.seeAlso ?? [])])),
  ];
  return `${lines.join("\n")}\n`;
}

const section_ = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`.SH ${title}`, ...lines];

function subcommand(parent: string, description: CommandDescription): readonly string[] {
  const { name, summary, options, arguments: taken, json } = description;
  const last = name.split(" ").at(-1) ?? name;
  // A command with options of its own is described here; of others there is a page.
  const hasPage = parent.split(" ").length === 1;
  if (hasPage) return [".TP", `\\fB${literal(last)}\\fR`, plain(summary)];
  return [
    `.SS ${literal(last)}`,
    ...synopsisOf(`${parent} ${last}`, description),
    ".PP",
    ...paragraphs(description.text),
    ...(options.length + taken.length === 0 ? [] : optionLines(options)),
    ...(json === undefined ? [] : [".PP", ...jsonLines(json)]),
  ];
}

function synopsisOf(name: string, { synopsis }: CommandDescription): readonly string[] {
  return [".nh", ".ad l", `\\fB${literal(name)}\\fR ${synopsis.map(synopsisPart).join(" ")}`.trimEnd(), ".ad", ".hy"];
}

/** Options bold, what stands for a value slanted. */
const synopsisPart = (part: string): string =>
  literal(part)
    .replace(/(?<=^|[[ |])((?:\\-){1,2}\w(?:\w|\\-(?=\w))*)/g, "\\fB$1\\fR")
    .replace(/(?<![\w-])([A-Z][A-Z0-9_-]*)(?![\w-]|\\fR)/g, "\\fI$1\\fR");

function paragraphs(text: readonly string[]): readonly string[] {
  return text.flatMap((paragraph, i) => [...(i === 0 ? [] : [".PP"]), sentences(paragraph)]);
}

/** A sentence a line, as manual pages are written. */
const sentences = (text: string): string =>
  text
    .split(/(?<=[.?!]) (?=[A-Z'-])/)
    .map((sentence) => wrap(plain(sentence), "", 80))
    .join("\n");

const optionLines = (options: readonly OptionDescription[]): readonly string[] =>
  options.flatMap(({ name, letter, value, text }) => {
    const names = [...(letter === undefined ? [] : [`-${letter}`]), written(name)];
    const shown = names.map((each) => `\\fB${literal(each)}\\fR`).join(", ");
    return [".TP", value === undefined ? shown : `${shown} \\fI${literal(value)}\\fR`, sentences(text)];
  });

function jsonLines({ lineFor, members }: JsonDescription): readonly string[] {
  return [
    wrap(
      `With \\fB\\-\\-json\\fR standard output is JSON, a line for each ${plain(lineFor)}, with these members:`,
      "",
      80,
    ),
    ...entries(members),
  ];
}

const entries = (texts: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(texts).flatMap(([name, text]) => [".TP", `\\fB${literal(name)}\\fR`, sentences(text)]);

function seeAlso(pages: readonly string[]): readonly string[] {
  const sorted = [...new Set(pages)].sort();
  return sorted.map((page, i) => {
    const [, name = page, section = ""] = /^(.*)(\(\d\))$/.exec(page) ?? [];
    return `.BR ${literal(name)} ${section}${i === sorted.length - 1 ? "" : " ,"}`;
  });
}

/** Text as it stands: hyphens are ASCII's, to be copied into a shell. */
const literal = (text: string): string => escaped(text).replaceAll("-", "\\-");

/** Words; the dashes of options in them are ASCII's too. */
const plain = (text: string): string =>
  escaped(text).replace(/(?<=^|[\s(])-+(?=\w)/g, (dashes) => "\\-".repeat(dashes.length));

/** No line of it is a request of roff, wherever it is broken. */
const escaped = (text: string): string =>
  text
    .replaceAll("\\", "\\e")
    .replaceAll("'", "\\(aq")
    .replace(/(?<=^|\s)\./g, "\\&.");
