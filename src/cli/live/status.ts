/** `beacon status`: which networks run here, and how. */

import type { StatusAnswer } from "../../control/live-answers.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { parseCommandLine } from "../command-line/parse.ts";
import { defaultDirectory } from "../descriptions/cli.ts";
import { statusDescription } from "../descriptions/live.ts";
import { type Paint, paintFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { generationName, protectionName } from "./names.ts";
import { safe, span } from "./text.ts";
import { withNetworks } from "./with-networks.ts";

/** @returns the exit status */
export async function status(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(statusDescription, args);
  if ("refused" in parsed) return wrongCommandLine(statusDescription, parsed.refused, terminal);
  const { directory = defaultDirectory, interface: interfaceName, json } = parsed.options;
  const { output } = terminal;
  return withNetworks({ directory, interfaceName }, terminal, async ({ networks }) => {
    const paint = paintFor(output, process.env);
    const all = networks.map((network) => network.status);
    output.write(all.map((one) => (json ? `${JSON.stringify(one)}\n` : inWords(one, paint))).join(json ? "" : "\n"));
    return all.every(({ state }) => state === "ENABLED") ? exitStatus.done : exitStatus.failed;
  });
}

export function inWords(answer: StatusAnswer, paint: Paint): string {
  const { now, up, started, stations, warnings, version, pid, phy, radio, bssid } = answer;
  const isUp = up !== undefined;
  const row = (name: string, text: string): string => `  ${name.padEnd(12)}${text}\n`;
  const onRadio = [phy, radio === answer.interface ? undefined : `with ${radio}`].filter((each) => each !== undefined);
  return [
    `${paint("name", answer.interface)}  ${paint("name", `'${safe(answer.ssid)}'`)}  ${
      isUp ? paint("good", `on the air for ${span(now - up)}`) : paint("bad", `not on the air (${safe(answer.state)})`)
    }\n`,
    row("Channel", channelText(answer)),
    row("Protection", protectionName(answer.required)),
    row("Stations", String(stations)),
    ...(bssid === undefined ? [] : [row("Address", `${bssid}${onRadio.length > 0 ? ` (${onRadio.join(", ")})` : ""}`)]),
    row("Daemon", `beacond ${version}, process ${pid}, for ${span(now - started)}`),
    ...warnings.map((warning) => `  ${paint("bad", "!")} ${safe(warning)}\n`),
  ].join("");
}

export function channelText({ channel, frequency, width, country, generation }: StatusAnswer): string {
  if (channel === undefined || frequency === undefined) return "none yet";
  const wide = width === undefined ? "" : `, ${width === "20-no-ht" ? "20" : width} MHz wide`;
  const rules = country === undefined || country === "00" ? "no country set" : country;
  return `${channel} (${frequency} MHz${wide}), ${generationName(generation)}, ${rules}`;
}
