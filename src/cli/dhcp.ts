/** `beacon dhcp`: the DHCP server by itself, beside whatever makes the network. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { BeaconError, ConfigurationError, KernelRefusal, messageOf } from "../base/errors.ts";
import { parseDhcpdLeases } from "../config/dhcpd/leases.ts";
import { parseDhcpdConf } from "../config/dhcpd/parser.ts";
import { describe, isError } from "../config/problem.ts";
import { files } from "../daemon/read-configuration.ts";
import { importLeases } from "../gateway/dhcp/import.ts";
import { type LeaseFile, openLeaseFile } from "../gateway/dhcp/lease-file.ts";
import { serverPort } from "../gateway/dhcp/link.ts";
import { systemClock } from "../linux/clock.ts";
import { Journal } from "../linux/journal.ts";
import { Reactor } from "../linux/reactor.ts";
import { tellServiceManager } from "../linux/service-manager.ts";
import { exitStatus, wrongCommandLine } from "./command.ts";
import { parseCommandLine } from "./command-line/parse.ts";
import { dhcpDescription } from "./descriptions/dhcp.ts";
import { serveDhcp } from "./dhcp-on-interface.ts";
import { eventShape, eventText } from "./dhcp-words.ts";
import type { Terminal } from "./terminal.ts";

const leaseDirectory = "/var/lib/beacond";

interface Options {
  readonly interfaceName: string;
  readonly config: string;
  readonly leases: string | undefined;
  /** A file of ISC's. */
  readonly imported: string | undefined;
  readonly json: boolean;
}

/** @returns the exit status */
export async function dhcp(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(dhcpDescription, args);
  if ("refused" in parsed) return wrongCommandLine(dhcpDescription, parsed.refused, terminal);
  const { config, leases, json, import: imported } = parsed.options;
  if (config === undefined) return wrongCommandLine(dhcpDescription, "--config FILE is missing", terminal);
  const [interfaceName = ""] = parsed.rest;
  const reactor = new Reactor();
  try {
    await serve({ interfaceName, config, leases, imported, json }, reactor, terminal);
    return exitStatus.done;
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    terminal.errors.write(`${explained(thrown)}\n`);
    return exitStatus.failed;
  } finally {
    reactor.close();
  }
}

/** Until a signal comes. @throws BeaconError */
async function serve(
  { interfaceName, config, leases, imported, json }: Options,
  reactor: Reactor,
  terminal: Terminal,
): Promise<void> {
  const { configuration, problems } = parseDhcpdConf(files(config), config, files);
  for (const problem of problems) terminal.errors.write(`${describe(problem)}\n`);
  if (problems.some(isError)) throw new ConfigurationError(`'${config}' has errors`);
  const say = (text: string): void => void terminal.output.write(`${text}\n`);
  const place = leases ?? defaultLeases(interfaceName);
  if (imported !== undefined) await takeOver(imported, place, terminal);
  const service = serveDhcp({
    reactor,
    interfaceName,
    configuration,
    openJournal: () => openLeases(place, terminal),
    listener: (event) => say(json ? JSON.stringify(eventShape(event)) : eventText(event)),
  });
  const serving = `serving ${interfaceName}`;
  say(json ? JSON.stringify({ type: "serving", text: serving, interface: interfaceName }) : serving);
  tellServiceManager("ready", serving);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  service.close();
}

/** Into the leases that the server is going to find. @throws ConfigurationError */
async function takeOver(imported: string, path: string, terminal: Terminal): Promise<void> {
  const theirs = parseDhcpdLeases(files(imported));
  const leases = openLeases(path, terminal);
  try {
    const count = await importLeases(theirs, leases, systemClock.unixTime());
    terminal.errors.write(`${count} of the ${theirs.length} addresses in ${imported} are taken over\n`);
  } finally {
    leases.close();
  }
}

/** @throws ConfigurationError */
function openLeases(path: string, { errors }: Terminal): LeaseFile {
  const leases = openLeaseFile(Journal.open(path));
  if (leases.broken > 0) errors.write(`${leases.broken} lines of the leases mean nothing and are left out\n`);
  return leases;
}

/** @throws ConfigurationError */
function defaultLeases(interfaceName: string): string {
  try {
    mkdirSync(leaseDirectory, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw new ConfigurationError(`${leaseDirectory}: ${messageOf(thrown)}; --leases names another place`);
  }
  return join(leaseDirectory, `${interfaceName}.leases`);
}

function explained(thrown: BeaconError): string {
  if (!(thrown instanceof KernelRefusal)) return thrown.message;
  if (thrown.errno === "EADDRINUSE") {
    return `another DHCP server has port ${serverPort} already: 'ss -lunp sport = :${serverPort}' names it`;
  }
  return thrown.errno === "EPERM" || thrown.errno === "EACCES" ? `this needs root: ${thrown.message}` : thrown.message;
}
