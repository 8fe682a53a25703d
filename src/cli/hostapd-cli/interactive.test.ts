import assert from "node:assert/strict";
import { test } from "node:test";
import { isSecret, splitWords } from "./interactive.ts";

test("words are split at spaces, but not between quotation marks", () => {
  assert.deepEqual(splitWords("  set  ssid   x "), ["set", "ssid", "x"]);
  assert.deepEqual(splitWords('set ssid "a  b" c'), ["set", "ssid", '"a  b"', "c"]);
  assert.deepEqual(splitWords('set ssid "a b'), ["set", "ssid", '"a', "b"]);
  assert.deepEqual(splitWords(""), []);
});

test("lines with secrets are not kept", () => {
  for (const line of ["set wpa_passphrase x", "se wpa_psk 00", "raw SET wpa_passphrase x", "wps_pin any 12345670"])
    assert.equal(isSecret(line), true, line);
  for (const line of ["status", "set ssid x", "sta 02:00:00:00:01:00", "raw STATUS"])
    assert.equal(isSecret(line), false, line);
});
