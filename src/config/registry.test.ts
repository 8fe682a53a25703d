import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../../testing/repository.ts";
import { utf8 } from "../base/bytes.ts";
import type { Kind } from "./kinds.ts";
import { type BssSettings, findKey, isObsoleteMember, keyGroups, type RadioSettings } from "./registry.ts";
import { defaultBss, defaultRadio } from "./settings.ts";

const all = keyGroups.flatMap((group) => Object.entries(group.keys));

test("every key that hostapd accepts is known, and no other but OpenWrt's two and those that say they are our own", () => {
  const hostapd = readFileSync(join(repositoryRoot(), "test", "vectors", "hostapd-conf-keys.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  assert.equal(hostapd.length, 575);
  const known = all.filter(([, { doc }]) => !doc.startsWith("Beacond's own: "));
  assert.deepEqual(known.map(([name]) => name).sort(), [...hostapd, "noscan", "ht_coex"].sort());
});

test("no key stands in two groups", () => {
  assert.equal(new Set(all.map(([name]) => name)).size, all.length);
});

test("each key has a sentence about it, and what has no effect a reason", () => {
  for (const [name, entry] of all) {
    assert.match(entry.doc, /^[A-Z].*\.$|\.\.\.\.$/, name);
    assert.equal(entry.why !== undefined, entry.status === "accepted", name);
    assert.equal(entry.since !== undefined, entry.status === "supported", name);
  }
});

test("the lines of a key add up where its kind says so, and nowhere else", () => {
  const lines: Readonly<Record<string, readonly [string, string]>> = {
    ht_capab: ["[LDPC]", "[GF]"],
    vht_capab: ["[RXLDPC]", "[SU-BEAMFORMEE]"],
    sae_password: ["first password", "second password"],
    airtime_sta_weight: ["02:00:00:00:00:01 1", "02:00:00:00:00:02 2"],
    accept_mac_file: ["one", "two"],
    deny_mac_file: ["one", "two"],
    vlan_file: ["1", "2"],
    eap_user_file: ["users", "sqlite:users.db"],
    auth_server_addr: ["192.0.2.1", "192.0.2.2"],
    acct_server_addr: ["192.0.2.1", "192.0.2.2"],
    radius_auth_req_attr: ["126:s:one", "126:s:two"],
    radius_acct_req_attr: ["126:s:one", "126:s:two"],
  };
  const files = (path: string): Uint8Array =>
    utf8(
      { one: "02:00:00:00:00:01\n", two: "02:00:00:00:00:02\n", 1: "1 vlan1\n", 2: "2 vlan2\n", users: '"user" TLS' }[
        path
      ] ?? "",
    );
  for (const [name, entry] of all) {
    if (!("kind" in entry)) continue;
    const [first, second] = lines[name] ?? [];
    assert.equal(entry.kind.addsUp === true, first !== undefined, name);
    if (first === undefined || second === undefined) continue;
    const value = (text: string, previous: unknown): unknown => {
      const parsed = (entry.kind as Kind<unknown>).parse(text, { files, previous });
      return "value" in parsed ? parsed.value : assert.fail(`${name}: ${parsed.error}`);
    };
    assert.notDeepEqual(value(second, value(first, undefined)), value(second, undefined), name);
  }
});

test("clears and aliasOf name keys that there are", () => {
  for (const [name, entry] of all) {
    for (const cleared of entry.clears ?? []) assert.ok(findKey(cleared), name);
    if (entry.aliasOf !== undefined)
      assert.ok(
        all.some(([other]) => other === entry.aliasOf),
        name,
      );
  }
});

test("members of families are found, and lead to the family's property", () => {
  assert.equal(findKey("wmm_ac_vo_txop_limit")?.property, "wmm_ac");
  assert.equal(findKey("wme_ac_vo_txop_limit")?.property, "wmm_ac");
  assert.equal(findKey("tx_queue_data3_burst")?.property, "tx_queue");
  assert.equal(findKey("wmm_ac_xx_aifs"), undefined);
  assert.equal(findKey("wmm_ac_*"), undefined);
  assert.ok(isObsoleteMember("tx_queue_data4_aifs"));
  assert.ok(isObsoleteMember("tx_queue_after_beacon_aifs"));
  assert.ok(!isObsoleteMember("tx_queue_data3_aifs"));
});

test("defaults are hostapd's", () => {
  const radio: Partial<RadioSettings> = {
    driver: "nl80211",
    hw_mode: "b",
    channel: "automatic",
    beacon_int: 100,
    country3: 0x20,
    rts_threshold: undefined,
    ap_table_max_size: 255,
    ap_table_expiration_time: 60,
  };
  const bss: Partial<BssSettings> = {
    dtim_period: 2,
    max_num_sta: 2007,
    ap_max_inactivity: 300,
    max_listen_interval: 65535,
    eapol_version: 2,
    wpa_gmk_rekey: 86400,
    wpa_group_update_count: 4,
    wpa_pairwise_update_count: 4,
    wpa_pairwise: new Set(["TKIP"]),
    wpa_key_mgmt: new Set(["WPA-PSK"]),
    broadcast_deauth: true,
    send_probe_response: true,
  };
  const radioNow = defaultRadio();
  for (const [key, value] of Object.entries(radio)) assert.deepEqual(radioNow[key as keyof RadioSettings], value, key);
  const bssNow = defaultBss("wlan0");
  for (const [key, value] of Object.entries(bss)) assert.deepEqual(bssNow[key as keyof BssSettings], value, key);
  assert.equal(bssNow.interface, "wlan0");
  assert.deepEqual(radioNow.wmm_ac.vi, { aifs: 2, cwmin: 3, cwmax: 4, txop_limit: 94, acm: false });
  assert.deepEqual(radioNow.tx_queue.data2, { aifs: 3, cwmin: 15, cwmax: 63, burst: 0 });
});
