/** Finds out which radio there is for it, brings an access point up on it, shows it, and leaves everything as it was. */

import type { Clock } from "../../base/clock.ts";
import type { Entropy } from "../../base/entropy.ts";
import { BeaconError, ConfigurationError } from "../../base/errors.ts";
import { Log } from "../../base/log.ts";
import { version } from "../../base/version.ts";
import type { LogOutput, Syslog } from "../../daemon/log-output.ts";
import { Logging } from "../../daemon/logging.ts";
import { openNl80211Driver } from "../../driver/nl80211/index.ts";
import { type SurveyedRadio, surveyRadios } from "../../driver/nl80211/survey.ts";
import { linuxHost } from "../../linux/host.ts";
import { Reactor } from "../../linux/reactor.ts";
import { exitStatus } from "../command.ts";
import { type Paint, paintFor } from "../style.ts";
import type { Terminal } from "../terminal.ts";
import { bestChannel, chooseRadio } from "./choose-radio.ts";
import { showReal } from "./real-show.ts";
import { jsonTimeline, type Tell, timeline } from "./timeline.ts";
import { showVirtual } from "./virtual-show.ts";

export interface StartOptions {
  readonly virtual: boolean;
  readonly once: boolean;
  readonly json: boolean;
  readonly interfaceName: string | undefined;
}

export interface StartParts {
  readonly terminal: Terminal;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Aborted: end as soon as all is as it was. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
}

/** What the shows need. */
export interface Stage extends StartParts {
  readonly reactor: Reactor;
  readonly log: Log;
  readonly logging: Logging;
  readonly paint: Paint;
  /** Aborts {@link StartParts.signal}, as the user could. */
  readonly stop: () => void;
  /** Ends by itself when all has been shown. */
  readonly once: boolean;
  /** Whole lines, for people. */
  readonly say: (text: string) => void;
  /** What happens, as it happens: a line, for people or for programs. */
  readonly tell: Tell;
}

/** @returns the exit status */
export function runStart(options: StartOptions, parts: StartParts): Promise<number> {
  const once = options.once || parts.terminal.output.isTTY !== true;
  return onStage(parts, { once, json: options.json }, (stage) => {
    stage.say(`${stage.paint("name", `Beacond ${version}`)}\n`);
    return show(options, stage);
  });
}

/** What an access point in the foreground needs around it. @returns the exit status */
export async function onStage(
  parts: StartParts,
  { once, json }: { readonly once: boolean; readonly json: boolean },
  play: (stage: Stage) => Promise<number>,
): Promise<number> {
  const { terminal, env } = parts;
  const paint = paintFor(terminal.output, env);
  const say = (text: string): void => void (json || terminal.output.write(`${text}\n`));
  const tell = json ? jsonTimeline(terminal.output, parts.clock) : timeline(terminal.output, paint, parts.clock);
  const logging = new Logging(onlyWarnings, outputOn(terminal, paint), noSyslog, () => parts.clock.unixTime());
  const log = new Log(logging.sink);
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  parts.signal.addEventListener("abort", stop);
  if (parts.signal.aborted) stop();
  const reactor = new Reactor();
  const stage: Stage = { ...parts, signal: stopping.signal, stop, reactor, log, logging, paint, once, say, tell };
  try {
    return await play(stage);
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    terminal.errors.write(`${paint("bad", "error:")} ${thrown.message}\n`);
    return exitStatus.failed;
  } finally {
    parts.signal.removeEventListener("abort", stop);
    reactor.close();
  }
}

/** What happens is told in plain words; of the log only what is wrong, until LOG_LEVEL asks for more. */
const onlyWarnings = { verbosity: -2, syslog: false, timestamps: false } as const;

const noSyslog: Syslog = { write: () => undefined, close: () => undefined };

const outputOn = ({ errors }: Terminal, paint: Paint): LogOutput => ({
  write: (line) => void errors.write(`${paint("bad", line)}\n`),
  reopen: () => undefined,
  close: () => undefined,
});

async function show({ virtual, interfaceName }: StartOptions, stage: Stage): Promise<number> {
  if (interfaceName !== undefined) return showOn(interfaceName, survey(stage), ["it was asked for"], stage);
  const reasons = virtual ? ["it was asked for"] : [];
  if (!virtual && stage.isRoot) {
    const radios = survey(stage);
    const choice = chooseRadio(radios);
    if (choice.interfaceName !== undefined) {
      const why = ["the first that can be an access point and that nothing else uses", ...choice.passedBy];
      try {
        return await showOn(choice.interfaceName, radios, why, stage);
      } catch (thrown) {
        if (!(thrown instanceof BeaconError)) throw thrown;
        reasons.push(`${choice.interfaceName} did not become an access point: ${thrown.message}`);
      }
    } else {
      reasons.push(radios.length === 0 ? "this machine has no Wi-Fi radio" : "no radio is free", ...choice.passedBy);
    }
  } else if (!virtual) {
    reasons.push("only root may take a real one: sudo npm start");
  }
  sayRadio("a virtual one in this process: the frames are 802.11's own, the air is made up", reasons, stage);
  return showVirtual(stage);
}

const survey = ({ reactor, log }: Stage): SurveyedRadio[] => surveyRadios(linuxHost(reactor), log);

function showOn(
  interfaceName: string,
  radios: readonly SurveyedRadio[],
  why: readonly string[],
  stage: Stage,
): Promise<number> {
  const radio = radios.find(({ interfaces }) => interfaces.some(({ name }) => name === interfaceName));
  if (!radio) throw new ConfigurationError(`there is no Wi-Fi interface '${interfaceName}'`);
  const channel = bestChannel(radio.capabilities);
  if (!channel) throw new ConfigurationError(`${interfaceName} has no channel where an access point is allowed`);
  sayRadio(`${interfaceName} (${radio.capabilities.phy})`, why, stage);
  const { reactor, clock, log } = stage;
  return showReal(stage, openNl80211Driver(reactor, clock, log), interfaceName, channel);
}

function sayRadio(what: string, [first, ...others]: readonly string[], { say, paint }: Stage): void {
  say(`${paint("name", "Radio    ")}${what}`);
  if (first !== undefined) say(`         why: ${first}`);
  for (const other of others) say(`              ${other}`);
  say("");
}
