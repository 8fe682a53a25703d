/** Chooses, says why, changes the machine step by step, and puts all back. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../../base/bytes.ts";
import { milliseconds } from "../../base/duration.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import {
  formatIpv4Address,
  type Ipv4Network,
  ipv4AddressOf,
  ipv4Mask,
  ipv4PrefixLength,
} from "../../base/ipv4-address.ts";
import { parseDhcpdConf } from "../../config/dhcpd/parser.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { describe, isError } from "../../config/problem.ts";
import type { Configuration } from "../../config/registry.ts";
import { files } from "../../daemon/read-configuration.ts";
import { openNl80211Driver } from "../../driver/nl80211/index.ts";
import { type SurveyedRadio, surveyRadios } from "../../driver/nl80211/survey.ts";
import { openLeaseFile } from "../../gateway/dhcp/lease-file.ts";
import type { DhcpService } from "../../gateway/dhcp/service.ts";
import { gatewayRuleset, tableOf } from "../../gateway/nat/rules.ts";
import { chooseSubnet } from "../../gateway/nat/subnet-choice.ts";
import { Traces } from "../../gateway/traces.ts";
import { linuxHost } from "../../linux/host.ts";
import { Journal } from "../../linux/journal.ts";
import { applyRuleset } from "../../linux/nftables.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { withRoutes } from "../../linux/with-routes.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { exitStatus } from "../command.ts";
import { serveDhcp } from "../dhcp-on-interface.ts";
import { eventText } from "../dhcp-words.ts";
import { defaultDirectory } from "../hostapd-cli/options.ts";
import { modulesOf, terminalText } from "../qr/drawing.ts";
import { createAccessPoint } from "../start/access-point.ts";
import { chooseRadio } from "../start/choose-radio.ts";
import { randomLetters } from "../start/network.ts";
import { forever } from "../start/real-show.ts";
import type { Stage } from "../start/run.ts";
import { Witness } from "../start/witness.ts";
import { chooseChannel } from "./choose-channel.ts";
import {
  addAddress,
  dockerRules,
  hasDocker,
  hasFirewalld,
  isManaged,
  type NotedNetwork,
  nameServers,
  notedNetworks,
  readSetting,
  traceStore,
  trustInFirewalld,
  undo,
  unmanage,
  writeSetting,
} from "./host.ts";
import { dhcpdConf, hostapdConf, joinText, ownAddress, type UpNetwork } from "./network-file.ts";
import type { UpOptions } from "./options.ts";

/** @returns the exit status @throws BeaconError where it can't be; all is as it was then */
export async function runUp(options: UpOptions, stage: Stage): Promise<number> {
  const { say, reactor, log, isRoot } = stage;
  if (!isRoot && !options.printsConfig) throw new ConfigurationError("only root may take a radio: sudo beacon up");
  const radios = surveyRadios(linuxHost(reactor), log);
  const radio = radioFor(options, radios, stage);
  const channel = chooseChannel(radio.found.capabilities, options);
  const network: UpNetwork = {
    interfaceName: radio.name,
    ssid: options.ssid ?? `Beacond-${randomLetters(stage.entropy, 4)}`,
    passphrase: options.isOpen ? undefined : (options.passphrase ?? madeUp(stage)),
    band: channel.band,
    frequency: channel.frequency,
    isGuest: options.isGuest,
    country: options.country,
    controlDirectory: defaultDirectory,
  };
  const text = hostapdConf(network);
  if (options.printsConfig) {
    stage.terminal.output.write(text);
    return exitStatus.done;
  }
  for (const before of notedNetworks()) {
    if (!before.runs) {
      for (const complaint of cleanUp(before, reactor)) log.warning(complaint);
      say(`Cleaned up behind a network on ${before.interfaceName} whose process was killed.`);
    } else if (before.interfaceName === radio.name) {
      throw new ConfigurationError(
        `${radio.name} has a network of 'beacon up' already (process ${before.pid}): beacon down ${radio.name}`,
      );
    }
  }
  const subnet = freeSubnet(reactor);
  const uplink = options.share ?? defaultUplink(reactor);
  say(`Radio     ${radio.name} (${radio.found.capabilities.phy}): ${radio.why}`);
  say(`Channel   ${channel.frequency} MHz: ${channel.why}`);
  say(`Addresses ${shownNetwork(subnet)}: no route leads there`);
  say(
    uplink === undefined
      ? "Way out   none: this machine has no default route"
      : `Way out   ${uplink}${options.share === undefined ? ": the default route" : ""}`,
  );
  say(
    `Network   SSID '${network.ssid}', ${network.passphrase === undefined ? "open" : `passphrase '${network.passphrase}'`}`,
  );
  say(`To join   ${joinText(network)}`);
  if (options.showsCode && !options.json) {
    const { output } = stage.terminal;
    output.write(`\n${terminalText(await modulesOf(joinText(network)), output.isTTY === true)}`);
  }
  say("");
  if (options.json) {
    const chosen = {
      type: "chosen",
      interface: radio.name,
      frequency: channel.frequency,
      network: shownNetwork(subnet),
      uplink,
      ssid: network.ssid,
      passphrase: network.passphrase,
      join: joinText(network),
      reasons: { radio: radio.why, channel: channel.why },
    };
    stage.terminal.output.write(`${JSON.stringify(chosen)}\n`);
  }
  await serve({ network, configuration: configurationOf(text), subnet, uplink, options, stage });
  return exitStatus.done;
}

interface Serving {
  readonly network: UpNetwork;
  readonly configuration: Configuration;
  readonly subnet: Ipv4Network;
  readonly uplink: string | undefined;
  readonly options: UpOptions;
  readonly stage: Stage;
}

async function serve(serving: Serving): Promise<void> {
  const { network, configuration, stage } = serving;
  const { reactor, clock, log, signal, say, tell } = stage;
  const { interfaceName } = network;
  const traces = new Traces(traceStore(interfaceName), (trace) => undo(trace, reactor));
  const witness = new Witness(clock);
  try {
    if (isManaged(interfaceName)) {
      traces.leave({ kind: "network-manager", interfaceName }, () => unmanage(interfaceName));
      say(`NetworkManager was asked to let ${interfaceName} go, and is told at the end.`);
    }
    const isUp = withRoutes(reactor, (routes) => routes.link(interfaceName)?.up === true);
    traces.leave({ kind: "interface", interfaceName, isUp }, () => undefined);
    const driver = openNl80211Driver(reactor, clock, log);
    const accessPoint = await createAccessPoint({
      stage,
      driver,
      configuration,
      tell,
      witness,
      nameOf: (station) => station,
    });
    let service: DhcpService | undefined;
    try {
      await accessPoint.enable();
      becomeGateway(serving, traces);
      service = startDhcp(serving, (text) => tell("addresses", { what: text }));
      say("Ctrl-C, or 'beacon down', ends it.");
      await witness.until(() => signal.aborted, forever, signal);
    } finally {
      service?.close();
      accessPoint.disable();
      // Frames that say goodbye want to be sent before the interface goes down.
      await witness.until(() => false, milliseconds(50), new AbortController().signal);
      accessPoint.close();
    }
  } finally {
    const failed = traces.remove();
    for (const complaint of failed) log.error(`could not be put back: ${complaint}`);
    if (failed.length === 0) say("\nAll is as it was.");
  }
}

function becomeGateway({ network, subnet, uplink, options, stage }: Serving, traces: Traces): void {
  const { interfaceName } = network;
  const address = formatIpv4Address(ownAddress(subnet));
  const prefixLength = ipv4PrefixLength(subnet.mask) ?? 24;
  traces.leave({ kind: "address", interfaceName, address, prefixLength }, () =>
    addAddress(interfaceName, address, prefixLength, stage.reactor),
  );
  if (uplink === undefined) return;
  const rules = { interfaceName, network: subnet, uplink: options.share, isGuest: options.isGuest };
  traces.leave({ kind: "table", name: tableOf(interfaceName) }, () => applyRuleset(gatewayRuleset(rules)));
  const forwarding = "net/ipv4/ip_forward";
  const before = readSetting(forwarding);
  if (before !== "1") traces.leave({ kind: "setting", path: forwarding, before }, () => writeSetting(forwarding, "1"));
  if (hasDocker()) traces.leave({ kind: "docker-rules", interfaceName }, () => dockerRules("-I", interfaceName));
  if (hasFirewalld()) traces.leave({ kind: "firewalld", interfaceName }, () => trustInFirewalld(interfaceName));
}

function startDhcp({ network, subnet, stage }: Serving, tell: (text: string) => void): DhcpService {
  const { interfaceName } = network;
  const { configuration } = parseDhcpdConf(utf8(dhcpdConf(subnet, nameServers())), "beacon up", files);
  return serveDhcp({
    reactor: stage.reactor,
    interfaceName,
    configuration,
    openJournal: () => openLeaseFile(Journal.open(leaseFile(interfaceName, subnet))),
    listener: (event) => tell(eventText(event)),
  });
}

/** A device has the same address again in the same subnet. It lies in memory: nothing is left on the disk. */
function leaseFile(interfaceName: string, subnet: Ipv4Network): string {
  const directory = "/run/beacond/leases";
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return join(directory, `${interfaceName}-${formatIpv4Address(subnet.address)}`);
}

interface ChosenRadio {
  readonly name: string;
  readonly found: SurveyedRadio;
  readonly why: string;
}

function radioFor({ interfaceName }: UpOptions, radios: readonly SurveyedRadio[], { log }: Stage): ChosenRadio {
  const choice = interfaceName === undefined ? chooseRadio(radios) : { interfaceName, passedBy: [] };
  const name = choice.interfaceName;
  const found = radios.find(({ interfaces }) => interfaces.some((each) => each.name === name));
  if (name !== undefined && found !== undefined) {
    for (const passedBy of choice.passedBy) log.debug(passedBy);
    return { name, found, why: interfaceName === undefined ? "nothing else uses it" : "it was asked for" };
  }
  if (name !== undefined) throw new ConfigurationError(`there is no Wi-Fi interface '${name}': beacon doctor`);
  const reasons = choice.passedBy.length === 0 ? "this machine has none" : choice.passedBy.join("; ");
  throw new ConfigurationError(
    `no radio is free: ${reasons}. --interface IF takes one all the same; 'beacon doctor' says more`,
  );
}

function freeSubnet(reactor: Reactor): Ipv4Network {
  const routes = withRoutes(reactor, (each) => each.routes());
  const taken = routes.flatMap(({ destination, prefixLength, table }) =>
    prefixLength === 0 || table === routeTables.local ? [] : [{ address: destination, mask: ipv4Mask(prefixLength) }],
  );
  const free = chooseSubnet(taken.map(({ address, mask }) => ({ address: ipv4AddressOf(address & mask), mask })));
  if (free === undefined)
    throw new ConfigurationError("routes lead to every private network: none is left for stations");
  return free;
}

function defaultUplink(reactor: Reactor): string | undefined {
  return withRoutes(reactor, (routes) => {
    const [best] = routes
      .routes()
      .filter(({ prefixLength, table }) => prefixLength === 0 && table === routeTables.main)
      .sort((a, b) => a.priority - b.priority);
    return best?.outgoing === undefined ? undefined : routes.link(best.outgoing)?.name;
  });
}

const shownNetwork = ({ address, mask }: Ipv4Network): string =>
  `${formatIpv4Address(address)}/${ipv4PrefixLength(mask) ?? 32}`;

const madeUp = ({ entropy }: Stage): string => [4, 4, 4, 4].map((count) => randomLetters(entropy, count)).join("-");

function configurationOf(text: string): Configuration {
  const { configuration, problems } = parseConfiguration(utf8(text), "beacon up", files);
  if (configuration === undefined) throw new ConfigurationError(problems.filter(isError).map(describe).join("\n"));
  return configuration;
}

/** What a killed one has left behind. @returns what could not be put back, in words */
export function cleanUp({ interfaceName, traces }: NotedNetwork, reactor: Reactor): readonly string[] {
  try {
    return new Traces(traceStore(interfaceName), (trace) => undo(trace, reactor), traces).remove();
  } catch (thrown) {
    return [messageOf(thrown)];
  }
}
