/** Beacond's own commands, behind `beacon stations`, `status`, `explain`, `kick`, `ban` and `rename`: their answers are JSON. */

import type { Bss } from "../../ap/bss.ts";
import { channelOf } from "../../ap/channel-plan.ts";
import { sendAway } from "../../ap/leaving.ts";
import { printable } from "../../ap/ssid-text.ts";
import type { Station } from "../../ap/station.ts";
import { textOf, utf8 } from "../../base/bytes.ts";
import { inSeconds, since } from "../../base/duration.ts";
import { BeaconError, ConfigurationError } from "../../base/errors.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { type OctetText, octetsOf, octetTextOf } from "../../config/octets.ts";
import type { StationStatistics } from "../../driver/port.ts";
import { offeredIn, requiredBy } from "../../observe/record/terms.ts";
import { bssOf, type InterfaceCommand, type InterfaceContext, onInterface } from "../command.ts";
import type {
  DevicesAnswer,
  DoneAnswer,
  LiveStation,
  RecordAnswer,
  RecordsAnswer,
  StationsAnswer,
  StatusAnswer,
} from "../live-answers.ts";
import { leadingAddress } from "../protocol/arguments.ts";
import { longestReply, splitCommand } from "../protocol/request.ts";
import { troublesIn, warningsOf } from "./live-warnings.ts";
import { modesOn } from "./status-modes.ts";

/** Room for what encloses them. */
const roomForStations = longestReply - 4096;
const mostListed = 300;

const json = (answer: unknown): OctetText => octetTextOf(utf8(`${JSON.stringify(answer)}\n`));
const failed = (why: string): OctetText => octetTextOf(utf8(`FAIL: ${why}\n`));

function status(context: InterfaceContext): OctetText {
  const { radio, index, daemon, name } = context;
  const settings = radio.configuration.bsses[index];
  if (!settings) return failed(`${name} is gone`);
  const { plan } = radio;
  const bss = bssOf(context);
  const isUp = bss?.isBeaconing === true;
  const on = modesOn(radio, settings);
  const answer: StatusAnswer = {
    version: daemon.version,
    pid: daemon.pid,
    now: daemon.unixTime(),
    started: daemon.started,
    interface: name,
    radio: radio.name,
    phy: radio.phy,
    state: radio.state,
    ssid: printable(settings.ssid),
    bssid: radio.running?.addressOf(name),
    frequency: plan?.definition.frequency,
    channel: plan && channelOf(plan.definition.frequency).channel,
    width: plan?.definition.width,
    country: radio.country ?? radio.settings.country_code,
    generation: on.eht ? "be" : on.he ? "ax" : on.vht ? "ac" : on.ht ? "n" : "before",
    required: requiredBy(settings),
    stations: bss?.associatedCount ?? 0,
    up: isUp ? daemon.records.network.findLast((entry) => entry.bss === name && entry.what === "up")?.at : undefined,
    warnings: warningsOf(context, settings),
    troubles: troublesIn(daemon, name),
    others: daemon
      .radios()
      .flatMap(({ configuration }) => configuration.bsses)
      .flatMap((bss) => (bss.ctrl_interface === undefined ? [bss.interface] : [])),
  };
  return json(answer);
}

function stations(context: InterfaceContext, args: OctetText): OctetText {
  const bss = bssOf(context);
  const after = leadingAddress(args);
  const found: LiveStation[] = [];
  let room = roomForStations;
  let isPast = after === undefined;
  let next: MacAddress | undefined;
  // In the order in which they came: whoever goes in between is gone from it, and whoever comes is at its end.
  for (const station of bss?.stations.values() ?? []) {
    if (!isPast) {
      isPast = station.address === after;
      continue;
    }
    const shown = bss && liveStation(context, bss, station);
    if (!shown) continue;
    room -= JSON.stringify(shown).length;
    if (room < 0) {
      next = found.at(-1)?.address;
      break;
    }
    found.push(shown);
  }
  const answer: StationsAnswer = { interface: context.name, stations: found, next };
  return json(answer);
}

function liveStation({ daemon }: InterfaceContext, bss: Bss, station: Station): LiveStation {
  const { address, association, isAuthorized, authorizedAt, isAssociated, signalDbm } = station;
  const statistics: StationStatistics | undefined = bss.attempt((port) => port.statistics(address));
  const agreed = association?.security?.agreed;
  const record = daemon.records.of(address);
  const taken = record?.entries.findLast((entry) => entry.type === "address-taken");
  return {
    address,
    name: daemon.devices.nameOf(address),
    hostName: record?.hostName,
    standing: isAuthorized ? "in" : isAssociated ? "associated" : "authenticated",
    aid: association?.aid,
    signalDbm: statistics?.signalDbm ?? signalDbm,
    rxRate: statistics?.rxRate,
    txRate: statistics?.txRate,
    rxBytes: statistics && Number(statistics.rxBytes),
    txBytes: statistics && Number(statistics.txBytes),
    connected: authorizedAt === undefined ? undefined : Math.floor(inSeconds(since(bss.clock, authorizedAt))),
    silent: statistics && Math.round(inSeconds(statistics.inactive) * 10) / 10,
    security: agreed && {
      protocol: agreed.protocol,
      akm: agreed.akm,
      cipher: agreed.pairwise,
      protection: agreed.managementFrameProtection,
    },
    generation: (association && offeredIn(association.elements)?.generation) ?? "before",
    vlanId: station.vlan?.id,
    keyId: station.key?.keyId,
    ip: taken?.type === "address-taken" ? taken.address : undefined,
  };
}

function record(context: InterfaceContext, args: OctetText): OctetText {
  const { daemon, radio, index } = context;
  const settings = radio.configuration.bsses[index];
  const address = args === "last" ? daemon.records.last : leadingAddress(args);
  if (address === undefined && args !== "last") return failed("an address, or 'last', is missing");
  const answer: RecordAnswer = {
    now: daemon.unixTime(),
    started: daemon.started,
    record: address && daemon.records.of(address),
    network: daemon.records.network,
    name: address && daemon.devices.nameOf(address),
    ban: address && daemon.devices.banOf(address),
    maxInactivity: settings?.ap_max_inactivity ?? 0,
    ssid: settings ? printable(settings.ssid) : "",
    isHeard: address !== undefined && radio.seen.has(address),
  };
  return json(answer);
}

function records({ daemon }: InterfaceContext): OctetText {
  const answer: RecordsAnswer = {
    now: daemon.unixTime(),
    stations: daemon.records.latest(mostListed).map(({ station, entries, since: at, hostName }) => {
      const last = entries.at(-1);
      const name = daemon.devices.nameOf(station);
      return { address: station, name, hostName, at: last?.last ?? at, what: last?.type ?? "" };
    }),
  };
  return json(answer);
}

function devices({ daemon }: InterfaceContext): OctetText {
  const all = daemon.devices.all();
  const answer: DevicesAnswer = {
    devices: all.map(({ address, name }) => ({ address, name, ban: daemon.devices.banOf(address) })),
  };
  return json(answer);
}

/** What can't be kept is done all the same, and said. */
function orderly(action: () => boolean): OctetText {
  let answer: DoneAnswer;
  try {
    answer = { found: action(), notKept: undefined };
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    answer = { found: true, notKept: thrown.message };
  }
  return json(answer);
}

/** From all networks of this daemon. @returns whether it was in on one */
function expel({ daemon }: InterfaceContext, address: MacAddress, because: "kicked" | "banned"): boolean {
  let found = false;
  for (const bss of daemon.radios().flatMap((radio) => radio.bsses)) {
    if (!bss.stations.has(address)) continue;
    found = true;
    bss.report({ type: "station-dismissed", station: address, because });
    // With this reason stations look for another network first.
    sendAway(bss, address, "no-more-stations", "deauthentication");
    bss.authenticator?.options.pmksa.removeAll(address);
  }
  return found;
}

function kick(context: InterfaceContext, args: OctetText): OctetText {
  const address = leadingAddress(args);
  if (address === undefined) return failed("an address is missing");
  const [, seconds] = / for=(\d{1,9})$/.exec(args) ?? [];
  return orderly(() => {
    const found = expel(context, address, "kicked");
    if (seconds !== undefined) context.daemon.devices.ban(address, Number(seconds));
    return found;
  });
}

function ban(context: InterfaceContext, args: OctetText): OctetText {
  const address = leadingAddress(args);
  if (address === undefined) return failed("an address is missing");
  return orderly(() => {
    try {
      context.daemon.devices.ban(address, undefined);
    } finally {
      // It is in force, whether it could be kept or not.
      expel(context, address, "banned");
    }
    return true;
  });
}

function unban({ daemon }: InterfaceContext, args: OctetText): OctetText {
  const address = leadingAddress(args);
  if (address === undefined) return failed("an address is missing");
  return orderly(() => daemon.devices.unban(address));
}

function rename({ daemon }: InterfaceContext, args: OctetText): OctetText {
  const address = leadingAddress(args);
  if (address === undefined) return failed("an address is missing");
  const name = textOf(octetsOf(args.slice("00:00:00:00:00:00 ".length)));
  return orderly(() => {
    const had = daemon.devices.nameOf(address) !== undefined;
    daemon.devices.rename(address, name === "" ? undefined : name);
    return had || name !== "";
  });
}

/** A network whose configuration gives it no socket is asked over another one of the daemon. */
function forAnother(context: InterfaceContext, args: OctetText): OctetText | Promise<OctetText> {
  const { name, rest = "" } = splitCommand(args);
  const other = context.find(name);
  if (!other) return failed(`this daemon has no network on ${printable(octetsOf(name))}`);
  const request = splitCommand(rest);
  const command = liveCommands.find((each) => each.name === request.name && each.run !== forAnother);
  if (!command) return failed("only BEACON commands are asked for another network");
  const { radio, index } = other;
  return command.run({ ...context, name, radio, index }, request.rest ?? "");
}

/** A mistake of the command line's is no mistake of the daemon's log. */
const answered =
  (run: (context: InterfaceContext, args: OctetText) => OctetText) =>
  (context: InterfaceContext, args: OctetText): OctetText => {
    try {
      return run(context, args);
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      return failed(thrown.message);
    }
  };

/** What they are called by, so that no command of hostapd's ever has the same name. */
export const ownPrefix = "BEACON-";

export const liveCommands: readonly InterfaceCommand[] = [
  onInterface("BEACON-STATUS", "", "Shows the network: JSON.", answered(status)),
  onInterface(
    "BEACON-STATIONS",
    "[<addr>]",
    "Shows the stations of the network, as many as fit, from the one after `addr` on: JSON.",
    answered(stations),
  ),
  onInterface(
    "BEACON-RECORD",
    "<addr|last>",
    "Shows what is remembered of a station on all networks of the daemon: JSON.",
    answered(record),
  ),
  onInterface("BEACON-RECORDS", "", "Shows who is remembered, the latest first: JSON.", answered(records)),
  onInterface("BEACON-DEVICES", "", "Shows the names and bans that are kept: JSON.", answered(devices)),
  onInterface(
    "BEACON-KICK",
    "<addr> [for=<seconds>]",
    "Sends a station away from all networks of the daemon, and keeps it out for that long: JSON.",
    answered(kick),
  ),
  onInterface(
    "BEACON-BAN",
    "<addr>",
    "Sends a station away and keeps it out, also after a restart: JSON.",
    answered(ban),
  ),
  onInterface("BEACON-UNBAN", "<addr>", "Lets it in again: JSON.", answered(unban)),
  onInterface("BEACON-NAME", "<addr> [<name>]", "Notes what people call a device, or nothing: JSON.", answered(rename)),
  onInterface(
    "BEACON-FOR",
    "<interface> <request>",
    "Asks for another network of the daemon, such as one without a socket of its own.",
    forAnother,
  ),
];
