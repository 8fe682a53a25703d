/** Answers leave in the order of their requests, client by client; nobody waits for another one's slow command. */

import type { OctetText } from "../../config/octets.ts";
import type { ClientAddress } from "../port.ts";

/** Never throws, never rejects. */
export type Task = () => OctetText | Promise<OctetText>;

/** Requests of one client that may wait behind a slow one; a client that sends more hears nothing of the rest. */
const mostWaiting = 16;
const mostClients = 1024;

/** Of one socket. */
export class OrderedReplies {
  /** Clients with a command under way, and what waits behind it. */
  readonly #waiting = new Map<ClientAddress, Task[]>();

  constructor(readonly deliver: (to: ClientAddress, reply: OctetText) => void) {}

  submit(client: ClientAddress, task: Task): void {
    const waiting = this.#waiting.get(client);
    if (waiting) {
      if (waiting.length < mostWaiting) waiting.push(task);
      return;
    }
    if (this.#waiting.size < mostClients) this.#run(client, task, []);
  }

  #run(client: ClientAddress, task: Task, waiting: Task[]): void {
    const reply = task();
    if (typeof reply === "string") return this.deliver(client, reply);
    this.#waiting.set(client, waiting);
    void reply.then((text) => {
      this.deliver(client, text);
      this.#waiting.delete(client);
      this.#runNext(client, waiting);
    });
  }

  #runNext(client: ClientAddress, waiting: Task[]): void {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      this.#run(client, next, waiting);
      // it has become slow again: the rest waits behind it
      if (this.#waiting.has(client)) return;
    }
  }
}
