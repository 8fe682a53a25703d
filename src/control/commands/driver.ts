/** What the driver is, can do and does. */

import { zeroAddress } from "../../base/mac-address.ts";
import type { RadioCapabilities } from "../../driver/port.ts";
import { bssOf, fail, type InterfaceContext, onInterface } from "../command.ts";

/** Flags that say something about an access point, by their place in hostapd's two words of 64 bits. */
const flags: readonly (readonly [number, string, (capabilities: RadioCapabilities) => boolean])[] = [
  [6, "AP", ({ interfaceTypes }) => interfaceTypes.has("ap")],
  [16, "EAPOL_TX_STATUS", ({ associationOffload, controlPortTxStatus }) => !associationOffload || controlPortTxStatus],
  [17, "DEAUTH_TX_STATUS", ({ associationOffload }) => !associationOffload],
  [21, "PROBE_RESP_OFFLOAD", ({ probeResponseOffload }) => probeResponseOffload],
  [23, "INACTIVITY_TIMER", ({ inactivityTimer }) => inactivityTimer],
  [24, "AP_MLME", ({ associationOffload }) => !associationOffload],
  [31, "AP_CSA", ({ channelSwitch }) => channelSwitch],
  [40, "FULL_AP_CLIENT_STATE", ({ fullStationState }) => fullStationState],
  [43, "BEACON_RATE_LEGACY", ({ beaconRates }) => beaconRates.has("legacy")],
  [44, "BEACON_RATE_HT", ({ beaconRates }) => beaconRates.has("ht")],
  [45, "BEACON_RATE_VHT", ({ beaconRates }) => beaconRates.has("vht")],
  [55, "SELF_MANAGED_REGULATORY", ({ selfManagedRegulatory }) => selfManagedRegulatory],
  [58, "CONTROL_PORT", ({ controlPort }) => controlPort],
  [61, "SAFE_PTK0_REKEYS", ({ replacesPairwiseKeys }) => replacesPairwiseKeys],
  [62, "BEACON_PROTECTION", ({ beaconProtection }) => beaconProtection],
  [63, "EXTENDED_KEY_ID", ({ extendedKeyId }) => extendedKeyId],
];
const moreFlags: typeof flags = [
  [0, "CONTROL_PORT_RX", ({ controlPort }) => controlPort],
  [1, "CONTROL_PORT_TX_STATUS", ({ controlPortTxStatus }) => controlPortTxStatus],
  [8, "AP_SME", ({ associationOffload }) => !associationOffload],
];

function flagWord(table: typeof flags, capabilities: RadioCapabilities | undefined): { word: bigint; names: string[] } {
  const set = capabilities ? table.filter(([, , has]) => has(capabilities)) : [];
  return {
    word: set.reduce((word, [bit]) => word | (1n << BigInt(bit)), 0n),
    names: set.map(([, name]) => name),
  };
}

const showFlags =
  (table: typeof flags) =>
  ({ radio }: InterfaceContext): string => {
    const { word, names } = flagWord(table, radio.capabilities);
    return [`${word.toString(16).toUpperCase().padStart(16, "0")}:`, ...names].map((line) => `${line}\n`).join("");
  };

/** hostapd's names for what can be told here; it has more, of a station's business and of its own inside. */
function driverStatus(context: InterfaceContext): string {
  const { radio } = context;
  const bss = bssOf(context);
  const port = bss?.port;
  if (!bss || !port) return fail;
  const [first] = radio.bsses;
  const { plan, capabilities } = radio;
  const bridge = port.bridge?.name ?? bss.settings.bridge ?? "";
  const lines = [
    `ifindex=${port.interfaceIndex}`,
    `ifname=${port.interfaceName}`,
    `brname=${bridge}`,
    `addr=${port.address}`,
    `freq=${plan?.definition.frequency ?? 0}`,
    ...(bss.isBeaconing ? ["beacon_set=1"] : []),
    ...(port.bridge?.interfaceEntered ? ["added_if_into_bridge=1"] : []),
    ...(port.bridge && !port.bridge.interfaceEntered ? ["already_in_bridge=1"] : []),
    ...(port.bridge?.bridgeMade ? ["added_bridge=1"] : []),
    `phyname=${radio.phy ?? ""}`,
    `drv_ifindex=${first?.port?.interfaceIndex ?? 0}`,
    "scan_state=NO_SCAN",
    `auth_bssid=${zeroAddress}`,
    `auth_attempt_bssid=${zeroAddress}`,
    `bssid=${zeroAddress}`,
    `prev_bssid=${zeroAddress}`,
    "associated=0",
    "assoc_freq=0",
    ...(capabilities?.associationOffload ? ["device_ap_sme=1"] : []),
    `capa.flags=0x${flagWord(flags, capabilities).word.toString(16)}`,
    `capa.flags2=0x${flagWord(moreFlags, capabilities).word.toString(16)}`,
    `capa.max_acl_mac_addrs=${capabilities?.maxAclEntries ?? 0}`,
    ...(radio.country === undefined ? [] : [`country=${radio.country}`]),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

export const driverCommands = [
  onInterface("STATUS-DRIVER", "", "Shows the interface as the driver has it.", driverStatus),
  onInterface("DRIVER_FLAGS", "", "Shows what the driver can do.", showFlags(flags)),
  onInterface("DRIVER_FLAGS2", "", "Shows what else it can do.", showFlags(moreFlags)),
  onInterface(
    "GET_CAPABILITY",
    "<what>",
    "Shows a capability; DPP is the only one hostapd knows, and is not here.",
    () => fail,
  ),
] as const;
