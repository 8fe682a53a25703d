import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOfHex, hexOf } from "../../base/bytes.ts";
import { tlsPrf } from "./prf.ts";

const octets = (text: string): Uint8Array => bytesOfHex(text.replaceAll(" ", "")) ?? new Uint8Array();

/** Of https://mailarchive.ietf.org/arch/msg/tls/fzVCzk-z3FShgGJ6DOXqM1ydxms/ (P_SHA256, P_SHA384). */
describe("TLS's PRF", () => {
  test("P_SHA256", () => {
    const out = tlsPrf(
      "sha256",
      octets("9b be 43 6b a9 40 f0 17 b1 76 52 84 9a 71 db 35"),
      "test label",
      octets("a0 ba 9f 93 6c da 31 18 27 a6 f7 96 ff d5 19 8c"),
      100,
    );
    assert.equal(
      hexOf(out),
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
    );
  });

  test("P_SHA384", () => {
    const out = tlsPrf(
      "sha384",
      octets("b8 0b 73 3d 6c ee fc dc 71 56 6e a4 8e 55 67 df"),
      "test label",
      octets("cd 66 5c f6 a8 44 7d d6 ff 8b 27 55 5e db 74 65"),
      148,
    );
    assert.equal(
      hexOf(out),
      "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
    );
  });
});
