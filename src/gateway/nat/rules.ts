/** The rules of nftables that make a gateway of an access point: a table of its own, which goes with it. nft(8). Pure. */

import { formatIpv4Address, type Ipv4Network, ipv4PrefixLength } from "../../base/ipv4-address.ts";

export interface GatewayRules {
  readonly interfaceName: string;
  readonly network: Ipv4Network;
  /** Of IPv6: `fd12:3456:789a::/64`; undefined where stations have none. */
  readonly prefix: string | undefined;
  /** Where stations may go; any way out where undefined. */
  readonly uplink: string | undefined;
  /** Stations get to the Internet, and to nothing that is private or near. */
  readonly isGuest: boolean;
  /** Networks that this machine is part of, as `192.0.2.0/24` or `2001:db8::/64`: a guest's are others. */
  readonly nearby: readonly string[];
}

export const tableOf = (interfaceName: string): string => `beacond_${interfaceName.replace(/[^A-Za-z0-9]/g, "_")}`;

/** RFC 1918, RFC 6598, RFC 3927. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"];
/** RFC 4193, RFC 4291. */
const privateNetworks6 = ["fc00::/7", "fe80::/10"];

/** Names of interfaces are the user's, and may hold what nft would take for more than a name. */
const quoted = (name: string): string => `"${name.replace(/["\\\n]/g, "")}"`;

export function gatewayRuleset(rules: GatewayRules): string {
  const { interfaceName, network, prefix, uplink, isGuest, nearby } = rules;
  const own = quoted(interfaceName);
  const stations = `${formatIpv4Address(network.address)}/${ipv4PrefixLength(network.mask) ?? 32}`;
  const out = uplink === undefined ? `oifname != ${own}` : `oifname ${quoted(uplink)}`;
  const isV6 = (each: string): boolean => each.includes(":");
  const through = [
    "type filter hook forward priority filter - 5; policy accept;",
    "ct state established,related accept",
    ...(isGuest
      ? [
          ...[...privateNetworks, ...nearby.filter((each) => !isV6(each))].map(
            (each) => `iifname ${own} ip daddr ${each} drop`,
          ),
          ...[...privateNetworks6, ...nearby.filter(isV6)].map((each) => `iifname ${own} ip6 daddr ${each} drop`),
        ]
      : []),
    ...(uplink === undefined ? [] : [`iifname ${own} oifname != { ${own}, ${quoted(uplink)} } drop`]),
    // As behind every router: who is outside begins no conversation.
    `iifname != ${own} oifname ${own} drop`,
  ];
  const toUs = [
    "type filter hook input priority filter - 5; policy accept;",
    `iifname ${own} udp dport { 53, 67 } accept`,
    `iifname ${own} tcp dport 53 accept`,
    `iifname ${own} icmp type echo-request accept`,
    // Neighbours are found by it.
    `iifname ${own} meta l4proto ipv6-icmp accept`,
    `iifname ${own} ct state established,related accept`,
    `iifname ${own} drop`,
  ];
  const translated = [
    "type nat hook postrouting priority srcnat; policy accept;",
    `ip saddr ${stations} ${out} masquerade`,
    ...(prefix === undefined ? [] : [`ip6 saddr ${prefix} ${out} masquerade`]),
  ];
  const chains = [chain("through", through), ...(isGuest ? [chain("to_us", toUs)] : []), chain("out", translated)];
  return `table inet ${tableOf(interfaceName)} {\n${chains.join("")}}\n`;
}

const chain = (name: string, lines: readonly string[]): string =>
  `  chain ${name} {\n${lines.map((line) => `    ${line}\n`).join("")}  }\n`;
