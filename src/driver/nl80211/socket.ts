import { MalformedError } from "../../base/bytes.ts";
import { KernelRefusal, messageOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import { NetlinkClient, type NetlinkReply } from "../../linux/netlink-client.ts";
import type { NetlinkEndpoint } from "../../linux/netlink-socket.ts";
import type { Watch } from "../../linux/reactor.ts";
import {
  controller,
  decodeFamily,
  decodeGeneric,
  encodeGeneric,
  encodeGetFamily,
  type Family,
  type GenericMessage,
} from "../../wire/netlink/generic.ts";
import type { NetlinkMessage } from "../../wire/netlink/message.ts";
import type { Nl80211Message } from "../../wire/nl80211/message.ts";

/** Asks the kernel for its nl80211. @throws KernelRefusal ENOENT where it has none */
export function resolveFamily(endpoint: NetlinkEndpoint): Family {
  const { payloads } = new NetlinkClient(endpoint).request({
    name: "CTRL_CMD_GETFAMILY",
    type: controller.family,
    payload: encodeGetFamily("nl80211"),
  });
  const [answer] = payloads;
  if (answer === undefined) throw new KernelRefusal("CTRL_CMD_GETFAMILY", "ENOENT");
  return decodeFamily(answer);
}

/** How many events are taken before others have their turn. */
const fairShare = 128;

export interface EventHandler {
  onMessage(message: GenericMessage): void;
  /** The kernel threw events away. */
  onOverrun(): void;
}

/** An nl80211 conversation: commands as plain calls, and the events that come to the same socket. */
export class Nl80211Socket {
  readonly #endpoint: NetlinkEndpoint;
  readonly #client: NetlinkClient;
  readonly #family: Family;
  readonly #log: Log;
  #watch: Watch | undefined;

  constructor(endpoint: NetlinkEndpoint, family: Family, log: Log) {
    this.#endpoint = endpoint;
    this.#family = family;
    this.#log = log;
    this.#client = new NetlinkClient(endpoint, () => this.#watch?.wake());
  }

  /** Carries a command out. @throws KernelRefusal */
  execute(message: Nl80211Message): NetlinkReply {
    return this.#client.request(this.#wrap(message));
  }

  /** The attributes of the answer. @throws KernelRefusal also ENODATA where the kernel gave none */
  query(message: Nl80211Message): Uint8Array {
    const [payload] = this.execute(message).payloads;
    if (payload === undefined) throw new KernelRefusal(message.name, "ENODATA");
    return decodeGeneric(payload).attributes;
  }

  /** The attributes of each answer. @throws KernelRefusal */
  dump(message: Nl80211Message): Uint8Array[] {
    return this.#client.dump(this.#wrap(message)).map((payload) => decodeGeneric(payload).attributes);
  }

  /** @throws KernelRefusal ENOENT where the kernel has no such group */
  join(group: string): void {
    const number = this.#family.groups.get(group);
    if (number === undefined) throw new KernelRefusal(`group ${group}`, "ENOENT");
    this.#endpoint.join(number);
  }

  /** Has the events handled from now on, those too that commands have met already. */
  listen(handler: EventHandler): void {
    this.#watch = this.#endpoint.onReadable(() => this.#drain(handler));
    this.#watch.wake();
  }

  close(): void {
    this.#watch?.close();
    this.#endpoint.close();
  }

  #drain(handler: EventHandler): void {
    for (let taken = 0; taken < fairShare; taken++) {
      try {
        const message = this.#client.nextEvent();
        if (message === undefined) return;
        this.#handle(message, handler);
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
        this.#log.debug(`nl80211: ${messageOf(error)}`);
      }
    }
    this.#watch?.wake();
  }

  /** What is asked of the kernel meanwhile may be refused: an interface can go at any time. */
  #handle(message: NetlinkMessage | "overrun", handler: EventHandler): void {
    try {
      if (message === "overrun") handler.onOverrun();
      else if (message.type === this.#family.id) handler.onMessage(decodeGeneric(message.payload));
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      this.#log.debug(`nl80211: ${error.message}`);
    }
  }

  #wrap({ name, command, attributes }: Nl80211Message) {
    return { name, type: this.#family.id, payload: encodeGeneric({ command, version: 0, attributes }) };
  }
}
