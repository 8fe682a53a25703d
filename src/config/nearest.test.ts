import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearest } from "./nearest.ts";

test("distance counts changes, insertions, deletions and swaps", () => {
  assert.equal(editDistance("wpa", "wpa", 3), 0);
  assert.equal(editDistance("wpa_passphrase", "wpa_pasphrase", 3), 1);
  assert.equal(editDistance("CCPM", "CCMP", 3), 1);
  assert.equal(editDistance("kitten", "sitting", 5), 3);
  assert.equal(editDistance("kitten", "sitting", 2), 3);
});

test("the nearest is named only where it is near", () => {
  const keys = ["interface", "ssid", "ssid2", "wpa_passphrase", "wpa_psk"];
  assert.equal(nearest("interfce", keys), "interface");
  assert.equal(nearest("ssid1", keys), "ssid");
  assert.equal(nearest("wpa_pasphrase", keys), "wpa_passphrase");
  assert.equal(nearest("frobnicate", keys), undefined);
  assert.equal(nearest("", keys), undefined);
  assert.equal(nearest("x".repeat(1000), keys), undefined);
});
