import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { describe } from "./problem.ts";
import { parsePskFile } from "./psk-file.ts";

test("passphrases and keys, for one station or for all", () => {
  const key = "0123456789abcdef".repeat(4);
  const file = [
    "# who comes in",
    "00:00:00:00:00:00 secret passphrase",
    "02:00:00:00:00:01 another # passphrase",
    `keyid=laptop vlanid=3 02:00:00:00:00:02 ${key}`,
    "wps=1 02:00:00:00:00:03 made by wps",
  ].join("\n");
  const { entries, problems } = parsePskFile(utf8(file), "psk");
  assert.deepEqual(problems, []);
  assert.deepEqual(
    entries.map(({ secret, ...rest }) => ({ ...rest, type: secret.type, length: secret.octets.length })),
    [
      { station: undefined, keyId: undefined, vlanId: 0, wps: false, line: 2, type: "passphrase", length: 17 },
      {
        station: "02:00:00:00:00:01",
        keyId: undefined,
        vlanId: 0,
        wps: false,
        line: 3,
        type: "passphrase",
        length: 20,
      },
      { station: "02:00:00:00:00:02", keyId: "laptop", vlanId: 3, wps: false, line: 4, type: "psk", length: 32 },
      { station: "02:00:00:00:00:03", keyId: undefined, vlanId: 0, wps: true, line: 5, type: "passphrase", length: 11 },
    ],
  );
  assert.equal(textOf(entries[1]?.secret.octets ?? new Uint8Array()), "another # passphrase");
});

test("every wrong line is found, and no secret is told", () => {
  const secret = "hunter2hunter2";
  const file = [
    `${secret}`,
    `00:00:00:00:00 ${secret}`,
    "02:00:00:00:00:01",
    "02:00:00:00:00:01 short",
    `02:00:00:00:00:01 ${"x".repeat(64)}`,
    `colour=red 02:00:00:00:00:01 ${secret}`,
    `keyid=${"k".repeat(32)} 02:00:00:00:00:01 ${secret}`,
    `02:00:00:00:00:04 ${secret}`,
  ].join("\n");
  const { entries, problems } = parsePskFile(utf8(file), "psk");
  assert.deepEqual(
    problems.map(({ line, column }) => [line, column]),
    [
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 19],
      [5, 19],
      [6, 1],
      [7, 1],
    ],
  );
  assert.equal(entries.length, 1);
  for (const problem of problems) {
    const said = `${describe(problem)}\n${problem.hostapd}`;
    assert.ok(!said.includes(secret) && !said.includes("short") && !said.includes("xxxx"), said);
  }
  assert.equal(problems[3]?.hostapd, "Invalid PSK '[REMOVED]' on line 4 in 'psk'");
});
