/** What the documentation tells people to write gives nothing to doubt. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { utf8 } from "../src/base/bytes.ts";
import { parseConfiguration } from "../src/config/parser.ts";
import { describe } from "../src/config/problem.ts";
import { repositoryRoot } from "../testing/repository.ts";

const page = readFileSync(join(repositoryRoot(), "docs/wpa3.md"), "utf8");
const blocks = [...page.matchAll(/^```\n([^`]*)^```$/gm)].flatMap(([, text = ""]) =>
  /^\w+=/m.test(text) ? [text.trim().split("\n")] : [],
);
const radio = ["hw_mode=g", "channel=1"];
const wpa3 = ["wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2", "sae_pwe=2", "dynamic_vlan=1"];

function problemsOf(lines: readonly string[]): readonly string[] {
  const own = new Set(lines.map((line) => line.split("=", 1)[0]));
  const rest = ["interface=wlan0", "ssid=test", ...radio].filter((line) => !own.has(line.split("=", 1)[0]));
  const { problems } = parseConfiguration(utf8([...rest, ...lines].join("\n")), "docs/wpa3.md", () => utf8("one more"));
  return problems.map(describe);
}

test("docs/wpa3.md: its networks, passwords and identifiers", () => {
  assert.equal(blocks.length, 4, "networks for all, passwords, identifiers, OWE");
  const [both = [], passwords = [], identifiers = [], owe = []] = blocks;
  assert.deepEqual(problemsOf(both), []);
  assert.deepEqual(problemsOf([...wpa3, ...passwords]), []);
  assert.deepEqual(problemsOf([...wpa3, ...passwords, ...identifiers]), []);
  assert.deepEqual(problemsOf(owe), []);
});

test("docs/wpa3.md: its modes", () => {
  const [both = []] = blocks;
  const but = (changes: Readonly<Record<string, string | undefined>>): readonly string[] => [
    ...both.filter((line) => !((line.split("=", 1)[0] ?? "") in changes)),
    ...Object.entries(changes).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`])),
  ];
  const alone = { wpa_key_mgmt: "SAE", ieee80211w: "2", sae_require_mfp: undefined };
  assert.deepEqual(problemsOf(but(alone)), []);
  const sixth = { ...alone, sae_pwe: "1", hw_mode: "a", op_class: "131", channel: "5", ieee80211ax: "1" };
  assert.deepEqual(problemsOf(but(sixth)), []);
  const compatible = {
    wpa_key_mgmt: "WPA-PSK",
    ieee80211w: undefined,
    sae_require_mfp: undefined,
    rsn_override_key_mgmt: "SAE",
    rsn_override_mfp: "2",
    rsn_override_omit_rsnxe: "1",
  };
  assert.deepEqual(problemsOf(but(compatible)), []);
  const open = { wpa_key_mgmt: "OWE", ieee80211w: "2", sae_require_mfp: undefined, sae_pwe: undefined };
  assert.deepEqual(problemsOf(but({ ...open, wpa_passphrase: undefined })), []);
});
