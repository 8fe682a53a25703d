/** The contract of a command, and what it is given to work with. */

import type { Bss, Diversions } from "../ap/bss.ts";
import type { Radio } from "../ap/radio.ts";
import type { Station } from "../ap/station.ts";
import type { EthernetTap } from "../base/ethernet-tap.ts";
import type { Level, Log } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { OctetText } from "../config/octets.ts";
import type { BssSettings, Configuration } from "../config/registry.ts";
import type { Negotiated } from "../rsn/negotiated.ts";
import type { ControlledDaemon } from "./daemon-port.ts";
import type { ClientAddress } from "./port.ts";
import type { Monitors } from "./protocol/monitors.ts";

export type Reply = OctetText | Promise<OctetText>;

export const ok = "OK\n";
export const fail = "FAIL\n";
export const unknownCommand = "UNKNOWN COMMAND\n";

/** The answer to a command that says no more than whether it worked. */
export const done = (worked: boolean): OctetText => (worked ? ok : fail);

/** Who asks, and of whom. */
export interface GlobalContext {
  readonly daemon: ControlledDaemon;
  readonly log: Log;
  readonly client: ClientAddress;
  /** Those of the interface that is spoken to, or of the global socket. */
  readonly monitors: Monitors;
  /** The radio and the place in it of an interface. */
  find(interfaceName: string): { readonly radio: Radio; readonly index: number } | undefined;
  /** Opens and closes sockets as the daemon's interfaces have changed. @throws BeaconError where one can't be opened */
  follow(): void;
  readonly wanted: WantedConfigurations;
  /** Puts {@link wantedOf} in force. @throws BeaconError; what was in force before is so again then */
  reload(radio: Radio): Promise<void>;
  /** The radio's file as it is now, or where it has none what SET has made of its settings. @throws ConfigurationError */
  wantedOf(radio: Radio): Configuration;
  /** Whether this machine has such a group. */
  isGroup(nameOrId: string | number): boolean;
}

/** Configurations as SET has left them; what needs a new beacon or start comes into force only then. */
export interface WantedConfigurations {
  of(radio: Radio): Configuration;
  set(radio: Radio, configuration: Configuration): void;
}

/** What one interface remembers between commands, whether it is up or not. */
export interface InterfaceMemory {
  /** SET ext_mgmt_frame_handling and ext_eapol_frame_io. */
  readonly diversions: Diversions;
  /** DATA_TEST_CONFIG 1. */
  tap: EthernetTap | undefined;
  /** What the last station to associate agreed on. */
  lastAgreed: Negotiated | undefined;
  handshakeFailures: number;
  /** The stations as STA-FIRST found them, newest first, and the place of each. */
  listing: { readonly order: readonly MacAddress[]; readonly places: ReadonlyMap<MacAddress, number> } | undefined;
}

export interface InterfaceContext extends GlobalContext {
  readonly name: string;
  readonly radio: Radio;
  /** The BSS's place in the configuration. */
  readonly index: number;
  readonly memory: InterfaceMemory;
  /** Says something on this interface, to monitors and in the log. */
  announce(text: string, level?: Level): void;
}

interface Described {
  readonly name: string;
  /** What follows the name: `<addr> [reason=<code>]`. Empty where nothing does. */
  readonly usage: string;
  readonly doc: string;
  /** hostapd knows a command only with the arguments it wants: `none` and `some` are different commands to it. */
  readonly takes: "none" | "some" | "optional";
}

export interface InterfaceCommand extends Described {
  readonly scope: "interface";
  /** @throws BeaconError, which is logged and answered with FAIL */
  run(context: InterfaceContext, args: OctetText): Reply;
}

export interface GlobalCommand extends Described {
  readonly scope: "global";
  /** @throws BeaconError, which is logged and answered with FAIL */
  run(context: GlobalContext, args: OctetText): Reply;
}

export type Command = InterfaceCommand | GlobalCommand;

/** @param usage as in `hostapd_cli help`; brackets around all of it mean that there may be none */
export const onInterface = (
  name: string,
  usage: string,
  doc: string,
  run: InterfaceCommand["run"],
): InterfaceCommand => ({ name, usage, doc, takes: takesOf(usage), scope: "interface", run });

export const onGlobal = (name: string, usage: string, doc: string, run: GlobalCommand["run"]): GlobalCommand => ({
  name,
  usage,
  doc,
  takes: takesOf(usage),
  scope: "global",
  run,
});

function takesOf(usage: string): Described["takes"] {
  if (usage === "") return "none";
  return usage.startsWith("[") && usage.endsWith("]") ? "optional" : "some";
}

/** The BSS while it has an interface. */
export const bssOf = ({ radio, name }: InterfaceContext): Bss | undefined =>
  radio.bsses.find((bss) => bss.name === name);

export const stationOf = (context: InterfaceContext, address: MacAddress | undefined): Station | undefined =>
  address === undefined ? undefined : bssOf(context)?.stations.get(address);

/** The BSS's settings as SET has left them. */
export function wantedSettings(context: InterfaceContext): BssSettings | undefined {
  return context.wanted.of(context.radio).bsses[context.index];
}
