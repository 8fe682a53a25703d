import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { createAuthority, derOf } from "../../../testing/certificates.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { usable } from "./engine.ts";
import { looksLikePem, parsePem } from "./pem.ts";
import { revocationListTimes } from "./revocation-list.ts";

const text = (lines: readonly string[]): Uint8Array => Uint8Array.from(Buffer.from(lines.join("\n"), "latin1"));

test("PEM: blocks in their order, with anything between them", () => {
  const octets = text([
    "Bag Attributes: \xff",
    "-----BEGIN CERTIFICATE-----",
    "AQID",
    "-----END CERTIFICATE-----",
    "-----BEGIN X509 CRL-----\r",
    " BAUG\r",
    "-----END X509 CRL-----\r",
    "-----BEGIN CERTIFICATE-----",
    "not Base64!",
    "-----END CERTIFICATE-----",
    "-----BEGIN PRIVATE KEY-----",
    "AQID",
    "-----END CERTIFICATE-----",
  ]);
  assert.deepEqual(parsePem(octets), [
    { label: "CERTIFICATE", der: Uint8Array.of(1, 2, 3) },
    { label: "X509 CRL", der: Uint8Array.of(4, 5, 6) },
  ]);
  assert.equal(looksLikePem(octets), true);
  assert.equal(looksLikePem(Uint8Array.of(0x30, 0x82)), false);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (any) => void parsePem(any)));
});

test("when a revocation list was made, and until when it is good", () => {
  const folder = mkdtempSync(join(tmpdir(), "beacond-crl-"));
  try {
    const authority = createAuthority(join(folder, "ca"));
    const before = Math.floor(Date.now() / 1000) - 1;
    const der = derOf(authority.revocationList(1000));
    const times = revocationListTimes(der);
    assert.ok(times !== undefined && times.thisUpdate >= before && times.thisUpdate <= before + 10);
    assert.equal(times.nextUpdate, times.thisUpdate + 1000);
    assert.equal(revocationListTimes(Uint8Array.from(readFileSync(authority.certificate))), undefined);
    for (let length = 0; length < 60; length++) assert.equal(revocationListTimes(der.subarray(0, length)), undefined);
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (any) => void revocationListTimes(any)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a Node without OpenSSL's functions: what to do", () => {
  assert.throws(
    () => usable({ missing: "Cannot find function 'SSL_new' in shared library" }),
    (error) => error instanceof ConfigurationError && /SSL_new.*nodejs\.org/.test(error.message),
  );
});
