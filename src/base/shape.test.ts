import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { count, fromJson, list, maybe, object, oneOf, parsed, ShapeError, text, truth } from "./shape.ts";

const shape = object({
  name: text,
  ages: list(count),
  kind: oneOf("cat", "dog"),
  tame: maybe(truth),
  hex: maybe(parsed((each) => (/^[0-9a-f]+$/.test(each) ? Number.parseInt(each, 16) : undefined), "a number")),
});

test("what fits is taken, and what is more is left out", () => {
  const value = fromJson(shape, '{"name":"x","ages":[1,2],"kind":"cat","hex":"1f","more":true,"tame":null}');
  assert.deepEqual(value, { name: "x", ages: [1, 2], kind: "cat", hex: 31 });
});

test("what doesn't is told of with its place", () => {
  const refused = (json: string, why: RegExp): void =>
    assert.throws(
      () => fromJson(shape, json),
      (thrown) => thrown instanceof ShapeError && why.test(thrown.message),
    );
  refused("", /^the answer is no JSON$/);
  refused("[]", /^the answer: an object is missing$/);
  refused('{"ages":[]}', /^name: a text is missing$/);
  refused('{"name":"x","ages":[1,"2"],"kind":"cat"}', /^ages\[1\]: a number is missing$/);
  refused('{"name":"x","ages":[],"kind":"cow"}', /^kind: one of cat, dog is missing$/);
  refused('{"name":"x","ages":[],"kind":"cat","hex":"z"}', /^hex: a number is missing$/);
  refused('{"name":"x","ages":[],"kind":"cat","tame":1}', /^tame: true or false is missing$/);
});

test("nothing that lies in the prototype is taken for what was sent", () => {
  assert.throws(() => fromJson(object({ toString: text }), "{}"), ShapeError);
  assert.equal(Object.hasOwn(fromJson(object({ a: maybe(text) }), '{"__proto__":{"a":"x"}}'), "a"), false);
});

test("whatever comes, there is a value of the shape or a ShapeError", () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (json) => {
      try {
        fromJson(shape, json);
      } catch (thrown) {
        assert.ok(thrown instanceof ShapeError);
      }
    }),
  );
});
