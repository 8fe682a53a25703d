import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf } from "../base/bytes.ts";
import { aesEaxOpen, aesEaxSeal } from "./aes-eax.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text);
  assert.ok(bytes);
  return bytes;
};

/** Bellare, Rogaway, Wagner, "The EAX Mode of Operation", appendix G. */
const vectors = [
  {
    clear: "",
    key: "233952dee4d5ed5f9b9c6d6ff80ff478",
    nonce: "62ec67f9c3a4a407fcb2a8c49031a8b3",
    header: "6bfb914fd07eae6b",
    sealed: "e037830e8389f27b025a2d6527e79d01",
  },
  {
    clear: "f7fb",
    key: "91945d3f4dcbee0bf45ef52255f095a4",
    nonce: "becaf043b0a23d843194ba972c66debd",
    header: "fa3bfd4806eb53fa",
    sealed: "19dd5c4c9331049d0bdab0277408f67967e5",
  },
  {
    clear: "1a47cb4933",
    key: "01f74ad64077f2e704c0f60ada3dd523",
    nonce: "70c3db4f0d26368400a10ed05d2bff5e",
    header: "234a3463c1264ac6",
    sealed: "d851d5bae03a59f238a23e39199dc9266626c40f80",
  },
];

test("AES-EAX: the vectors of its paper", () => {
  for (const { clear, key, nonce, header, sealed } of vectors) {
    const { data, tag } = aesEaxSeal(hex(key), hex(nonce), hex(header), hex(clear));
    assert.equal(hexOf(data) + hexOf(tag), sealed);
    const opened = aesEaxOpen(hex(key), hex(nonce), hex(header), { data, tag });
    assert.equal(opened && hexOf(opened), clear);
  }
});

test("AES-EAX: what was changed does not open", () => {
  const [key, nonce, header, clear] = [new Uint8Array(16), new Uint8Array(16), new Uint8Array(3), new Uint8Array(5)];
  const { data, tag } = aesEaxSeal(key, nonce, header, clear);
  const flipped = (bytes: Uint8Array): Uint8Array => bytes.map((octet, i) => (i === 1 ? octet ^ 1 : octet));
  assert.ok(aesEaxOpen(key, nonce, header, { data, tag }));
  assert.equal(aesEaxOpen(key, nonce, header, { data: flipped(data), tag }), undefined);
  assert.equal(aesEaxOpen(key, nonce, header, { data, tag: flipped(tag) }), undefined);
  assert.equal(aesEaxOpen(key, nonce, header, { data, tag: tag.subarray(1) }), undefined);
  assert.equal(aesEaxOpen(key, nonce, flipped(header), { data, tag }), undefined);
  assert.equal(aesEaxOpen(key, flipped(nonce), header, { data, tag }), undefined);
});
