/** The network behind the radio. Pure. */

import { formatIpv4Address } from "../../base/ipv4-address.ts";
import { routeTables } from "../../wire/netlink/address.ts";
import { type Check, type Diagnosis, ill, unclear, well } from "./diagnosis.ts";
import type { Evidence } from "./evidence.ts";

function addresses({ links, addresses: all, interfaceName }: Evidence): Diagnosis {
  const link = "address";
  const own = links.find(({ name }) => name === interfaceName);
  if (own === undefined) return unclear(link, "there is no interface");
  const place = own.master === undefined ? own : (links.find(({ index }) => index === own.master) ?? own);
  const found = all.filter(({ index }) => index === place.index);
  if (found.length === 0)
    return ill(link, `${place.name} has no address of IPv4`, `ip address add 192.168.2.1/24 dev ${place.name}`);
  return well(
    link,
    found.map(({ address, prefixLength }) => `${formatIpv4Address(address)}/${prefixLength}`).join(", ") +
      (place === own ? "" : ` on the bridge ${place.name}`),
  );
}

function dhcp({ dhcpPort, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "DHCP server";
  const [first] = dhcpPort;
  if (first === undefined)
    return ill(
      link,
      "nobody listens at UDP port 67: devices get no address",
      `beacon dhcp ${interfaceName} --config /etc/dhcp/dhcpd.conf`,
    );
  const names = dhcpPort.map(({ program, pid }) =>
    program === undefined ? "somebody" : `${program} (process ${pid})`,
  );
  return well(link, [...new Set(names)].join(", "));
}

function forwarding({ isForwarding }: Evidence): Diagnosis {
  const link = "forwarding";
  return isForwarding
    ? well(link, "net.ipv4.ip_forward is 1")
    : ill(
        link,
        "net.ipv4.ip_forward is 0: nothing of the stations leaves this machine",
        "sysctl -w net.ipv4.ip_forward=1",
      );
}

function uplink({ routes, links, interfaceName }: Evidence): Diagnosis {
  const link = "way to the Internet";
  const route = routes
    .filter(({ prefixLength, table }) => prefixLength === 0 && table === routeTables.main)
    .sort((a, b) => a.priority - b.priority)[0];
  if (route === undefined) return ill(link, "there is no default route", "ip route   # and connect the uplink");
  const name = links.find(({ index }) => index === route.outgoing)?.name ?? "an interface";
  if (name === interfaceName)
    return ill(
      link,
      `the default route leads out by ${name}, the access point itself`,
      `ip route del default dev ${name}`,
    );
  return well(link, `by ${name}${route.gateway === undefined ? "" : `, ${formatIpv4Address(route.gateway)}`}`);
}

function translation({ ruleset, isRoot, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "address translation (NAT)";
  if (ruleset === undefined)
    return unclear(
      link,
      isRoot ? "nft is not installed, or the kernel has no nftables" : "the rules are root's to see",
      isRoot ? "apt install nftables" : "sudo beacon doctor",
    );
  if (/\bmasquerade\b|\bsnat\b/.test(ruleset)) return well(link, "a rule translates addresses");
  return ill(
    link,
    "no rule translates the stations' addresses: answers don't find back",
    `nft 'add table ip nat; add chain ip nat post { type nat hook postrouting priority 100; }; add rule ip nat post oifname != "${interfaceName}" masquerade'`,
  );
}

function firewall({ ruleset, isRoot, interfaceName = "wlan0" }: Evidence): Diagnosis {
  const link = "firewall";
  if (ruleset === undefined)
    return unclear(
      link,
      isRoot ? "nft is not installed, or the kernel has no nftables" : "the rules are root's to see",
    );
  const drops = /hook forward[^}]*policy drop/.test(ruleset);
  const isDocker = /chain DOCKER/.test(ruleset);
  const isUfw = /chain ufw-user-forward/.test(ruleset);
  if (drops && isLetThrough(ruleset, interfaceName)) {
    return well(link, `what is forwarded is dropped, but a rule lets ${interfaceName} through`);
  }
  if (drops) {
    return ill(
      link,
      `what is forwarded is dropped unless a rule lets it${isUfw ? "; ufw has set that" : isDocker ? "; Docker has set that" : ""}`,
      isUfw
        ? `ufw route allow in on ${interfaceName} && ufw route allow out on ${interfaceName}`
        : isDocker
          ? `iptables -I DOCKER-USER -i ${interfaceName} -j ACCEPT && iptables -I DOCKER-USER -o ${interfaceName} -j ACCEPT`
          : `nft list ruleset   # and let ${interfaceName} through the forward chain`,
    );
  }
  return well(link, "what is forwarded is not dropped by default");
}

/** Both ways, as Docker's users and `beacon up` write it. */
const isLetThrough = (ruleset: string, interfaceName: string): boolean =>
  ["iifname", "oifname"].every((direction) =>
    ruleset
      .split("\n")
      .some((line) => line.trim().startsWith(`${direction} "${interfaceName}"`) && /\baccept\b/.test(line)),
  );

function names({ nameServers, resolves }: Evidence): Diagnosis {
  const link = "names (DNS)";
  const [first] = nameServers;
  if (first === undefined)
    return ill(link, "/etc/resolv.conf names no server", "echo 'nameserver 9.9.9.9' > /etc/resolv.conf");
  if (resolves === undefined) return unclear(link, `${nameServers.join(", ")}; not asked`);
  return resolves
    ? well(link, `${first} answers`)
    : ill(link, `${nameServers.join(", ")}: none answers`, "ping -c 3 9.9.9.9   # whether it is the way or the server");
}

export const networkChecks: readonly Check[] = [addresses, dhcp, forwarding, uplink, translation, firewall, names];
