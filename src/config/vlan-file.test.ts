import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { parseVlanFile, vlanFileKind } from "./vlan-file.ts";

test("IDs, interfaces, bridges, the wildcard, comments", () => {
  const file = ["# VLANs", "1\tvlan1", "", "2 wlan0.2  br-guests", "  30 wlan0.30", "*\twlan0.#"].join("\n");
  const { entries, wildcard, problems } = parseVlanFile(utf8(file), "vlans");
  assert.deepEqual(problems, []);
  assert.deepEqual(
    [...entries],
    [
      [1, { interfaceName: "vlan1", bridge: undefined }],
      [2, { interfaceName: "wlan0.2", bridge: "br-guests" }],
      [30, { interfaceName: "wlan0.30", bridge: undefined }],
    ],
  );
  assert.deepEqual(wildcard, { interfaceName: "wlan0.#", bridge: undefined });
});

test("each field wrong is named with its place, in people's words and in hostapd's", () => {
  const lines = [
    "0\t11", // 1: no VLAN
    "4095 vlan", // 2: reserved
    "vlan1 eth0", // 3: no number
    "1", // 4: no interface
    "* ", // 5: no interface
    "1 netdev12345678901234567890", // 6: too long
    "2 a/b", // 7: no name for an interface
    "2 ok br:0", // 8: nor for a bridge
    "-3 vlan3", // 9
    "3 vlan3 br3 more", // 10
    "3 again", // 11
    "* everything", // 12
    "4vlan4", // 13
    "* averylongname.#", // 14
  ];
  const { entries, problems } = parseVlanFile(utf8(lines.join("\n")), "vlans");
  assert.deepEqual(
    problems.map(({ severity, line, column, length }) => [severity, line, column, length]),
    [
      ["error", 1, 1, 1],
      ["error", 2, 1, 4],
      ["error", 3, 1, 5],
      ["error", 4, 2, 1],
      ["error", 5, 3, 1],
      ["error", 6, 3, 26],
      ["error", 7, 4, 1],
      ["error", 8, 8, 1],
      ["error", 9, 1, 2],
      ["warning", 10, 13, 4],
      ["warning", 11, 1, 1],
      ["warning", 12, 3, 10],
      ["warning", 13, 2, 5],
      ["warning", 14, 1, 1],
      ["warning", 14, 3, 15],
    ],
  );
  assert.deepEqual(
    [0, 3, 5].map((i) => problems[i]?.hostapd),
    [
      "Invalid VLAN ID at line 1 in 'vlans'",
      "Invalid VLAN ifname at line 4 in 'vlans'",
      "Invalid VLAN ifname at line 6 in 'vlans'",
    ],
  );
  assert.deepEqual([...entries.keys()], [3, 4]);
  assert.equal(entries.get(3)?.interfaceName, "again", "the later line counts");
});

test("a second file adds to the first one", () => {
  const files = (path: string): Uint8Array => {
    if (path === "/first") return utf8("1 one\n* any.#\n");
    if (path === "/more") return utf8("2 two\n");
    throw new ConfigurationError(`can't read ${path}`);
  };
  const first = vlanFileKind.parse("/first", { files, previous: undefined });
  assert.ok("value" in first);
  const second = vlanFileKind.parse("/more", { files, previous: first.value });
  assert.ok("value" in second);
  assert.deepEqual([...second.value.entries.keys()], [1, 2]);
  assert.equal(second.value.wildcard?.interfaceName, "any.#");
  assert.deepEqual([...first.value.entries.keys()], [1]);
  assert.deepEqual(vlanFileKind.parse("/none", { files, previous: undefined }), { error: "can't read /none" });
});
