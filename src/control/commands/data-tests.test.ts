import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText } from "../../../testing/controlled-network.ts";
import { bytesOfHex } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { decodeTestFrame, encodeTestFrame } from "../test-frame.ts";

test("DATA_TEST: frames out, frames in, and what isn't one", async () => {
  const network = new ControlledNetwork();
  await network.start(openText);
  network.attach("monitor");
  const [a, b] = ["02:00:00:00:00:0a", "02:00:00:00:00:0b"];
  assert.equal(network.ask(`DATA_TEST_TX ${a} ${b} 0`), "FAIL\n", "not while it isn't set");
  assert.equal(network.ask("DATA_TEST_CONFIG 1 ifname=wlan9"), "FAIL\n");
  assert.equal(network.ask("DATA_TEST_CONFIG 1 ifname=br0"), "OK\n");
  assert.equal(network.ask("DATA_TEST_CONFIG 1"), "OK\n");
  const [tap] = network.ethernet;
  assert.equal(tap?.interface, "br0");
  assert.equal(network.ask(`DATA_TEST_TX ${a} ${b} 0x20 len=100`), "OK\n");
  assert.equal(network.ask(`DATA_TEST_TX ${a.replaceAll(":", "")} ${b} 0`), "OK\n");
  assert.deepEqual(tap?.frames.map(decodeTestFrame), [
    { destination: a, source: b, tos: 0x20, length: 100 },
    { destination: a, source: b, tos: 0, length: 1486 },
  ]);
  for (const wrong of [
    "foo",
    `${a} foo`,
    `${a} ${b} -1`,
    `${a} ${b} 256`,
    `${a} ${b} 0 len=19`,
    `${a} ${b} 0 len=1487`,
  ]) {
    assert.equal(network.ask(`DATA_TEST_TX ${wrong}`), "FAIL\n", wrong);
  }
  const frame = { destination: b as MacAddress, source: a as MacAddress, tos: 0 };
  tap?.hear(encodeTestFrame({ ...frame, length: 1486 }));
  tap?.hear(encodeTestFrame({ ...frame, length: 20 }));
  tap?.hear(encodeTestFrame({ ...frame, length: 60 }).map((octet, i) => (i === 50 ? octet ^ 1 : octet)));
  tap?.hear(new Uint8Array(10));
  assert.deepEqual(network.events("monitor"), [`<3>DATA-TEST-RX ${b} ${a}`, `<3>DATA-TEST-RX ${b} ${a} len=20`]);
  assert.equal(network.ask("DATA_TEST_CONFIG 0"), "OK\n");
  assert.deepEqual(network.ethernet, []);
  assert.equal(network.ask("DATA_TEST_FRAME 112233445566778899aabbcc0800"), "OK\n");
  for (const wrong of [
    "ifname=foo",
    "1",
    "11",
    "112233445566778899aabbccddeefq",
    "ifname=nope 112233445566778899aabbcc0800",
  ]) {
    assert.equal(network.ask(`DATA_TEST_FRAME ${wrong}`), "FAIL\n", wrong);
  }
});

/** Written by hand after RFC 791, 3.1; the checksum is that of tshark 4.0.17's dissection of these octets. */
test("a test frame's octets", () => {
  const frame = encodeTestFrame({
    destination: "02:00:00:00:00:0a" as MacAddress,
    source: "02:00:00:00:00:0b" as MacAddress,
    tos: 0,
    length: 24,
  });
  const ethernet = "02000000000a02000000000b0800";
  assert.deepEqual(frame, bytesOfHex(`${ethernet}45000018000000004001f791c0a80101c0a8010200010203`));
});
