/** Lines of hostapd's log, and of Beacond's, as facts: one table of what they look like and what they say. */

import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";

export type LogFact =
  | { readonly type: "file"; readonly path: string }
  /** hostapd with Realtek's private driver interface tells the interface's index when it starts. */
  | { readonly type: "interface-index"; readonly index: number }
  | { readonly type: "realtek-driver" }
  | {
      readonly type: "using";
      readonly interfaceName: string;
      readonly address: MacAddress | undefined;
      readonly ssid: string;
    }
  | { readonly type: "enabled" }
  | { readonly type: "disabled" }
  | { readonly type: "low-entropy" }
  | { readonly type: "authenticated"; readonly station: MacAddress }
  | { readonly type: "associated"; readonly station: MacAddress }
  | { readonly type: "disassociated"; readonly station: MacAddress }
  | { readonly type: "unacknowledged"; readonly station: MacAddress; readonly what: string }
  | { readonly type: "handshake-completed"; readonly station: MacAddress }
  | { readonly type: "wrong-proof"; readonly station: MacAddress }
  | { readonly type: "handshake-timeout"; readonly station: MacAddress }
  /** @property why where the daemon says so */
  | { readonly type: "eap-failure"; readonly station: MacAddress; readonly why?: string }
  | { readonly type: "eap-success"; readonly station: MacAddress }
  | { readonly type: "connected"; readonly station: MacAddress }
  | { readonly type: "disconnected"; readonly station: MacAddress }
  | { readonly type: "inactive"; readonly station: MacAddress }
  | { readonly type: "sent-away"; readonly station: MacAddress }
  /** The driver has forgotten the station. */
  | { readonly type: "removed"; readonly station: MacAddress }
  | { readonly type: "everybody-out"; readonly reason: number }
  | { readonly type: "refused-by-list"; readonly station: MacAddress }
  | { readonly type: "refused"; readonly station: MacAddress; readonly why: string }
  /** What a process says that ends. */
  | { readonly type: "ended" }
  | { readonly type: "trouble"; readonly trouble: TroubleName; readonly detail: string };

export interface LocatedFact {
  /** From 1. */
  readonly line: number;
  readonly fact: LogFact;
}

export type TroubleName =
  | "driver-mode"
  | "monitor"
  | "rfkill"
  | "channel"
  | "no-interface"
  | "interface-down"
  | "busy"
  | "beacon"
  | "not-started"
  | "configuration"
  | "control-socket"
  | "send"
  | "radius"
  | "certificate"
  | "unsupported-driver"
  | "mismatch"
  | "michael";

interface Pattern {
  readonly looks: RegExp;
  /** @param found the groups of the pattern, empty where one did not take part */
  read(found: readonly string[]): LogFact | undefined;
}

const mac = "((?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2})";

function ofStation(text: RegExp | string, make: (station: MacAddress, rest: readonly string[]) => LogFact): Pattern {
  const pattern = typeof text === "string" ? text : text.source;
  return {
    looks: new RegExp(pattern.replace("MAC", mac)),
    read: ([address = "", ...rest]) => {
      const station = parseMacAddress(address);
      return station && make(station, rest);
    },
  };
}

const trouble = (looks: RegExp, name: TroubleName): Pattern => ({
  looks,
  read: ([detail = ""]) => ({ type: "trouble", trouble: name, detail }),
});

const always = (looks: RegExp, fact: LogFact): Pattern => ({ looks, read: () => fact });

const patterns: readonly Pattern[] = [
  { looks: /Configuration file: (\S.*)$/, read: ([path = ""]) => ({ type: "file", path }) },
  {
    looks: /drv->ifindex=(\d+)/,
    read: ([index = ""]) => ({ type: "interface-index", index: Number(index) }),
  },
  {
    looks: new RegExp(`Using interface (\\S+) with hwaddr ${mac} and ssid ['"](.*)['"]`),
    read: ([interfaceName = "", address = "", ssid = ""]) => ({
      type: "using",
      interfaceName,
      address: parseMacAddress(address),
      ssid,
    }),
  },
  ofStation(/rtl871x_sta_remove_ops, MAC is sta address removed/, (station) => ({ type: "removed", station })),
  {
    looks: /rtl871x_sta_deauth_ops, ff:ff:ff:ff:ff:ff is deauth, reason=(\d+)/,
    read: ([reason = ""]) => ({ type: "everybody-out", reason: Number(reason) }),
  },
  always(/^(?:\+)?rtl871x_\w+/, { type: "realtek-driver" }),
  always(/AP-ENABLED/, { type: "enabled" }),
  always(/AP-DISABLED|interface state .*->DISABLED/, { type: "disabled" }),
  always(/[Nn]ot enough entropy|Only \d+\/20 bytes of strong random data/, { type: "low-entropy" }),
  ofStation(/AP-STA-POSSIBLE-PSK-MISMATCH MAC/, (station) => ({ type: "wrong-proof", station })),
  ofStation(/STA MAC WPA: .*invalid MIC in msg 2\/4/, (station) => ({ type: "wrong-proof", station })),
  ofStation(/STA MAC WPA: EAPOL-Key timeout/, (station) => ({ type: "handshake-timeout", station })),
  ofStation(/STA MAC WPA: pairwise key handshake completed/, (station) => ({ type: "handshake-completed", station })),
  ofStation(/AP-STA-CONNECTED MAC/, (station) => ({ type: "connected", station })),
  ofStation(/AP-STA-DISCONNECTED MAC/, (station) => ({ type: "disconnected", station })),
  ofStation(/STA MAC IEEE 802\.1X: EAP failed: (.*)$/, (station, [why = ""]) => ({
    type: "eap-failure",
    station,
    why,
  })),
  ofStation(/CTRL-EVENT-EAP-FAILURE2? MAC/, (station) => ({ type: "eap-failure", station })),
  ofStation(/CTRL-EVENT-EAP-SUCCESS2? MAC/, (station) => ({ type: "eap-success", station })),
  ofStation(/STA MAC IEEE 802\.1X: authentication failed/, (station) => ({ type: "eap-failure", station })),
  ofStation(/STA MAC IEEE 802\.11: did not acknowledge (.*)$/, (station, [what = ""]) => ({
    type: "unacknowledged",
    station,
    what,
  })),
  ofStation(/STA MAC IEEE 802\.11: .*due to inactivity/, (station) => ({ type: "inactive", station })),
  ofStation(/STA MAC IEEE 802\.11: deauthenticated due to local deauth request/, (station) => ({
    type: "sent-away",
    station,
  })),
  ofStation(/STA MAC IEEE 802\.11: authenticated/, (station) => ({ type: "authenticated", station })),
  ofStation(/STA MAC IEEE 802\.11: associated/, (station) => ({ type: "associated", station })),
  ofStation(/STA MAC IEEE 802\.11: (?:disassociated|deauthenticated)/, (station) => ({
    type: "disassociated",
    station,
  })),
  ofStation(/Station MAC not allowed to authenticate/, (station) => ({ type: "refused-by-list", station })),
  ofStation(/STA MAC IEEE 802\.11: (.*(?:rejected|No WPA\/RSN IE|not allowed|mismatch).*)$/, (station, [why = ""]) => ({
    type: "refused",
    station,
    why,
  })),
  always(/ELOOP: remaining socket|hostapd_free_hapd_data|Terminating on signal|received signal \d+/, { type: "ended" }),
  trouble(/Could not configure driver(?: to use managed)? mode/, "driver-mode"),
  trouble(/(Failed to create interface mon\.\S*)/, "monitor"),
  trouble(/rfkill: WLAN (soft|hard) blocked/, "rfkill"),
  trouble(
    /((?:Could not (?:set channel|select hw_mode)|[Cc]hannel .* not (?:allowed|found)|Hardware does not support configured (?:channel|mode)|DFS .*failed|not allowed for AP mode).*)/,
    "channel",
  ),
  trouble(
    /((?:[Cc]ould not (?:find|read) interface|No such device|interface \S+ not found|Failed to get interface).*)/,
    "no-interface",
  ),
  trouble(/((?:Device or resource busy|Could not set interface \S+ flags.*busy).*)/i, "busy"),
  trouble(/(INTERFACE-DISABLED|Network is down|interface \S+ is down)/, "interface-down"),
  trouble(/(Failed to set beacon parameters|Beacon set failed)/, "beacon"),
  trouble(/([Ii]nvalid\/unknown driver '[^']*'|No driver interfaces build into hostapd)/, "unsupported-driver"),
  trouble(/(Line \d+: .*|\d+ errors? found in configuration file .*)/, "configuration"),
  trouble(/(ctrl_iface .*(?:exists|in use|bind).*|Address already in use)/, "control-socket"),
  trouble(/(handle_\w+: send failed|Failed to send .* frame)/, "send"),
  trouble(/(No response from Authentication server .*|RADIUS: No authentication server.*)/, "radius"),
  trouble(/(SSL: .*|TLS: .*fail.*|OpenSSL: .*fail.*)/, "certificate"),
  trouble(/(Michael MIC failure.*)/, "michael"),
  trouble(/(Unable to setup interface|Interface \S+ wasn't started|[Ii]nterface initialization failed)/, "not-started"),
];

/** What a logger puts before the line: times of syslog and of `-t`, the host, the program. */
const prefix =
  /^(?:\(.*?\)\s*)?(?:\w{3}\s+\d+ [\d:]+ \S+ |\d{4}-\d\d-\d\d[T ][\d:.,+-]+Z? (?:\S+ )?)?(?:(?:hostapd|beacond)(?:\[\d+\])?: )?(?:\d+\.\d+: )?(?:<\d>)?/;

/** @param text of a log, whatever else stands in it */
export function logFacts(text: string): LocatedFact[] {
  const facts: LocatedFact[] = [];
  for (const [i, whole] of text.split("\n").entries()) {
    const line = whole.replace(prefix, "").trimEnd();
    if (line.length > longestLine) continue;
    const fact = factOf(line);
    if (fact !== undefined) facts.push({ line: i + 1, fact });
  }
  return facts;
}

/** Nothing that a daemon says is longer, and patterns have to come to an end. */
const longestLine = 2000;

function factOf(line: string): LogFact | undefined {
  for (const { looks, read } of patterns) {
    const found = looks.exec(line);
    if (found) return read(found.slice(1).map((group) => group ?? ""));
  }
  return undefined;
}
