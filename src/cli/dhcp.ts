/** `beacon dhcp`: the DHCP server by itself, beside whatever makes the network. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BeaconError, ConfigurationError, KernelRefusal, messageOf } from "../base/errors.ts";
import { parseDhcpdConf } from "../config/dhcpd/parser.ts";
import { describe, isError } from "../config/problem.ts";
import { files } from "../daemon/read-configuration.ts";
import { type LeaseFile, openLeaseFile } from "../gateway/dhcp/lease-file.ts";
import { serverPort } from "../gateway/dhcp/link.ts";
import { Journal } from "../linux/journal.ts";
import { Reactor } from "../linux/reactor.ts";
import { exitStatus } from "./command.ts";
import { dhcpHelp } from "./dhcp-help.ts";
import { serveDhcp } from "./dhcp-on-interface.ts";
import { eventText } from "./dhcp-words.ts";
import type { Terminal } from "./terminal.ts";

const leaseDirectory = "/var/lib/beacond";

interface Options {
  readonly interfaceName: string;
  readonly config: string;
  readonly leases: string | undefined;
}

/** @returns the exit status */
export async function dhcp(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseOptions(args);
  if ("refused" in options) {
    terminal.errors.write(`beacon dhcp: ${options.refused}\n\n${dhcpHelp}`);
    return exitStatus.usage;
  }
  const reactor = new Reactor();
  try {
    await serve(options, reactor, terminal);
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
async function serve({ interfaceName, config, leases }: Options, reactor: Reactor, terminal: Terminal): Promise<void> {
  const { configuration, problems } = parseDhcpdConf(files(config), config, files);
  for (const problem of problems) terminal.errors.write(`${describe(problem)}\n`);
  if (problems.some(isError)) throw new ConfigurationError(`'${config}' has errors`);
  const say = (text: string): void => void terminal.output.write(`${text}\n`);
  const service = serveDhcp({
    reactor,
    interfaceName,
    configuration,
    openJournal: () => openLeases(leases ?? defaultLeases(interfaceName), terminal),
    listener: (event) => say(eventText(event)),
  });
  say(`serving ${interfaceName}`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  service.close();
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

function parseOptions(args: readonly string[]): Options | { readonly refused: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { config: { type: "string" }, leases: { type: "string" } },
    });
    const [interfaceName, ...more] = positionals;
    if (interfaceName === undefined || more.length > 0) return { refused: "it serves one interface" };
    if (values.config === undefined) return { refused: "--config FILE is missing" };
    return { interfaceName, config: values.config, leases: values.leases };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}
