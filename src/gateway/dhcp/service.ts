/** A DHCP server on an interface, from its configuration file to its leases. */

import type { Clock } from "../../base/clock.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { formatIpv4Address, isInNetwork } from "../../base/ipv4-address.ts";
import type { DhcpConfiguration } from "../../config/dhcpd/configuration.ts";
import type { Link } from "../../linux/rtnetlink.ts";
import type { AddressMessage } from "../../wire/netlink/address.ts";
import type { LeaseJournal } from "./journal.ts";
import { DhcpLink, type LinkHost } from "./link.ts";
import type { DhcpEvent } from "./port.ts";
import { DhcpServer } from "./server.ts";

export interface DhcpServiceOptions {
  readonly configuration: DhcpConfiguration;
  readonly link: Link;
  /** Of the interface. */
  readonly addresses: readonly AddressMessage[];
  readonly host: LinkHost;
  readonly journal: LeaseJournal;
  readonly clock: Clock;
  readonly listener: (event: DhcpEvent) => void;
}

export interface DhcpService {
  readonly server: DhcpServer;
  readonly link: DhcpLink;
  close(): void;
}

/** @throws ConfigurationError, KernelRefusal */
export function startDhcpService(options: DhcpServiceOptions): DhcpService {
  const { configuration, link, addresses, journal, clock, listener } = options;
  const { address: hardware, name } = link;
  if (hardware === undefined) throw new ConfigurationError(`${name} has no address of Ethernet`);
  const networks = configuration.networks.flatMap(({ subnets }) => subnets.map(({ network }) => network));
  const own = addresses.find(({ address }) => networks.some((network) => isInNetwork(address, network)));
  if (own === undefined) throw new ConfigurationError(addressless(name, addresses, networks.length));
  const dhcpLink = new DhcpLink({
    host: options.host,
    clock,
    hardware,
    address: own.address,
    report: listener,
    onMessage: (message) => void server.receive(message),
  });
  const server = new DhcpServer({ configuration, address: own.address, port: dhcpLink, journal, clock });
  return {
    server,
    link: dhcpLink,
    close: () => {
      dhcpLink.close();
      server.close();
    },
  };
}

function addressless(name: string, addresses: readonly AddressMessage[], subnets: number): string {
  if (subnets === 0) return "the file describes no subnet, so there is nothing to give";
  const mend = `give it one of a subnet of the file, 'ip address add ADDRESS/LENGTH dev ${name}'`;
  const those = addresses.map(({ address }) => formatIpv4Address(address)).join(", ");
  if (those === "") return `${name} has no address of IPv4: ${mend}`;
  return `${name} has the address ${those}, which lies in none of the subnets of the file: ${mend}`;
}
