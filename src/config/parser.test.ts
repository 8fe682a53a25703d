import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "../../testing/repository.ts";
import { concat, textOf, utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import type { FileSource } from "./kinds.ts";
import { type ParseResult, parseConfiguration } from "./parser.ts";
import { describe, hostapdLines, type Problem } from "./problem.ts";
import type { BssSettings, Configuration } from "./registry.ts";

const noFiles: FileSource = (path) => {
  throw new ConfigurationError(`can't read '${path}'`);
};

const parse = (lines: readonly string[] | Uint8Array, files: FileSource = noFiles): ParseResult =>
  parseConfiguration(lines instanceof Uint8Array ? lines : utf8(`${lines.join("\n")}\n`), "hostapd.conf", files);

const base = ["interface=wlan0", "ssid=test", "channel=1"];
const wpa2 = [...base, "hw_mode=g", "wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678"];

function accepted(result: ParseResult): Configuration {
  assert.ok(result.configuration, result.problems.map(describe).join("\n"));
  return result.configuration;
}

function first(result: ParseResult): BssSettings {
  const bss = accepted(result).bsses[0];
  assert.ok(bss);
  return bss;
}

const brief = (problems: readonly Problem[]) =>
  problems.map(({ severity, line, column, length }) => `${severity} ${line}:${column}+${length}`);

const example = (name: string): ParseResult => {
  const file = join(repositoryRoot(), "examples", name);
  return parseConfiguration(readFileSync(file), name, noFiles);
};

test("examples/minimal-wpa2.conf: comments after values, and the mode that 802.11n needs", () => {
  const result = example("minimal-wpa2.conf");
  const { radio, bsses } = accepted(result);
  assert.equal(bsses.length, 1);
  const bss = first(result);
  assert.equal(bss.interface, "wlan0");
  assert.equal(textOf(bss.ssid), "somename");
  assert.equal(textOf(bss.wpa_passphrase ?? new Uint8Array()), "somepassword");
  assert.deepEqual(bss.wpa, new Set(["rsn"]));
  assert.deepEqual(bss.rsn_pairwise, new Set(["CCMP"]));
  assert.deepEqual(bss.wpa_key_mgmt, new Set(["WPA-PSK"]));
  assert.deepEqual(bss.auth_algs, new Set(["open"]));
  assert.equal(bss.wmm_enabled, true);
  assert.equal(bss.disable_11n, false);
  assert.equal(bss.wpa_group_rekey, 86400);
  assert.equal(radio.driver, "nl80211");
  assert.equal(radio.channel, 10);
  assert.equal(radio.country_code, "US");
  assert.equal(radio.ieee80211n, true);
  assert.equal(radio.hw_mode, "g");

  assert.deepEqual(brief(result.problems), ["note 5:12+1", "warning 7:6+8", "warning 12:16+1"]);
  const said = result.problems.map(describe).join("\n");
  assert.match(said, /hw_mode=g is taken/);
  assert.match(said, /ssid is 'somename'/);
  assert.match(said, /wpa_passphrase is the first 12 octets/);
  assert.ok(!said.includes("somepassword"));
  assert.deepEqual(hostapdLines(result.problems), []);
});

test("examples/realtek-rtl8188cus.conf: a dead driver's name, and shared key authentication that nothing uses", () => {
  const result = example("realtek-rtl8188cus.conf");
  const { radio } = accepted(result);
  const bss = first(result);
  assert.equal(textOf(bss.ssid), "RTL8188CUS");
  assert.equal(textOf(bss.wpa_passphrase ?? new Uint8Array()), "x".repeat(19));
  assert.deepEqual(bss.auth_algs, new Set(["open", "shared"]));
  assert.deepEqual(bss.wpa, new Set(["rsn"]));
  assert.equal(bss.device_name, "RTL8188CUS");
  assert.equal(bss.manufacturer, "Realtek");
  assert.equal(radio.driver, "nl80211");
  assert.equal(radio.hw_mode, "g");
  assert.equal(radio.beacon_int, 100);
  assert.deepEqual(brief(result.problems), ["warning 4:8+10"]);
  assert.match(result.problems[0]?.message ?? "", /'rtl871xdrv'.*nl80211/);
});

test("inline_comments=0 at the top gives hostapd's reading", () => {
  const literal = ["# my network", "inline_comments=0", ...base.slice(0, 1), "ssid=a # b", "channel=1"];
  assert.equal(textOf(first(parse(literal)).ssid), "a # b");
  const late = parse([...base, "inline_comments=0"]);
  assert.deepEqual(brief(late.problems), ["error 4:1+15"]);
  const refused = parse(["inline_comments=0", "driver=nl80211 # comment", ...base]);
  assert.deepEqual(brief(refused.problems), ["error 2:8+17"]);
});

test("where a comment begins", () => {
  const ssid = (line: string): string => textOf(first(parse(["interface=wlan0", line, "channel=1"])).ssid);
  assert.equal(ssid("ssid=a#b"), "a#b");
  assert.equal(ssid("ssid=#1"), "#1");
  assert.equal(ssid("ssid=a \t # b # c"), "a");
  assert.equal(ssid("ssid=a  "), "a  ");
  assert.equal(ssid('ssid2="my #1 net"'), "my #1 net");
  assert.equal(ssid('ssid2="my net" # the "best"'), "my net");
  assert.equal(ssid('ssid2=P"caf\\xc3\\xa9" # here'), "café");
  assert.equal(ssid("ssid2=0001ff # three octets").length, 3);
  assert.equal(parse([...base, "   # indented", "\t"]).problems.length, 0);
});

test("everything wrong is found at once, in the file's order, with its place", () => {
  const result = parse([
    "interfce=wlan0",
    "ssid=",
    "channel=40",
    "hw_mode=g",
    "country_code=us",
    "wpa=2",
    "rsn_pairwise=TKIP CCPM",
    "beacon_int=5",
    "nonsense",
    "dtim_period=0",
  ]);
  assert.equal(result.configuration, undefined);
  assert.deepEqual(brief(result.problems), [
    "error 1:1+8",
    "error 2:6+1",
    "error 3:9+2",
    "error 5:14+2",
    "error 6:5+1",
    "error 7:19+4",
    "error 8:12+1",
    "error 9:1+8",
    "error 10:13+1",
  ]);
  const fixes = result.problems.flatMap(({ fix }) => (fix === undefined ? [] : [fix]));
  assert.deepEqual(fixes, ["interface", "US", "CCMP"]);
  assert.deepEqual(hostapdLines(result.problems), [
    "Line 1: unknown configuration item 'interfce'",
    "Line 2: invalid SSID ''",
    "Line 5: Invalid country_code 'us'",
    "WPA-PSK enabled, but PSK or passphrase is not configured.",
    "Line 7: invalid cipher 'TKIP CCPM'.",
    "Line 8: invalid beacon_int 5 (expected 10..65535)",
    "Line 9: invalid line 'nonsense'",
    "Line 10: invalid dtim_period 0",
    "9 errors found in configuration file 'hostapd.conf'",
  ]);
});

test("a problem is shown with its line and a mark", () => {
  const [problem] = parse([...base, "rsn_pairwise=TKIP CCPM"]).problems;
  assert.ok(problem);
  assert.equal(
    describe(problem),
    [
      "hostapd.conf:4:19: error: rsn_pairwise: no cipher is called 'CCPM'",
      "  rsn_pairwise=TKIP CCPM",
      "                    ^~~~",
      "  did you mean 'CCMP'?",
    ].join("\n"),
  );
});

test("no secret gets into a message, misspelt or not", () => {
  const secret = "hunter2";
  const result = parse([
    ...base,
    "wpa=2",
    "rsn_pairwise=CCMP",
    `wpa_passphrase=${secret}`,
    `wpa_pasphrase=${secret}${secret}`,
    `wpa_psk=${secret}`,
    `wpa_passphrase ${secret}`,
    `wep_key0=${secret}`,
    `sae_password=${secret}`,
    `auth_server_shared_secret=${secret}`,
    `wpa_passphrase=${secret}${secret} # ${secret}`,
  ]);
  const said = [...result.problems.map(describe), ...hostapdLines(result.problems)].join("\n");
  assert.ok(!said.includes(secret), said);
  assert.match(said, /Line 6: invalid WPA passphrase length 7 \(expected 8\.\.63\)/);
  assert.match(said, /Line 8: Invalid PSK '\[REMOVED\]'\./);
});

test("passphrase and key: the later one counts", () => {
  const psk = "00112233445566778899aabbccddeeff".repeat(2);
  const both = parse([...wpa2, `wpa_psk=${psk}`]);
  assert.equal(first(both).wpa_passphrase, undefined);
  assert.equal(first(both).wpa_psk?.length, 32);
  assert.deepEqual(brief(both.problems), ["warning 8:9+1"]);
  const reverse = parse([...wpa2.slice(0, -1), `wpa_psk=${psk}`, "wpa_passphrase=12345678"]);
  assert.equal(first(reverse).wpa_psk, undefined);
  assert.equal(first(reverse).wpa_passphrase?.length, 8);
});

test("a key that stands twice: the later line counts, and that is said", () => {
  const result = parse([...base, "ssid=other"]);
  assert.equal(textOf(first(result).ssid), "other");
  assert.match(result.problems[0]?.message ?? "", /line 2 too/);
  const ht = parse([...base, "ieee80211n=1", "ht_capab=[HT40+][SHORT-GI-40]", "ht_capab=[HT40-][LDPC]"]);
  assert.deepEqual(accepted(ht).radio.ht_capab, new Set(["SHORT-GI-40", "HT40-", "LDPC"]));
  assert.ok(ht.problems.every(({ key }) => key !== "ht_capab"));
});

test("bss= begins another BSS with defaults of its own; radio keys and interface= hold wherever they stand", () => {
  const { radio, bsses } = accepted(
    parse([...wpa2, "bss=wlan0_1", "ssid=guests", "ap_isolate=1", "beacon_int=200", "interface=wlan7"]),
  );
  assert.deepEqual(
    bsses.map((bss) => [bss.interface, textOf(bss.ssid), bss.ap_isolate, bss.wpa.size]),
    [
      ["wlan7", "test", false, 1],
      ["wlan0_1", "guests", true, 0],
    ],
  );
  assert.equal(radio.beacon_int, 200);
});

test("a further BSS that lacks something is named by its bss= line", () => {
  assert.deepEqual(brief(parse([...base, "bss=wlan0_1"]).problems), ["error 4:5+7"]);
});

test("interfaces and BSSIDs are there once only", () => {
  const twice = parse([...base, "bss=wlan0", "ssid=b"]);
  assert.deepEqual(brief(twice.problems), ["error 4:5+5"]);
  const bssid = "bssid=02:00:00:00:00:01";
  const same = parse([...base, bssid, "bss=wlan1", "ssid=b", bssid]);
  assert.deepEqual(brief(same.problems), ["error 7:7+17"]);
  assert.deepEqual(hostapdLines(same.problems), [
    "Duplicate BSSID 02:00:00:00:00:01 on interface 'wlan1' and 'wlan0'.",
    "1 errors found in configuration file 'hostapd.conf'",
  ]);
});

test("keys that are not done yet: a warning, unless they ask for nothing or for protection", () => {
  assert.deepEqual(brief(parse([...base, "ieee80211ac=1"]).problems), ["warning 4:13+1"]);
  assert.deepEqual(brief(parse([...base, "ieee80211ac=0", "wps_state=0", "bss_max_idle=0"]).problems), []);
  for (const line of ["wep_key_len_unicast=13", "ieee8021x=1", "macsec_policy=1"]) {
    assert.equal(parse([...base, line]).configuration, undefined, line);
  }
  assert.ok(parse([...wpa2, "ieee80211w=1"]).configuration);
  assert.ok(parse([...wpa2, "ieee80211w=2"]).configuration);
  assert.ok(parse([...wpa2, "wpa_key_mgmt=WPA-PSK FT-PSK"]).configuration);
  assert.equal(parse([...wpa2, "wpa_key_mgmt=FT-PSK"]).configuration, undefined);
});

test("a wrong value of a key that is not done yet is an error today", () => {
  const odd = parse([...base, "wps_state=7"]);
  assert.deepEqual(brief(odd.problems), ["error 4:11+1"]);
  assert.equal(odd.problems[0]?.message, "wps_state: 7 is not in 0..2");
  assert.deepEqual(brief(parse([...base, "macsec_policy=7"]).problems), ["error 4:15+1"]);
});

test("servers: an address begins one, what stands behind it says more of it", () => {
  const first = ["auth_server_addr=192.0.2.1", "auth_server_shared_secret=hush"];
  const second = ["auth_server_addr=radius.example.org", "auth_server_port=11812", "auth_server_shared_secret=hush 2"];
  const { bsses } = accepted(parse([...base, ...first, ...second, "auth_server_type=TLS"]));
  const shown = bsses[0]?.auth_server_addr.map(({ host, port, secret, transport }) => [
    host,
    port,
    textOf(secret ?? new Uint8Array()),
    transport,
  ]);
  assert.deepEqual(shown, [
    ["192.0.2.1", 1812, "hush", "UDP"],
    ["radius.example.org", 11812, "hush 2", "TLS"],
  ]);
  assert.deepEqual(bsses[0]?.acct_server_addr, []);
  assert.deepEqual(brief(parse([...base, ...first, "auth_server_port=181x2", "auth_server_port=0"]).problems), [
    "warning 6:18+5",
    "error 7:18+1",
  ]);
});

test("what says more about another key has to stand behind it; one mistake is told once", () => {
  const early = parse([...base, "auth_server_port=1812", "auth_server_addr=192.0.2.1"]);
  assert.equal(early.problems[0]?.hostapd, "Line 4: unknown configuration item 'auth_server_port'");
  assert.deepEqual(brief(early.problems), ["error 4:18+4", "warning 5:18+9"]);
  const wrong = parse([...base, "auth_server_addr=192.0.2.256", "auth_server_shared_secret=hush"]);
  assert.deepEqual(brief(wrong.problems), ["error 4:18+11"]);
});

test("rates that are none are left out", () => {
  const result = parse([...base, "supported_rates=10 20 -1"]);
  assert.deepEqual(first(result).supported_rates, [10, 20]);
  assert.deepEqual(brief(result.problems), ["warning 4:23+2"]);
});

test("lists of addresses are read, and their problems stay with them", () => {
  const files: FileSource = (path) => {
    if (path === "/accept") return utf8("02:00:00:00:00:01 5\n");
    if (path === "/broken") return utf8("# ok\nnonsense\n");
    return noFiles(path);
  };
  const good = first(parse([...base, "macaddr_acl=1", "accept_mac_file=/accept # list"], files));
  assert.deepEqual(good.accept_mac_file, { path: "/accept", entries: new Map([["02:00:00:00:00:01", 5]]) });
  const broken = parse([...base, "deny_mac_file=/broken"], files);
  assert.deepEqual(
    broken.problems.map(({ file, line }) => [file, line]),
    [
      ["hostapd.conf", 4],
      ["/broken", 2],
    ],
  );
  assert.deepEqual(hostapdLines(broken.problems), [
    "Line 4: Failed to read deny_mac_file '/broken'",
    "Invalid MAC address 'nonsense' at line 2 in '/broken'",
    "1 errors found in configuration file 'hostapd.conf'",
  ]);
  assert.match(parse([...base, "deny_mac_file=/none"], files).problems[0]?.message ?? "", /can't read '\/none'/);
});

test("a file of keys is checked with the rest", () => {
  const files: FileSource = (path) => (path === "/psk" ? utf8("00:00:00:00:00:00 12345678\nbad\n") : noFiles(path));
  const withFile = [...wpa2.slice(0, -1), "wpa_psk_file=/psk"];
  assert.deepEqual(
    parse(withFile, files).problems.map(({ file, line }) => [file, line]),
    [
      ["hostapd.conf", 7],
      ["/psk", 2],
    ],
  );
  assert.match(hostapdLines(parse(withFile).problems)[0] ?? "", /^WPA PSK file '\/psk' not found\.$/);
});

test("Windows' line ends belong to the value, as for hostapd, and one warning explains it", () => {
  const result = parse(utf8("interface=wlan0\r\nssid=a\r\nchannel=1\r\nhw_mode=g\r\n"));
  assert.deepEqual(
    result.problems.map(({ severity, line }) => [severity, line]),
    [
      ["warning", 1],
      ["warning", 1],
      ["error", 4],
    ],
  );
});

test("octets that are no text", () => {
  const ssid = Uint8Array.of(0xff, 0xfe, 0x80);
  const result = parse(concat(utf8("interface=wlan0\nchannel=1\nssid="), ssid, utf8("\n")));
  assert.deepEqual(first(result).ssid, ssid);
  const nul = parse(concat(utf8("interface=wlan0\nchannel=1\nssid=ab"), Uint8Array.of(0), utf8("cd\n")));
  assert.equal(textOf(first(nul).ssid), "ab");
  assert.deepEqual(brief(nul.problems), ["warning 3:8+1"]);
  const mark = parse(utf8("\ufeffinterface=wlan0\nssid=a\nchannel=1\n"));
  assert.match(mark.problems[0]?.message ?? "", /byte order mark/);
});

test("an endless line and ten megabytes of nonsense end soon", () => {
  const line = parse(concat(utf8("interface=wlan0\nssid=a\nchannel=1\n"), new Uint8Array(10_000_000).fill(0x61)));
  assert.deepEqual(brief(line.problems), ["error 4:4094+1"]);
  const lines = parse(utf8("wpa_pasphrase=x\n".repeat(650_000)));
  assert.equal(lines.problems.length, 1001);
  const comments = parse(concat(utf8(`${base.join("\n")}\n`), utf8("# nothing\n".repeat(1_000_000))));
  assert.equal(comments.problems.length, 0);
});

test("the first interface may be named from outside", () => {
  const named = (text: string) =>
    parseConfiguration(utf8(text), "f", noFiles, "wlan5").configuration?.bsses[0]?.interface;
  assert.equal(named("ssid=a\nchannel=1\n"), "wlan5");
  assert.equal(named("interface=wlan0\nssid=a\nchannel=1\n"), "wlan5");
});

test("an empty file is no configuration", () => {
  const result = parse(new Uint8Array());
  assert.equal(result.configuration, undefined);
  assert.equal(hostapdLines(result.problems).at(-1), "2 errors found in configuration file 'hostapd.conf'");
});
