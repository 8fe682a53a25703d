/** RADIUS's network: UDP sockets and TLS connections of this machine. RFC 2865, 6613, 6614. */

import { MalformedError } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import { parseIpAddress } from "../base/ip-address.ts";
import type { Reactor } from "../linux/reactor.ts";
import { resolveHost } from "../linux/resolve.ts";
import { connectTls } from "../linux/tls-client.ts";
import { openUdpSocket, type UdpSocket } from "../linux/udp-socket.ts";
import type {
  Channel,
  ChannelListener,
  Endpoint,
  IncomingRequest,
  RadiusNetwork,
  TlsFiles,
} from "../radius/client/port.ts";
import { PacketStream } from "../wire/radius/stream.ts";

export const radiusNetwork = (reactor: Reactor): RadiusNetwork => ({
  open: (endpoint, listener) =>
    endpoint.tls ? openStream(endpoint, endpoint.tls, listener) : openDatagrams(reactor, endpoint, listener),
  listen: (port, onRequest) => listen(reactor, port, onRequest),
});

/** What waits for a host's address, or a handshake. */
const mostWaiting = 256;

const inWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there",
  ENETUNREACH: "there is no route to its network",
  EHOSTUNREACH: "it can't be reached",
  EACCES: "sending is prohibited",
  EPERM: "sending is prohibited",
  EADDRNOTAVAIL: "radius_client_addr is no address of this machine",
  ENODEV: "radius_client_dev is no interface of this machine",
};

const wordsOf = (thrown: unknown): string => {
  if (!(thrown instanceof KernelRefusal)) throw thrown;
  const words = inWords[thrown.errno];
  return words === undefined ? thrown.message : `${words} (${thrown.errno})`;
};

function openDatagrams(reactor: Reactor, endpoint: Endpoint, listener: ChannelListener): Channel {
  const { host, port, localAddress, device } = endpoint;
  let socket: UdpSocket | undefined;
  let isOver = false;
  const waiting: Uint8Array[] = [];
  const fail = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    listener.onFailure(reason);
  };
  const open = (address: string): void => {
    if (isOver) return;
    try {
      socket = openUdpSocket(
        reactor,
        { peer: { address, port }, local: localAddress === undefined ? undefined : { address: localAddress }, device },
        {
          onMessage: (message) => listener.onPacket(message),
          onError: (errno) => fail(wordsOf(new KernelRefusal("recv", errno))),
        },
      );
      for (const packet of waiting.splice(0)) socket.send(packet);
    } catch (thrown) {
      const reason = wordsOf(thrown);
      setImmediate(() => fail(reason));
    }
  };
  if (parseIpAddress(host)) open(host);
  else
    void resolveHost(host, localAddress).then((found) =>
      "failed" in found ? fail(found.failed) : open(found.address),
    );
  return {
    isReliable: false,
    send: (packet) => {
      if (isOver) return;
      if (!socket) {
        if (waiting.length < mostWaiting) waiting.push(packet);
        return;
      }
      try {
        socket.send(packet);
      } catch (thrown) {
        // Its buffer is full: as good as lost on the way.
        if (thrown instanceof KernelRefusal && thrown.errno === "EAGAIN") return;
        const reason = wordsOf(thrown);
        setImmediate(() => fail(reason));
      }
    },
    close: () => {
      isOver = true;
      socket?.close();
    },
  };
}

/** RFC 6613, section 2.6: what is no packet ends the connection. */
function openStream(endpoint: Endpoint, files: TlsFiles, listener: ChannelListener): Channel {
  const waiting: Uint8Array[] = [];
  let isOpen = false;
  const stream = new PacketStream();
  const { host, port, localAddress } = endpoint;
  const connection = connectTls(
    { host, port, localAddress, ...files },
    {
      onOpen: () => {
        isOpen = true;
        for (const packet of waiting.splice(0)) connection.send(packet);
      },
      onData: (data) => {
        try {
          for (const packet of stream.push(data)) listener.onPacket(packet);
        } catch (thrown) {
          if (!(thrown instanceof MalformedError)) throw thrown;
          connection.close();
          listener.onFailure(`what it sends is no RADIUS packet: ${thrown.problem}`);
        }
      },
      onFailure: (reason) => listener.onFailure(reason),
    },
  );
  return {
    isReliable: true,
    send: (packet) => {
      if (isOpen) connection.send(packet);
      else if (waiting.length < mostWaiting) waiting.push(packet);
    },
    close: () => connection.close(),
  };
}

/** @throws KernelRefusal where neither family lets it */
function listen(reactor: Reactor, port: number, onRequest: (request: IncomingRequest) => void): { close(): void } {
  const sockets: UdpSocket[] = [];
  const open = (any: string): void => {
    const socket = openUdpSocket(
      reactor,
      { local: { address: any, port } },
      {
        onMessage: (packet, from) =>
          onRequest({
            packet,
            address: from.address,
            port: from.port,
            answer: (answer) => {
              try {
                socket.send(answer, from);
              } catch (thrown) {
                if (!(thrown instanceof KernelRefusal)) throw thrown;
              }
            },
          }),
        onError: () => undefined,
      },
    );
    sockets.push(socket);
  };
  open("0.0.0.0");
  try {
    open("::");
  } catch (thrown) {
    // A machine without IPv6.
    if (!(thrown instanceof KernelRefusal)) throw thrown;
  }
  return {
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}
