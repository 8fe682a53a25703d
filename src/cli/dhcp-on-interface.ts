/** The DHCP server on an interface of this machine. */

import { ConfigurationError } from "../base/errors.ts";
import type { DhcpConfiguration } from "../config/dhcpd/configuration.ts";
import type { LeaseJournal } from "../gateway/dhcp/journal.ts";
import type { DhcpEvent } from "../gateway/dhcp/port.ts";
import { type DhcpService, startDhcpService } from "../gateway/dhcp/service.ts";
import { systemClock } from "../linux/clock.ts";
import { openPacketSocket } from "../linux/packet-socket.ts";
import type { Reactor } from "../linux/reactor.ts";
import { openUdpSocket } from "../linux/udp-socket.ts";
import { withRoutes } from "../linux/with-routes.ts";

export interface DhcpOnInterface {
  readonly reactor: Reactor;
  readonly interfaceName: string;
  readonly configuration: DhcpConfiguration;
  /** Opens it once the interface is known to be there; the server closes it. */
  readonly openJournal: () => LeaseJournal;
  readonly listener: (event: DhcpEvent) => void;
}

/** @throws ConfigurationError, KernelRefusal */
export function serveDhcp({
  reactor,
  interfaceName,
  configuration,
  openJournal,
  listener,
}: DhcpOnInterface): DhcpService {
  const { link, addresses } = withRoutes(reactor, (routes) => ({
    link: routes.link(interfaceName),
    addresses: routes.addresses(),
  }));
  if (link === undefined) throw new ConfigurationError(`there is no interface ${interfaceName}`);
  const journal = openJournal();
  try {
    return startDhcpService({
      configuration,
      link,
      addresses: addresses.filter(({ index }) => index === link.index),
      journal,
      clock: systemClock,
      listener,
      host: {
        openPackets: (etherType, filter) => openPacketSocket(reactor, link.index, etherType, filter),
        openPort: (port, heard) =>
          openUdpSocket(reactor, { local: { address: "0.0.0.0", port }, device: interfaceName }, heard),
      },
    });
  } catch (thrown) {
    journal.close();
    throw thrown;
  }
}
