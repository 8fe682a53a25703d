/** The frames that an access point wants to see, and the one socket that all of them come to. */

import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { registerFrame, unexpectedFrame } from "../../wire/nl80211/frame.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";
import type { Nl80211Socket } from "./socket.ts";

/** Subtypes in their place in Frame Control, type Management. IEEE Std 802.11-2020, table 9-1. */
const subtypes = {
  associationRequest: 0x00,
  reassociationRequest: 0x20,
  probeRequest: 0x40,
  disassociation: 0xa0,
  authentication: 0xb0,
  deauthentication: 0xc0,
  action: 0xd0,
} as const;

/** Beginnings of Action frames: category, and the action where not all are wanted. IEEE Std 802.11-2020, table 9-51. */
const actions: readonly (readonly number[])[] = [
  [4], // Public
  [5, 1], // Radio Measurement Report
  [5, 3], // Link Measurement Report
  [5, 4], // Neighbor Report Request
  [6], // Fast BSS Transition
  [8], // SA Query
  [9], // Protected Dual of Public Action
  [10], // Wireless Network Management
  [17], // WMM, Wi-Fi Alliance WMM specification, 2.2.10
  [126], // Vendor-specific Protected
  [127], // Vendor-specific
];

interface Registration {
  readonly message: Nl80211Message;
  /** Without it there is no access point; a driver that has no use for the others may refuse them. */
  readonly needed: boolean;
  /** Whoever has it already runs an access point on this interface. */
  readonly exclusive: boolean;
}

function buildRegistrations(ifIndex: number, associationOffload: boolean): Registration[] {
  const { action, ...others } = subtypes;
  const register = (frameType: number, match: readonly number[]): Nl80211Message =>
    registerFrame.build({ ifIndex, frameType, match: Uint8Array.from(match) });
  if (associationOffload) {
    // The firmware keeps the others, and frames of strangers, to itself; some refuse these too.
    return [
      { message: register(subtypes.probeRequest, []), needed: false, exclusive: true },
      ...actions.map((match) => ({ message: register(action, match), needed: false, exclusive: true })),
    ];
  }
  return [
    ...Object.values(others).map((subtype) => ({ message: register(subtype, []), needed: true, exclusive: true })),
    ...actions.map((match) => ({ message: register(action, match), needed: false, exclusive: false })),
    { message: unexpectedFrame.build({ ifIndex }), needed: false, exclusive: false },
  ];
}

/** How the kernel says that a socket has these frames, or the notices of unexpected ones, already. */
const isTaken = ({ errno }: KernelRefusal): boolean => errno === "EALREADY" || errno === "EBUSY";

/**
 * Frames and what became of those sent, of all access points, on one socket, so that they come in the order in which
 * they happened: an acknowledgement never after the answer to what it acknowledged. It also owns the access points and
 * the interfaces that are made: they end with it, which is with the process at the latest.
 */
export class FrameSocket {
  readonly #open: () => Nl80211Socket;
  /** Names of the interfaces that use it. */
  readonly #users = new Set<string>();
  /** Interfaces whose frames come here; they do until the interface's type changes or the socket closes. */
  readonly #registered = new Set<number>();
  #socket: Nl80211Socket | undefined;

  /** @param open makes the socket, listening */
  constructor(open: () => Nl80211Socket) {
    this.#open = open;
  }

  /** @throws KernelRefusal */
  execute(message: Nl80211Message): void {
    this.#socket ??= this.#open();
    this.#socket.execute(message);
  }

  /** Has an interface's frames come here. @throws KernelRefusal EBUSY where another process has them */
  register(ifIndex: number, associationOffload: boolean, log: Log): void {
    for (const { message, needed, exclusive } of buildRegistrations(ifIndex, associationOffload)) {
      try {
        this.execute(message);
      } catch (error) {
        if (!(error instanceof KernelRefusal)) throw error;
        if (isTaken(error) && this.#registered.has(ifIndex)) continue;
        // The notices of unexpected frames stay ours through a change of type, which ends all other registrations.
        if (exclusive && isTaken(error))
          throw new KernelRefusal(error.request, "EBUSY", "another process has its frames");
        if (needed) throw error;
        log.debug(`nl80211: ${error.message}`);
      }
    }
    this.#registered.add(ifIndex);
  }

  /** The kernel has ended the registrations itself. */
  forget(ifIndex: number): void {
    this.#registered.delete(ifIndex);
  }

  /** Keeps the socket open for an interface until {@link FrameSocket.release}. */
  hold(interfaceName: string): void {
    this.#users.add(interfaceName);
  }

  /** The interface isn't an access point's any more. Without any the socket closes: others may want their frames. */
  release(interfaceName: string): void {
    this.#users.delete(interfaceName);
    if (this.#users.size === 0) this.close();
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#registered.clear();
  }
}
