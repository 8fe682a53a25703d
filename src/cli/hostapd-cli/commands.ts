/** The commands of hostapd_cli: which there are, what each asks of the daemon, and how they are found. */

import { hexOf, utf8 } from "../../base/bytes.ts";

export type Completion = "stations" | "interfaces" | "commands" | "setting-names" | "variable-names";

/** What the client does itself. */
export type LocalCommand = "all_sta" | "list_sta" | "help" | "interface" | "license" | "quit" | "raw";

export interface Command {
  readonly name: string;
  /** What stands after the name in the help: arguments, and behind `=` what it is good for. */
  readonly usage: string;
  /** Of the first argument. */
  readonly completion?: Completion;
  readonly does: { readonly type: "local"; readonly what: LocalCommand } | Request;
}

/** A request to the daemon. */
export interface Request {
  readonly type: "request";
  readonly text: string;
  readonly least: number;
  /** Further arguments are refused, or left out where `lenient`. */
  readonly most: number;
  readonly lenient: boolean;
  /** Makes something else of the arguments than themselves. */
  readonly build?: (args: readonly string[]) => string;
}

const unlimited = Number.POSITIVE_INFINITY;

const local = (name: LocalCommand, usage: string, completion?: Completion): Command => ({
  name,
  usage,
  does: { type: "local", what: name },
  ...(completion === undefined ? {} : { completion }),
});

type Arguments = Partial<Omit<Request, "type">> & { readonly completion?: Completion };

/** Takes what comes, unless told otherwise. */
function request(name: string, usage: string, { completion, ...given }: Arguments = {}): Command {
  const does: Request = {
    type: "request",
    text: name.toUpperCase(),
    least: 0,
    most: unlimited,
    lenient: false,
    ...given,
  };
  return { name, usage, does, ...(completion === undefined ? {} : { completion }) };
}

/** Without arguments; others are left out, as hostapd_cli does. */
const bare = (name: string, usage: string, text = name.toUpperCase()): Command =>
  request(name, usage, { text, most: 0, lenient: true });

const one = { least: 1, most: 1 } as const;
const oneStation = { ...one, completion: "stations" } as const;
const some = { least: 1 } as const;

const hexOfText = (text: string): string => hexOf(utf8(text));

/** In the order of hostapd_cli, which is that of its help and of its list of ambiguous names. */
export const commands: readonly Command[] = [
  bare("ping", "= ask whether the daemon is there"),
  request("mib", "[dot1x|dot11|radius] = show MIB variables", { most: 1, lenient: true }),
  bare("relog", "= reopen the log file"),
  bare("close_log", "= close the log file"),
  request("status", "[driver] = show the state of the interface", {
    build: ([what]) => (what === "driver" ? "STATUS-DRIVER" : "STATUS"),
  }),
  request("sta", "<addr> [driver|eapol|...] = show one station", {
    least: 1,
    most: 2,
    lenient: true,
    completion: "stations",
  }),
  local("all_sta", "= show all stations"),
  local("list_sta", "= list the addresses of all stations"),
  request("new_sta", "<addr> = add a station", one),
  request("deauthenticate", "<addr> [reason=<code>] [tx=0] = deauthenticate a station", {
    ...some,
    completion: "stations",
  }),
  request("disassociate", "<addr> [reason=<code>] [tx=0] = disassociate a station", {
    ...some,
    completion: "stations",
  }),
  request("signature", "<addr> = show the taxonomy signature of a station", oneStation),
  request("sa_query", "<addr> = send an SA Query to a station", oneStation),
  request("wps_pin", "<uuid> <pin> [timeout] [addr] = expect a WPS enrollee with this PIN", {
    least: 2,
    most: 4,
    lenient: true,
  }),
  request("wps_check_pin", "<PIN> = verify the checksum of a PIN", { least: 1, most: 2 }),
  bare("wps_pbc", "= push the WPS button"),
  bare("wps_cancel", "= end what WPS is doing"),
  request("wps_nfc_tag_read", "<hexdump> = use the WPS data of an NFC tag", one),
  request("wps_nfc_config_token", "<WPS|NDEF> = make an NFC configuration token", one),
  request("wps_nfc_token", "<WPS|NDEF|enable|disable> = manage the NFC password token", one),
  request("nfc_get_handover_sel", "<WPS|NDEF> <carrier> = make an NFC handover select message", { least: 2, most: 2 }),
  request("wps_ap_pin", "<disable|random|get|set> [params..] = manage the PIN of the access point", {
    least: 1,
    most: 3,
    lenient: true,
  }),
  request("wps_config", "<SSID> <auth> <encr> <key> = configure the access point through WPS", {
    least: 2,
    most: 4,
    lenient: true,
    build: ([ssid = "", auth = "", encryption, key]) =>
      [
        "WPS_CONFIG",
        hexOfText(ssid),
        auth,
        ...(encryption === undefined ? [] : [encryption]),
        ...(key === undefined ? [] : [hexOfText(key)]),
      ].join(" "),
  }),
  bare("wps_get_status", "= show the state of WPS"),
  request("disassoc_imminent", "<addr> <beacons> = announce a disassociation", {
    least: 2,
    most: 2,
    lenient: true,
    completion: "stations",
  }),
  request("ess_disassoc", "<addr> <beacons> <url> = announce that the network ends", {
    least: 3,
    most: 3,
    lenient: true,
    completion: "stations",
  }),
  request("bss_tm_req", "<addr> [params..] = ask a station to go to another BSS", { ...some, completion: "stations" }),
  bare("get_config", "= show the configuration in force"),
  local("help", "[prefix] = show the commands", "commands"),
  local("interface", "[ifname] = show the interfaces, or go to another", "interfaces"),
  request("fst", "<params..> = send a command to the FST manager", { ...some, text: "FST-MANAGER" }),
  local("raw", "<params..> = send a request as it stands"),
  request("level", "<debug level> = choose the level of the events to be sent", one),
  local("license", "= show the license"),
  local("quit", "= end this program"),
  request("set", "<name> <value> = change a setting", { least: 2, most: 2, completion: "setting-names" }),
  request("get", "<name> = show a variable", { ...one, completion: "variable-names" }),
  request("set_qos_map_set", "<arg,arg,...> = set the QoS Map element", one),
  request("send_qos_map_conf", "<addr> = send a QoS Map Configure frame", oneStation),
  request(
    "chan_switch",
    "<cs_count> <freq> [sec_channel_offset=] [center_freq1=]\n  [center_freq2=] [bandwidth=] [blocktx] [ht|vht|he|eht]\n  = go to another channel",
    { least: 2 },
  ),
  request("color_change", "<color> = change the BSS color; 0 switches it off", some),
  request("notify_cw_change", "<0|1|2|3> = tell stations of a width of 20, 40, 80 or 160 MHz", some),
  request(
    "set_bw",
    "[sec_channel_offset=] [center_freq1=]\n  [center_freq2=] [bandwidth=] [ht|vht]\n  = change the width of the channel",
  ),
  request("hs20_wnm_notif", "<addr> <url>\n  = ask a station to repair its subscription", {
    least: 2,
    most: 2,
    lenient: true,
    completion: "stations",
  }),
  request("hs20_deauth_req", "<addr> <code (0/1)> <delay in s> [url]\n  = announce a deauthentication", {
    least: 3,
    most: 4,
    lenient: true,
    completion: "stations",
  }),
  request(
    "vendor",
    "<vendor id> <sub command id> [<hex data>] [nested=<0|1>]\n  = send a vendor's command to the driver",
    {
      least: 2,
      most: 4,
    },
  ),
  bare("enable", "= enable the interface"),
  bare("reload", "= restart the interface with its configuration"),
  bare("reload_bss", "= the same for one BSS"),
  bare("reload_config", "= read the configuration file anew"),
  bare("disable", "= disable the interface"),
  bare("enable_mld", "= enable the multi-link access point of the interface"),
  bare("disable_mld", "= disable the multi-link access point of the interface"),
  bare("update_beacon", "= make the beacon anew"),
  bare("stop_ap", "= stop beaconing"),
  bare("erp_flush", "= forget all ERP keys"),
  request("log_level", "[level [timestamp]] = show or change how much is logged", {
    // hostapd_cli takes the second only where there is no third
    build: (args) => ["LOG_LEVEL", ...args.slice(0, args.length === 2 ? 2 : 1)].join(" "),
  }),
  bare("pmksa", "= show the PMKSA cache"),
  bare("pmksa_flush", "= empty the PMKSA cache"),
  request("set_neighbor", "<addr> <ssid=> <nr=> [lci=] [civic=] [stat]\n  = add an access point to the neighbours", {
    least: 3,
    most: 6,
  }),
  bare("show_neighbor", "= show the neighbours"),
  request("remove_neighbor", "<addr> [ssid=<hex>] = take an access point off the neighbours", some),
  request("req_lci", "<addr> = ask a station where it is", oneStation),
  request("req_range", "<addr> <interval> <min aps> <addr..> = ask a station for its distance to access points", {
    least: 4,
    completion: "stations",
  }),
  bare("driver_flags", "= show what the driver can do"),
  bare("driver_flags2", "= show what else the driver can do"),
  request("dpp_qr_code", "<uri> = use the DPP URI of a QR code", some),
  request("dpp_bootstrap_gen", "type=<qrcode> [chan=..] [mac=..] [info=..] [curve=..] [key=..] = make a DPP URI", some),
  request("dpp_bootstrap_remove", "*|<id> = forget a DPP URI", some),
  request("dpp_bootstrap_get_uri", "<id> = show a DPP URI", some),
  request("dpp_bootstrap_info", "<id> = show what a DPP URI says", some),
  request(
    "dpp_bootstrap_set",
    "<id> [conf=..] [ssid=..] [psk=..] [pass=..] [configurator=<id>] [..] = set parameters",
    some,
  ),
  request("dpp_auth_init", "peer=<id> [own=<id>] = begin DPP authentication", some),
  request("dpp_listen", "<freq in MHz> = listen for DPP", some),
  bare("dpp_stop_listen", "= listen for DPP no longer"),
  request("dpp_configurator_add", "[curve=..] [key=..] = add a DPP configurator"),
  request("dpp_configurator_remove", "*|<id> = remove a DPP configurator", some),
  request("dpp_configurator_get_key", "<id> = show the private key of a DPP configurator", some),
  request("dpp_configurator_sign", "conf=<role> configurator=<id> = sign an own DPP configuration", some),
  request("dpp_pkex_add", "<params..> = add a PKEX code", some),
  request("dpp_pkex_remove", "*|<id> = remove a PKEX code", some),
  request("dpp_controller_start", "[tcp_port=<port>] [role=..] = start a DPP controller"),
  bare("dpp_controller_stop", "= stop the DPP controller"),
  request("dpp_chirp", "own=<id> iter=<count> = announce oneself for DPP", some),
  bare("dpp_stop_chirp", "= announce oneself no longer"),
  request("dpp_push_button", "[params..] = push the DPP button"),
  request("accept_acl", "ADD_MAC|DEL_MAC <addr>|SHOW|CLEAR = manage who is accepted", some),
  request("deny_acl", "ADD_MAC|DEL_MAC <addr>|SHOW|CLEAR = manage who is denied", some),
  request("poll_sta", "<addr> = ask a station whether it is there", { ...some, completion: "stations" }),
  request("req_beacon", "<addr> [req_mode=] <hexdump> = ask a station for a beacon report", {
    least: 2,
    completion: "stations",
  }),
  request("req_link_measurement", "<addr> = ask a station for a link measurement", { ...some, completion: "stations" }),
  bare("reload_wpa_psk", "= read wpa_psk_file anew"),
  bare("reload_rxkhs", "= read the R0KHs and R1KHs anew"),
  bare("get_rxkhs", "= show the R0KHs and R1KHs"),
  request("dscp_policy", "<addr> <policy_id=> <request_type=> <dscp=> [params..] = set a DSCP policy", {
    least: 2,
    completion: "stations",
  }),
  request("send_unsolicited_dscp_req", "<addr> [reset=] [policy_id_list=] = send a DSCP request", {
    least: 3,
    completion: "stations",
  }),
];

export type Found =
  | { readonly type: "found"; readonly command: Command }
  | { readonly type: "ambiguous"; readonly names: readonly string[] }
  | { readonly type: "unknown" };

/** By its name, or as much of it as no other has. */
export function findCommand(name: string): Found {
  const wanted = name.toLowerCase();
  const matching = commands.filter((command) => command.name.startsWith(wanted));
  const [first] = matching;
  const exact = matching.find((command) => command.name === wanted) ?? (matching.length === 1 ? first : undefined);
  if (exact) return { type: "found", command: exact };
  return first ? { type: "ambiguous", names: matching.map((command) => command.name) } : { type: "unknown" };
}

/** @returns the request's text, or what is wrong with the arguments, for people */
export function requestText(request: Request, args: readonly string[]): { text: string } | { refused: string } {
  const { text, least, most, lenient } = request;
  if (args.length < least || (args.length > most && !lenient)) {
    const bound = least === most ? "exactly" : args.length < least ? "at least" : "at most";
    const count = args.length < least ? least : most;
    return {
      refused: `Invalid ${text} command - ${bound} ${count} argument${count === 1 ? " is" : "s are"} required.`,
    };
  }
  if (request.build) return { text: request.build(args) };
  return { text: [text, ...args.slice(0, Number.isFinite(most) ? most : args.length)].join(" ") };
}

/** @param prefix of the names to show; all where empty */
export function helpText(prefix: string): string {
  const shown = commands.filter((command) => command.name.startsWith(prefix.toLowerCase()));
  const lines = shown.map(({ name, usage }) => `  ${name} ${usage.replaceAll("\n", "\n  ")}\n`);
  return `commands:\n${lines.join("")}`;
}
