import assert from "node:assert/strict";
import { test } from "node:test";
import type { RadioChannel } from "../driver/port.ts";
import { describeChannel } from "./channels.ts";

const free: RadioChannel = {
  frequency: 5180,
  disabled: false,
  noIr: false,
  radar: false,
  noHt40Minus: false,
  noHt40Plus: false,
  no80MHz: false,
  no160MHz: false,
  maxPowerDbm: 20,
};

test("a channel can be used, or it is said why not", () => {
  assert.deepEqual(describeChannel(free), {
    channel: 36,
    frequency: 5180,
    usable: true,
    why: undefined,
    maxPowerDbm: 20,
  });
  for (const [change, why] of [
    [{ disabled: true }, /forbid/],
    [{ radar: true, noIr: true }, /radar/],
    [{ noIr: true }, /no-IR/],
  ] as const) {
    const { usable, why: said } = describeChannel({ ...free, ...change });
    assert.equal(usable, false);
    assert.match(said ?? "", why);
  }
  assert.equal(describeChannel({ ...free, noHt40Minus: true, noHt40Plus: true }).why, "20 MHz only");
});
