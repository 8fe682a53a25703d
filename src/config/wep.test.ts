import assert from "node:assert/strict";
import { test } from "node:test";
import { hexOf, utf8 } from "../base/bytes.ts";
import { applySetting, isApplied } from "./apply.ts";
import { parseConfiguration } from "./parser.ts";
import { wepOf } from "./settings.ts";

const noFile = (): Uint8Array => assert.fail("no files here");
const parse = (...lines: readonly string[]) =>
  parseConfiguration(
    utf8(["interface=wlan0", "ssid=test", "hw_mode=g", "channel=1", ...lines].join("\n")),
    "f",
    noFile,
  );

function wep(...lines: readonly string[]) {
  const { configuration, problems } = parse(...lines);
  const [bss] = configuration?.bsses ?? [];
  return { bss, keys: bss && wepOf(bss), problems: problems.map(({ severity, key }) => `${severity} ${key}`) };
}

test("WEP keys: text in quotes or hexadecimal, of 5, 13 or 16 octets, with a warning", () => {
  const { keys, problems } = wep('wep_key0="he#lo"', "wep_key2=00112233445566778899aabbcc", "wep_default_key=2");
  assert.deepEqual(
    [...(keys?.keys ?? [])].map(([id, key]) => [id, hexOf(key)]),
    [
      [0, "6865236c6f"],
      [2, "00112233445566778899aabbcc"],
    ],
  );
  assert.equal(keys?.defaultKey, 2);
  assert.deepEqual(problems, ["warning wep_key0"]);
  assert.equal(wep('wep_key0="sixteen octets!!"').keys?.keys.get(0)?.length, 16);
  for (const wrong of ['"four"', '"sixsix"', "0011223344556", "001122", '"hello', "zz11223344"]) {
    assert.deepEqual(wep(`wep_key0=${wrong}`).problems, ["error wep_key0"], wrong);
  }
});

test("without a key nothing is WEP, and with WPA nothing may be", () => {
  assert.equal(wep("wep_default_key=1").keys, undefined);
  assert.equal(wep("wep_key0=").keys, undefined);
  const both = wep("wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678", "wep_key1=1234567890");
  assert.deepEqual(both.problems, ["error wep_key1"]);
  assert.deepEqual(wep("wep_key0=1234567890", "wep_default_key=1").problems, [
    "warning wep_key0",
    "error wep_default_key",
  ]);
  assert.deepEqual(wep("wep_key1=1234567890").problems, ["warning wep_key1", "error wep_key1"]);
});

test("HT has to go without WEP, and shared key authentication is allowed where nobody says otherwise", () => {
  const ht = wep("wep_key0=1234567890", "ieee80211n=1");
  assert.ok(ht.bss?.disable_11n);
  assert.deepEqual(ht.problems, ["warning wep_key0", "warning ieee80211n"]);
  assert.deepEqual(ht.bss.auth_algs, new Set(["open", "shared"]));
  assert.deepEqual(wep("wep_key0=1234567890", "auth_algs=1").bss?.auth_algs, new Set(["open"]));
  assert.deepEqual(wep("wep_key0=1234567890", "auth_algs=2").problems, ["warning wep_key0"]);
});

test("SET takes a WEP key away, and refuses one where there is WPA", () => {
  const { configuration } = parse('wep_key0="hello"');
  assert.ok(configuration);
  const open = applySetting(configuration, 0, "wep_key0", "", noFile);
  assert.ok(isApplied(open));
  assert.equal(open.configuration.bsses[0] && wepOf(open.configuration.bsses[0]), undefined);
  const protectedOne = parse("wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678").configuration;
  assert.ok(protectedOne);
  const refused = applySetting(protectedOne, 0, "wep_key0", '"hello"', noFile);
  assert.ok(!isApplied(refused));
  assert.equal(refused.problems[0].hostapd, "WEP configuration in a WPA network is not supported");
});
