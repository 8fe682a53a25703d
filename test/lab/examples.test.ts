/** The two configuration files that started the project, byte for byte, with Debian's wpa_supplicant as the client. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { station } from "../../lab/guest/station.ts";

const example = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../examples/${name}`, import.meta.url)), "utf8");

const cases = [
  { file: "minimal-wpa2.conf", ssid: "somename", psk: "somepassword", frequency: 2457 },
  { file: "realtek-rtl8188cus.conf", ssid: "RTL8188CUS", psk: "xxxxxxxxxxxxxxxxxxx", frequency: 2417 },
] as const;

for (const { file, ssid, psk, frequency } of cases) {
  test(`${file}: two stations join, and reach the access point and each other`, async (t) => {
    await startDaemon(t, { config: example(file) });
    await setAddress("wlan0", "192.168.2.1/24");
    const network = { ssid, psk, scan_freq: frequency };
    const first = await station(t, { radio: 1, network });
    const second = await station(t, { radio: 2, network });
    await first.connected();
    await second.connected();
    await first.setAddress("192.168.2.100/24");
    await second.setAddress("192.168.2.101/24");
    await first.ping("192.168.2.1");
    await ping("192.168.2.100");
    await first.ping("192.168.2.101");
    await second.ping("192.168.2.100");
    assert.equal((await first.status())["pairwise_cipher"], "CCMP");
    assert.equal((await first.status())["key_mgmt"], "WPA2-PSK");
  });
}
