/** `beacon` and its commands. Each is loaded when it is wanted only. */

import type { CommandDescription } from "../base/command-line/description.ts";
import { version } from "../base/version.ts";
import { nearest } from "../config/nearest.ts";
import { type Command, exitStatus, helpOf } from "./command.ts";
import { channelsDescription } from "./descriptions/channels.ts";
import { checkDescription } from "./descriptions/check.ts";
import { cliDescription } from "./descriptions/cli.ts";
import { dhcpDescription } from "./descriptions/dhcp.ts";
import { doctorDescription } from "./descriptions/doctor.ts";
import { explainDescription } from "./descriptions/explain.ts";
import {
  banDescription,
  kickDescription,
  renameDescription,
  stationsDescription,
  statusDescription,
  unbanDescription,
  watchDescription,
} from "./descriptions/live.ts";
import { completionDescription, manDescription } from "./descriptions/man.ts";
import { pkiDescription } from "./descriptions/pki.ts";
import { qrDescription } from "./descriptions/qr.ts";
import { reloadDescription } from "./descriptions/reload.ts";
import { saePkDescription } from "./descriptions/sae-pk.ts";
import { startDescription } from "./descriptions/start.ts";
import { downDescription, upDescription } from "./descriptions/up.ts";
import type { Terminal } from "./terminal.ts";

const cli: Command = {
  description: cliDescription,
  passesOn: true,
  run: async (args, terminal) => (await import("./hostapd-cli/main.ts")).runHostapdCli(args, terminal, "native"),
};

const check: Command = {
  description: checkDescription,
  run: async (args, terminal) => (await import("./check.ts")).check(args, terminal),
};

const dhcp: Command = {
  description: dhcpDescription,
  run: async (args, terminal) => (await import("./dhcp.ts")).dhcp(args, terminal),
};

const doctor: Command = {
  description: doctorDescription,
  run: async (args, terminal) => (await import("./doctor.ts")).doctor(args, terminal),
};

const channels: Command = {
  description: channelsDescription,
  run: async (args, terminal) => (await import("./channels.ts")).channels(args, terminal),
};

const explain: Command = {
  description: explainDescription,
  run: async (args, terminal) => (await import("./explain.ts")).explain(args, terminal),
};

const reload: Command = {
  description: reloadDescription,
  run: async (args, terminal) => (await import("./reload.ts")).reload(args, terminal),
};

const saePk: Command = {
  description: saePkDescription,
  run: async (args, terminal) => (await import("./sae-pk.ts")).saePk(args, terminal),
};

const pki: Command = {
  description: pkiDescription,
  run: async (args, terminal) => (await import("./pki/command.ts")).pki(args, terminal),
};

const qr: Command = {
  description: qrDescription,
  run: async (args, terminal) => (await import("./qr/command.ts")).qr(args, terminal),
};

const start: Command = {
  description: startDescription,
  run: async (args, terminal) => (await import("./start/command.ts")).start(args, terminal),
};

const up: Command = {
  description: upDescription,
  run: async (args, terminal) => (await import("./up/command.ts")).up(args, terminal),
};

const down: Command = {
  description: downDescription,
  run: async (args, terminal) => (await import("./up/command.ts")).down(args, terminal),
};

const man: Command = {
  description: manDescription,
  run: async (args, terminal) => (await import("./man.ts")).man(args, terminal),
};

const completion: Command = {
  description: completionDescription,
  run: async (args, terminal) => (await import("./man.ts")).completion(args, terminal),
};

const status: Command = {
  description: statusDescription,
  run: async (args, terminal) => (await import("./live/status.ts")).status(args, terminal),
};

const stations: Command = {
  description: stationsDescription,
  run: async (args, terminal) => (await import("./live/stations.ts")).stations(args, terminal),
};

const watch: Command = {
  description: watchDescription,
  run: async (args, terminal) => (await import("./live/watch.ts")).watch(args, terminal),
};

const kick: Command = {
  description: kickDescription,
  run: async (args, terminal) => (await import("./live/orders.ts")).kick(args, terminal),
};

const ban: Command = {
  description: banDescription,
  run: async (args, terminal) => (await import("./live/orders.ts")).ban(args, terminal),
};

const unban: Command = {
  description: unbanDescription,
  run: async (args, terminal) => (await import("./live/orders.ts")).unban(args, terminal),
};

const rename: Command = {
  description: renameDescription,
  run: async (args, terminal) => (await import("./live/orders.ts")).rename(args, terminal),
};

/** Of a network while it runs. */
const live = [status, stations, watch, kick, ban, unban, rename];

const commands: readonly Command[] = [
  up,
  down,
  ...live,
  start,
  qr,
  channels,
  cli,
  check,
  dhcp,
  doctor,
  explain,
  reload,
  saePk,
  pki,
  man,
  completion,
];

export const beaconDescription: CommandDescription = {
  name: "",
  summary: "set up, look after and explain Wi-Fi access points",
  synopsis: ["COMMAND [ARGUMENTS]"],
  text: ["'beacon COMMAND --help' says more of a command, and so does 'beacon help COMMAND'."],
  arguments: [],
  options: [],
  examples: ["beacon start"],
  exitStatuses: { 0: "done", 1: "failed", 2: "for a wrong command line" },
  commands: commands.map(({ description }) => description),
};

/** @param args without the program's name @returns the exit status */
export async function beacon(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  const [wanted] = rest;
  if (name === "--version" || name === "-v") {
    terminal.output.write(`beacon ${version}\n`);
    return exitStatus.done;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const command = wanted === undefined ? beaconDescription : find(wanted)?.description;
    if (command === undefined) return noCommand(wanted ?? "", terminal);
    terminal.output.write(helpOf(command));
    return exitStatus.done;
  }
  if (name === undefined) {
    terminal.errors.write(helpOf(beaconDescription));
    return exitStatus.usage;
  }
  const command = find(name);
  if (command === undefined) return noCommand(name, terminal);
  if (wanted === "--help" || (!command.passesOn && asksForHelp(rest))) {
    const inner = command.description.commands?.find((each) => each.name === `${name} ${wanted}`);
    terminal.output.write(helpOf(inner ?? command.description));
    return exitStatus.done;
  }
  return command.run(rest, terminal);
}

const find = (name: string): Command | undefined => commands.find(({ description }) => description.name === name);

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end === -1 ? args.length : end).some((arg) => arg === "--help" || arg === "-h");
}

function noCommand(name: string, { errors }: Terminal): number {
  const meant = nearest(
    name,
    commands.map(({ description }) => description.name),
  );
  const hint = meant === undefined ? "" : `; did you mean '${meant}'?`;
  errors.write(`beacon: there is no command '${name}'${hint}\n\n'beacon --help' lists them.\n`);
  return exitStatus.usage;
}
