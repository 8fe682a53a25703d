import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hexOf, utf8 } from "../base/bytes.ts";
import { parseMilenageFile } from "./milenage-file.ts";

const k = "90dca4eda45b53cf0f12d7c9c3bc6a89";
const opc = "cb9cccc4b9258e6dca4760379fb82581";

const parse = (text: string) => parseMilenageFile(utf8(text), "subscribers");

test("subscribers, with comments and empty lines between them", () => {
  const { subscribers, problems } = parse(
    `# IMSI Ki OPc AMF SQN\n\n232010000000000 ${k} ${opc} 61df 000000000123\n555444333222111 ${k} ${opc} c3ab 16f3b3f70fc1 4\n`,
  );
  assert.deepEqual(problems, []);
  assert.deepEqual([...subscribers.keys()], ["232010000000000", "555444333222111"]);
  const first = subscribers.get("232010000000000");
  assert.equal(first && hexOf(first.k), k);
  assert.equal(first && hexOf(first.opc), opc);
  assert.equal(first && hexOf(first.amf), "61df");
  assert.equal(first?.sqn, 0x123n);
  assert.equal(first?.resLength, 8);
  const second = subscribers.get("555444333222111");
  assert.equal(second?.sqn, 0x16f3b3f70fc1n);
  assert.equal(second?.resLength, 4);
});

test("what is wrong with a line, and where", () => {
  const cases: readonly [line: string, column: number, message: RegExp][] = [
    [`23201x ${k} ${opc} 61df 000000000000`, 1, /IMSI/],
    [`1234567890123456 ${k} ${opc} 61df 000000000000`, 1, /IMSI/],
    [`123 ${k}0 ${opc} 61df 000000000000`, 5, /Ki/],
    [`123 ${k}`, 37, /OPc/],
    [`123 ${k} ${opc} 61dg 000000000000`, 71, /AMF/],
    [`123 ${k} ${opc} 61df 00000000000`, 76, /SQN/],
    [`123 ${k} ${opc} 61df 000000000000 3`, 89, /RES/],
    [`123 ${k} ${opc} 61df 000000000000 x`, 89, /RES/],
  ];
  for (const [line, column, message] of cases) {
    const { subscribers, problems } = parse(`\n${line}\n`);
    assert.equal(subscribers.size, 0, line);
    assert.equal(problems.length, 1, line);
    assert.equal(problems[0]?.line, 2);
    assert.equal(problems[0]?.column, column, line);
    assert.match(problems[0]?.message ?? "", message);
    assert.equal(problems[0]?.source, undefined, "a line has keys in it");
  }
});

test("an IMSI stands in one line", () => {
  const line = `123 ${k} ${opc} 61df 000000000000\n`;
  assert.match(parse(line + line).problems[0]?.message ?? "", /above/);
});

test("any octets: subscribers or problems, nothing thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
      parseMilenageFile(octets, "subscribers");
    }),
  );
});
