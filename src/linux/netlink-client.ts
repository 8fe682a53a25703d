import { KernelRefusal } from "../base/errors.ts";
import {
  decodeAcknowledgement,
  decodeMessages,
  encodeMessage,
  messageFlags,
  messageTypes,
  type NetlinkMessage,
} from "../wire/netlink/message.ts";
import { errnoName } from "./libc.ts";
import type { NetlinkEndpoint } from "./netlink-socket.ts";

export interface NetlinkRequest {
  /** What errors call it: `NL80211_CMD_START_AP`. */
  readonly name: string;
  readonly type: number;
  readonly flags?: number;
  readonly payload: Uint8Array;
}

export interface NetlinkReply {
  /** Payloads of the messages before the acknowledgement. */
  readonly payloads: readonly Uint8Array[];
  /** From the extended acknowledgement. */
  readonly cookie: Uint8Array | undefined;
}

/** The kernel carries a request out before send() returns; what takes longer than this won't come. */
const answerTimeout = 5000;

/** A dump that something changed under is asked for again, not for ever. */
const dumpAttempts = 5;

interface Conversation extends NetlinkReply {
  /** What the dump lists changed while it ran. It is used where there is none better. */
  readonly inconsistent: boolean;
}

/**
 * Requests and their answers on one netlink socket, each a plain call. Events that the same socket gets wait in a queue
 * meanwhile; whoever wants them takes them with {@link NetlinkClient.nextEvent}.
 */
export class NetlinkClient {
  readonly #endpoint: NetlinkEndpoint;
  readonly #events: (NetlinkMessage | "overrun")[] = [];
  #sequence = 0;

  /** @param onEventsWaiting called where a request has put events into the queue */
  constructor(
    endpoint: NetlinkEndpoint,
    readonly onEventsWaiting: () => void = () => undefined,
  ) {
    this.#endpoint = endpoint;
  }

  /** @throws KernelRefusal */
  request(request: NetlinkRequest): NetlinkReply {
    return this.#converse(request, messageFlags.ack);
  }

  /** A whole list. @throws KernelRefusal */
  dump(request: NetlinkRequest): readonly Uint8Array[] {
    for (let attempt = 1; ; attempt++) {
      const { payloads, inconsistent } = this.#converse(request, messageFlags.dump);
      if (!inconsistent || attempt === dumpAttempts) return payloads;
    }
  }

  /**
   * The next message that answers no request; undefined where there is none now.
   * @throws MalformedError, after which the next call goes on behind the broken datagram
   * @throws KernelRefusal
   */
  nextEvent(): NetlinkMessage | "overrun" | undefined {
    while (this.#events.length === 0) {
      const datagram = this.#endpoint.receive();
      if (datagram === undefined || datagram === "overrun") return datagram;
      // The acknowledgement of a request that was given up may come late: nobody waits for it.
      this.#events.push(...decodeMessages(datagram).filter((message) => message.type > messageTypes.overrun));
    }
    return this.#events.shift();
  }

  #converse({ name, type, flags = 0, payload }: NetlinkRequest, extraFlags: number): Conversation {
    this.#sequence = (this.#sequence + 1) >>> 0 || 1;
    const sequence = this.#sequence;
    this.#endpoint.send(
      encodeMessage({ type, flags: messageFlags.request | flags | extraFlags, sequence, port: 0, payload }),
    );
    const payloads: Uint8Array[] = [];
    let inconsistent = false;
    let overrun = false;
    for (;;) {
      const datagram = this.#endpoint.receive();
      if (datagram === "overrun") {
        overrun = true;
        this.#keep("overrun");
        continue;
      }
      if (datagram === undefined) {
        // What an overrun threw away may have been the answer.
        if (overrun) throw new KernelRefusal(name, "ENOBUFS", "the answer was lost");
        if (!this.#endpoint.wait(answerTimeout)) throw new KernelRefusal(name, "ETIMEDOUT", "no answer");
        continue;
      }
      for (const message of decodeMessages(datagram)) {
        if (message.sequence !== sequence) {
          if (message.sequence === 0) this.#keep(message);
          continue;
        }
        if (message.flags & messageFlags.dumpInterrupted) inconsistent = true;
        if (message.type === messageTypes.error || message.type === messageTypes.done) {
          const { errno, reason, cookie } = decodeAcknowledgement(message);
          if (errno !== 0) throw new KernelRefusal(name, errnoName(errno), reason);
          return { payloads, cookie, inconsistent };
        }
        payloads.push(message.payload);
      }
    }
  }

  #keep(message: NetlinkMessage | "overrun"): void {
    this.#events.push(message);
    this.onEventsWaiting();
  }
}
