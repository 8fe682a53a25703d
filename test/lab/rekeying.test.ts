// lab: radios=3, timeout=600, no-capture
/** Keys that change under traffic. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { run } from "../../lab/guest/process.ts";
import type { Station } from "../../lab/guest/station.ts";
import { type Answers, startPeer } from "../../lab/guest/traffic.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  broadcastAddress,
  joined,
  sleep,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const count = (station: Station, pattern: RegExp): number =>
  station.log.lines.filter((line) => pattern.test(line)).length;

function assertAllAnswered(answers: Answers | undefined, by: readonly string[], atLeast: number): void {
  assert.ok(answers && answers.asked >= atLeast, `asked ${answers?.asked} times`);
  assert.deepEqual(answers.answered, Object.fromEntries(by.map((address) => [address, answers.asked])));
}

test("a new group key every minute for a day, and both kinds of traffic after each", async (t) => {
  // Timers run some milliseconds late, and a day is long: one less is as good.
  const minutes = 24 * 60 - 1;
  // A beacon a second: ten times as many would only take longer.
  const daemon = await accessPoint(t, wpa2Config("castle", "wpa_group_rekey=60", "beacon_int=1000"));
  const first = await joined(t, 1, wpa2Network("castle"));
  const second = await joined(t, 2, wpa2Network("castle"));
  const every = 60;
  const ap = await startPeer(t, { name: "ap", ask: [{ to: broadcastAddress, every }] });
  const one = await startPeer(t, {
    name: "first",
    namespace: first.namespace,
    ask: [
      { to: apAddress, every },
      { to: addressOf(2), every },
    ],
  });
  const two = await startPeer(t, {
    name: "second",
    namespace: second.namespace,
    ask: [{ to: broadcastAddress, every }],
  });
  const residentBefore = await residentMemory(daemon.pid);

  await sleep(24 * 60 * every * 1000 + 30_000);

  for (const client of [first, second]) {
    const rekeyings = count(client, /WPA: Group rekeying completed/);
    assert.ok(rekeyings >= minutes && rekeyings <= minutes + 1, `${rekeyings} group keys`);
    assert.equal(count(client, /CTRL-EVENT-(DIS)?CONNECTED/), 1);
  }
  // Who asks everybody asks itself too.
  const everybody = [apAddress, addressOf(1), addressOf(2)];
  assertAllAnswered((await ap.finish())[broadcastAddress], everybody, minutes);
  const fromFirst = await one.finish();
  assertAllAnswered(fromFirst[apAddress], [apAddress], minutes);
  assertAllAnswered(fromFirst[addressOf(2)], [addressOf(2)], minutes);
  assertAllAnswered((await two.finish())[broadcastAddress], everybody, minutes);
  const growth = (await residentMemory(daemon.pid)) - residentBefore;
  assert.ok(growth < 30_000, `${growth} KiB more than before`);
});

/** KiB. */
const residentMemory = async (pid: number): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);

for (const { who, ap, client } of [
  { who: "the access point", ap: ["wpa_ptk_rekey=5"], client: {} },
  { who: "the station", ap: [], client: { wpa_ptk_rekey: 5 } },
]) {
  test(`new pairwise keys, wanted by ${who}, while traffic flows`, async (t) => {
    await accessPoint(t, wpa2Config("castle", ...ap));
    const station = await joined(t, 1, { ...wpa2Network("castle"), ...client });
    const other = await joined(t, 2, wpa2Network("castle"));
    const down = await startPeer(t, { name: "ap", ask: [{ to: addressOf(1), every: 0.02 }] });
    const up = await startPeer(t, {
      name: "station",
      namespace: station.namespace,
      ask: [{ to: addressOf(2), every: 0.02 }],
    });
    await startPeer(t, { name: "other", namespace: other.namespace });
    await sleep(52_000);

    const handshakes = count(station, /WPA: Key negotiation completed/);
    assert.ok(handshakes >= 10 && handshakes <= 12, `${handshakes} handshakes`);
    assert.equal(count(station, /CTRL-EVENT-DISCONNECTED/), 0);
    assert.match(await run(["iw", "dev", "wlan0", "station", "dump"]), /authorized:\s*yes/);
    for (const [peer, address] of [
      [down, addressOf(1)],
      [up, addressOf(2)],
    ] as const) {
      const { asked = 0, answered = {} } = (await peer.finish())[address] ?? {};
      assert.ok(asked > 2000);
      // One frame may meet the change: its sender has the new key already, its receiver not yet.
      assert.ok((answered[address] ?? 0) >= asked - handshakes, `${answered[address]} of ${asked} answered`);
    }
  });
}
