/** `beacon doctor`: what is wrong with this machine's access point, link by link. */

import { parseArgs } from "node:util";
import { messageOf } from "../base/errors.ts";
import { Reactor } from "../linux/reactor.ts";
import { exitStatus } from "./command.ts";
import { type Diagnosis, diagnose, type Verdict } from "./doctor/checks.ts";
import { gather } from "./doctor/gather.ts";
import { doctorHelp } from "./doctor-help.ts";
import { type Paint, paintFor, type Tone } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** @returns the exit status */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseOptions(args);
  if ("refused" in options) {
    terminal.errors.write(`beacon doctor: ${options.refused}\n\n${doctorHelp}`);
    return exitStatus.usage;
  }
  const reactor = new Reactor();
  try {
    const evidence = await gather(options.interfaceName, options.config, reactor);
    const diagnoses = diagnose(evidence);
    const paint = paintFor(terminal.output, process.env);
    for (const diagnosis of diagnoses) {
      terminal.output.write(options.json ? `${JSON.stringify(diagnosis)}\n` : inWords(diagnosis, paint));
    }
    return diagnoses.some(({ verdict }) => verdict === "not well") ? exitStatus.failed : exitStatus.done;
  } finally {
    reactor.close();
  }
}

const tones: Readonly<Record<Verdict, Tone>> = { well: "good", "not well": "bad", "can't tell": "quiet" };

function inWords({ link, verdict, evidence, mend }: Diagnosis, paint: Paint): string {
  const first = `${paint(tones[verdict], verdict.padEnd(10))} ${paint("name", link)}: ${evidence}\n`;
  return mend === undefined ? first : `${first}             ${mend}\n`;
}

interface Options {
  readonly interfaceName: string | undefined;
  readonly config: string | undefined;
  readonly json: boolean;
}

function parseOptions(args: readonly string[]): Options | { readonly refused: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { config: { type: "string" }, json: { type: "boolean" } },
    });
    if (positionals.length > 1) return { refused: "it looks at one interface" };
    return { interfaceName: positionals[0], config: values.config, json: values.json === true };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}
