/** The interfaces of the daemon, on the global socket: which there are, new ones, and their end. */

import { octetTextOfString, stringOf } from "../../config/octets.ts";
import { done, fail, type GlobalContext, ok, onGlobal } from "../command.ts";
import type { Addition, ControlledDaemon } from "../daemon-port.ts";

function list({ daemon }: GlobalContext, args: string): string {
  const showsSockets = args.includes("ctrl");
  return daemon
    .radios()
    .flatMap(({ configuration }) => configuration.bsses)
    .map(({ interface: name, ctrl_interface }) => {
      const line = showsSockets ? `${name} ctrl_iface=${ctrl_interface ?? "N/A"}` : name;
      return `${octetTextOfString(line)}\n`;
    })
    .join("");
}

export function parseAddition(args: string): Addition | undefined {
  const bss = /^bss_config=([^:]*):(.+)$/s.exec(args);
  if (bss) return { type: "bss", phy: bss[1] ?? "", file: bss[2] ?? "" };
  if (args.startsWith("bss_config=")) return undefined;
  const [, name = "", rest = ""] = /^([^ ]*) (.*)$/s.exec(args) ?? [];
  if (name === "") return undefined;
  if (rest.startsWith("config=")) return { type: "file", interface: name, file: rest.slice("config=".length) };
  const [, controlDirectory = "", driver] = /^([^ ]*)(?: (.*))?$/s.exec(rest) ?? [];
  return { type: "blank", interface: name, controlDirectory, driver };
}

const interfaceNames = (daemon: ControlledDaemon): string[] =>
  daemon.radios().flatMap(({ configuration }) => configuration.bsses.map((bss) => bss.interface));

/** A radio that has had no BSS so far begins with its first one. */
async function bringUp(daemon: ControlledDaemon, added: readonly string[]): Promise<void> {
  for (const radio of daemon.radios()) if (added.includes(radio.name)) await radio.enable();
}

async function add({ daemon, find, follow }: GlobalContext, args: string): Promise<string> {
  const text = stringOf(args);
  const addition = text === undefined ? undefined : parseAddition(text);
  if (!addition) return fail;
  if (addition.type !== "bss" && find(addition.interface)) {
    daemon.log.info("Cannot add interface - it already exists");
    return fail;
  }
  const before = new Set(interfaceNames(daemon));
  await daemon.add(addition);
  const added = interfaceNames(daemon).filter((name) => !before.has(name));
  try {
    follow();
    if (addition.type === "bss") await bringUp(daemon, added);
  } catch (thrown) {
    for (const name of added) await daemon.remove(name);
    follow();
    throw thrown;
  }
  if (addition.type !== "bss") daemon.log.info(`Add interface '${addition.interface}'`);
  return ok;
}

async function remove({ daemon, find, follow }: GlobalContext, args: string): Promise<string> {
  const name = stringOf(args);
  if (name === undefined || !find(name)) return fail;
  daemon.log.info(`Remove interface '${name}'`);
  const isGone = await daemon.remove(name);
  follow();
  return done(isGone);
}

export const interfaceCommands = [
  onGlobal("INTERFACES", "[ctrl]", "Lists the interfaces, with ctrl their control sockets too.", list),
  onGlobal(
    "ADD",
    "<interface> <ctrl dir> [driver] | <interface> config=<file> | bss_config=<phy>:<file>",
    "Takes up an interface, to be enabled afterwards, or another BSS on a radio.",
    add,
  ),
  onGlobal("REMOVE", "<interface>", "Gives an interface up.", remove),
  onGlobal("FLUSH", "", "Drops what tests have left behind; there is nothing of that kind here.", () => ok),
] as const;
