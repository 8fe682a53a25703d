/** Makes a gateway of an access point that is on the air: addresses, a way out, and who tells stations of it. */

import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../../base/bytes.ts";
import { formatIpAddress } from "../../base/ip-address.ts";
import { formatIpv4Address, type Ipv4Network, ipv4PrefixLength } from "../../base/ipv4-address.ts";
import { parseDhcpdConf } from "../../config/dhcpd/parser.ts";
import { files } from "../../daemon/read-configuration.ts";
import { openLeaseFile } from "../../gateway/dhcp/lease-file.ts";
import type { DhcpService } from "../../gateway/dhcp/service.ts";
import { joinZone, zoneForStations, zoneOf } from "../../gateway/firewall/firewalld.ts";
import { letThrough, userChains } from "../../gateway/firewall/user-chains.ts";
import { deriveUniqueLocalPrefix, firstAddress, linkLocalAddress, prefixLength } from "../../gateway/ipv6/prefix.ts";
import { AdvertisingRouter } from "../../gateway/ipv6/router.ts";
import { gatewayRuleset, tableOf } from "../../gateway/nat/rules.ts";
import type { Traces } from "../../gateway/traces.ts";
import { systemBus } from "../../linux/bus.ts";
import { Journal } from "../../linux/journal.ts";
import { applyRuleset } from "../../linux/nftables.ts";
import { icmpv6Filter, openPacketSocket } from "../../linux/packet-socket.ts";
import { withRoutes } from "../../linux/with-routes.ts";
import { etherTypeIpv6 } from "../../wire/ip/icmpv6.ts";
import { icmpv6Types } from "../../wire/ip/router-discovery.ts";
import { serveDhcp } from "../dhcp-on-interface.ts";
import { eventText } from "../dhcp-words.ts";
import type { Stage } from "../start/run.ts";
import {
  addAddress,
  defaultUplink6,
  hasLinkLocal,
  ipv6Settings,
  linkLocalOf,
  nearbyNetworks,
  readSetting,
  writeSetting,
} from "./machine.ts";
import { answerNames } from "./names.ts";
import { dhcpdConf, ownAddress } from "./network-file.ts";

export interface GatewayPlan {
  readonly interfaceName: string;
  readonly subnet: Ipv4Network;
  /** Interface of the way out by IPv6; undefined where there is none. */
  readonly uplink6: string | undefined;
  /** Stations may go no other way. */
  readonly share: string | undefined;
  readonly isGuest: boolean;
}

/** For the interface, on this machine. */
export const ipv6Prefix = (interfaceName: string): Uint8Array => deriveUniqueLocalPrefix(machineId(), interfaceName);

function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return "";
  }
}

/** @param tell what happens from then on @returns what ends it; the machine is put back by the traces @throws BeaconError */
export function becomeGateway(
  plan: GatewayPlan,
  traces: Traces,
  stage: Stage,
  tell: (text: string) => void,
): { close(): void } {
  const { interfaceName, subnet, uplink6, share, isGuest } = plan;
  const { reactor } = stage;
  const leave = (address: string, length: number): void =>
    traces.leave({ kind: "address", interfaceName, address, prefixLength: length }, () =>
      addAddress(interfaceName, address, length, reactor),
    );
  const address = formatIpv4Address(ownAddress(subnet));
  leave(address, ipv4PrefixLength(subnet.mask) ?? 24);
  const set = (path: string, value: string): void => {
    const before = readSetting(path);
    if (before === undefined || before === value) return;
    traces.leave({ kind: "setting", path, before }, () => writeSetting(path, value));
  };
  const prefix = uplink6 === undefined ? undefined : ipv6Prefix(interfaceName);
  const open: { close(): void }[] = [];
  try {
    // Without a way out too: one that comes later is as good.
    const rules = {
      interfaceName,
      network: subnet,
      prefix: prefix && `${formatIpAddress(prefix)}/${prefixLength}`,
      uplink: share,
      isGuest,
      nearby: isGuest ? nearbyNetworks(interfaceName, reactor) : [],
    };
    traces.leave({ kind: "table", name: tableOf(interfaceName) }, () => applyRuleset(gatewayRuleset(rules)));
    set("net/ipv4/ip_forward", "1");
    passFirewalls(interfaceName, traces);
    const own = [address];
    if (prefix !== undefined && uplink6 !== undefined) {
      forwardIpv6(interfaceName, uplink6, set, traces);
      const first = formatIpAddress(firstAddress(prefix));
      leave(first, prefixLength);
      own.push(first);
    }
    open.push(answerNames(interfaceName, own, stage));
    open.push(startDhcp(plan, stage, tell));
    if (prefix !== undefined) open.push(advertise(plan, prefix, leave, stage));
  } catch (thrown) {
    for (const each of open) each.close();
    throw thrown;
  }
  return { close: () => open.forEach((each) => void each.close()) };
}

function passFirewalls(interfaceName: string, traces: Traces): void {
  for (const place of userChains()) {
    traces.leave({ kind: "user-rules", place, interfaceName }, () => letThrough(place, interfaceName));
  }
  const zone = zoneForStations(systemBus);
  if (zone === undefined) return;
  const before = zoneOf(systemBus, interfaceName);
  traces.leave({ kind: "firewalld", zone, before, interfaceName }, () => joinZone(systemBus, zone, interfaceName));
}

/** What forwards hears no router itself, unless it is told to: the way out would be forgotten. ip-sysctl.rst, accept_ra. */
function forwardIpv6(
  interfaceName: string,
  uplink: string,
  set: (path: string, value: string) => void,
  traces: Traces,
): void {
  const heard = `net/ipv6/conf/${uplink}/accept_ra`;
  if (readSetting(heard) === "1") set(heard, "2");
  // NetworkManager leaves them so on interfaces that it had.
  set(`net/ipv6/conf/${interfaceName}/disable_ipv6`, "0");
  set(`net/ipv6/conf/${interfaceName}/addr_gen_mode`, "0");
  const all = "net/ipv6/conf/all/forwarding";
  if (readSetting(all) === "1") return;
  // To change the one changes those of all interfaces.
  const own = ipv6Settings("forwarding").filter(([name, value]) => value !== "0" && name !== "all");
  for (const [name, before] of own) {
    traces.leave({ kind: "setting", path: `net/ipv6/conf/${name}/forwarding`, before }, () => undefined);
  }
  set(all, "1");
}

function advertise(
  { interfaceName, share }: GatewayPlan,
  prefix: Uint8Array,
  leave: (address: string, length: number) => void,
  { reactor, clock, entropy }: Stage,
): AdvertisingRouter {
  const link = withRoutes(reactor, (routes) => routes.link(interfaceName));
  const hardware = link?.address;
  if (link === undefined || hardware === undefined) throw new Error(`${interfaceName} has gone`);
  if (!hasLinkLocal(interfaceName, reactor)) leave(formatIpAddress(linkLocalAddress(hardware)), prefixLength);
  return new AdvertisingRouter({
    clock,
    entropy,
    packets: openPacketSocket(reactor, link.index, etherTypeIpv6, icmpv6Filter(icmpv6Types.routerSolicitation)),
    hardware,
    linkLocal: () => linkLocalOf(interfaceName, reactor),
    isRouter: () => defaultUplink6(reactor, share) !== undefined,
    prefix: { prefix, length: prefixLength },
    nameServers: [firstAddress(prefix)],
  });
}

function startDhcp({ interfaceName, subnet }: GatewayPlan, stage: Stage, tell: (text: string) => void): DhcpService {
  const { configuration } = parseDhcpdConf(utf8(dhcpdConf(subnet)), "beacon up", files);
  return serveDhcp({
    reactor: stage.reactor,
    interfaceName,
    configuration,
    openJournal: () => openLeaseFile(Journal.open(leaseFile(interfaceName, subnet))),
    listener: (event) => tell(eventText(event)),
  });
}

/** A device has the same address again in the same subnet. It lies in memory: nothing is left on the disk. */
function leaseFile(interfaceName: string, subnet: Ipv4Network): string {
  const directory = "/run/beacond/leases";
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return join(directory, `${interfaceName}-${formatIpv4Address(subnet.address)}`);
}
