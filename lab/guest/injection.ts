/** Raw 802.11 frames into the air, from a radio's monitor interface. */

import { readFile } from "node:fs/promises";
import type { TestContext } from "node:test";
import { concat } from "../../src/base/bytes.ts";
import { openPacketSocket } from "../../src/linux/packet-socket.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { run } from "./process.ts";
import type { Radio } from "./radios.ts";

/** radiotap.org: version 0, no fields. What is not said is the kernel's choice. */
const radiotapHeader = Uint8Array.of(0, 0, 8, 0, 0, 0, 0, 0);

/** @returns sends a frame, MAC header first and without FCS, on that frequency until the test is over */
export async function openInjector(
  t: TestContext,
  { phy, interface: name }: Radio,
  frequency: number,
): Promise<(frame: Uint8Array) => void> {
  const monitor = `mon-${phy}`;
  await run(["ip", "link", "set", name, "down"]);
  await run(["iw", "phy", phy, "interface", "add", monitor, "type", "monitor"]);
  t.after(() => run(["iw", "dev", monitor, "del"]));
  await run(["ip", "link", "set", monitor, "up"]);
  await run(["iw", "dev", monitor, "set", "freq", String(frequency)]);
  const reactor = new Reactor();
  const index = Number(await readFile(`/sys/class/net/${monitor}/ifindex`, "utf8"));
  const socket = openPacketSocket(reactor, index, undefined);
  t.after(() => {
    socket.close();
    reactor.close();
  });
  return (frame) => socket.send(concat(radiotapHeader, frame));
}
