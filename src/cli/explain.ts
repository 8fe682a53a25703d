/** `beacon explain`: what happened, in words. */

import { textOf } from "../base/bytes.ts";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import { readBounded } from "../linux/read-bounded.ts";
import { logFacts } from "../observe/log-story/facts.ts";
import { type Finding, logStory, type Verdict } from "../observe/log-story/story.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { defaultDirectory } from "./descriptions/cli.ts";
import { explainDescription } from "./descriptions/explain.ts";
import { type Paint, paintFor, type Tone } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** More than any access point writes in a month. */
const largestLog = 256 << 20;

/** @returns the exit status */
export async function explain(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(explainDescription, args);
  if ("refused" in parsed) return wrongCommandLine(explainDescription, parsed.refused, terminal);
  const { log, json, directory = defaultDirectory, interface: interfaceName } = parsed.options;
  const [station] = parsed.rest;
  if (station !== undefined && log === undefined) {
    const { explainStation } = await import("./live/explain-station.ts");
    return explainStation({ station, directory, interfaceName, json }, terminal);
  }
  if (log === undefined) {
    return wrongCommandLine(explainDescription, "STATION, last, or --log FILE is missing", terminal);
  }
  if (station !== undefined) {
    return wrongCommandLine(explainDescription, "a log has all its stations: --log FILE alone", terminal);
  }
  let text: string;
  try {
    const octets = readBounded(log === "-" ? 0 : log, largestLog);
    if (octets.length > largestLog)
      throw new ConfigurationError(
        `that is more than ${largestLog >> 20} MiB: tail -n 1000000 ${log === "-" ? "" : `${log} `}| beacon explain --log -`,
      );
    text = textOf(octets);
  } catch (thrown) {
    terminal.errors.write(`the log can't be read: ${messageOf(thrown)}\n`);
    return exitStatus.usage;
  }
  const findings = logStory(logFacts(text));
  const paint = paintFor(terminal.output, process.env);
  for (const finding of findings) {
    terminal.output.write(json ? `${JSON.stringify(finding)}\n` : inWords(finding, paint));
  }
  return findings.some(({ verdict }) => verdict === "bad") ? exitStatus.failed : exitStatus.done;
}

const marks: Readonly<Record<Verdict, readonly [mark: string, tone: Tone]>> = {
  good: ["well     ", "good"],
  bad: ["not well ", "bad"],
  harmless: ["harmless ", "name"],
  unknown: ["unclear  ", "name"],
};

function inWords({ verdict, text, lines, advice }: Finding, paint: Paint): string {
  const [mark, tone] = marks[verdict];
  const where = lines.length === 0 ? "" : ` (line${lines.length === 1 ? "" : "s"} ${shown(lines)})`;
  const hints = advice.map((hint) => `           - ${hint}\n`);
  return `${paint(tone, mark)} ${text}${where}\n${hints.join("")}`;
}

const mostShown = 6;

const shown = (lines: readonly number[]): string =>
  lines.length > mostShown ? `${lines.slice(0, mostShown).join(", ")} ...` : lines.join(", ");
