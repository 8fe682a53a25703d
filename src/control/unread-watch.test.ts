import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { milliseconds } from "../base/duration.ts";
import type { ClientAddress } from "./port.ts";
import { UnreadWatch } from "./unread-watch.ts";

const size = 768;

/** Clients by name; those that are in `deaf` never read, those in `busy` some time later. */
class Machine {
  readonly clock = new VirtualClock();
  readonly deaf = new Set<string>();
  readonly busy = new Set<string>();
  readonly givenUp: string[] = [];
  overflows = 0;
  asked = 0;
  #unread = 0;
  readonly #received = new Map<string, number>();
  readonly watch = new UnreadWatch(
    {
      unread: () => this.#unread,
      send: (client, datagram) => {
        if (datagram.length === 0) this.asked += 1;
        else this.#received.set(client, (this.#received.get(client) ?? 0) + 1);
        this.#send(client);
        return "sent";
      },
      giveUp: (client) => void this.givenUp.push(client),
      overflow: () => {
        this.overflows += 1;
        this.#unread = 0;
      },
    },
    this.clock,
  );

  event(clients: readonly string[]): void {
    for (const client of clients) {
      if (!this.givenUp.includes(client)) this.watch.send(client as ClientAddress, Uint8Array.of(1));
    }
  }

  received(client: string): number {
    return this.#received.get(client) ?? 0;
  }

  pass(duration: number): void {
    this.clock.advance(milliseconds(duration));
  }

  #send(client: string): void {
    this.#unread += size;
    if (this.deaf.has(client)) return;
    const later = this.busy.has(client) ? 150 : 1;
    this.clock.after("read", milliseconds(later), () => {
      this.#unread -= size;
    });
  }
}

test("nobody is asked anything while everybody reads", () => {
  const machine = new Machine();
  for (let i = 0; i < 10_000; i++) {
    machine.event(["a", "b"]);
    machine.pass(5);
  }
  assert.equal(machine.asked, 0);
});

test("one that doesn't read is found among those that do, and given up", () => {
  const machine = new Machine();
  machine.deaf.add("c");
  const clients = ["a", "b", "c", "d", "e"];
  for (let i = 0; i < 4000; i++) {
    machine.event(clients);
    machine.pass(1000);
  }
  assert.deepEqual(machine.givenUp, ["c"]);
  assert.equal(machine.overflows, 0);
});

test("a thousand that don't read are found in seconds, and the one that does is spared", () => {
  const machine = new Machine();
  const deaf = Array.from({ length: 1000 }, (_, i) => `deaf ${i}`);
  for (const client of deaf) machine.deaf.add(client);
  const clients = [...deaf.slice(0, 300), "reads", ...deaf.slice(300)];
  for (let i = 0; i < 4; i++) machine.event(clients);
  machine.pass(10_000);
  assert.equal(machine.givenUp.length, 1000);
  assert.ok(!machine.givenUp.includes("reads"));
  assert.equal(machine.overflows, 0);
});

test("one that is busy for a while is spared", () => {
  const machine = new Machine();
  machine.deaf.add("deaf");
  machine.busy.add("busy");
  for (let i = 0; i < 4000; i++) {
    machine.event(["deaf", "busy"]);
    machine.pass(1000);
  }
  assert.deepEqual(machine.givenUp, ["deaf"]);
});

test("events that come meanwhile wait, and none is lost to those who read", () => {
  const machine = new Machine();
  for (const client of ["deaf", "deaf too"]) machine.deaf.add(client);
  for (let i = 0; i < 3000; i++) {
    machine.event(["reads", "deaf", "also reads", "deaf too"]);
    machine.pass(2);
  }
  machine.pass(5000);
  assert.deepEqual(machine.givenUp.sort(), ["deaf", "deaf too"]);
  assert.equal(machine.received("reads"), 3000);
  assert.equal(machine.received("also reads"), 3000);
});

test("where too much comes at once to tell who reads, all begin anew", () => {
  const machine = new Machine();
  const deaf = Array.from({ length: 38_000 }, (_, i) => `deaf ${i}`);
  for (const client of deaf) machine.deaf.add(client);
  machine.event(deaf.slice(0, 2000));
  machine.pass(1000);
  for (let i = 0; i < 40; i++) {
    machine.event(deaf.slice(2000 + 900 * i, 2900 + 900 * i));
    machine.pass(500);
  }
  assert.ok(machine.overflows > 0);
});
