/** What `--help` says of a command. */

import { type CommandDescription, type OptionDescription, optionTitle } from "./description.ts";

const width = 80;
/** Where the texts of options begin, at most. */
const widestColumn = 22;

/** @param program the name before the command's: `beacon` */
export function helpText(program: string, command: CommandDescription): string {
  const blocks = [
    usageText(program, command),
    ...command.text.map((paragraph) => wrap(paragraph, "", width)),
    ...(command.commands === undefined ? [] : [commandList(command.commands)]),
    ...(command.options.length === 0 ? [] : [optionList(command.options)]),
    exampleText(command.examples),
    wrap(`Exit status: ${statusText(command.exitStatuses)}`, "", width),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The lines that show how it is called. */
export function usageText(program: string, { name, synopsis }: CommandDescription): string {
  const start = `usage: ${[program, name].filter((word) => word !== "").join(" ")}`;
  const lines: string[] = [];
  let line = start;
  for (const part of synopsis) {
    if (line.length + 1 + part.length > width) {
      lines.push(line);
      line = " ".repeat(Math.min(start.length, 20));
    }
    line = `${line} ${part}`;
  }
  return [...lines, line].join("\n");
}

function commandList(commands: readonly CommandDescription[]): string {
  const names = commands.map(({ name }) => name.split(" ").at(-1) ?? name);
  const column = Math.max(...names.map((name) => name.length)) + 4;
  return commands.map(({ summary }, i) => inColumn(`  ${names[i] ?? ""}`, summary, column)).join("\n");
}

function optionList(options: readonly OptionDescription[]): string {
  const longest = Math.max(...options.map((option) => optionTitle(option).length)) + 4;
  const column = Math.min(longest, widestColumn);
  return options.map((option) => inColumn(`  ${optionTitle(option)}`, option.text, column)).join("\n");
}

/** A title, and its text beside it, or below where the title is too long. */
function inColumn(title: string, text: string, column: number): string {
  const indent = " ".repeat(column);
  const wrapped = wrap(text, indent, width);
  return title.length + 2 <= column ? `${title.padEnd(column)}${wrapped.slice(column)}` : `${title}\n${wrapped}`;
}

const exampleText = (examples: readonly string[]): string =>
  examples.length === 1 ? `Example: ${examples[0]}` : `Examples:\n${examples.map((line) => `  ${line}`).join("\n")}`;

/** `0 done, 1 failed, 2 for a wrong command line.` */
const statusText = (statuses: Readonly<Record<number, string>>): string =>
  `${Object.entries(statuses)
    .map(([status, meaning]) => `${status} ${meaning}`)
    .join(", ")}.`;

/** Lines of at most so many characters, each behind `indent`. */
export function wrap(text: string, indent: string, most: number): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line !== indent && line.length + 1 + word.length > most) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
}
