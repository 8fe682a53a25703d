import assert from "node:assert/strict";
import { test } from "node:test";
import { saePkVector } from "../../test/vectors/sae.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { isRefused } from "./kinds.ts";
import { octetTextOfString } from "./octets.ts";
import { parseSaePasswordFile, saePasswordFileKind, saePasswordKind } from "./sae-passwords.ts";

const noFiles = () => assert.fail("no file is asked for");

const parse = (text: string) => {
  const parsed = saePasswordKind.parse(octetTextOfString(text), { files: noFiles, previous: undefined });
  assert.ok(!isRefused(parsed), "error" in parsed ? parsed.error : "");
  assert.equal(parsed.value.length, 1);
  return parsed.value[0] ?? assert.fail();
};

test("a password and its options", () => {
  const plain = parse("secret");
  assert.equal(textOf(plain.password), "secret");
  assert.deepEqual([plain.station, plain.vlanId, plain.identifier, plain.pk], [undefined, 0, undefined, undefined]);

  const all = parse("really secret|mac=02:03:04:05:06:07|vlanid=3|id=my |name=x");
  assert.equal(textOf(all.password), "really secret");
  assert.equal(all.station, "02:03:04:05:06:07");
  assert.equal(all.vlanId, 3);
  assert.equal(textOf(all.identifier ?? assert.fail()), "my |name=x");

  assert.equal(parse("x|mac=ff:ff:ff:ff:ff:ff").station, undefined);
  assert.equal(textOf(parse("pass|word=1").password), "pass|word=1");
  assert.equal(textOf(parse("pässwörd|id=k").password), "pässwörd");
  const { modifier, privateKey, passwords } = saePkVector;
  const { pk } = parse(`${passwords[0]}|pk=${modifier}:${privateKey}|id=x`);
  assert.equal(pk?.modifier.length, 16);
  assert.equal(pk?.privateKey[0], 0x30);
  assert.equal(pk?.signingKey, undefined);
});

test("what is wrong with one, and where", () => {
  const wrong = (text: string): readonly [string, number | undefined, number | undefined] => {
    const parsed = saePasswordKind.parse(text, { files: noFiles, previous: undefined });
    return isRefused(parsed) ? [parsed.error, parsed.at, parsed.length] : assert.fail(`${text} is taken`);
  };
  assert.deepEqual(wrong("|mac=02:03:04:05:06:07").slice(1), [0, 22]);
  assert.match(wrong("x|mac=02:03")[0], /no MAC address/);
  assert.deepEqual(wrong("x|mac=02:03").slice(1), [6, 5]);
  assert.match(wrong("x|vlanid=5000")[0], /VLAN ID/);
  assert.match(wrong("x|vlanid=abc")[0], /VLAN ID/);
  assert.match(wrong("x|id=")[0], /id= is followed by nothing/);
  assert.match(wrong("x|pk=00:AA==")[0], /32 hexadecimal digits/);
  assert.match(wrong(`x|pk=${"0".repeat(32)}`)[0], /private key/);
  assert.match(wrong(`x|pk=${"0".repeat(32)}:%%%%`)[0], /base64/);
});

test("lines add up, and an empty value takes all away", () => {
  const add = (text: string, previous: ReturnType<typeof parse>[] | undefined) => {
    const parsed = saePasswordKind.parse(text, { files: noFiles, previous });
    return isRefused(parsed) ? assert.fail(parsed.error) : [...parsed.value];
  };
  const two = add("two", add("one", undefined));
  assert.deepEqual(
    two.map(({ password }) => textOf(password)),
    ["one", "two"],
  );
  assert.deepEqual(add("", two), []);
});

test("a file of them: comments and empty lines are none, and every wrong line is told at once", () => {
  const good = parseSaePasswordFile(utf8("# ours\none\n\ntwo|vlanid=2\r\nthree"), "f");
  assert.deepEqual(
    good.passwords.map(({ password }) => textOf(password)),
    ["one", "two", "three"],
  );
  const bad = parseSaePasswordFile(utf8("one\nx|mac=1\n|id=2\ntwo"), "f");
  assert.deepEqual(
    bad.problems.map(({ line, column, file }) => [file, line, column]),
    [
      ["f", 2, 7],
      ["f", 3, 1],
    ],
  );
  assert.ok(
    bad.problems.every(({ source }) => source === undefined),
    "a line with a password is shown",
  );
});

test("a line that is cut is no password", () => {
  for (const [text, message] of [
    [`good\n${"p".repeat(5000)}\n`, /longer than/],
    ["good\nsec\0ret\n", /octet 0/],
    ["good\n\0\n", /octet 0/],
  ] as const) {
    const { passwords, problems } = parseSaePasswordFile(utf8(text), "f");
    assert.equal(passwords.length, 1);
    assert.deepEqual(
      problems.map(({ line, severity }) => [line, severity]),
      [[2, "error"]],
    );
    assert.match(problems[0]?.message ?? "", message);
  }
});

test("the key that names the file", () => {
  const parsed = saePasswordFileKind.parse("/f", { files: () => utf8("one\ntwo"), previous: undefined });
  assert.ok(!isRefused(parsed) && parsed.value.passwords.length === 2 && parsed.value.path === "/f");
  const broken = saePasswordFileKind.parse("/f", { files: () => utf8("x|mac=1"), previous: undefined });
  assert.ok(isRefused(broken) && broken.elsewhere?.length === 1);
});
