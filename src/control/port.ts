/** What the control interface asks of the machine below it; `linux-sockets.ts` is the real one. */

/** Where a client's socket is; only good for sending to it and for telling clients apart. */
export type ClientAddress = string & { readonly __brand: "UnixAddress" };

/**
 * - `gone`: the client's socket is no longer there
 * - `refused`: it takes nothing now, or nobody reads it any more
 */
export type Delivery = "sent" | "gone" | "refused";

/** A socket that requests come to, and that answers and events leave from. */
export interface DatagramEndpoint {
  /**
   * Never throws, never waits. Events are refused before the machine's memory for the socket is used up, so that answers
   * still go out however many clients read nothing.
   */
  send(to: ClientAddress, datagram: Uint8Array, kind: "answer" | "event"): Delivery;
  /** The socket's file goes too, and its directory if it is empty then. */
  close(): void;
}

/** One datagram, cut where it is longer than the socket takes. */
export type OnDatagram = (from: ClientAddress, datagram: Uint8Array) => void;

export interface InterfaceSocket {
  /** ctrl_interface: made where it is missing. */
  readonly directory: string;
  /** The interface's name, which the socket has too. */
  readonly name: string;
  /** ctrl_interface_group, by name or number. */
  readonly group: string | number | undefined;
}

export interface GlobalSocket {
  readonly path: string;
  readonly group: string | number | undefined;
}

export interface ControlSockets {
  /** Whether this machine has such a group. */
  isGroup(nameOrId: string | number): boolean;
  /** @throws KernelRefusal EADDRINUSE where a living daemon has that socket; ConfigurationError for an unknown group */
  openInterface(socket: InterfaceSocket, onDatagram: OnDatagram): DatagramEndpoint;
  /** @throws KernelRefusal, ConfigurationError as above */
  openGlobal(socket: GlobalSocket, onDatagram: OnDatagram): DatagramEndpoint;
}
