/** Who is let in, and what those notice who are in already when somebody is not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ping } from "../../lab/guest/network.ts";
import { radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import {
  accessPoint,
  addressOf,
  apAddress,
  cidr,
  fileWith,
  joined,
  openConfig,
  openNetwork,
  uninterrupted,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

const comesIn = /CTRL-EVENT-CONNECTED/;

test("a wrong passphrase is told apart, and disturbs nobody", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle"));
  const right = await joined(t, 1, wpa2Network("castle"));
  right.log.skip();
  const endTraffic = await uninterrupted(t, right, 0.05);

  const wrong = await station(t, { radio: 2, network: { ...wpa2Network("castle"), psk: "correct house" } });
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-POSSIBLE-PSK-MISMATCH ${wrong.address}$`));
  await wrong.log.waitFor(/pre-shared key may be incorrect/);
  await daemon.log.waitFor(/AP-STA-POSSIBLE-PSK-MISMATCH/, { timeout: 60 });
  await wrong.log.waitFor(/pre-shared key may be incorrect/, { timeout: 60 });

  await wrong.cli("set_network", "0", "psk", '"correct horse"');
  await wrong.cli("reconnect");
  await wrong.cli("enable_network", "0");
  await wrong.connected({ timeout: 60 });

  assert.ok((await endTraffic()) > 100);
  assert.ok(!daemon.log.lines.some((line) => line.includes(`POSSIBLE-PSK-MISMATCH ${right.address}`)));
  assert.ok(!wasDisturbed(right));
});

test("accept list: who is not on it stays out", async (t) => {
  const { address } = await radio(1);
  const list = await fileWith("accept", `# the one\n${address}\n`);
  const daemon = await accessPoint(t, openConfig("club", "macaddr_acl=1", `accept_mac_file=${list}`));
  const member = await joined(t, 1, openNetwork("club"));
  await member.ping(apAddress);
  const stranger = await station(t, { radio: 2, network: openNetwork("club") });
  await stranger.log.staysWithout(comesIn, 10);
  assert.ok(!daemon.log.lines.some((line) => line.includes(`AP-STA-CONNECTED ${stranger.address}`)));
  await ping(addressOf(1));
});

test("deny list: who is on it stays out, and without the list comes in", async (t) => {
  const { address } = await radio(1);
  const list = await fileWith("deny", `${address}\n`);
  await accessPoint(t, openConfig("club", "macaddr_acl=0", `deny_mac_file=${list}`));
  const anybody = await joined(t, 2, openNetwork("club"));
  await anybody.ping(apAddress);
  const denied = await station(t, { radio: 1, network: openNetwork("club") });
  await denied.log.staysWithout(comesIn, 10);
  await ping(addressOf(2));
});

test("max_num_sta: the next one has to wait until somebody leaves", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "max_num_sta=1"));
  const first = await joined(t, 1, wpa2Network("castle"));
  const second = await station(t, { radio: 2, network: wpa2Network("castle") });
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-REJECTED-MAX-STA ${second.address}$`));
  await second.log.staysWithout(comesIn, 5);
  // One that is in may come back all the same.
  await first.cli("reassociate");
  await first.connected();
  await first.ping(apAddress);

  await first.stop();
  await second.connected({ timeout: 60 });
  await second.setAddress(cidr(addressOf(2)));
  await second.ping(apAddress);
});

test("wpa_psk_file: each has its own key, and the log says whose it was", async (t) => {
  const bound = (await radio(2)).address;
  const file = await fileWith(
    "psks",
    [
      "# shared, and one device's own",
      "keyid=guests 00:00:00:00:00:00 password of guests",
      `keyid=printer ${bound} password of the printer`,
      "keyid=office 00:00:00:00:00:00 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
      "",
    ].join("\n"),
  );
  const config = openConfig("hotel", "wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", `wpa_psk_file=${file}`);
  const daemon = await accessPoint(t, config);
  const network = (psk: string) => ({ ...wpa2Network("hotel"), psk });

  const guest = await joined(t, 1, network("password of guests"));
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-CONNECTED ${guest.address} keyid=guests$`));
  const printer = await joined(t, 2, network("password of the printer"));
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-CONNECTED ${printer.address} keyid=printer$`));
  const hex = "0123456789abcdef".repeat(4);
  const clerk = await joined(t, 3, network(hex));
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-CONNECTED ${clerk.address} keyid=office$`));
  for (const client of [guest, printer, clerk]) await client.ping(apAddress);
  await guest.ping(addressOf(2));

  // The printer's key is of no use to another.
  const thief = await station(t, { radio: 4, network: network("password of the printer") });
  await daemon.log.waitFor(new RegExp(`^wlan0: AP-STA-POSSIBLE-PSK-MISMATCH ${thief.address}$`));
  await thief.log.staysWithout(comesIn, 5);
});
