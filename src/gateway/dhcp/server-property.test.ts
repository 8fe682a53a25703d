/** Whatever clients do, and however often the server is killed: no address is two clients' at once. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DhcpBench, ip, octets } from "../../../testing/dhcp-bench.ts";
import { seconds } from "../../base/duration.ts";
import { type Ipv4Address, ipv4AddressOf } from "../../base/ipv4-address.ts";
import { optionCode } from "../../wire/dhcp/option-code.ts";

const conf = `
authoritative;
subnet 192.168.2.0 netmask 255.255.255.0 {
  range 192.168.2.100 192.168.2.103;
  default-lease-time 100; max-lease-time 200;
}`;

const client = fc.nat({ max: 6 });
const address = fc.nat({ max: 5 }).map((last) => ipv4AddressOf(ip("192.168.2.99") + last));

type Step =
  | {
      readonly do: "discover" | "request" | "renew" | "release" | "decline";
      readonly client: number;
      readonly address: Ipv4Address;
    }
  | { readonly do: "wait"; readonly time: number }
  | { readonly do: "restart" | "fill-disk" | "empty-disk" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("discover", "request", "renew", "release", "decline"),
      client,
      address,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), time: fc.nat({ max: 120 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("restart", "fill-disk", "empty-disk") }) },
);

test("no address is given twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { maxLength: 40 }), async (rounds) => {
      const bench = new DhcpBench(conf);
      /** As clients believe: what they were acknowledged, until when. */
      const held = new Map<Ipv4Address, { readonly client: number; readonly until: number }>();
      const bind = (who: number, what: Ipv4Address, asked: number): void => {
        const now = bench.clock.now();
        const other = held.get(what);
        assert.ok(other === undefined || other.client === who || other.until <= now, `${what} is ${other?.client}'s`);
        // A lease counts from when it was asked for. RFC 2131, section 4.4.1.
        held.set(what, { client: who, until: asked + 100_000 });
      };
      const act = async (each: Step): Promise<void> => {
        if ("time" in each) bench.clock.advance(seconds(each.time));
        else if ("client" in each) await ask(each);
        else if (each.do === "restart") bench.start();
        else bench.isFull = each.do === "fill-disk";
      };
      const ask = async ({
        do: what,
        client: who,
        address: wanted,
      }: Extract<Step, { client: number }>): Promise<void> => {
        const isOwn = held.get(wanted)?.client === who;
        const wish: [number, Uint8Array] = [optionCode.requestedAddress, octets(wanted)];
        const toUs: [number, Uint8Array] = [optionCode.serverIdentifier, octets(ip("192.168.2.1"))];
        // Whoever gives it back, or finds it used, has it no more, whatever the server makes of it.
        if (isOwn && (what === "release" || what === "decline")) held.delete(wanted);
        if (what === "release") await bench.askAny(who, "release", { ciaddr: wanted });
        else if (what === "decline" || what === "discover") await bench.askAny(who, what, { with: [wish] });
        else {
          const begun = bench.clock.now();
          const asked = what === "renew" ? { ciaddr: wanted } : { with: [wish, toUs] };
          for (const { message } of await bench.askAny(who, "request", asked)) {
            if (message.type === "ack") bind(who, message.yiaddr, begun);
            else if (isOwn && message.type === "nak") held.delete(wanted);
          }
        }
      };
      // What stands together comes at once.
      for (const round of rounds) await Promise.all(round.map(act));
    }),
    { numRuns: 300 },
  );
});
