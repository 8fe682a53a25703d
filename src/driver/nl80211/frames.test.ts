/** Frames and keys on their way to the kernel. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { errnos, machine, ownAddress, parameters, station } from "../../../testing/nl80211-machine.ts";
import { concat } from "../../base/bytes.ts";
import { encodeMacAddress } from "../../base/mac-address.ts";
import { startAp } from "../../wire/nl80211/access-point.ts";
import { cookieReply, sendFrame } from "../../wire/nl80211/frame.ts";
import { commands } from "../../wire/nl80211/generated/commands.ts";
import { wiphyPart } from "../../wire/nl80211/wiphy.ts";
import type { BssEvent } from "../port.ts";

test("a cookie for each frame, from the answer or from the acknowledgement", () => {
  const { kernel, asked, openBss } = machine();
  const bss = openBss();
  kernel.answer(commands.FRAME, (attributes) =>
    sendFrame.decode(attributes).noAck === true ? {} : { replies: [cookieReply.build({ cookie: 77n })] },
  );
  kernel.answer(commands.CONTROL_PORT_FRAME, () => ({ cookie: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 1) }));
  assert.equal(bss.sendManagement(Uint8Array.of(0xb0, 0)), 77n);
  assert.equal(bss.sendManagement(Uint8Array.of(0x50, 0), { noAck: true }), 0n);
  assert.equal(bss.sendEapol(station, Uint8Array.of(2, 3), { encrypt: false }), (1n << 56n) + 5n);
  assert.equal(asked(commands.CONTROL_PORT_FRAME).length, 1);
});

test("a key that isn't there, a counter that can't be read", () => {
  const { kernel, openBss } = machine();
  const bss = openBss();
  kernel.answer(commands.DEL_KEY, () => ({ errno: errnos.ENOENT }));
  kernel.answer(commands.GET_KEY, () => ({ errno: errnos.EINVAL }));
  bss.removeKey(0, station);
  assert.deepEqual(bss.keySequence(1), new Uint8Array(6));
  kernel.answer(commands.DEL_KEY, () => ({ errno: errnos.EINVAL, reason: "no such key index" }));
  assert.throws(() => bss.removeKey(9), /NL80211_CMD_DEL_KEY: EINVAL \(no such key index\)/);
});

test("without a control port EAPOL crosses packet sockets, of the bridge too", () => {
  const { driver, kernel, openRadio, asked } = machine([wiphyPart.build({ wiphy: 0, name: "phy0" })]);
  const heard: BssEvent[] = [];
  const bss = openRadio().openBss({ interfaceName: "wlan0", bridge: "br0" }, (event) => heard.push(event));
  bss.startAp(parameters);
  const started = startAp.decode(asked(commands.START_AP)[0]?.attributes ?? assert.fail());
  assert.equal(started.controlPortOverNl80211, undefined);
  const etherType = Uint8Array.of(0x88, 0x8e);
  const payload = Uint8Array.of(1, 3, 0, 0);
  const frame = concat(encodeMacAddress(ownAddress), encodeMacAddress(station), etherType, payload);
  const bridge = [...kernel.links.values()].find(({ name }) => name === "br0") ?? assert.fail();
  for (const index of [3, bridge.index]) kernel.receivePacket(index, frame);
  kernel.receivePacket(3, Uint8Array.of(1, 2, 3));
  kernel.deliver();
  const eapol = { type: "eapol", source: station, payload, encrypted: true };
  assert.deepEqual(heard, [eapol, eapol]);
  assert.equal(bss.sendEapol(station, payload, { encrypt: true }), 0n);
  const sent = concat(encodeMacAddress(station), encodeMacAddress(ownAddress), etherType, payload);
  assert.deepEqual(kernel.packets, [{ ifIndex: 3, frame: sent }]);
  driver.close();
  assert.equal(kernel.openSockets, 0);
});
