import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, MalformedError, Reader } from "../../base/bytes.ts";
import { decodeRsne, type Rsne, rsneDefaults } from "./rsne.ts";

const decode = (hex: string): Rsne => decodeRsne(new Reader(bytesOfHex(hex) ?? assert.fail(), ["RSNE"]));
const refuses = (hex: string): void => assert.throws(() => decode(hex), MalformedError);

test("fields may be absent, from the end", () => {
  assert.deepEqual(decode("0100"), rsneDefaults);
  assert.equal(decode("0100000fac02").group, 0x000fac02);
  assert.deepEqual(decode("0100000fac040100000fac02").pairwise, [0x000fac02]);
  assert.deepEqual(decode("0100000fac040100000fac040200000fac02000fac06").akm, [0x000fac02, 0x000fac06]);
});

test("a field that is cut is malformed", () => {
  refuses("01");
  refuses("0100000fac");
  refuses("0100000fac0401");
  refuses("0100000fac040200000fac04");
  refuses("0100000fac040100000fac040100000fac02c0");
  refuses("0100000fac040100000fac040100000fac02c000010000112233");
});

test("an empty list and another version are malformed", () => {
  refuses("0100000fac040000");
  refuses("0100000fac040100000fac040000");
  refuses("0200000fac04");
});

test("a count that no element can hold ends at once", () => {
  refuses("0100000fac04ffff000fac04");
  refuses("0100000fac040100000fac040100000fac02c000ffff");
});

test("what follows the last field is ignored", () => {
  const whole = "0100000fac040100000fac040100000fac02c0000000000fac06";
  assert.equal(decode(whole).groupManagement, 0x000fac06);
  assert.deepEqual(decode(`${whole}00112233`), decode(whole));
  assert.equal(decode("0100000fac040100000fac040100000fac02c00000").capabilities.size, 2);
});
