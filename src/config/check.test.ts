import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { checkConfiguration } from "./check.ts";
import { parseConfiguration } from "./parser.ts";
import { describe } from "./problem.ts";
import { defaultBss, defaultRadio, groupCipherOf, offeredAkmsOf, settle } from "./settings.ts";

const open = ["interface=wlan0", "ssid=test", "channel=1"];
const wpa2 = [...open, "hw_mode=g", "wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678"];

const parse = (lines: readonly string[]) =>
  parseConfiguration(utf8(lines.join("\n")), "f", () => {
    throw new Error("no file is read here");
  });

const about = (lines: readonly string[]): string[] =>
  parse(lines).problems.map(({ severity, key }) => `${severity} ${key}`);

test("the channel goes with the mode", () => {
  const channel = (mode: string | undefined, number: number, ...more: string[]): string[] => {
    const lines = ["interface=wlan0", "ssid=test", `channel=${number}`, ...more];
    return about(mode === undefined ? lines : [...lines, `hw_mode=${mode}`]);
  };
  assert.deepEqual(channel("g", 1), []);
  assert.deepEqual(channel("g", 13), []);
  assert.deepEqual(channel("b", 14), []);
  assert.deepEqual(channel("g", 14), ["error channel"]);
  assert.deepEqual(channel("g", 36), ["error channel"]);
  assert.deepEqual(channel("a", 36), []);
  assert.deepEqual(channel("a", 165), []);
  assert.deepEqual(channel("a", 6), ["error channel"]);
  assert.deepEqual(channel("a", 70), ["error channel"]);
  assert.deepEqual(channel("any", 36), []);
  assert.deepEqual(channel("ad", 1), ["error hw_mode"]);
  assert.deepEqual(channel(undefined, 6), []);
  assert.deepEqual(channel(undefined, 36), ["note channel"]);
  assert.deepEqual(channel(undefined, 6, "ieee80211n=1"), ["note ieee80211n"]);
  // 6 GHz is another band with channel numbers of its own, and for WPA3 only.
  assert.deepEqual(channel("a", 5, "op_class=131"), ["error op_class", "error wpa"]);
  assert.deepEqual(channel("a", 6, "op_class=131", "ieee80211ax=1"), ["error channel", "error wpa"]);
});

test("6 GHz: HE, SAE or OWE, protected management frames and no TKIP", () => {
  const sixth = [...open.filter((line) => !line.startsWith("channel")), "op_class=131", "channel=5", "ieee80211ax=1"];
  const first = (...lines: string[]): string | undefined => parse([...sixth, ...lines]).problems[0]?.hostapd;
  assert.equal(first(), "Pre-RSNA security methods are not allowed in 6 GHz");
  const wpa2Only = ["wpa=2", "wpa_passphrase=12345678", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP"];
  const words = (...lines: string[]): (string | undefined)[] =>
    parse([...sixth, ...wpa2Only, ...lines]).problems.map(({ hostapd }) => hostapd);
  assert.ok(words("ieee80211w=1").includes("Management frame protection is required in 6 GHz"));
  assert.ok(words("ieee80211w=2", "wpa_key_mgmt=SAE WPA-PSK").includes("Invalid AKM suite for 6 GHz"));
  assert.ok(words("ieee80211w=2", "rsn_pairwise=CCMP TKIP").includes("Invalid pairwise cipher suite for 6 GHz"));
  assert.ok(words("ieee80211w=2", "group_cipher=TKIP").includes("Invalid group cipher suite for 6 GHz"));
});

test("EHT needs HE, puncturing EHT, and what belongs to a mode is idle without it", () => {
  assert.deepEqual(about([...open, "ieee80211be=1"]), ["error ieee80211be"]);
  assert.deepEqual(about([...open, "hw_mode=g", "punct_bitmap=1"]), ["error punct_bitmap"]);
  assert.deepEqual(about([...open, "hw_mode=g", "vht_oper_chwidth=1", "require_he=1"]), [
    "warning vht_oper_chwidth",
    "warning require_he",
  ]);
  assert.deepEqual(about([...open, "hw_mode=g", "ieee80211ac=1"]), ["warning ieee80211ac"]);
});

test("the mode that nobody named is hostapd's, unless that can't be", () => {
  const mode = (...lines: string[]) => parse(["interface=wlan0", "ssid=test", ...lines]).configuration?.radio.hw_mode;
  assert.equal(mode("channel=6"), "b");
  assert.equal(mode("channel=6", "ieee80211n=1"), "g");
  assert.equal(mode("ieee80211n=1"), "g");
  assert.equal(mode("channel=36"), "a");
  assert.equal(mode("channel=14", "ieee80211n=1"), "b");
  assert.equal(mode("channel=6", "ieee80211n=1", "hw_mode=b"), "b");
});

test("no HT with hw_mode=b or with TKIP alone: hostapd's words, and the BSS goes without", () => {
  const slow = parse([...open, "hw_mode=b", "ieee80211n=1"]);
  assert.equal(slow.configuration?.bsses[0]?.disable_11n, true);
  assert.match(slow.problems[0]?.hostapd ?? "", /^HT \(IEEE 802\.11n\) in 11b mode is not allowed/);
  const tkip = parse([...open, "hw_mode=g", "ieee80211n=1", "wpa=1", "wpa_pairwise=TKIP", "wpa_passphrase=12345678"]);
  assert.equal(tkip.configuration?.bsses[0]?.disable_11n, true);
  assert.match(tkip.problems[0]?.hostapd ?? "", /requires CCMP\/GCMP to be enabled/);
  assert.equal(parse([...wpa2, "ieee80211n=1"]).configuration?.bsses[0]?.disable_11n, false);
});

test("what contradicts itself: told before anything starts", () => {
  const wpa3 = ["wpa=2", "ieee80211w=2"];
  const sae = [...wpa3, "wpa_key_mgmt=SAE", "sae_pwe=2", "sae_password=longenough"];
  const found = (...lines: readonly string[]) => about([...open, "hw_mode=g", ...lines]);
  assert.deepEqual(found(...sae, "rsn_pairwise=CCMP"), []);
  assert.deepEqual(found(...sae, "rsn_pairwise=TKIP").sort(), ["error ieee80211w", "warning rsn_pairwise"]);
  assert.deepEqual(found(...sae, "rsn_pairwise=TKIP CCMP"), ["warning rsn_pairwise"]);
  assert.deepEqual(found(...wpa3, "wpa_key_mgmt=OWE", "rsn_pairwise=TKIP CCMP"), ["warning rsn_pairwise"]);
  const old = found("wpa=1", "wpa_key_mgmt=SAE", "wpa_pairwise=TKIP", "sae_password=longenough");
  assert.ok(old.some((text) => text.startsWith("error ")));
  const twins = ["bss=wlan0_1", "ssid=test", "bssid=02:00:00:00:00:01", "bss=wlan0_2", "ssid=test"];
  assert.ok(
    found(...twins, "bssid=02:00:00:00:00:02").every((text) => !text.startsWith("error ")),
    "one SSID twice",
  );
  assert.ok(found(...twins, "bssid=02:00:00:00:00:01").includes("error bssid"));
  assert.ok(
    found("bss=wlan0", "ssid=other").some((text) => text.startsWith("error ")),
    "one interface twice",
  );
});

test("protection that is asked for and would not be there", () => {
  assert.deepEqual(about([...open, "wpa_passphrase=12345678"]), ["warning wpa_passphrase"]);
  assert.deepEqual(about([...open, "wpa=2", "rsn_pairwise=CCMP"]), ["error wpa"]);
  assert.deepEqual(about([...open, "wpa=2", "wpa_passphrase=12345678"]), ["warning wpa"]);
  assert.deepEqual(about([...wpa2, "wpa_key_mgmt=FT-EAP"]), ["error wpa_key_mgmt"]);
  assert.deepEqual(about([...wpa2, "wpa_key_mgmt=FT-EAP WPA-PSK"]), ["warning wpa_key_mgmt"]);
  assert.deepEqual(about([...open, "ieee80211w=2"]), ["error ieee80211w"]);
  assert.deepEqual(about([...open, "auth_algs=2"]), ["warning auth_algs"]);
  assert.deepEqual(about([...open, "auth_algs=3"]), []);
  assert.deepEqual(about([...open, "auth_algs=0"]), ["error auth_algs"]);
  assert.deepEqual(about([...open, "macaddr_acl=1"]), ["warning macaddr_acl"]);
});

test("protection of management frames goes with WPA2 and its ciphers", () => {
  for (const line of ["ieee80211w=1", "ieee80211w=2", "ocv=1", "ocv=2"]) assert.deepEqual(about([...wpa2, line]), []);
  assert.deepEqual(about([...wpa2, "ieee80211w=1", "beacon_prot=1", "group_mgmt_cipher=BIP-GMAC-256"]), []);
  assert.deepEqual(about([...wpa2, "beacon_prot=1"]), ["warning beacon_prot"]);
  const mixed = [...open, "wpa=3", "wpa_passphrase=12345678", "wpa_pairwise=CCMP"];
  assert.deepEqual(about([...mixed, "ieee80211w=2"]), ["warning ieee80211w"]);
  const wpa1 = [...open, "wpa=1", "wpa_passphrase=12345678", "wpa_pairwise=CCMP"];
  assert.deepEqual(about([...wpa1, "ieee80211w=1"]), ["warning ieee80211w"]);
  assert.deepEqual(about([...wpa1, "ieee80211w=2"]), ["error ieee80211w"]);
  const tkip = [...open, "wpa=2", "wpa_passphrase=12345678", "rsn_pairwise=TKIP"];
  assert.deepEqual(about([...tkip, "ieee80211w=1"]), ["warning ieee80211w"]);
  assert.deepEqual(about([...tkip, "ieee80211w=2"]), ["error ieee80211w"]);
});

test("operating channel validation brings protected management frames with it", () => {
  const bss = (...lines: string[]) => parse([...wpa2, ...lines]).configuration?.bsses[0];
  assert.equal(bss("ocv=1")?.ieee80211w, "optional");
  assert.equal(bss("ocv=1", "ieee80211w=2")?.ieee80211w, "required");
  assert.equal(bss("ocv=0")?.ieee80211w, "no");
});

test("ciphers go with the version of WPA", () => {
  const wpa1 = [...open, "wpa=1", "wpa_passphrase=12345678"];
  assert.deepEqual(about([...wpa1, "wpa_pairwise=TKIP"]), []);
  assert.deepEqual(about([...wpa1, "wpa_pairwise=CCMP"]), []);
  assert.deepEqual(about([...wpa1, "wpa_pairwise=GCMP"]), ["error wpa_pairwise", "error wpa"].reverse());
  assert.deepEqual(about([...wpa1, "wpa_pairwise=CCMP", "group_cipher=GCMP"]), ["error group_cipher"]);
  assert.deepEqual(about([...wpa1, "wpa_pairwise=CCMP", "rsn_pairwise=CCMP"]), ["warning rsn_pairwise"]);
  assert.deepEqual(about([...wpa1, "wpa_key_mgmt=WPA-PSK-SHA256", "wpa_pairwise=CCMP"]), ["error wpa_key_mgmt"]);
  assert.deepEqual(about([...wpa2, "wpa_pairwise=WEP40"]), ["error wpa_pairwise"]);
});

test("the group cipher is one that all have", () => {
  const group = (...lines: string[]) => {
    const bss = parse([...open, "wpa_passphrase=12345678", ...lines]).configuration?.bsses[0];
    assert.ok(bss);
    return [groupCipherOf(bss), bss.wpa_group_rekey];
  };
  assert.deepEqual(group("wpa=2", "rsn_pairwise=CCMP"), ["CCMP", 86400]);
  assert.deepEqual(group("wpa=2", "wpa_pairwise=CCMP TKIP"), ["TKIP", 600]);
  assert.deepEqual(group("wpa=3", "rsn_pairwise=CCMP"), ["TKIP", 600]);
  assert.deepEqual(group("wpa=2", "rsn_pairwise=GCMP CCMP"), ["CCMP", 86400]);
  assert.deepEqual(group("wpa=2", "rsn_pairwise=GCMP-256"), ["GCMP-256", 86400]);
  assert.deepEqual(group("wpa=2", "rsn_pairwise=CCMP-256 GCMP-256"), ["GCMP-256", 86400]);
  assert.deepEqual(group("wpa=2", "rsn_pairwise=CCMP TKIP", "group_cipher=CCMP"), ["CCMP", 86400]);
  assert.deepEqual(group("wpa=2", "rsn_pairwise=CCMP", "wpa_group_rekey=0"), ["CCMP", 0]);
  assert.deepEqual(group(), [undefined, 86400]);
});

test("what is not done yet is not offered", () => {
  const bss = parse([...wpa2, "wpa_key_mgmt=FT-PSK WPA-PSK"]).configuration?.bsses[0];
  assert.ok(bss);
  assert.deepEqual(offeredAkmsOf(bss), new Set(["WPA-PSK"]));
});

test("settings that contradict each other", () => {
  assert.deepEqual(about([...open, "ieee80211d=1"]), ["error ieee80211d"]);
  assert.deepEqual(about([...open, "ieee80211d=1", "country_code=DE"]), []);
  assert.deepEqual(about([...open, "tx_queue_data0_cwmin=15"]), ["error tx_queue"]);
  assert.deepEqual(about([...open, "wmm_ac_vo_cwmin=4"]), ["error wmm_ac"]);
  assert.deepEqual(about([...open, "require_ht=1"]), ["warning require_ht"]);
  assert.deepEqual(about([...open, "supported_rates=10 20", "basic_rates=10 110"]), ["warning basic_rates"]);
  assert.deepEqual(about([...open, "hw_mode=g", "ieee80211n=1", "wmm_enabled=0"]), ["warning wmm_enabled"]);
  assert.deepEqual(about([...open, "bridge=wlan0"]), ["error bridge"]);
});

test("a configuration that no file stands for is checked too", () => {
  const problems = checkConfiguration(settle({ radio: defaultRadio(), bsses: [defaultBss("wlan3")] }));
  assert.deepEqual(problems.map(describe), ["wlan3: error: the network has no name: ssid is missing"]);
});

test("what makes the access point misbehave is warned of, and elements have to be elements", () => {
  assert.deepEqual(about([...wpa2, "eapol_m3_no_encrypt=1"]), ["warning eapol_m3_no_encrypt"]);
  assert.deepEqual(about([...wpa2, "ignore_auth_probability=0.5"]), ["warning ignore_auth_probability"]);
  assert.deepEqual(about([...wpa2, "own_ie_override=0203010203"]), ["warning own_ie_override"]);
  assert.deepEqual(about([...wpa2, "own_ie_override=02030102"]), ["error own_ie_override"]);
  assert.deepEqual(about([...wpa2, "gtk_rsc_override=010203040506070809"]), ["error gtk_rsc_override"]);
});

test("IEEE 802.1X: somebody has to ask for it, and somebody to decide", () => {
  const eap = [...open, "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP"];
  assert.deepEqual(about([...eap, "ieee8021x=1", "eap_server=1"]), []);
  assert.deepEqual(about([...eap, "ieee8021x=1"]), ["error ieee8021x"]);
  assert.deepEqual(about(eap), ["warning wpa_key_mgmt"]);
  assert.deepEqual(about([...wpa2, "ieee8021x=1", "eap_server=1"]), ["warning ieee8021x"]);
  assert.deepEqual(about([...open, "ieee8021x=1", "eap_authenticator=1"]), ["warning ieee8021x"]);
  const strong = [...open, "wpa=2", "ieee8021x=1", "eap_server=1", "wpa_key_mgmt=WPA-EAP-SUITE-B-192"];
  assert.deepEqual(about([...strong, "rsn_pairwise=CCMP"]), ["warning rsn_pairwise"]);
  assert.deepEqual(about([...strong, "rsn_pairwise=GCMP-256"]), []);
});
