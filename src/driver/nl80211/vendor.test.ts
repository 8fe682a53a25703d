import assert from "node:assert/strict";
import { test } from "node:test";
import { ScriptedKernel } from "../../../testing/scripted-kernel.ts";
import { hexOf } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import { silent } from "../../base/log.ts";
import { encodeAttribute } from "../../wire/netlink/attributes.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { vendorAnswer } from "../../wire/nl80211/vendor.ts";
import { Nl80211Socket, resolveFamily } from "./socket.ts";
import { executeVendorCommand } from "./vendor.ts";

function vendorOf(answers: readonly Uint8Array[]) {
  const kernel = new ScriptedKernel();
  kernel.answer(commands.VENDOR, () => ({ replies: answers.map((data) => vendorAnswer.build({ data })) }));
  const endpoint = kernel.openNetlink("generic");
  const socket = new Nl80211Socket(endpoint, resolveFamily(endpoint), silent);
  return { kernel, socket };
}

const sent = (kernel: ScriptedKernel): string => hexOf(kernel.requests.at(-1)?.attributes ?? new Uint8Array());
const test8 = encodeAttribute(8, Uint8Array.of(123, 0, 0, 0));

test("the data go as the vendor's commands have them, or as told; the answer comes without headers", () => {
  const { kernel, socket } = vendorOf([
    encodeAttribute(8, Uint8Array.of(125, 0, 0, 0)),
    encodeAttribute(9, Uint8Array.of(1)),
  ]);
  const answer = executeVendorCommand(socket, 3, { vendor: 0x1374, command: 1, data: test8 });
  assert.deepEqual([...answer], [125, 0, 0, 0, 1]);
  // interface 3, vendor 0x1374, command 1, then 12 octets of data with the flag of nested attributes (0x80c5)
  const head = "080003000300000008" + "00c3007413000008" + "00c40001000000";
  assert.equal(sent(kernel), `${head}0c00c580080008007b000000`);
  executeVendorCommand(socket, 3, { vendor: 0x1374, command: 1, data: test8, isNested: false });
  assert.equal(sent(kernel), `${head}0c00c500080008007b000000`);
  executeVendorCommand(socket, 3, { vendor: 0x1374, command: 10, data: Uint8Array.of(1) });
  assert.match(sent(kernel), /0500c50001000000$/);
  executeVendorCommand(socket, 3, { vendor: 0x1374, command: 1, data: new Uint8Array() });
  assert.equal(sent(kernel), head);
});

test("an answer may be none; a refusal is thrown", () => {
  const { kernel, socket } = vendorOf([]);
  assert.equal(executeVendorCommand(socket, 3, { vendor: 1, command: 2, data: test8 }).length, 0);
  kernel.answer(commands.VENDOR, () => ({ errno: 95 }));
  assert.throws(
    () => executeVendorCommand(socket, 3, { vendor: 1, command: 2, data: test8 }),
    (thrown) => thrown instanceof KernelRefusal && thrown.errno === "EOPNOTSUPP",
  );
});
