import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { utf8 } from "../base/bytes.ts";
import { vendorAttribute } from "../wire/radius/values.ts";
import { describeAttributes } from "./describe.ts";
import { builtInDictionary, Dictionary } from "./dictionary.ts";
import { readDictionary } from "./dictionary-file.ts";

const read = (files: Readonly<Record<string, string>>, path = "/etc/dictionary") => {
  const dictionary = new Dictionary();
  const problems = readDictionary(dictionary, path, (file) => {
    const text = files[file];
    if (text === undefined) throw new Error(`can't read '${file}'`);
    return utf8(text);
  });
  return { dictionary, problems };
};

test("attributes, values, vendors, files inside files", () => {
  const { dictionary, problems } = read({
    "/etc/dictionary":
      "# FreeRADIUS\n$INCLUDE\tdictionary.acme\nATTRIBUTE\tFilter-Id\t11\tstring\nVALUE Service-Type Framed-User 0x02",
    "/etc/dictionary.acme":
      "VENDOR Acme 4242\nBEGIN-VENDOR Acme\nATTRIBUTE Acme-Level 1 integer\nATTRIBUTE Acme-Key 2 string encrypt=2\nATTRIBUTE Acme-Part 3.1 string\nVALUE Acme-Level High 9\nEND-VENDOR Acme\nATTRIBUTE Tunnel-Type 64 integer has_tag",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(dictionary.attribute(4242, 1), { name: "Acme-Level", shownAs: "integer" });
  assert.deepEqual(dictionary.attribute(4242, 2), { name: "Acme-Key", shownAs: "octets" });
  assert.equal(dictionary.attribute(4242, 3), undefined);
  assert.deepEqual(dictionary.attribute(0, 11), { name: "Filter-Id", shownAs: "text" });
  assert.deepEqual(dictionary.attribute(0, 64), { name: "Tunnel-Type", shownAs: "tagged-integer" });
  assert.equal(dictionary.valueName("Service-Type", 2), "Framed-User");
  assert.deepEqual(dictionary.find("acme-level"), { vendor: 4242, type: 1 });
  const value = Uint8Array.of(0, 0, 0, 9);
  assert.deepEqual(describeAttributes([vendorAttribute(4242, 1, value)], dictionary), [
    { name: "Acme-Level", value: "High" },
  ]);
});

test("what isn't understood is said, with its place", () => {
  const { problems } = read({
    "/etc/dictionary":
      "ATTRIBUTE Name\nVALUE A B c\nBEGIN-VENDOR Nobody\nATTRIBUTE Their 1 string\nEND-VENDOR Nobody\nVENDOR X\n$INCLUDE none\n$INCLUDE dictionary",
  });
  assert.deepEqual(
    problems.slice(0, 5).map(({ line, message }) => `${line} ${message}`),
    [
      "1 ATTRIBUTE wants a name, a number and a type",
      "2 VALUE wants an attribute, a name and a number",
      "3 there is no vendor 'Nobody'",
      "6 VENDOR wants a name and a number",
      "7 can't read '/etc/none'",
    ],
  );
  assert.ok(problems.length < 1000, "files that include themselves end");
});

test("any attributes can be shown, and secrets are not", () => {
  const dictionary = builtInDictionary();
  const attribute = fc.record({ type: fc.integer({ min: 0, max: 255 }), value: fc.uint8Array({ maxLength: 20 }) });
  fc.assert(
    fc.property(fc.array(attribute), (list) => {
      JSON.stringify(describeAttributes(list, dictionary));
    }),
  );
  const value = utf8("0123456789abcdef");
  const standard = [2, 3, 69].map((type) => ({ type, value }));
  const microsoft = [1, 3, 4, 5, 6, 12, 16, 17, 25, 27].map((type) => vendorAttribute(311, type, value));
  assert.deepEqual(describeAttributes([...standard, ...microsoft], dictionary), []);
});
