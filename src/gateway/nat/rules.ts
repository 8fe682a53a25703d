/** The rules of nftables that make a gateway of an access point: a table of its own, which goes with it. nft(8). Pure. */

import { formatIpv4Address, type Ipv4Network, ipv4PrefixLength } from "../../base/ipv4-address.ts";

export interface GatewayRules {
  readonly interfaceName: string;
  readonly network: Ipv4Network;
  /** Where stations may go; any way out where undefined. */
  readonly uplink: string | undefined;
  /** Stations get to the Internet, and to nothing that is private. */
  readonly isGuest: boolean;
}

export const tableOf = (interfaceName: string): string => `beacond_${interfaceName.replace(/[^A-Za-z0-9]/g, "_")}`;

/** RFC 1918, RFC 6598, RFC 3927. */
const privateNetworks = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, 169.254.0.0/16";

/** Names of interfaces are the user's, and may hold what nft would take for more than a name. */
const quoted = (name: string): string => `"${name.replace(/["\\\n]/g, "")}"`;

export function gatewayRuleset({ interfaceName, network, uplink, isGuest }: GatewayRules): string {
  const table = tableOf(interfaceName);
  const own = quoted(interfaceName);
  const stations = `${formatIpv4Address(network.address)}/${ipv4PrefixLength(network.mask) ?? 32}`;
  const out = uplink === undefined ? `oifname != ${own}` : `oifname ${quoted(uplink)}`;
  const guests = isGuest
    ? `
    iifname ${own} ip daddr { ${privateNetworks} } drop
  }
  chain to_us {
    type filter hook input priority filter - 5; policy accept;
    iifname ${own} udp dport { 53, 67 } accept
    iifname ${own} tcp dport 53 accept
    iifname ${own} icmp type echo-request accept
    iifname ${own} ct state established,related accept
    iifname ${own} drop`
    : "";
  return `table ip ${table} {
  chain through {
    type filter hook forward priority filter - 5; policy accept;
    ct state established,related accept${guests}
  }
  chain out {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${stations} ${out} masquerade
  }
}
`;
}
