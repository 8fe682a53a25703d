// lab: radios=3
/** The EAP server in the access point with stock clients: its users, its words, and what it offers. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { type Network, station } from "../../lab/guest/station.ts";
import { accessPoint, addressOf, apAddress, cidr, fileWith, joined, openConfig } from "./networks.ts";

const ssid = "castle";
const secret = "abcdefghijklmnop0123456789abcdef";

const usersIn = (...users: readonly string[]): Promise<string> => fileWith("users", `${users.join("\n")}\n`);

const eapConfig = (userFile: string, ...lines: readonly string[]): string => {
  const wpa = ["wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP"];
  return openConfig(ssid, "ieee8021x=1", "eap_server=1", `eap_user_file=${userFile}`, ...wpa, ...lines);
};

const network = (eap: string, identity: string, more: Readonly<Record<string, string | number>> = {}): Network => ({
  ssid,
  scan_freq: 2412,
  key_mgmt: "WPA-EAP",
  eap,
  identity,
  password: secret,
  ...more,
});

const told = (daemon: Daemon, text: RegExp): number => daemon.log.lines.filter((line) => text.test(line)).length;

/** Debian's wpa_supplicant speaks no ERP: it answers the offer by beginning anew. */
test("a client that knows nothing of ERP is offered it once, and authenticates in full", async (t) => {
  const users = await usersIn(`"anna@example.com" GPSK "${secret}"`);
  const erp = ["eap_server_erp=1", "erp_send_reauth_start=1", "erp_domain=example.com"];
  const daemon = await accessPoint(t, eapConfig(users, ...erp), "-dd");
  const client = await joined(t, 1, network("GPSK", "anna@example.com"));
  await client.ping(apAddress);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=51/), 1);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-STARTED/), 2);
  assert.equal(await daemon.cli("raw", "ERP_FLUSH"), "OK");
});

test("users of the file, another file, methods that the client wants instead", async (t) => {
  const users = ['"anna" PAX,GPSK "abcdefghijklmnop0123456789abcdef"', `"carl"* MSCHAPV2 "${secret}"`];
  const userFile = await usersIn(...users);
  const config = eapConfig(userFile, "eap_message=who are you?");
  const daemon = await accessPoint(t, config, "-dd");
  const anna = await joined(t, 1, network("GPSK", "anna"));
  await anna.ping(apAddress);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=46/), 1);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=51/), 1);

  const dora = await station(t, { radio: 2, network: network("GPSK", "dora") });
  await daemon.log.waitFor(/EAP failed: there is no user 'dora'/);
  await writeFile(userFile, `${[...users, `"dora" GPSK "${secret}"`].join("\n")}\n`);
  assert.equal(await daemon.cli("raw", "RELOAD_CONFIG"), "OK");
  await dora.connected();
  await dora.setAddress(cidr(addressOf(2)));
  await dora.ping(apAddress);
  await anna.ping(apAddress);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-STARTED 02:00:00:00:01:00/), 1, "nobody has to go for another file");
});

test("methods whose arithmetic is done on a thread", async (t) => {
  const users = await usersIn(`"paul" PWD "${secret}"`, `"eve" EKE "${secret}"`);
  const daemon = await accessPoint(t, eapConfig(users, "pwd_group=21"), "-dd");
  const paul = await joined(t, 1, network("PWD", "paul", { phase1: "eap_pwd_groups=19-21" }));
  await paul.ping(apAddress);
  const eve = await joined(t, 2, network("EKE", "eve", { phase1: "dhgroup=5 encr=1 prf=2 mac=2" }));
  await eve.ping(apAddress);
  assert.equal(told(daemon, /a thread for EAP failed/), 0);
});
