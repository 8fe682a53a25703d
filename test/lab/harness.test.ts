/** The lab proves itself: Debian's hostapd and wpa_supplicant, so that a failure here is not Beacond's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { debianHostapd, startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { radios } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";

const config = `
interface=wlan0
driver=nl80211
ssid=harness
hw_mode=g
channel=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=correct horse
`;

test("two stations join a WPA2 network and reach the access point and each other across the air", async (t) => {
  const ap = await startDaemon(t, { program: debianHostapd, config });
  await setAddress("wlan0", "192.168.7.1/24");
  const network = { ssid: "harness", psk: "correct horse", scan_freq: 2412 };
  const first = await station(t, { radio: 1, network });
  const second = await station(t, { radio: 2, network });
  const [{ address: bssid } = { address: undefined }] = await radios();
  assert.equal(await first.connected(), bssid);
  assert.equal(await second.connected(), bssid);
  await first.setAddress("192.168.7.11/24");
  await second.setAddress("192.168.7.12/24");

  await first.ping("192.168.7.1");
  await ping("192.168.7.11");
  await first.ping("192.168.7.12");
  await second.ping("192.168.7.11");
  assert.equal(await first.canPing("192.168.7.99", { count: 1, wait: 1 }), false);

  assert.match(await ap.cli("status"), /^ssid\[0\]=harness$/m);
  assert.match(await ap.cli("all_sta"), new RegExp(`^${first.address}$`, "m"));
  assert.equal((await first.status())["wpa_state"], "COMPLETED");

  await ap.cli("deauthenticate", first.address);
  assert.equal(await first.disconnected(), 2);
  assert.equal(await first.connected(), bssid);

  assert.deepEqual(await ap.stop(), { code: 0, signal: null });
  await second.disconnected();
});

test("radios come back when a test is over", async () => {
  const back = await radios();
  assert.deepEqual(
    back.slice(0, 3).map((radio) => radio.interface),
    ["wlan0", "wlan1", "wlan2"],
  );
});
