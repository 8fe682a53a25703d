/** `beacon doctor`: what is wrong with this machine's access point, link by link. */

import { Reactor } from "../linux/reactor.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { doctorDescription } from "./descriptions/doctor.ts";
import { diagnose } from "./doctor/checks.ts";
import type { Diagnosis, Verdict } from "./doctor/diagnosis.ts";
import { gather } from "./doctor/gather.ts";
import { type Paint, paintFor, type Tone } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** @returns the exit status */
export async function doctor(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(doctorDescription, args);
  if ("refused" in parsed) return wrongCommandLine(doctorDescription, parsed.refused, terminal);
  const { config, json } = parsed.options;
  const reactor = new Reactor();
  try {
    const evidence = await gather(parsed.rest[0], config, reactor);
    const diagnoses = diagnose(evidence);
    const paint = paintFor(terminal.output, process.env);
    for (const diagnosis of diagnoses) {
      terminal.output.write(json ? `${JSON.stringify(diagnosis)}\n` : inWords(diagnosis, paint));
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
