/** `beacon` and its commands. Each is loaded when it is wanted only. */

import { version } from "../base/version.ts";
import { channelsHelp } from "./channels-help.ts";
import { checkHelp } from "./check-help.ts";
import { type Command, exitStatus } from "./command.ts";
import { dhcpHelp } from "./dhcp-help.ts";
import { doctorHelp } from "./doctor-help.ts";
import { explainHelp } from "./explain-help.ts";
import { nativeUsage } from "./hostapd-cli/options.ts";
import { reloadHelp } from "./reload-help.ts";
import { saePkHelp } from "./sae-pk-help.ts";
import { help as startHelp } from "./start/help.ts";
import type { Terminal } from "./terminal.ts";
import { downHelp, upHelp } from "./up/help.ts";

const cli: Command = {
  name: "cli",
  summary: "speak with a running access point, in hostapd_cli's words",
  help: nativeUsage,
  run: async (args, terminal) => (await import("./hostapd-cli/main.ts")).runHostapdCli(args, terminal, "native"),
};

const check: Command = {
  name: "check",
  summary: "find what is wrong with configuration files",
  help: checkHelp,
  run: async (args, terminal) => (await import("./check.ts")).check(args, terminal),
};

const dhcp: Command = {
  name: "dhcp",
  summary: "give the devices of an interface their addresses, by a dhcpd.conf",
  help: dhcpHelp,
  run: async (args, terminal) => (await import("./dhcp.ts")).dhcp(args, terminal),
};

const doctor: Command = {
  name: "doctor",
  summary: "walk the chain from the chip to the Internet, and say what is not well and what mends it",
  help: doctorHelp,
  run: async (args, terminal) => (await import("./doctor.ts")).doctor(args, terminal),
};

const channels: Command = {
  name: "channels",
  summary: "show which channels an access point may use here, and why not the others",
  help: channelsHelp,
  run: async (args, terminal) => (await import("./channels.ts")).channels(args, terminal),
};

const explain: Command = {
  name: "explain",
  summary: "say in words what a log tells: who joined, who could not and why",
  help: explainHelp,
  run: async (args, terminal) => (await import("./explain.ts")).explain(args, terminal),
};

const reload: Command = {
  name: "reload",
  summary: "have a running access point read its file again, or say what that would do",
  help: reloadHelp,
  run: async (args, terminal) => (await import("./reload.ts")).reload(args, terminal),
};

const saePk: Command = {
  name: "sae-pk",
  summary: "make a password that carries the fingerprint of a key (SAE-PK)",
  help: saePkHelp,
  run: async (args, terminal) => (await import("./sae-pk.ts")).saePk(args, terminal),
};

const start: Command = {
  name: "start",
  summary: "bring an access point up and show what happens on it",
  help: startHelp,
  run: async (args, terminal) => (await import("./start/command.ts")).start(args, terminal),
};

const up: Command = {
  name: "up",
  summary: "make a working network in one line: radio, channel, protection, addresses, way out",
  help: upHelp,
  run: async (args, terminal) => (await import("./up/command.ts")).up(args, terminal),
};

const down: Command = {
  name: "down",
  summary: "end it, and clean up behind one that was killed",
  help: downHelp,
  run: async (args, terminal) => (await import("./up/command.ts")).down(args, terminal),
};

const commands: readonly Command[] = [up, down, start, channels, cli, check, dhcp, doctor, explain, reload, saePk];

const help = `usage: beacon COMMAND [ARGUMENTS]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

'beacon COMMAND --help' says more of a command. Example: beacon start

Exit status: 0 done, 1 failed, 2 for a wrong command line.
`;

/** @param args without the program's name @returns the exit status */
export async function beacon(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--help" || name === "-h" || name === "help") {
    terminal.output.write(help);
    return exitStatus.done;
  }
  if (name === "--version" || name === "-v") {
    terminal.output.write(`beacon ${version}\n`);
    return exitStatus.done;
  }
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    terminal.errors.write(name === undefined ? help : `beacon: there is no command '${name}'\n\n${help}`);
    return exitStatus.usage;
  }
  if (rest[0] === "--help") {
    terminal.output.write(command.help);
    return exitStatus.done;
  }
  return command.run(rest, terminal);
}
