/** Many passwords without identifier, against a whole access point: each attempt tries one, and whoever else is there doesn't notice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { saeNewcomer } from "../../testing/sae-newcomer.ts";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { wiredHost } from "../virtual/host.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";
import { sendAway } from "./leaving.ts";

const ssid = utf8("castle");
const count = 5000;
/** As hostapd does, the last is tried first. */
const passwordTriedAs = (attempt: number): string => `password ${count - attempt}`;

const configuration = `ssid=castle
hw_mode=g
channel=1
wpa=2
wpa_key_mgmt=WPA-PSK SAE
rsn_pairwise=CCMP
ieee80211w=1
sae_pwe=2
wpa_passphrase=for the old ones
sae_password_file=/passwords`;
const files = { "/passwords": Array.from({ length: count }, (_, i) => `password ${i}\n`).join("") };

test(`${count} passwords: a newcomer gets in when its turn comes, is known from then on, and holds nobody up`, async () => {
  const network = await new VirtualNetwork(configuration, { files }).start();
  network.wired = wiredHost({ address: "02:ff:00:00:00:01" as MacAddress, ip: "10.0.0.254" });
  const bss = network.radio.bsses[0] ?? assert.fail();
  const member = network.station({ ssid, security: { secret: { passphrase: "for the old ones" } }, ip: "10.0.0.1" });
  member.station.join();
  network.pass(1000);
  assert.ok(member.station.isConnected);

  let pings = 0;
  /** How many of its attempts fail before it is in. */
  const attemptsOf = async ({ station, refusals }: ReturnType<typeof saeNewcomer>): Promise<number> => {
    refusals.length = 0;
    let isIn = false;
    for (let attempt = 1; attempt < 100; attempt++) {
      void station.join().then(() => {
        isIn = true;
      });
      for (let i = 0; i < 20 && !isIn && refusals.length < attempt; i++) {
        network.pass(5);
        await new Promise((resolve) => setImmediate(resolve));
      }
      member.station.ping("10.0.0.254");
      pings += 1;
      if (isIn) return refusals.length;
    }
    return assert.fail(`it never got in: ${refusals}`);
  };
  const newcomer = (last: string, attempt: number) => {
    const address = `02:00:00:00:0a:${last}` as MacAddress;
    return saeNewcomer(network, { address, bssid: bss.address, ssid, password: passwordTriedAs(attempt) });
  };
  const first = newcomer("01", 30);
  assert.equal(await attemptsOf(first), 29);
  assert.ok(
    first.refusals.every((status) => status === statusCode["unspecified-failure"]),
    "it was told to try no more",
  );
  sendAway(bss, "02:00:00:00:0a:01" as MacAddress, "unspecified", "deauthentication");
  network.pass(100);
  assert.equal(await attemptsOf(first), 0, "it is not known");
  // What somebody has is not what the next one has.
  assert.equal(await attemptsOf(newcomer("02", 31)), 29);
  network.pass(500);
  assert.ok(member.station.isConnected);
  assert.equal(member.events.filter(({ type }) => type === "ping-answered").length, pings);
  network.stop();
});
