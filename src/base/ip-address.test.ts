import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { hexOf } from "./bytes.ts";
import { formatIpAddress, parseIpAddress } from "./ip-address.ts";

const octets = (text: string): string | undefined => {
  const parsed = parseIpAddress(text);
  return parsed && hexOf(parsed.octets);
};

test("IPv4", () => {
  assert.equal(octets("192.0.2.33"), "c0000221");
  for (const wrong of ["", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1.2.3.", "a.b.c.d", "1.2.3.4%eth0"])
    assert.equal(parseIpAddress(wrong), undefined, wrong);
});

test("IPv6, RFC 4291's own examples among them", () => {
  assert.equal(octets("2001:DB8:0:0:8:800:200C:417A"), "20010db80000000000080800200c417a");
  assert.equal(octets("FF01::101"), "ff010000000000000000000000000101");
  assert.equal(octets("::1"), "00000000000000000000000000000001");
  assert.equal(octets("::"), "00".repeat(16));
  assert.equal(octets("::0"), "00".repeat(16));
  assert.equal(octets("::FFFF:129.144.52.38"), "00000000000000000000ffff81903426");
  assert.deepEqual(parseIpAddress("fe80::1%eth0")?.zone, "eth0");
  for (const wrong of [
    ":",
    ":::",
    "1::2::3",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "12345::",
    "::g",
    "::1%",
  ])
    assert.equal(parseIpAddress(wrong), undefined, wrong);
});

test("texts that RFC 5952 wants", () => {
  const shown = (text: string): string => formatIpAddress(parseIpAddress(text)?.octets ?? assert.fail(text));
  assert.equal(shown("2001:0db8:0:0:1:0:0:1"), "2001:db8::1:0:0:1");
  assert.equal(shown("2001:db8:0:1:1:1:1:1"), "2001:db8:0:1:1:1:1:1");
  assert.equal(shown("::"), "::");
  assert.equal(shown("192.0.2.1"), "192.0.2.1");
  assert.equal(formatIpAddress(parseIpAddress("fe80::1")?.octets ?? assert.fail(), "eth0"), "fe80::1%eth0");
});

test("there and back; what is one is what others take for one", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })),
      (bytes) => {
        assert.deepEqual(parseIpAddress(formatIpAddress(bytes))?.octets, bytes);
      },
    ),
  );
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), fc.ipV4(), fc.stringMatching(/^[0-9a-f:.]{0,20}$/)), (text) => {
      assert.equal(parseIpAddress(text) !== undefined, isIP(text) !== 0, text);
    }),
  );
});
