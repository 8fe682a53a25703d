import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { describe, isError } from "./problem.ts";
import { parsePskFile } from "./psk-file.ts";

const key = "0123456789abcdef".repeat(4);
const any = "00:00:00:00:00:00";
const one = "02:00:00:00:00:01";

test("passphrases and keys, for one station or for all", () => {
  const file = [
    "# who comes in",
    `${any} secret passphrase`,
    `${one} another # passphrase`,
    `keyid=laptop vlanid=3 02:00:00:00:00:02 ${key}`,
    "wps=1  02:00:00:00:00:03 made by wps",
    "",
    `keyid= ${any} a keyid without a name`,
    `wps=0 vlanid=0 keyid=${"k".repeat(31)} 02:aB:cD:00:00:04 ${"x".repeat(63)}`,
  ].join("\n");
  const { entries, problems } = parsePskFile(utf8(file), "psk");
  assert.deepEqual(problems, []);
  assert.deepEqual(
    Array.from(entries, ({ secret, ...rest }) => ({ ...rest, type: secret.type, length: secret.octets.length })),
    [
      { station: undefined, keyId: undefined, vlanId: 0, wps: false, line: 2, type: "passphrase", length: 17 },
      { station: one, keyId: undefined, vlanId: 0, wps: false, line: 3, type: "passphrase", length: 20 },
      { station: "02:00:00:00:00:02", keyId: "laptop", vlanId: 3, wps: false, line: 4, type: "psk", length: 32 },
      { station: "02:00:00:00:00:03", keyId: undefined, vlanId: 0, wps: true, line: 5, type: "passphrase", length: 11 },
      { station: undefined, keyId: undefined, vlanId: 0, wps: false, line: 7, type: "passphrase", length: 22 },
      {
        station: "02:ab:cd:00:00:04",
        keyId: "k".repeat(31),
        vlanId: 0,
        wps: false,
        line: 8,
        type: "passphrase",
        length: 63,
      },
    ],
  );
  assert.equal(textOf(entries.at(1).secret.octets), "another # passphrase");
});

test("every wrong line is found, where it is wrong and what would be right, and no secret is told", () => {
  const secret = "hunter2hunter2";
  const wrong: readonly [line: string, column: number, said: RegExp, hostapd: string, fix?: string][] = [
    [`${secret}`, 1, /MAC address/, "Invalid MAC address '[REMOVED]'"],
    [`00:00:00:00:00 ${secret}`, 1, /MAC address/, "Invalid MAC address '[REMOVED]'"],
    [`02-00-00-00-00-0A ${secret}`, 1, /MAC address/, "Invalid MAC address '[REMOVED]'", "02:00:00:00:00:0A"],
    [`keyid=a 0g:00:00:00:00:01 ${secret}`, 9, /MAC address/, "Invalid MAC address '[REMOVED]'"],
    [`020000000001 ${secret}`, 1, /MAC address/, "Invalid MAC address '[REMOVED]'"],
    ["keyid=a", 8, /MAC address/, "Invalid MAC address '[REMOVED]'"],
    [one, 1, /missing/, "No PSK"],
    [`${one} `, 1, /missing/, "No PSK"],
    [`${one} short`, 19, /5 octets/, "Invalid PSK '[REMOVED]'"],
    [`${one} ${"x".repeat(64)}`, 19, /64 octets are a key only/, "Invalid PSK '[REMOVED]'"],
    [`${one} ${key}0`, 19, /65 octets/, "Invalid PSK '[REMOVED]'"],
    [`${one} ${key}\r`, 19, /carriage return/, "Invalid PSK '[REMOVED]'"],
    [`colour=red ${one} ${secret}`, 1, /keyid=, vlanid=, wps=/, "Unrecognized '[REMOVED]'"],
    [`vlan=3 ${one} ${secret}`, 1, /keyid=, vlanid=, wps=/, "Unrecognized '[REMOVED]'", "vlanid"],
    [`keyId=x ${one} ${secret}`, 1, /keyid=, vlanid=, wps=/, "Unrecognized '[REMOVED]'", "keyid"],
    [`keyid=${"k".repeat(32)} ${one} ${secret}`, 7, /at most 31 octets, this one has 32/, "PSK keyid too long"],
  ];
  const file = [...wrong.map(([line]) => line), `02:00:00:00:00:04 ${secret}`].join("\n");
  const { entries, problems } = parsePskFile(utf8(file), "psk");
  assert.equal(entries.length, 1);
  assert.equal(problems.length, wrong.length);
  for (const [index, [line, column, said, hostapd, fix]] of wrong.entries()) {
    const problem = problems[index] ?? assert.fail();
    assert.ok(isError(problem), line);
    assert.deepEqual([problem.line, problem.column, problem.fix], [index + 1, column, fix], line);
    assert.match(problem.message, said, line);
    assert.equal(problem.hostapd, `${hostapd} on line ${index + 1} in 'psk'`, line);
    const text = `${describe(problem)}\n${problem.hostapd}`;
    assert.ok(!text.includes(secret) && !text.includes("short") && !text.includes("xxxx") && !text.includes(key), text);
  }
});

test("what hostapd takes and hardly anybody means is taken, with a warning", () => {
  const odd: readonly [line: string, column: number, said: RegExp][] = [
    [`vlanid=guests ${one} passphrase`, 8, /counts as 0/],
    [`vlanid=5000 ${one} passphrase`, 8, /counts as 5000/],
    [`vlanid=7x ${one} passphrase`, 8, /counts as 7/],
    [`wps=2 ${one} passphrase`, 5, /wps is 0 or 1/],
    [`wps=yes ${one} passphrase`, 5, /wps is 0 or 1/],
    [`${one} passphrase\r`, 29, /carriage return at the end/],
    [`${one} passphrase `, 29, /blank at the end/],
    [`${one}  passphrase`, 19, /blank at the beginning/],
    [`${one} passphrase\0and more`, 29, /octet 0/],
  ];
  const { entries, problems } = parsePskFile(utf8(odd.map(([line]) => line).join("\n")), "psk");
  assert.equal(entries.length, odd.length);
  assert.equal(problems.length, odd.length);
  for (const [index, [line, column, said]] of odd.entries()) {
    const { severity, message, ...place } = problems[index] ?? assert.fail();
    assert.deepEqual([severity, place.line, place.column], ["warning", index + 1, column], line);
    assert.match(message, said);
  }
  assert.deepEqual(
    [...entries].slice(0, 4).map(({ vlanId, wps }) => [vlanId, wps]),
    [
      [0, false],
      [5000, false],
      [7, false],
      [0, true],
    ],
  );
});

test("files are the same when they say the same", () => {
  const parse = (text: string) => parsePskFile(utf8(text), "psk").entries;
  const base = parse(`keyid=a ${one} passphrase\n`);
  assert.ok(base.equals(parse(`# a comment\nkeyid=a ${one} passphrase\n`)));
  for (const other of ["", `keyid=b ${one} passphrase`, `keyid=a ${any} passphrase`, `keyid=a ${one} passphrasf`]) {
    assert.ok(!base.equals(parse(other)), other);
  }
  for (const prefix of ["vlanid=1 keyid=a", "wps=1 keyid=a", ""]) {
    assert.ok(!base.equals(parse(`${prefix} ${one} passphrase`)), prefix);
  }
  base.wipe();
  assert.ok(base.at(0).secret.octets.every((octet) => octet === 0));
});

test("a long file is read in little time and memory", () => {
  const lines = Array.from({ length: 20_000 }, (_, i) => `keyid=device-${i} ${any} the passphrase of ${i}\n`);
  const { entries } = parsePskFile(utf8(lines.join("")), "psk");
  assert.equal(entries.length, 20_000);
  assert.equal(entries.at(19_999).keyId, "device-19999");
  assert.equal(textOf(entries.at(12_345).secret.octets), "the passphrase of 12345");
});
