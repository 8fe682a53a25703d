/** The control interface's sockets on Linux: UNIX datagrams, in directories that a group may enter. */

import { BeaconError, KernelRefusal } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { systemClock } from "../linux/clock.ts";
import { groupIdOf } from "../linux/group.ts";
import type { Reactor, Watch } from "../linux/reactor.ts";
import { makeSocketDirectory, removeSocketDirectory } from "../linux/socket-directory.ts";
import { bindUnixDatagram, type UnixDatagram, type UnixDatagramSocket } from "../linux/unix-datagram.ts";
import type { ClientAddress, ControlSockets, DatagramEndpoint, Delivery, OnDatagram } from "./port.ts";
import { longestGlobalRequest, longestRequest } from "./protocol/request.ts";
import { mostUnreadEvents, UnreadWatch } from "./unread-watch.ts";

const mode = 0o770;
/** Memory for what clients don't read; answers still have room where events have none. */
const mostUnread = mostUnreadEvents + 8 * 1024 * 1024;
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
  const open = (place: Place, onDatagram: OnDatagram) => new Endpoint(place, reactor, log, onDatagram);
  return {
    isGroup,
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

function isGroup(nameOrId: string | number): boolean {
  try {
    groupIdOf(nameOrId);
    return true;
  } catch (thrown) {
    if (thrown instanceof BeaconError) return false;
    throw thrown;
  }
}

class Endpoint implements DatagramEndpoint {
  #socket: UnixDatagramSocket | undefined;
  #watch: Watch | undefined;
  readonly #unread: UnreadWatch;
  /** They never read; what they ask for is answered all the same. */
  readonly #givenUp = new Set<ClientAddress>();

  /** @throws KernelRefusal, ConfigurationError */
  constructor(
    readonly place: Place,
    readonly reactor: Reactor,
    readonly log: Log,
    readonly onDatagram: OnDatagram,
  ) {
    this.#open();
    this.#unread = new UnreadWatch(
      {
        unread: () => this.#socket?.unread() ?? 0,
        send: (client, datagram) => this.#send(client, datagram),
        giveUp: (client) => void this.#givenUp.add(client),
        overflow: () => this.#beginAnew(),
      },
      systemClock,
    );
  }

  send(to: ClientAddress, datagram: Uint8Array, kind: "answer" | "event"): Delivery {
    if (kind === "answer") return this.#send(to, datagram);
    if (this.#givenUp.delete(to)) return "gone";
    return this.#unread.send(to, datagram);
  }

  close(): void {
    if (!this.#socket) return;
    this.#closeSocket();
    removeSocketDirectory(this.place.directory);
  }

  #open(): void {
    const { directory, path, group, ownsDirectory, maxLength } = this.place;
    const groupId = group === undefined ? undefined : groupIdOf(group);
    makeSocketDirectory(directory, { mode, groupId, ownsPresent: ownsDirectory });
    const socket = bindUnixDatagram(this.reactor, { path, mode, groupId, maxLength, mostUnread });
    this.#socket = socket;
    this.#watch = socket.onReadable(() => this.#receive(socket));
  }

  #closeSocket(): void {
    this.#watch?.close();
    this.#socket?.close();
    this.#watch = undefined;
    this.#socket = undefined;
  }

  /** Clients notice that their socket leads nowhere, and come again. */
  #beginAnew(): void {
    this.log.warning(`${this.place.path}: too much is left unread by those who listen there; it begins anew`);
    this.#givenUp.clear();
    this.#closeSocket();
    try {
      this.#open();
    } catch (thrown) {
      if (!(thrown instanceof BeaconError)) throw thrown;
      this.log.error(`control interface: ${thrown.message}`);
    }
  }

  #receive(socket: UnixDatagramSocket): void {
    for (let count = 0; count < requestsAtOnce; count++) {
      const datagram = this.#next(socket);
      if (!datagram) return;
      this.#givenUp.delete(datagram.sender);
      this.onDatagram(datagram.sender, datagram.data);
      if (this.#socket !== socket) return;
    }
    this.#watch?.wake();
  }

  #next(socket: UnixDatagramSocket): UnixDatagram | undefined {
    try {
      return socket.receive();
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      this.log.error(`control interface: ${thrown.message}`);
      return undefined;
    }
  }

  #send(to: ClientAddress, datagram: Uint8Array): Delivery {
    if (!this.#socket) return "gone";
    try {
      this.#socket.sendTo(to, datagram);
      return "sent";
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      return thrown.errno === "ENOENT" ? "gone" : "refused";
    }
  }
}
