/** The colour of an HE network. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { completeConfig, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { accessPoint, apAddress, cidr, joined, openConfig, openNetwork, sleep, wasDisturbed } from "./networks.ts";

test("another colour, announced; none; and the same again", async (t) => {
  const daemon = await startDaemon(t, {
    config: openConfig("meadow", "ieee80211n=1", "ieee80211ax=1", "he_bss_color=42", "bss=wlan0_1", "ssid=second"),
  });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, openNetwork("meadow"));
  const colorOf = async (): Promise<string | undefined> =>
    /^he_bss_color=(\d+)$/m.exec(await daemon.cli("raw", "STATUS"))?.[1];
  assert.equal(await colorOf(), "42");
  const capture = run(["timeout", "4", "tcpdump", "-i", "hwsim0", "-w", "/tmp/color.pcap"]).catch(() => "");
  await run(["ip", "link", "set", "hwsim0", "up"]);
  await sleep(300);
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "20"), "OK");
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "21"), "FAIL", "one at a time");
  await capture;
  assert.equal(await colorOf(), "20");
  const beacons = await run([
    "tshark",
    "-r",
    "/tmp/color.pcap",
    "-Y",
    "wlan.fc.type_subtype == 8",
    "-T",
    "fields",
    "-e",
    "wlan.bssid",
    "-e",
    "wlan.ext_tag.bss_color_information.bss_color",
    "-e",
    "wlan.ext_tag.bss_color_information.bss_color_disabled",
    "-e",
    "wlan.ext_tag.bss_color_change.new_bss_color",
    "-e",
    "wlan.ext_tag.bss_color_change.color_switch_countdown",
  ]);
  // Colour, disabled, new colour and beacons until then: the same of both networks.
  for (const bssid of ["02:00:00:00:00:00", "02:00:00:00:00:01"]) {
    const own = beacons.split("\n").filter((line) => line.startsWith(bssid));
    const seen = [...new Set(own.map((line) => line.split("\t").slice(1).join(" ").trim()))];
    assert.equal(seen[0], "0x2a 0", bssid);
    assert.equal(seen.at(-1), "0x14 0", bssid);
    const told = seen.slice(1, -1);
    assert.ok(told.length >= 9, seen.join("; "));
    for (const text of told) assert.match(text, /^0x2a 1 (20|0x14) \d+$/, bssid);
  }
  for (const wrong of ["20", "64", "red"]) assert.equal(await daemon.cli("raw", "COLOR_CHANGE", wrong), "FAIL");
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "0"), "OK");
  assert.equal(await colorOf(), undefined);
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "0"), "FAIL");
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "20"), "OK");
  assert.equal(await colorOf(), "20");
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("another colour in the configuration: stations are told and stay", async (t) => {
  const config = (color: number): string =>
    openConfig("meadow", "ieee80211n=1", "ieee80211ax=1", `he_bss_color=${color}`, "bss=wlan0_1", "ssid=second");
  const daemon = await accessPoint(t, config(42));
  const client = await joined(t, 1, openNetwork("meadow"));
  const [file = ""] = daemon.files;
  await writeFile(file, completeConfig(config(7)));
  assert.equal(await daemon.cli("raw", "RELOAD_CONFIG"), "OK");
  await sleep(2000);
  assert.match(await daemon.cli("raw", "STATUS"), /^he_bss_color=7$/m);
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("without HE there is no colour", async (t) => {
  const daemon = await startDaemon(t, { config: openConfig("meadow") });
  assert.equal(await daemon.cli("raw", "COLOR_CHANGE", "20"), "FAIL");
});
