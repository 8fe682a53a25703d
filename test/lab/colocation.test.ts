/** Two radios of one daemon: in 2.4 GHz they tell of the network in 6 GHz. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { joined, openConfig, openNetwork, passphrase, wasDisturbed } from "./networks.ts";

const at6GHz = [
  ..."country_code=DE hw_mode=a channel=9 op_class=133 ieee80211ax=1 he_oper_chwidth=1".split(" "),
  ..."he_oper_centr_freq_seg0_idx=7 wpa=2 rsn_pairwise=CCMP wpa_key_mgmt=SAE ieee80211w=2 sae_pwe=1".split(" "),
  `sae_password=${passphrase}`,
];

const low = openConfig("house", "country_code=DE");
const high = openConfig("house", ...at6GHz)
  .replace("hw_mode=g\nchannel=1\n", "")
  .replace("wlan0", "wlan1");

/** Neighbours that the last beacon of wlan0 tells of, as tshark reads them. */
async function told(): Promise<string[]> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  await run(["timeout", "2", "tcpdump", "-i", "hwsim0", "-w", "/tmp/neighbours.pcap"]).catch(() => "");
  const { address } = await radio(0);
  const name = "wlan.rnr.tbtt_info";
  const fields = ["operating_class", "channel_num", "bssid", "bss_parameters.same_ssid", "bss_parameters.colocated_ap"];
  const filter = `wlan.fc.type_subtype == 8 && wlan.ta == ${address}`;
  const asked = fields.flatMap((field) => ["-e", `${name}.${field}`]);
  const text = await run(["tshark", "-r", "/tmp/neighbours.pcap", "-Y", filter, "-T", "fields", ...asked]);
  assert.notEqual(text, "", "no beacon");
  const last = text.replace(/\n$/, "").split("\n").at(-1) ?? "";
  return last.split("\t").filter((field) => field !== "");
}

test("beacons in 2.4 GHz tell of the network in 6 GHz, as long as it is there", async (t) => {
  t.after(() => run(["iw", "reg", "set", "00"]));
  const daemon = await startDaemon(t, { config: [low, high] });
  const address = (await radio(1)).address.replaceAll(":", "");
  assert.deepEqual(await told(), ["133", "9", address, "1", "1"]);
  await daemon.cli("-i", "wlan1", "disable");
  assert.deepEqual(await told(), []);
  await daemon.cli("-i", "wlan1", "enable");
  assert.deepEqual(await told(), ["133", "9", address, "1", "1"]);
  // Nobody is thrown out for it.
  const client = await joined(t, 2, openNetwork("house"));
  await daemon.cli("-i", "wlan1", "disable");
  assert.deepEqual(await told(), []);
  assert.ok(!wasDisturbed(client));
});
