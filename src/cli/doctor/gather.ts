/** Looks at the machine without changing anything. What can't be seen is left open. */

import { spawnSync } from "node:child_process";
import { Resolver } from "node:dns/promises";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { BeaconError, messageOf } from "../../base/errors.ts";
import { silent } from "../../base/log.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { isError } from "../../config/problem.ts";
import { files } from "../../daemon/read-configuration.ts";
import { surveyCountry, surveyRadios } from "../../driver/nl80211/survey.ts";
import { holdOf } from "../../gateway/managers/hold.ts";
import { systemBus } from "../../linux/bus.ts";
import { hasEntropy } from "../../linux/entropy-state.ts";
import { linuxHost } from "../../linux/host.ts";
import { interfaceUsers } from "../../linux/interface-users.ts";
import { udpPortHolders } from "../../linux/port-holders.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { RouteClient } from "../../linux/rtnetlink.ts";
import { isUnixDatagramServed } from "../../linux/unix-datagram.ts";
import { moduleParameters, radioSwitches, usbDevices, wirelessDevices } from "../../linux/wireless-devices.ts";
import { defaultDirectory } from "../hostapd-cli/options.ts";
import { findNetworks } from "../live/ask.ts";
import type { Evidence } from "./evidence.ts";

const defaultConfiguration = "/etc/hostapd/hostapd.conf";
const managers = ["NetworkManager", "iwd", "wpa_supplicant", "connmand", "dhcpcd"];
const regulatoryFiles = ["/lib/firmware/regulatory.db", "/usr/lib/firmware/regulatory.db", "/lib/crda/regulatory.bin"];

/** Milliseconds that a name server has. */
const patience = 2000;

/** @param wanted the interface; the first that is there where undefined */
export async function gather(
  wanted: string | undefined,
  path: string | undefined,
  reactor: Reactor,
): Promise<Evidence> {
  const devices = wirelessDevices();
  const configuration = readConfiguration(path ?? defaultConfiguration);
  const named = configuration.kind === "read" ? configuration.interfaceName : undefined;
  const interfaceName = wanted ?? devices.find(({ name }) => name === named)?.name ?? devices[0]?.name ?? named;
  const host = linuxHost(reactor);
  const radios = orWhy(() => surveyRadios(host, silent));
  const routes = new RouteClient(host.openNetlink("route"));
  const nameServers = lines("/etc/resolv.conf").flatMap((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? []);
  try {
    return {
      isRoot: process.getuid?.() === 0,
      kernel: release(),
      model: lines("/proc/device-tree/model")[0]?.replace(/\0/g, ""),
      interfaceName,
      devices,
      usb: usbDevices(),
      realtekParameters: moduleParameters("8192cu"),
      radios: "why" in radios ? undefined : radios.value,
      radiosWhy: "why" in radios ? radios.why : undefined,
      switches: radioSwitches(),
      users: interfaceName === undefined ? [] : interfaceUsers(interfaceName),
      managers: running(managers),
      country: answerOf(orWhy(() => surveyCountry(host, silent))),
      hasRegulatoryDatabase: regulatoryFiles.some((file) => existsSync(file)),
      hasEntropy: hasEntropy(),
      configuration,
      control: controlState(join(defaultDirectory, interfaceName ?? "wlan0")),
      stations: await stations(interfaceName ?? "wlan0", reactor),
      service: service(interfaceName ?? "wlan0"),
      hold: interfaceName === undefined ? undefined : holder(interfaceName),
      links: routes.links(),
      addresses: routes.addresses(),
      routes: routes.routes(),
      dhcpPort: udpPortHolders(67),
      isForwarding: lines("/proc/sys/net/ipv4/ip_forward")[0] === "1",
      ruleset: output("nft", ["list", "ruleset"]),
      nameServers,
      resolves: await resolves(nameServers),
    };
  } finally {
    routes.close();
  }
}

type OrWhy<T> = { readonly value: T } | { readonly why: string };

function orWhy<T>(ask: () => T): OrWhy<T> {
  try {
    return { value: ask() };
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    return { why: thrown.message };
  }
}

const answerOf = <T>(result: OrWhy<T>): T | undefined => ("value" in result ? result.value : undefined);

function readConfiguration(path: string): Evidence["configuration"] {
  if (!existsSync(path)) return { path, kind: "missing" };
  const read = orWhy(() => files(path));
  if ("why" in read) return { path, kind: "read", errors: [read.why], interfaceName: undefined, wanted: undefined };
  const { problems, configuration } = parseConfiguration(read.value, path, files);
  const errors = problems.filter(isError).map(({ line, message }) => `line ${line}: ${message}`);
  return { path, kind: "read", errors, interfaceName: configuration?.bsses[0]?.interface, wanted: configuration };
}

function holder(interfaceName: string): string | undefined {
  const hold = orWhy(() => holdOf(systemBus, interfaceName));
  return answerOf(hold)?.by;
}

function controlState(path: string): Evidence["control"] {
  if (!existsSync(path)) return { path, state: "missing" };
  const served = orWhy(() => isUnixDatagramServed(path));
  if ("why" in served) return { path, state: "forbidden" };
  return { path, state: served.value ? "answers" : "silent" };
}

async function stations(interfaceName: string, reactor: Reactor): Promise<Evidence["stations"]> {
  const { networks, close } = await findNetworks({ reactor, directory: defaultDirectory, interfaceName });
  close();
  const [network] = networks;
  return network && { ...network.status.troubles, present: network.status.stations };
}

/** The first of those that systemd knows. */
function service(interfaceName: string): Evidence["service"] {
  if (!existsSync("/run/systemd/system")) return undefined;
  const ask = (what: string, unit: string): string => (output("systemctl", [what, unit], true) ?? "unknown").trim();
  const units = [`beacond@${interfaceName}`, `hostapd@${interfaceName}`, "hostapd"].map((name) => ({
    name,
    enabled: ask("is-enabled", name),
    active: ask("is-active", name),
  }));
  const inUse = units.find(
    ({ enabled, active }) => active === "active" || active === "failed" || enabled === "enabled",
  );
  return inUse ?? units.find(({ enabled }) => enabled === "masked") ?? units.at(-1);
}

/** @param whatever it says where it fails too */
function output(program: string, args: readonly string[], whatever = false): string | undefined {
  const { status, stdout, error } = spawnSync(program, args, { encoding: "utf8", timeout: 5000 });
  return error !== undefined || (status !== 0 && !whatever) ? undefined : stdout;
}

function running(names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const [name = ""] = lines(`/proc/${pid}/comm`);
    if (names.includes(name)) found.add(name);
  }
  return names.filter((name) => found.has(name));
}

async function resolves(servers: readonly string[]): Promise<boolean | undefined> {
  if (servers.length === 0) return undefined;
  const resolver = new Resolver({ timeout: patience, tries: 1 });
  try {
    resolver.setServers([...servers]);
    // The root's servers: a name that every server knows.
    await resolver.resolveNs(".");
    return true;
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : messageOf(thrown);
    // Somebody has answered, if only to say no.
    return ["ENOTFOUND", "ENODATA", "EREFUSED", "ESERVFAIL", "EFORMERR"].includes(code);
  }
}

const lines = (path: string): string[] => {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
};
