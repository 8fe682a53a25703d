/** Every command that hostapd knows and those of our own, and what becomes of it here. Dispatch and the documents read it. */

import { type Command, fail, type GlobalCommand, type InterfaceCommand, unknownCommand } from "./command.ts";
import { accessListCommands } from "./commands/access-lists.ts";
import { channelCommands } from "./commands/channel.ts";
import { configurationCommands } from "./commands/configuration.ts";
import { dataTestCommands } from "./commands/data-tests.ts";
import { dot1xCommands } from "./commands/dot1x.ts";
import { driverCommands } from "./commands/driver.ts";
import { frameCommands } from "./commands/frames.ts";
import { handshakeTestCommands } from "./commands/handshake-tests.ts";
import { interfaceCommands } from "./commands/interfaces.ts";
import { keyCommands } from "./commands/keys.ts";
import { leavingCommands } from "./commands/leaving.ts";
import { liveCommands } from "./commands/live.ts";
import { logCommands } from "./commands/log.ts";
import { radioCommands } from "./commands/radio.ts";
import { seenStationCommands } from "./commands/seen-stations.ts";
import { sessionCommands } from "./commands/session.ts";
import { mibCommands } from "./commands/station-mib.ts";
import { stationCommands } from "./commands/stations.ts";
import { statusCommands } from "./commands/status.ts";
import { steeringCommands } from "./commands/steering.ts";
import { vendorCommands } from "./commands/vendor.ts";

export const commands: readonly Command[] = [
  ...sessionCommands,
  ...statusCommands,
  ...configurationCommands,
  ...stationCommands,
  ...seenStationCommands,
  ...mibCommands,
  ...leavingCommands,
  ...radioCommands,
  ...channelCommands,
  ...dot1xCommands,
  ...keyCommands,
  ...accessListCommands,
  ...driverCommands,
  ...logCommands,
  ...frameCommands,
  ...handshakeTestCommands,
  ...dataTestCommands,
  ...interfaceCommands,
  ...steeringCommands,
  ...vendorCommands,
  ...liveCommands,
];

/** Commands of hostapd that are not here yet, by what they belong to; answered with FAIL. */
export const commandsOfLater: readonly { readonly part: string; readonly names: readonly string[] }[] = [
  {
    part: "Wi-Fi Protected Setup",
    names: [
      "WPS_PIN",
      "WPS_CHECK_PIN",
      "WPS_PBC",
      "WPS_CANCEL",
      "WPS_AP_PIN",
      "WPS_CONFIG",
      "WPS_GET_STATUS",
      "WPS_NFC_TAG_READ",
      "WPS_NFC_CONFIG_TOKEN",
      "WPS_NFC_TOKEN",
      "NFC_GET_HANDOVER_SEL",
      "NFC_REPORT_HANDOVER",
    ],
  },
  {
    part: "Device Provisioning Protocol",
    names: [
      "DPP_AUTH_INIT",
      "DPP_BOOTSTRAP_GEN",
      "DPP_BOOTSTRAP_GET_URI",
      "DPP_BOOTSTRAP_INFO",
      "DPP_BOOTSTRAP_REMOVE",
      "DPP_BOOTSTRAP_SET",
      "DPP_CHIRP",
      "DPP_CONFIGURATOR_ADD",
      "DPP_CONFIGURATOR_GET_KEY",
      "DPP_CONFIGURATOR_REMOVE",
      "DPP_CONFIGURATOR_SET",
      "DPP_CONFIGURATOR_SIGN",
      "DPP_CONTROLLER_START",
      "DPP_CONTROLLER_STOP",
      "DPP_LISTEN",
      "DPP_NFC_HANDOVER_REQ",
      "DPP_NFC_HANDOVER_SEL",
      "DPP_NFC_URI",
      "DPP_PKEX_ADD",
      "DPP_PKEX_REMOVE",
      "DPP_PUSH_BUTTON",
      "DPP_QR_CODE",
      "DPP_RELAY_ADD_CONTROLLER",
      "DPP_RELAY_REMOVE_CONTROLLER",
      "DPP_STOP_CHIRP",
      "DPP_STOP_LISTEN",
    ],
  },
  {
    part: "Network management and radio measurement",
    names: [
      "BSS_TM_REQ",
      "COLOC_INTF_REQ",
      "SET_NEIGHBOR",
      "SHOW_NEIGHBOR",
      "REMOVE_NEIGHBOR",
      "REQ_BEACON",
      "REQ_LCI",
      "REQ_LINK_MEASUREMENT",
      "REQ_RANGE",
      "SIGNATURE",
    ],
  },
  {
    part: "Channels and widths",
    names: ["RADAR"],
  },
  {
    part: "Enterprise, fast transition, SAE",
    names: ["GET_RXKHS", "RELOAD_RXKHS", "PMKSA_ADD", "PTKSA_CACHE_LIST"],
  },
  {
    part: "Multi-link operation",
    names: ["ENABLE_MLD", "DISABLE_MLD", "LINK_ENABLE", "LINK_REMOVE"],
  },
  {
    part: "Hotspot 2.0 and quality of service",
    names: ["HS20_DEAUTH_REQ", "SET_QOS_MAP_SET", "SEND_QOS_MAP_CONF", "DSCP_POLICY", "SEND_UNSOLICITED_DSCP_REQ"],
  },
  {
    part: "Wi-Fi Aware",
    names: [
      "NAN_PUBLISH",
      "NAN_CANCEL_PUBLISH",
      "NAN_UPDATE_PUBLISH",
      "NAN_SUBSCRIBE",
      "NAN_CANCEL_SUBSCRIBE",
      "NAN_TRANSMIT",
    ],
  },
  { part: "Driver", names: ["REGISTER_FRAME"] },
];

/** Commands of hostapd that only some builds of it have, and that there is no need for here; answered as unknown ones. */
export const commandsLeftOut: readonly {
  readonly name: string;
  readonly scope: Command["scope"];
  readonly why: string;
}[] = [
  ...["TEST_ALLOC_FAIL", "GET_ALLOC_FAIL", "TEST_FAIL", "GET_FAIL"].map((name) => ({
    name,
    scope: "interface" as const,
    why: "makes functions of hostapd's own source fail",
  })),
  { name: "PROC_COORD_TEST", scope: "interface", why: "tests hostapd's coordination of its own processes" },
  { name: "DRIVER", scope: "interface", why: "is for Android's private drivers" },
  { name: "MODULE_TESTS", scope: "global", why: "runs hostapd's own unit tests" },
  { name: "GET_COOKIE", scope: "global", why: "is for control over UDP, where datagrams have no owner" },
  { name: "COOKIE=", scope: "global", why: "is for control over UDP, where datagrams have no owner" },
  ...["FST-ATTACH", "FST-DETACH", "FST-MANAGER"].map((name) => ({
    name,
    scope: "global" as const,
    why: "moves sessions between bands of 802.11ad, which only hostapd's sister programs do",
  })),
];

const onInterfaces = new Map(
  commands.flatMap((command): [string, InterfaceCommand][] =>
    command.scope === "interface" ? [[command.name, command]] : [],
  ),
);
const onGlobalSocket = new Map(
  commands.flatMap((command): [string, GlobalCommand][] =>
    command.scope === "global" ? [[command.name, command]] : [],
  ),
);
const later = new Set(commandsOfLater.flatMap(({ names }) => names));

/** @param hasArguments something follows the name @returns the command, or the answer where there is none */
export function findInterfaceCommand(name: string, hasArguments: boolean): InterfaceCommand | string {
  const command = onInterfaces.get(name);
  if (command && accepts(command, hasArguments)) return command;
  return later.has(name) ? fail : unknownCommand;
}

/** hostapd says the same FAIL of unknown commands here. */
export function findGlobalCommand(name: string, hasArguments: boolean): GlobalCommand | string {
  const command = onGlobalSocket.get(name);
  return command && accepts(command, hasArguments) ? command : fail;
}

function accepts({ takes }: Command, hasArguments: boolean): boolean {
  return takes === "optional" || (takes === "some") === hasArguments;
}
