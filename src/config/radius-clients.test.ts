import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { formatIpAddress } from "../base/ip-address.ts";
import { parseRadiusClients } from "./radius-clients.ts";

const parse = (text: string) => parseRadiusClients(utf8(text), "clients");
const shown = (text: string) =>
  parse(text).clients.map(
    ({ address, prefixLength, secret }) => `${formatIpAddress(address)}/${prefixLength} ${textOf(secret)}`,
  );

test("the forms that hostapd documents", () => {
  const text =
    "# comment\n\n192.168.1.0/24 secret\n192.168.1.2\tsecret\nfe80::211:22ff:fe33:4455/64 secretipv6\n0.0.0.0/0\tradius";
  assert.deepEqual(shown(text), [
    "192.168.1.0/24 secret",
    "192.168.1.2/32 secret",
    "fe80::/64 secretipv6",
    "0.0.0.0/0 radius",
  ]);
  assert.deepEqual(parse(text).problems, []);
});

test("a secret is all of the rest, blanks within too", () => {
  assert.deepEqual(shown("10.0.0.1   two words"), ["10.0.0.1/32 two words"]);
});

test("addresses of IPv4 inside IPv6", () => {
  assert.deepEqual(shown("::ffff:10.1.2.3 s\n::ffff:10.1.2.3/120 s\n::ffff:0:0/95 s"), [
    "10.1.2.3/32 s",
    "10.1.2.0/24 s",
    "::fffe:0:0/95 s",
  ]);
});

test("everything that is wrong is said at once, and no secret with it", () => {
  const { problems } = parse(
    [
      "host.example topsecret",
      "10.0.0.1",
      "10.0.0.1/33 topsecret",
      "10.0.0.1/ topsecret",
      "10.0.0.256 topsecret",
      "::1/64 ",
      "10.0.0.1topsecret",
    ].join("\n"),
  );
  assert.deepEqual(
    problems.map(({ severity, line }) => `${severity} ${line}`),
    [1, 2, 3, 4, 5, 6, 7].map((line) => `error ${line}`),
  );
  assert.ok(!JSON.stringify(problems).includes("topsecret"));
});

test("what may have been meant otherwise", () => {
  const { clients, problems } = parse("10.0.0.1 one\r\n10.0.0.1/32 other\n");
  assert.equal(clients.length, 2);
  assert.deepEqual(
    problems.map(({ severity, line, message }) => `${severity} ${line} ${message}`),
    [
      "warning 1 the secret ends with a carriage return: write the file with UNIX line ends",
      "warning 2 line 1 has this address, and counts",
    ],
  );
});
