/** Answers the stations' questions for names, on the network's own addresses. */

import { milliseconds } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { DnsRelay, type RelayOptions } from "../../gateway/dns/relay.ts";
import { nameServers } from "../../linux/name-servers.ts";
import { udpPortHolders } from "../../linux/port-holders.ts";
import { startStreamRelay } from "../../linux/stream-relay.ts";
import { openUdpSocket, type UdpSocket } from "../../linux/udp-socket.ts";
import type { Stage } from "../start/run.ts";

const port = 53;

export interface Names {
  close(): void;
}

/** @param addresses of the interface, IPv4 and IPv6 */
export function answerNames(interfaceName: string, addresses: readonly string[], stage: Stage): Names {
  const { clock, entropy, reactor, log, say } = stage;
  const servers = nameServers();
  if (servers().length === 0) log.warning("/etc/resolv.conf names no server: stations get no names either");
  const open: { close(): void }[] = [];
  for (const local of addresses) {
    try {
      let socket: UdpSocket | undefined;
      const relay = new DnsRelay({
        clock,
        entropy,
        servers,
        ask: askOver(stage),
        reply: (answer, client) => unlessRefused(() => socket?.send(answer, client)),
      });
      socket = openUdpSocket(
        reactor,
        { local: { address: local, port }, device: interfaceName },
        {
          onMessage: (question, from) => relay.receive(question, from),
          onError: () => undefined,
        },
      );
      open.push(socket, relay);
      open.push(
        startStreamRelay(
          { address: local, port },
          () => streamTarget(servers()),
          () => undefined,
        ),
      );
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      const [holder] = udpPortHolders(port);
      const who = holder?.program === undefined ? "Somebody" : `${holder.program} (process ${holder.pid})`;
      say(`${who} has port ${port} of ${local} already, and is whom stations ask for names.`);
    }
  }
  return { close: () => open.forEach((each) => void each.close()) };
}

const streamTarget = ([first]: readonly string[]): { address: string; port: number } | undefined =>
  first === undefined ? undefined : { address: first, port };

const askOver =
  ({ reactor, clock }: Stage): RelayOptions["ask"] =>
  (server, heard, failed) => {
    const fail = (): void => void clock.after("DNS server out of reach", milliseconds(0), failed);
    let socket: UdpSocket | undefined;
    const attempt = (act: () => void): void => {
      if (!unlessRefused(act)) fail();
    };
    attempt(() => {
      socket = openUdpSocket(reactor, { peer: { address: server, port } }, { onMessage: heard, onError: fail });
    });
    return {
      send: (question) => {
        if (socket) attempt(() => socket?.send(question));
      },
      close: () => socket?.close(),
    };
  };

/** @returns whether the kernel did it */
function unlessRefused(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (thrown) {
    if (!(thrown instanceof KernelRefusal)) throw thrown;
    return false;
  }
}
