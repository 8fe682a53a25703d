/** The control interface's sockets on Linux: UNIX datagrams, in directories that a group may enter. */

import { KernelRefusal } from "../base/errors.ts";
import { type Log, silent } from "../base/log.ts";
import { groupIdOf } from "../linux/group.ts";
import { libc } from "../linux/libc.ts";
import { openPacketSocket } from "../linux/packet-socket.ts";
import type { Reactor } from "../linux/reactor.ts";
import { makeSocketDirectory, removeSocketDirectory } from "../linux/socket-directory.ts";
import { bindUnixDatagram } from "../linux/unix-datagram.ts";
import type { ControlSockets, DatagramEndpoint, Delivery, OnDatagram, OpenEthernet } from "./port.ts";
import { longestGlobalRequest, longestRequest } from "./protocol/request.ts";

const mode = 0o770;
/**
 * What clients don't read stays in memory that is counted against the socket that sent it. Each may have ten datagrams
 * or more waiting (net.unix.max_dgram_qlen), which take up some 800 octets each.
 */
const mostUnread = 32 * 1024 * 1024;
const mostUnreadEvents = 24 * 1024 * 1024;
/** Requests that are handled in one go, so that a flood of them doesn't keep frames waiting. */
const requestsAtOnce = 16;

interface Place {
  readonly directory: string;
  readonly path: string;
  readonly group: string | number | undefined;
  /** It is there for control sockets and nothing else. */
  readonly ownsDirectory: boolean;
  readonly maxLength: number;
}

export function linuxControlSockets(reactor: Reactor, log: Log): ControlSockets {
  const open = (
    { directory, path, group, ownsDirectory, maxLength }: Place,
    onDatagram: OnDatagram,
  ): DatagramEndpoint => {
    const groupId = group === undefined ? undefined : groupIdOf(group);
    makeSocketDirectory(directory, { mode, groupId, ownsPresent: ownsDirectory });
    const socket = bindUnixDatagram(reactor, { path, mode, groupId, maxLength, mostUnread });
    const watch = socket.onReadable(() => {
      for (let count = 0; count < requestsAtOnce; count++) {
        const datagram = receive();
        if (!datagram) return;
        onDatagram(datagram.sender, datagram.data);
        if (closed) return;
      }
      watch.wake();
    });
    let closed = false;
    const receive = () => {
      try {
        return socket.receive();
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        log.error(`control interface: ${thrown.message}`);
        return undefined;
      }
    };
    return {
      send: (to, datagram, kind) => {
        if (closed) return "gone";
        try {
          if (kind === "event" && socket.unread() > mostUnreadEvents) return "refused";
          socket.sendTo(to, datagram);
          return "sent";
        } catch (thrown) {
          if (thrown instanceof KernelRefusal) return deliveryOf(thrown);
          throw thrown;
        }
      },
      close: () => {
        if (closed) return;
        closed = true;
        watch.close();
        socket.close();
        removeSocketDirectory(directory);
      },
    };
  };
  return {
    openInterface: ({ directory, name, group }, onDatagram) =>
      open(
        { directory, path: `${directory}/${name}`, group, ownsDirectory: true, maxLength: longestRequest },
        onDatagram,
      ),
    openGlobal: ({ path, group }, onDatagram) => {
      const slash = path.lastIndexOf("/");
      const directory = slash === -1 ? "." : path.slice(0, slash) || "/";
      // it may be as common a place as /run
      return open({ directory, path, group, ownsDirectory: false, maxLength: longestGlobalRequest }, onDatagram);
    },
  };
}

const deliveryOf = ({ errno }: KernelRefusal): Delivery => (errno === "ENOENT" ? "gone" : "refused");

/** For the DATA_TEST commands. */
export const linuxEthernet =
  (reactor: Reactor, log: Log = silent): OpenEthernet =>
  (interfaceName, etherType, onFrame) => {
    const index = libc.ifNameToIndex(interfaceName);
    if (index === 0) throw new KernelRefusal("if_nametoindex", "ENODEV");
    const socket = openPacketSocket(reactor, index, etherType);
    const watch = socket.onReadable(() => {
      for (;;) {
        const frame = receive();
        if (!frame) return;
        onFrame(frame);
      }
    });
    const receive = (): Uint8Array | undefined => {
      try {
        return socket.receive();
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        // the interface went down: the socket lives on and works again when it is up
        log.for(interfaceName).debug(thrown.message);
        return undefined;
      }
    };
    return {
      send: (frame) => socket.send(frame),
      close: () => {
        watch.close();
        socket.close();
      },
    };
  };
