import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf, utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { type Applied, applySetting, getSetting, isApplied, type NotApplied } from "./apply.ts";
import { checkConfiguration } from "./check.ts";
import { isError } from "./problem.ts";
import type { Configuration } from "./registry.ts";
import { defaultBss, defaultRadio, settle } from "./settings.ts";

const empty = settle({ radio: defaultRadio(), bsses: [defaultBss("wlan0"), defaultBss("wlan0_1")] });

const files = (path: string): Uint8Array => {
  if (path === "/deny") return utf8("02:00:00:00:00:01\n");
  if (path === "/again") return utf8("-02:00:00:00:00:01\n02:00:00:00:00:02\n");
  throw new ConfigurationError(`can't read ${path}`);
};

const apply = (
  configuration: Configuration,
  key: string,
  value: string | Uint8Array,
  index = 0,
): Applied | NotApplied => applySetting(configuration, index, key, value, files);

function applied(configuration: Configuration, ...settings: readonly (readonly [string, string])[]): Configuration {
  return settings.reduce((before, [key, value]) => {
    const result = apply(before, key, value);
    assert.ok(isApplied(result), `${key}=${value}`);
    return result.configuration;
  }, configuration);
}

test("SET builds a configuration that passes the checks", () => {
  const built = applied(
    empty,
    ["ssid", "test-wpa2-psk"],
    ["hw_mode", "g"],
    ["channel", "1"],
    ["wpa", "2"],
    ["wpa_key_mgmt", "WPA-PSK"],
    ["rsn_pairwise", "CCMP"],
    ["wpa_passphrase", "12345678"],
  );
  const one = { ...built, bsses: built.bsses.slice(0, 1) };
  assert.deepEqual(checkConfiguration(one), []);
  assert.equal(checkConfiguration(empty).filter(isError).length, 2);
});

test("what was there before stays as it was", () => {
  const frozen = JSON.stringify(empty, (_, value) =>
    value instanceof Set || value instanceof Map ? [...value] : value,
  );
  applied(empty, ["ssid", "x"], ["wmm_ac_vo_cwmin", "3"], ["ht_capab", "[LDPC]"], ["deny_mac_file", "/deny"]);
  assert.equal(
    JSON.stringify(empty, (_, value) => (value instanceof Set || value instanceof Map ? [...value] : value)),
    frozen,
  );
});

test("the value is taken as it stands: no comments, and any octets", () => {
  assert.equal(textOf(applied(empty, ["ssid", "a # b"]).bsses[0]?.ssid ?? new Uint8Array()), "a # b");
  const octets = apply(empty, "ssid", Uint8Array.of(0xff, 0));
  assert.ok(isApplied(octets));
  assert.deepEqual(octets.configuration.bsses[0]?.ssid, Uint8Array.of(0xff, 0));
});

test("a BSS's key changes that BSS, a radio's key the radio, interface the first", () => {
  const result = apply(empty, "ap_isolate", "1", 1);
  assert.ok(isApplied(result));
  assert.deepEqual(
    result.configuration.bsses.map((bss) => bss.ap_isolate),
    [false, true],
  );
  const radio = apply(empty, "beacon_int", "50", 1);
  assert.ok(isApplied(radio));
  assert.equal(radio.configuration.radio.beacon_int, 50);
  assert.equal(radio.cost, "stations");
  const name = apply(empty, "interface", "wlan9", 1);
  assert.ok(isApplied(name));
  assert.deepEqual(
    name.configuration.bsses.map((bss) => bss.interface),
    ["wlan9", "wlan0_1"],
  );
});

test("order matters where one key drops another", () => {
  const psk = "ab".repeat(32);
  const later = applied(empty, ["wpa_passphrase", "12345678"], ["wpa_psk", psk]).bsses[0];
  assert.equal(later?.wpa_passphrase, undefined);
  assert.equal(later?.wpa_psk?.length, 32);
  const [bss] = applied(empty, ["wpa_psk", psk], ["wpa_passphrase", "12345678"]).bsses;
  assert.equal(bss?.wpa_psk, undefined);
});

test("lists of addresses add up", () => {
  const [bss] = applied(empty, ["deny_mac_file", "/deny"], ["deny_mac_file", "/again"]).bsses;
  assert.deepEqual([...(bss?.deny_mac_file?.entries.keys() ?? [])], ["02:00:00:00:00:02"]);
});

test("what can't be is refused, in hostapd's words for the log", () => {
  const refused = (key: string, value: string): string | undefined => {
    const result = apply(empty, key, value);
    assert.ok(!isApplied(result), `${key}=${value}`);
    return result.problems[0].hostapd;
  };
  assert.equal(refused("ssid", ""), "Line 0: invalid SSID ''");
  assert.equal(refused("ssdi", "x"), "Line 0: unknown configuration item 'ssdi'");
  assert.equal(refused("wpa_passphrase", "1234567"), "Line 0: invalid WPA passphrase length 7 (expected 8..63)");
  assert.equal(refused("wpa_psk", "12"), "Line 0: Invalid PSK '[REMOVED]'.");
  assert.equal(refused("deny_mac_file", "/none"), "Line 0: Failed to read deny_mac_file '/none'");
  assert.equal(refused("max_num_sta", "2008"), "Line 0: Invalid max_num_sta=2008; allowed range 0..2007");
  assert.match(refused("wmm_ac_vo_cwmin", "4") ?? "", /^Invalid WMM AC cwMin\/cwMax values/);
  refused("bss", "wlan1");
});

test("keys that are not done yet are taken with a warning, and refused where protection depends on them", () => {
  const warned = apply(empty, "wps_state", "2");
  assert.ok(isApplied(warned));
  assert.deepEqual(
    warned.problems.map(({ severity, message }) => `${severity}: ${message}`),
    ["warning: wps_state is known to hostapd, but not supported yet; it has no effect"],
  );
  assert.ok(!isApplied(apply(empty, "wps_state", "3")));
  assert.ok(!isApplied(apply(empty, "macsec_policy", "1")));
  assert.ok(!isApplied(apply(empty, "auth_server_port", "1812")));
  assert.ok(isApplied(apply(applied(empty, ["auth_server_addr", "::1"]), "auth_server_port", "1812")));
  assert.ok(!isApplied(apply(empty, "wep_key_len_broadcast", "5")));
  assert.ok(isApplied(apply(empty, "ieee80211ac", "0")));
  assert.ok(isApplied(apply(empty, "device_name", "test")));
  assert.ok(isApplied(apply(empty, "dump_file", "/tmp/x")));
  assert.ok(isApplied(apply(empty, "tx_queue_data4_aifs", "1")));
});

test("GET gives back what SET took, and no secret", () => {
  const built = applied(
    empty,
    ["ssid", "test"],
    ["wmm_ac_vi_txop_limit", "30"],
    ["rsn_pairwise", "CCMP GCMP"],
    ["rts_threshold", "-1"],
    ["wpa_passphrase", "12345678"],
    ["accept_mac_file", "/deny"],
  );
  assert.equal(getSetting(built, 0, "ssid"), "test");
  assert.equal(getSetting(built, 0, "ssid2"), "74657374");
  assert.equal(getSetting(built, 0, "wmm_ac_vi_txop_limit"), "30");
  assert.equal(getSetting(built, 0, "rsn_pairwise"), "CCMP GCMP");
  assert.equal(getSetting(built, 0, "rts_threshold"), "-1");
  assert.equal(getSetting(built, 0, "accept_mac_file"), "/deny");
  assert.equal(getSetting(built, 0, "bridge"), "");
  assert.equal(getSetting(built, 0, "wpa_passphrase"), undefined);
  assert.equal(getSetting(built, 0, "ieee80211bn"), undefined);
  assert.equal(getSetting(built, 0, "nonsense"), undefined);
});
