/** Chooses, says why, changes the machine step by step, and puts all back. */

import { channelOf } from "../../ap/channel-plan.ts";
import { utf8 } from "../../base/bytes.ts";
import { milliseconds } from "../../base/duration.ts";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import { formatIpAddress } from "../../base/ip-address.ts";
import {
  formatIpv4Address,
  type Ipv4Network,
  ipv4AddressOf,
  ipv4Mask,
  ipv4PrefixLength,
} from "../../base/ipv4-address.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { describe, isError } from "../../config/problem.ts";
import type { Configuration } from "../../config/registry.ts";
import { files } from "../../daemon/read-configuration.ts";
import { openNl80211Driver } from "../../driver/nl80211/index.ts";
import { surveyRadios } from "../../driver/nl80211/survey.ts";
import { prefixLength } from "../../gateway/ipv6/prefix.ts";
import { chooseSubnet } from "../../gateway/nat/subnet-choice.ts";
import { Traces } from "../../gateway/traces.ts";
import { systemBus } from "../../linux/bus.ts";
import { linuxHost } from "../../linux/host.ts";
import type { Reactor } from "../../linux/reactor.ts";
import { withRoutes } from "../../linux/with-routes.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { exitStatus } from "../command.ts";
import { defaultDirectory } from "../hostapd-cli/options.ts";
import { modulesOf, terminalText } from "../qr/drawing.ts";
import { createAccessPoint } from "../start/access-point.ts";
import { randomLetters } from "../start/network.ts";
import { forever } from "../start/real-show.ts";
import type { Stage } from "../start/run.ts";
import { Witness } from "../start/witness.ts";
import { type ChosenChannel, chooseChannel } from "./choose-channel.ts";
import { type ChosenRadio, chooseForUp } from "./choose-radio.ts";
import { becomeGateway, type GatewayPlan, ipv6Prefix } from "./gateway.ts";
import { isLent, keepInterface, takeInterface } from "./holders.ts";
import { defaultUplink, defaultUplink6, makeInterface, nameBeside } from "./machine.ts";
import { hostapdConf, joinText, type UpNetwork } from "./network-file.ts";
import { type NotedNetwork, notedNetworks, traceStore } from "./notes.ts";
import type { UpOptions } from "./options.ts";
import { undo } from "./undo.ts";

/** @returns the exit status @throws BeaconError where it can't be; all is as it was then */
export async function runUp(options: UpOptions, stage: Stage): Promise<number> {
  const { reactor, log, isRoot } = stage;
  if (!isRoot && !options.printsConfig) throw new ConfigurationError("only root may take a radio: sudo beacon up");
  // What a killed one has left behind would be in the way of the choices.
  if (!options.printsConfig) cleanUpBehind(options.interfaceName, stage);
  const uplink = options.share ?? defaultUplink(reactor);
  const chosen = chooseForUp(surveyRadios(linuxHost(reactor), log), {
    interfaceName: options.interfaceName,
    uplink,
    letsGo: (name) => isLent(systemBus, name),
  });
  const channel = channelFor(chosen, options);
  const interfaceName = chosen.kind === "whole" ? chosen.interfaceName : nameBeside(chosen.station, reactor);
  const network: UpNetwork = {
    interfaceName,
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
  const subnet = freeSubnet(reactor);
  const uplink6 = defaultUplink6(reactor, options.share);
  const plan = { interfaceName, subnet, uplink6, share: options.share, isGuest: options.isGuest };
  await sayChoices({ chosen, channel, network, uplink, plan, options }, stage);
  await serve({ chosen, network, configuration: configurationOf(text), plan, stage });
  return exitStatus.done;
}

function cleanUpBehind(wanted: string | undefined, { say, log, reactor }: Stage): void {
  for (const before of notedNetworks()) {
    if (!before.runs) {
      for (const complaint of cleanUp(before, reactor)) log.warning(complaint);
      say(`Cleaned up behind a network on ${before.interfaceName} whose process was killed.`);
    } else if (before.interfaceName === wanted) {
      throw new ConfigurationError(
        `${wanted} has a network of 'beacon up' already (process ${before.pid}): beacon down ${wanted}`,
      );
    }
  }
}

/** Beside a station on the station's, unless another is asked for and the radio can be on both. @throws ConfigurationError */
function channelFor(chosen: ChosenRadio, options: UpOptions): ChosenChannel {
  const { capabilities } = chosen.radio;
  if (chosen.kind === "whole") return chooseChannel(capabilities, options);
  const { station, frequency, mayDiffer } = chosen;
  const { channel } = channelOf(frequency);
  const isAsked = options.channel !== undefined || options.band !== undefined;
  if (isAsked && mayDiffer) return chooseChannel(capabilities, options);
  if (options.channel !== undefined && options.channel !== channel) {
    throw new ConfigurationError(
      `${station} is on channel ${channel}, and the radio has one channel for both: leave --channel out, or disconnect ${station}`,
    );
  }
  const band = capabilities.bands.find(({ channels }) => channels.some((each) => each.frequency === frequency));
  if (band === undefined || (options.band !== undefined && options.band !== band.name)) {
    throw new ConfigurationError(`${station} is at ${frequency} MHz, and the radio has one channel for both`);
  }
  return { band, frequency, why: `where ${station} is, which the radio stays on for both` };
}

interface Choices {
  readonly chosen: ChosenRadio;
  readonly channel: ChosenChannel;
  readonly network: UpNetwork;
  /** Interface of the way out; undefined where there is none. */
  readonly uplink: string | undefined;
  readonly plan: GatewayPlan;
  readonly options: UpOptions;
}

async function sayChoices({ chosen, channel, network, uplink, plan, options }: Choices, stage: Stage): Promise<void> {
  const { say, terminal } = stage;
  const { interfaceName, subnet, uplink6, share } = plan;
  const made = chosen.kind === "beside" ? " is made beside it" : "";
  say(`Radio     ${interfaceName}${made} (${chosen.radio.capabilities.phy}): ${chosen.why}`);
  say(`Channel   ${channelOf(channel.frequency).channel} (${channel.frequency} MHz): ${channel.why}`);
  say(`Addresses ${shownNetwork(subnet)}: no route leads there`);
  say(
    uplink6 === undefined
      ? "IPv6      none: this machine has no way out by IPv6, so stations are told of no router"
      : `IPv6      ${formatIpAddress(ipv6Prefix(interfaceName))}/${prefixLength}, translated on the way out by ${uplink6}`,
  );
  say(
    uplink === undefined
      ? "Way out   none yet: this machine has no default route; one that comes later is used"
      : `Way out   ${uplink}${share === undefined ? ": the default route" : ""}`,
  );
  say(
    `Network   SSID '${network.ssid}', ${network.passphrase === undefined ? "open" : `passphrase '${network.passphrase}'`}`,
  );
  say(`Security  ${securityText(network)}`);
  say(`To join   ${joinText(network)}`);
  if (options.showsCode && !options.json) {
    const { output } = terminal;
    output.write(`\n${terminalText(await modulesOf(joinText(network)), output.isTTY === true)}`);
  }
  say("");
  if (options.json) {
    const all = {
      type: "chosen",
      interface: interfaceName,
      frequency: channel.frequency,
      network: shownNetwork(subnet),
      uplink,
      uplink6,
      ssid: network.ssid,
      passphrase: network.passphrase,
      join: joinText(network),
      reasons: { radio: chosen.why, channel: channel.why },
    };
    terminal.output.write(`${JSON.stringify(all)}\n`);
  }
}

function securityText({ passphrase, band }: UpNetwork): string {
  if (band.name === "6GHz") return `${passphrase === undefined ? "OWE" : "WPA3"} alone: this band allows nothing older`;
  if (passphrase === undefined) return "none: anybody may join, and read what others send";
  return "WPA2 and WPA3: each device takes the newest that it knows";
}

interface Serving {
  readonly chosen: ChosenRadio;
  readonly network: UpNetwork;
  readonly configuration: Configuration;
  readonly plan: GatewayPlan;
  readonly stage: Stage;
}

async function serve({ chosen, network, configuration, plan, stage }: Serving): Promise<void> {
  const { reactor, clock, log, signal, say, tell } = stage;
  const { interfaceName } = network;
  const traces = new Traces(traceStore(interfaceName), (trace) => undo(trace, reactor));
  const witness = new Witness(clock);
  try {
    if (chosen.kind === "beside") {
      const { phy } = chosen.radio.capabilities;
      traces.leave({ kind: "made-interface", interfaceName }, () => makeInterface(phy, interfaceName, reactor));
      await keepInterface(systemBus, interfaceName);
    } else {
      await takeInterface(systemBus, interfaceName, traces, say);
      const isUp = withRoutes(reactor, (routes) => routes.link(interfaceName)?.up === true);
      traces.leave({ kind: "interface", interfaceName, isUp }, () => undefined);
    }
    const driver = openNl80211Driver(reactor, clock, log);
    const accessPoint = await createAccessPoint({
      stage,
      driver,
      configuration,
      tell,
      witness,
      nameOf: (station) => station,
      isReal: true,
    });
    let gateway: { close(): void } | undefined;
    try {
      await accessPoint.enable();
      gateway = becomeGateway(plan, traces, stage, (text) => tell("addresses", { what: text }));
      say("Ctrl-C, or 'beacon down', ends it.");
      await witness.until(() => signal.aborted, forever, signal);
    } finally {
      gateway?.close();
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
