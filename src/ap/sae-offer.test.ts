import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "../config/parser.ts";
import type { BssSettings } from "../config/registry.ts";
import { SaeCredentials } from "./sae-credentials.ts";
import { offersNothingButSae, offersSae, saeMethods } from "./sae-offer.ts";

function settingsOf(...lines: readonly string[]): BssSettings {
  const text = [
    "interface=wlan0",
    "ssid=castle",
    "hw_mode=g",
    "channel=1",
    "wpa=2",
    "rsn_pairwise=CCMP",
    "ieee80211w=1",
    ...lines,
    "",
  ].join("\n");
  const { configuration } = parseConfiguration(utf8(text), "test.conf", () => new Uint8Array(0));
  return configuration?.bsses[0] ?? assert.fail(text);
}

const methods = (is6GHz: boolean, ...lines: readonly string[]): readonly string[] => {
  const settings = settingsOf("wpa_key_mgmt=SAE", ...lines);
  return [...saeMethods(settings, new SaeCredentials(settings), is6GHz)].sort();
};

test("sae_pwe says how the element is found, except in 6 GHz", () => {
  const password = "sae_password=correct horse";
  assert.deepEqual(methods(false, password), ["looping"]);
  assert.deepEqual(methods(false, password, "sae_pwe=1"), ["hash-to-element"]);
  assert.deepEqual(methods(false, password, "sae_pwe=2"), ["hash-to-element", "looping"]);
  for (const pwe of [0, 1, 2, 3]) assert.deepEqual(methods(true, password, `sae_pwe=${pwe}`), ["hash-to-element"]);
});

test("what identifiers and the AKM with longer keys need", () => {
  assert.deepEqual(methods(false, "sae_password=secret|id=mine"), ["hash-to-element"]);
  assert.deepEqual(methods(false, "sae_password=secret|id=mine", "sae_password=for others"), [
    "hash-to-element",
    "looping",
  ]);
  assert.deepEqual(methods(false, "sae_password=secret", "wpa_key_mgmt=SAE-EXT-KEY"), ["hash-to-element", "looping"]);
});

test("SAE may stand in the RSNE or in what overrides it", () => {
  const both = settingsOf("wpa_key_mgmt=WPA-PSK SAE", "wpa_passphrase=correct horse");
  assert.deepEqual([offersSae(both), offersNothingButSae(both)], [true, false]);
  const overriding = settingsOf("wpa_passphrase=correct horse", "rsn_override_key_mgmt=SAE", "rsn_override_mfp=2");
  assert.deepEqual([offersSae(overriding), offersNothingButSae(overriding)], [true, false]);
  const alone = settingsOf("wpa_key_mgmt=SAE SAE-EXT-KEY", "sae_password=secret");
  assert.deepEqual([offersSae(alone), offersNothingButSae(alone)], [true, true]);
});
