import assert from "node:assert/strict";
import { test } from "node:test";
import { MalformedError, Reader } from "../../base/bytes.ts";
import { decodeGasInitialRequest, decodeGasInitialResponse, encodeGasInitialResponse } from "./gas.ts";

const read = (...octets: number[]): Reader => new Reader(Uint8Array.from(octets), ["GAS"]);

test("a request: dialog token, Advertisement Protocol element, query", () => {
  const request = decodeGasInitialRequest(read(0, 108, 2, 0, 0, 6, 0, 0, 1, 2, 0, 1, 1));
  assert.deepEqual(request.protocol, { id: 108, data: Uint8Array.of(0, 0) });
  assert.deepEqual(request.query, Uint8Array.of(0, 1, 2, 0, 1, 1));
});

test("a response means the same when it is read", () => {
  const response = {
    dialogToken: 7,
    status: 59,
    comebackDelay: 3,
    protocol: { id: 108, data: Uint8Array.of(0x7f, 0) },
    response: Uint8Array.of(1, 2),
  };
  assert.deepEqual(decodeGasInitialResponse(new Reader(encodeGasInitialResponse(response), ["GAS"])), response);
});

test("what is cut, and what names no protocol", () => {
  for (const octets of [[], [1], [1, 108, 2, 0], [1, 108, 0, 5, 0, 1], [1, 107, 0, 0, 0]]) {
    assert.throws(() => decodeGasInitialRequest(read(...octets)), MalformedError);
  }
});
