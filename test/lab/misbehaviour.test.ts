// lab: radios=2
/** What an access point does wrong on purpose is noticed by a real station. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { station } from "../../lab/guest/station.ts";
import { apAddress, cidr, joined, wpa2Config, wpa2Network } from "./networks.ts";

for (const [what, line] of [
  ["another RSNE", "rsne_override_eapol=30140100000fac040100000fac040100000fac020c80"],
  ["no RSNE", "rsne_override_eapol="],
  ["an RSNXE that no beacon has", "rsnxe_override_eapol=f40100"],
] as const) {
  test(`${what} in message 3`, async (t) => {
    await startDaemon(t, { config: wpa2Config("castle", line) });
    const client = await station(t, { radio: 1, network: wpa2Network("castle") });
    assert.equal(await client.disconnected(), 17);
    assert.ok(!client.log.lines.some((line) => /CTRL-EVENT-CONNECTED/.test(line)));
  });
}

test("a group key in the clear", async (t) => {
  await startDaemon(t, { config: wpa2Config("castle", "eapol_m3_no_encrypt=1") });
  const client = await station(t, { radio: 1, network: wpa2Network("castle") });
  await client.log.waitFor(/GTK IE in unencrypted key data/);
  assert.ok(!client.log.lines.some((line) => /CTRL-EVENT-CONNECTED/.test(line)));
});

test("what stations are to ignore, they ignore; and lost requests are sent again", async (t) => {
  await startDaemon(t, {
    config: wpa2Config(
      "castle",
      "eapol_m1_elements=02051122334455dd05000facff11",
      "eapol_m3_elements=02051122334455dd05000facff11",
      "eapol_key_reserved_random=1",
      "ignore_auth_probability=0.3",
      "ignore_assoc_probability=0.3",
    ),
  });
  await setAddress("wlan0", cidr(apAddress));
  const client = await joined(t, 1, wpa2Network("castle"));
  await client.ping(apAddress);
});
