import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedError, Reader } from "../../base/bytes.ts";
import {
  decodeElements,
  elementId,
  encodeElement,
  encodeElements,
  findElement,
  findVendor,
  vendorElement,
} from "./element.ts";

const decode = (...octets: number[]): ReturnType<typeof decodeElements> =>
  decodeElements(new Reader(Uint8Array.from(octets), ["frame"]));

test("an element that is cut is malformed, and the error says which", () => {
  assert.throws(() => decode(0, 1, 65, 48, 3, 1, 2), { name: "MalformedError", path: ["frame"] });
  assert.throws(() => decode(0), MalformedError);
  assert.throws(() => decode(255, 0), { name: "MalformedError", path: ["frame", "element 255"] });
});

test("an extended element has its extension apart", () => {
  assert.deepEqual(decode(255, 3, 35, 1, 2), [{ id: 255, extension: 35, data: Uint8Array.of(1, 2) }]);
  const elements = decode(255, 1, 35, 255, 2, 36, 9);
  assert.deepEqual(findElement(elements, elementId.extension, 36)?.data, Uint8Array.of(9));
  assert.equal(findElement(elements, elementId.extension), undefined);
  assert.deepEqual([...encodeElements(elements)], [255, 1, 35, 255, 2, 36, 9]);
});

test("vendor-specific elements are found by OUI, type and subtype", () => {
  const wps = vendorElement(0x0050f2, 4, Uint8Array.of(0x10));
  const wmm = vendorElement(0x0050f2, 2, Uint8Array.of(1, 1));
  const short = { id: elementId.vendorSpecific, data: Uint8Array.of(0, 0x50) };
  const elements = [short, wps, wmm];
  assert.equal(findVendor(elements, 0x0050f2, 2), wmm);
  assert.equal(findVendor(elements, 0x0050f2, 2, 0), undefined);
  assert.equal(findVendor(elements, 0x0050f2, 4), wps);
  assert.equal(findVendor(elements, 0x506f9a, 4), undefined);
});

test("what does not fit into an element is our own bug", () => {
  assert.throws(() => encodeElement(221, new Uint8Array(256)), RangeError);
  assert.throws(() => encodeElements([{ id: 255, extension: 1, data: new Uint8Array(255) }]), RangeError);
});
