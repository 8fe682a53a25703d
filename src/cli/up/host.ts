/** The machine, as `beacon up` changes it and puts it back. */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, KernelRefusal, messageOf } from "../../base/errors.ts";
import { broadcastOf, ipv4AddressOf, ipv4Mask, parseIpv4Address } from "../../base/ipv4-address.ts";
import { silent } from "../../base/log.ts";
import { Nl80211Socket, resolveFamily } from "../../driver/nl80211/socket.ts";
import type { Trace, TraceStore } from "../../gateway/traces.ts";
import { openNetlink } from "../../linux/netlink-socket.ts";
import { deleteTable, outputOf } from "../../linux/nftables.ts";
import { isRunning, ownIdentity } from "../../linux/process-identity.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { withRoutes } from "../../linux/with-routes.ts";
import { setInterface } from "../../wire/nl80211/interface.ts";

const directory = "/run/beacond/up";

interface Noted {
  /** Of the process. */
  readonly identity: string;
  readonly pid: number;
  readonly traces: readonly Trace[];
}

/** For an interface. @throws ConfigurationError where nothing can be written there */
export function traceStore(interfaceName: string): TraceStore {
  const path = join(directory, `${interfaceName}.json`);
  return {
    write(traces) {
      const noted: Noted = { identity: ownIdentity(), pid: process.pid, traces };
      try {
        mkdirSync(directory, { recursive: true, mode: 0o755 });
        writeFileSync(path, JSON.stringify(noted));
      } catch (thrown) {
        throw new ConfigurationError(`can't note what is changed, so nothing is: ${messageOf(thrown)}`);
      }
    },
    remove: () => rmSync(path, { force: true }),
  };
}

export interface NotedNetwork extends Noted {
  readonly interfaceName: string;
  /** The process is there. */
  readonly runs: boolean;
}

/** Networks that are up, and those of which a process that was killed has left traces. */
export function notedNetworks(): NotedNetwork[] {
  return list(directory).flatMap((file) => {
    try {
      const noted = JSON.parse(readFileSync(join(directory, file), "utf8")) as Noted;
      return [{ ...noted, interfaceName: file.replace(/\.json$/, ""), runs: isRunning(noted.identity) }];
    } catch {
      return [];
    }
  });
}

const list = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

export const readSetting = (path: string): string => readFileSync(join("/proc/sys", path), "utf8").trim();

export const writeSetting = (path: string, value: string): void => writeFileSync(join("/proc/sys", path), value);

/** @throws BeaconError, Error */
export function undo(trace: Trace, reactor: Reactor): void {
  switch (trace.kind) {
    case "address": {
      const { interfaceName, address, prefixLength } = trace;
      return withRoutes(reactor, (routes) => {
        const link = routes.link(interfaceName);
        const parsed = parseIpv4Address(address);
        if (link === undefined || parsed === undefined) return;
        ignoring("EADDRNOTAVAIL", () => routes.removeAddress({ index: link.index, address: parsed, prefixLength }));
      });
    }
    case "setting":
      return writeSetting(trace.path, trace.before);
    case "table":
      return deleteTable("ip", trace.name);
    case "docker-rules":
      return dockerRules("-D", trace.interfaceName);
    case "firewalld":
      outputOf("firewall-cmd", ["--zone=trusted", `--remove-interface=${trace.interfaceName}`]);
      return;
    case "network-manager":
      outputOf("nmcli", ["device", "set", trace.interfaceName, "managed", "yes"]);
      return;
    case "interface":
      return giveBack(trace.interfaceName, trace.isUp, reactor);
  }
}

/** NL80211_IFTYPE_STATION */
const stationType = 2;

function giveBack(interfaceName: string, isUp: boolean, reactor: Reactor): void {
  withRoutes(reactor, (routes) => {
    const link = routes.link(interfaceName);
    if (link === undefined) return;
    routes.setUp(link.index, false);
    const endpoint = openNetlink(reactor, "generic");
    try {
      const socket = new Nl80211Socket(endpoint, resolveFamily(endpoint), silent);
      socket.execute(setInterface.build({ ifIndex: link.index, type: stationType }));
    } finally {
      endpoint.close();
    }
    if (isUp) routes.setUp(link.index, true);
  });
}

export function addAddress(interfaceName: string, address: string, prefixLength: number, reactor: Reactor): void {
  withRoutes(reactor, (routes) => {
    const link = routes.link(interfaceName);
    const parsed = parseIpv4Address(address);
    if (link === undefined || parsed === undefined)
      throw new ConfigurationError(`there is no interface ${interfaceName}`);
    const mask = ipv4Mask(prefixLength);
    const broadcast = broadcastOf({ address: ipv4AddressOf(parsed & mask), mask });
    routes.addAddress({ index: link.index, address: parsed, prefixLength, broadcast });
  });
}

/** Docker drops what is forwarded and not its own; this chain is where it lets others in. */
export const hasDocker = (): boolean => outputOf("nft", ["list", "chain", "ip", "filter", "DOCKER-USER"]) !== undefined;

export function dockerRules(action: "-I" | "-D", interfaceName: string): void {
  for (const direction of ["-i", "-o"]) {
    outputOf("iptables", [action, "DOCKER-USER", direction, interfaceName, "-j", "ACCEPT"]);
  }
}

export const hasFirewalld = (): boolean => outputOf("firewall-cmd", ["--state"]) !== undefined;

export const trustInFirewalld = (interfaceName: string): void =>
  void outputOf("firewall-cmd", ["--zone=trusted", `--add-interface=${interfaceName}`]);

/** Whether NetworkManager runs and has the interface. */
export const isManaged = (interfaceName: string): boolean =>
  /^GENERAL\.STATE:(?!10\b)/m.test(
    outputOf("nmcli", ["-t", "-f", "GENERAL.STATE", "device", "show", interfaceName]) ?? "",
  );

export const unmanage = (interfaceName: string): void =>
  void outputOf("nmcli", ["device", "set", interfaceName, "managed", "no"]);

function ignoring(errno: string, action: () => void): void {
  try {
    action();
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal) || thrown.errno !== errno) throw thrown;
  }
}

/** Name servers to hand out: the machine's own, but for one that only itself can reach. */
export function nameServers(): string[] {
  for (const path of ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"]) {
    const found = readLines(path).flatMap((line) => /^\s*nameserver\s+(\d+\.\d+\.\d+\.\d+)/.exec(line)?.[1] ?? []);
    const reachable = found.filter((address) => !address.startsWith("127."));
    if (reachable.length > 0) return reachable;
  }
  return [];
}

const readLines = (path: string): string[] => {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
};
