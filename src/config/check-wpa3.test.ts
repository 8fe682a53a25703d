import assert from "node:assert/strict";
import { test } from "node:test";
import { saePkVector } from "../../test/vectors/sae.ts";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "./parser.ts";

const open = ["interface=wlan0", "ssid=test", "channel=1", "hw_mode=g"];

const parse = (lines: readonly string[]) =>
  parseConfiguration(utf8(lines.join("\n")), "f", () => {
    throw new Error("no file is read here");
  });

const about = (lines: readonly string[]): string[] =>
  parse(lines).problems.map(({ severity, key }) => `${severity} ${key}`);

const settings = (given: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));

/** What all phones take: WPA2 and WPA3 together. */
const transition = {
  wpa: "2",
  wpa_key_mgmt: "WPA-PSK SAE",
  rsn_pairwise: "CCMP",
  ieee80211w: "1",
  sae_require_mfp: "1",
  sae_pwe: "2",
  wpa_passphrase: "correct horse",
};
const only = { ...transition, wpa_key_mgmt: "SAE", ieee80211w: "2", sae_require_mfp: undefined };

const aboutTransition = (other: Readonly<Record<string, string | undefined>> = {}) =>
  about([...open, ...settings({ ...transition, ...other })]);
const aboutOnly = (other: Readonly<Record<string, string | undefined>> = {}) =>
  about([...open, ...settings({ ...only, ...other })]);

test("what all phones take is not doubted", () => {
  assert.deepEqual(aboutTransition(), []);
  assert.deepEqual(aboutOnly(), []);
});

test("WPA2 and WPA3 with all else left out: what phones stumble over, and what to write", () => {
  const { problems } = parse([...open, "wpa=2", "wpa_key_mgmt=WPA-PSK SAE", "wpa_passphrase=correct horse"]);
  const told = problems.map(({ severity, message }) => `${severity}: ${message}`);
  assert.equal(told.length, 3, told.join("\n"));
  assert.match(told.join("\n"), /warning: .*rsn_pairwise=CCMP/);
  assert.match(told.join("\n"), /warning: .*ieee80211w=1/);
  assert.match(told.join("\n"), /note: .*sae_pwe=2/);
});

test("each term of its own under which not all phones join, or not with WPA3", () => {
  assert.deepEqual(aboutTransition({ ieee80211w: "0" }), ["warning ieee80211w"]);
  assert.deepEqual(aboutTransition({ ieee80211w: undefined }), ["warning wpa_key_mgmt"]);
  assert.deepEqual(aboutTransition({ ieee80211w: "2" }), ["note ieee80211w"]);
  assert.deepEqual(aboutTransition({ sae_require_mfp: "0" }), ["note ieee80211w"]);
  assert.deepEqual(aboutTransition({ wpa: "3" }), ["warning wpa"]);
  assert.deepEqual(aboutTransition({ rsn_pairwise: "CCMP TKIP" }), ["warning rsn_pairwise"]);
  assert.deepEqual(aboutTransition({ rsn_pairwise: "GCMP-256" }), ["note rsn_pairwise"]);
  assert.deepEqual(aboutTransition({ sae_pwe: undefined }), ["note wpa_key_mgmt"]);
  assert.deepEqual(aboutTransition({ sae_pwe: "0" }), []);
  assert.deepEqual(aboutTransition({ sae_pwe: "1" }), ["note sae_pwe"]);
  assert.deepEqual(aboutTransition({ sae_groups: "20 21" }), ["note sae_groups"]);
  assert.deepEqual(aboutTransition({ sae_groups: "20 19" }), []);
  assert.deepEqual(aboutTransition({ sae_password: "another one" }), ["warning sae_password"]);
  assert.deepEqual(aboutTransition({ sae_password: transition.wpa_passphrase }), []);
  assert.deepEqual(aboutTransition({ sae_password: "another one|mac=02:00:00:00:00:01" }), []);
  assert.deepEqual(aboutOnly({ ieee80211w: undefined }), ["warning wpa_key_mgmt"]);
  assert.deepEqual(aboutOnly({ ieee80211w: "1" }), ["note ieee80211w"]);
  assert.deepEqual(aboutOnly({ wpa_key_mgmt: "SAE-EXT-KEY" }), ["note wpa_key_mgmt"]);
  assert.deepEqual(aboutOnly({ wpa_key_mgmt: "SAE SAE-EXT-KEY" }), []);
});

test("identifiers, SAE-PK and 6 GHz hash whatever sae_pwe says, so its absence is nobody's trouble", () => {
  assert.deepEqual(aboutOnly({ sae_pwe: undefined, sae_password: "secret|id=mine" }), []);
  const sixth = ["interface=wlan0", "ssid=test", "op_class=131", "channel=5", "ieee80211ax=1"];
  assert.deepEqual(about([...sixth, ...settings({ ...only, sae_pwe: undefined })]), []);
  assert.deepEqual(about([...sixth, ...settings({ ...only, sae_pwe: "1" })]), []);
});

test("identifiers that change need a key of 32 octets, and identifiers", () => {
  const key = "00".repeat(32);
  const named = { sae_password: "secret|id=mine" };
  assert.deepEqual(aboutOnly({ ...named, sae_pw_id_num: "2", sae_pw_id_key: key }), []);
  assert.deepEqual(aboutOnly({ ...named, sae_pw_id_key: key }), [], "it opens what others have sealed");
  assert.deepEqual(aboutOnly({ ...named, sae_pw_id_num: "2" }), ["warning sae_pw_id_num"]);
  assert.deepEqual(aboutOnly({ ...named, sae_pw_id_num: "2", sae_pw_id_key: "0011" }), ["warning sae_pw_id_key"]);
  assert.deepEqual(aboutOnly({ sae_pw_id_num: "2", sae_pw_id_key: key }), ["warning sae_pw_id_num"]);
});

test("transition_disable for what there isn't sends stations away for good", () => {
  assert.deepEqual(aboutTransition({ transition_disable: "01" }), []);
  assert.deepEqual(aboutTransition({ transition_disable: "03" }), ["warning transition_disable"]);
  const wpa2 = { ...transition, wpa_key_mgmt: "WPA-PSK", sae_require_mfp: undefined, sae_pwe: undefined };
  assert.deepEqual(about([...open, ...settings({ ...wpa2, transition_disable: "01" })]), [
    "warning transition_disable",
  ]);
  const owe = { wpa: "2", wpa_key_mgmt: "OWE", rsn_pairwise: "CCMP", ieee80211w: "2" };
  assert.deepEqual(about([...open, ...settings({ ...owe, transition_disable: "08" })]), []);
  assert.deepEqual(about([...open, ...settings({ ...owe, ieee80211w: undefined })]), ["warning wpa_key_mgmt"]);
  assert.deepEqual(about([...open, ...settings({ ...owe, owe_groups: "20" })]), ["note owe_groups"]);
});

test("OWE transition mode: two halves, of which the encrypted one hides", () => {
  const hidden = ["ignore_broadcast_ssid=1"];
  const owe = ["wpa=2", "wpa_key_mgmt=OWE", "rsn_pairwise=CCMP", "ieee80211w=2"];
  const both = (first: readonly string[], second: readonly string[]) =>
    about([...open, ...first, "bss=wlan0_1", "ssid=test (encrypted)", ...second]);
  const toSecond = "owe_transition_ifname=wlan0_1";
  const toFirst = "owe_transition_ifname=wlan0";
  assert.deepEqual(both([toSecond], [...owe, ...hidden, toFirst]), []);
  assert.deepEqual(both([toSecond], [...owe, toFirst]), ["warning owe_transition_ifname"]);
  assert.deepEqual(both([toSecond], []), ["warning owe_transition_ifname"]);
  assert.deepEqual(both(['owe_transition_ssid="x"'], []), ["warning owe_transition_ssid"]);
  assert.deepEqual(both(['owe_transition_ssid="x"', "owe_transition_bssid=02:00:00:00:00:09"], []), []);
  const wpa2 = ["wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678"];
  assert.deepEqual(both([toSecond, ...wpa2], [...owe, ...hidden]), ["warning owe_transition_ifname"]);
});

test("SAE-PK: a key behind each password that looks as if there were one", () => {
  const { passwords, modifier, privateKey } = saePkVector;
  const sae = [...open, "wpa=2", "rsn_pairwise=CCMP", "ieee80211w=1", "sae_require_mfp=1", "wpa_key_mgmt=SAE WPA-PSK"];
  const keyed = `sae_password=${passwords[1]}|pk=${modifier}:${privateKey}`;
  assert.deepEqual(about([...sae, keyed, "wpa_passphrase=12345678"]), []);
  assert.deepEqual(about([...sae, keyed, `wpa_passphrase=${passwords[1]}`]), []);
  assert.deepEqual(about([...sae, keyed, `wpa_passphrase=${passwords[2]}`]), ["error wpa_passphrase"]);
  assert.deepEqual(about([...sae, keyed, "wpa_passphrase=12345678", `sae_password=${passwords[2]}`]), [
    "error sae_password",
    "warning sae_password",
  ]);
  assert.deepEqual(about([...sae, "wpa_passphrase=12345678", `sae_password=password|pk=${modifier}:${privateKey}`]), [
    "error sae_password",
  ]);
  assert.deepEqual(about([...sae, "wpa_passphrase=12345678", `sae_password=${passwords[0]}|pk=${modifier}:AAAA`]), [
    "error sae_password",
  ]);
});
