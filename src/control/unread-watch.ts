/**
 * Finds clients that never read what they are sent. A UNIX socket that is connected to ours, as every client's is, takes
 * datagrams without end, and the memory counts against our socket: where it is used up, nobody gets anything any more, not
 * even answers. The kernel tells only the sum. So the clients in question are sent an empty datagram: where the sum goes
 * down again they read, where it doesn't go down at all none of them does, and what is between is asked in halves.
 * Events wait meanwhile, some tenths of a second, or seconds where many are in question: they would change the sum.
 */

import type { Clock } from "../base/clock.ts";
import { type Duration, milliseconds } from "../base/duration.ts";
import type { ClientAddress, Delivery } from "./port.ts";

export interface UnreadPort {
  /** Octets of memory that unread datagrams of ours take up. */
  unread(): number;
  send(client: ClientAddress, datagram: Uint8Array): Delivery;
  /** It doesn't read: nothing more is to be sent to it. */
  giveUp(client: ClientAddress): void;
  /** More is unread than can be borne, whoever is to blame. */
  overflow(): void;
}

/** So much more than the last time makes it worth while to look. */
const worthLooking = 2 * 1024 * 1024;
/** With so much, events would soon keep answers from going out. */
export const mostUnreadEvents = 24 * 1024 * 1024;
/** Events that wait, all clients' together. */
const mostWaiting = 65_536;
const mostClients = 8192;

/** Time enough to read something. */
const quick = milliseconds(10);
/** For those that are busy with something else, twice. */
const slow = milliseconds(200);
const waits: readonly Duration[] = [quick, slow, slow];

/** While it is found out who reads. */
interface Looking {
  /** Clients that are still in question, in groups to be asked together. */
  readonly groups: ClientAddress[][];
  /** Events by client. Those in question get theirs when they turn out to read. */
  readonly waiting: Map<ClientAddress, Uint8Array[]>;
  count: number;
}

export class UnreadWatch {
  readonly #clients = new Set<ClientAddress>();
  #threshold = worthLooking;
  #looking: Looking | undefined;

  constructor(
    readonly port: UnreadPort,
    readonly clock: Pick<Clock, "after">,
  ) {}

  /** Sends an event, or has it wait. */
  send(client: ClientAddress, datagram: Uint8Array): Delivery {
    if (this.#looking) return this.#wait(this.#looking, client, datagram);
    const delivery = this.#send(client, datagram);
    const unread = this.port.unread();
    if (unread > mostUnreadEvents) {
      this.port.overflow();
    } else if (unread > this.#threshold) {
      this.#looking = { groups: [[...this.#clients]], waiting: new Map(), count: 0 };
      // whoever reads has read what was sent before
      this.#after(slow, () => this.#askNext());
    }
    return delivery;
  }

  #send(client: ClientAddress, datagram: Uint8Array): Delivery {
    const delivery = this.port.send(client, datagram);
    // of clients that have come and gone; those that are still there come back with their next event
    if (this.#clients.size > mostClients) this.#clients.clear();
    if (delivery === "gone") this.#clients.delete(client);
    else this.#clients.add(client);
    return delivery;
  }

  #wait(looking: Looking, client: ClientAddress, datagram: Uint8Array): Delivery {
    if (looking.count >= mostWaiting) return "refused";
    looking.count += 1;
    const waiting = looking.waiting.get(client);
    if (waiting) waiting.push(datagram);
    else looking.waiting.set(client, [datagram]);
    return "sent";
  }

  #takeWaiting(looking: Looking, client: ClientAddress): readonly Uint8Array[] {
    const waiting = looking.waiting.get(client) ?? [];
    looking.waiting.delete(client);
    looking.count -= waiting.length;
    return waiting;
  }

  /** What has waited for clients that are not in question goes out; then the next are asked. */
  #askNext(): void {
    const looking = this.#looking;
    if (!looking) return;
    const { groups } = looking;
    const inQuestion = new Set(groups.flat());
    for (const client of [...looking.waiting.keys()]) {
      if (inQuestion.has(client)) continue;
      for (const datagram of this.#takeWaiting(looking, client)) this.#send(client, datagram);
    }
    const group = groups.pop();
    if (group) return this.#after(quick, () => this.#ask(group, groups));
    this.#looking = undefined;
    // What lies there now stays until those who don't read it end.
    this.#threshold = this.port.unread() + worthLooking;
    if (this.port.unread() > mostUnreadEvents) this.port.overflow();
  }

  #ask(group: ClientAddress[], others: ClientAddress[][]): void {
    const { port } = this;
    const before = port.unread();
    let each = 0;
    for (const client of group) {
      const sum = port.unread();
      port.send(client, new Uint8Array());
      each = Math.max(each, port.unread() - sum);
    }
    const judge = ([wait, ...more]: readonly Duration[]): void => {
      this.#after(wait ?? quick, () => {
        const left = port.unread() - before;
        const nobodyReads = each > 0 && left >= each * group.length;
        if (nobodyReads && more.length > 0) return judge(more);
        if (nobodyReads) this.#giveUp(group);
        else if (left > 0 && group.length > 1) others.push(...halves(group));
        this.#askNext();
      });
    };
    judge(waits);
  }

  #giveUp(group: readonly ClientAddress[]): void {
    for (const client of group) {
      this.#clients.delete(client);
      if (this.#looking) this.#takeWaiting(this.#looking, client);
      this.port.giveUp(client);
    }
  }

  #after(duration: Duration, action: () => void): void {
    this.clock.after("unread datagrams", duration, action);
  }
}

function halves<T>(list: readonly T[]): [T[], T[]] {
  const middle = list.length >>> 1;
  return [list.slice(0, middle), list.slice(middle)];
}
