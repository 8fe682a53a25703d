import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { VirtualMedium } from "../../driver/virtual/medium.ts";
import { Cast, judge } from "./cast.ts";
import { newNetwork } from "./network.ts";
import { Witness } from "./witness.ts";

test("a show in which nothing happened is judged so", () => {
  const clock = new VirtualClock();
  const entropy = new FixedEntropy();
  const rest = { interfaceName: "virtual0", controlDirectory: "/tmp/x", handshakeAttempts: 2 };
  const network = newNetwork({ band: "2.4GHz", frequency: 2412 }, entropy, rest);
  const witness = new Witness(clock);
  const medium = new VirtualMedium(clock);
  const cast = new Cast({ network, medium, clock, entropy, witness, tell: () => undefined });
  assert.deepEqual(judge(witness, cast.stations), [
    "the phone was not let in",
    "the phone got no answer",
    "the phone did not answer",
    "the laptop's wrong passphrase was not noticed",
    "the laptop was not told",
    "the printer was not refused for its cipher",
    "the printer was not told",
  ]);
  witness.tell({
    by: "access-point",
    event: { type: "station-connected", station: cast.stations.laptop.address, bss: "virtual0", radio: "virtual0" },
  });
  assert.ok(judge(witness, cast.stations).includes("the laptop was let in"));
});
