/** `beacon channels`: which channels an access point may use here, and why not the others. */

import { channelOf } from "../ap/channel-plan.ts";
import { BeaconError } from "../base/errors.ts";
import { silent } from "../base/log.ts";
import { surveyCountry, surveyRadios } from "../driver/nl80211/survey.ts";
import type { RadioChannel } from "../driver/port.ts";
import { linuxHost } from "../linux/host.ts";
import { Reactor } from "../linux/reactor.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { channelsDescription } from "./descriptions/channels.ts";
import { type Paint, paintFor } from "./style.ts";
import type { Terminal } from "./terminal.ts";

/** @returns the exit status */
export async function channels(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(channelsDescription, args);
  if ("refused" in parsed) return wrongCommandLine(channelsDescription, parsed.refused, terminal);
  const { json } = parsed.options;
  const [interfaceName] = parsed.rest;
  const reactor = new Reactor();
  try {
    const host = linuxHost(reactor);
    const radios = surveyRadios(host, silent).filter(
      ({ interfaces }) => interfaceName === undefined || interfaces.some(({ name }) => name === interfaceName),
    );
    if (radios.length === 0) {
      terminal.errors.write(
        interfaceName === undefined
          ? "this machine has no radio that nl80211 knows\n"
          : `there is no Wi-Fi interface '${interfaceName}'\n`,
      );
      return exitStatus.failed;
    }
    const rows = radios.flatMap(({ capabilities }) =>
      capabilities.bands.flatMap(({ name: band, channels: all }) =>
        all.map((channel): Row => ({ radio: capabilities.phy, band, ...describeChannel(channel) })),
      ),
    );
    if (json) for (const row of rows) terminal.output.write(`${JSON.stringify(row)}\n`);
    else terminal.output.write(table(rows, surveyCountry(host, silent), paintFor(terminal.output, process.env)));
    return rows.some(({ usable }) => usable) ? exitStatus.done : exitStatus.failed;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    terminal.errors.write(`${thrown.message}\n`);
    return exitStatus.failed;
  } finally {
    reactor.close();
  }
}

interface Judgement {
  readonly channel: number;
  /** MHz */
  readonly frequency: number;
  readonly usable: boolean;
  /** What limits it, or keeps it from being used. */
  readonly why: string | undefined;
  readonly maxPowerDbm: number;
}

interface Row extends Judgement {
  readonly radio: string;
  readonly band: string;
}

export function describeChannel(channel: RadioChannel): Judgement {
  const { frequency, maxPowerDbm } = channel;
  const narrow = [
    channel.noHt40Minus && channel.noHt40Plus ? "20 MHz only" : channel.no80MHz ? "no 80 MHz" : undefined,
  ];
  const [usable, why] = channel.disabled
    ? [false, "the country's rules, or the hardware, forbid it"]
    : channel.radar
      ? [false, "radar has to be listened for before it is used, which Beacond doesn't do yet"]
      : channel.noIr
        ? [
            false,
            "stations may follow an access point there, and none may begin (no-IR): another country_code may allow it",
          ]
        : [true, narrow.find((each) => each !== undefined)];
  return { channel: channelOf(frequency).channel, frequency, usable, why, maxPowerDbm };
}

function table(rows: readonly Row[], country: string | undefined, paint: Paint): string {
  const heading =
    country === undefined ? "" : `rules of ${country === "00" ? "the world (no country is set)" : country}\n`;
  let place = "";
  const lines = rows.map((row) => {
    const here = `${row.radio} ${row.band}`;
    const title = here === place ? "" : `${paint("name", here)}\n`;
    place = here;
    const mark = row.usable ? paint("good", "yes") : paint("bad", "no ");
    const power = row.usable ? `${row.maxPowerDbm.toFixed(0).padStart(3)} dBm` : "       ";
    return `${title}  ${String(row.channel).padStart(4)}  ${row.frequency} MHz  ${mark} ${power}  ${row.why ?? ""}`.trimEnd();
  });
  return `${heading}${lines.join("\n")}\n`;
}
