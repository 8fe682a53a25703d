// lab: radios=3
/** The EAP server in the access point with stock clients: its users, its words, and coming in again with one message. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";
import { accessPoint, apAddress, fileWith, joined, openConfig } from "./networks.ts";

const ssid = "castle";
const secret = "abcdefghijklmnop0123456789abcdef";

const eapConfig = async (users: readonly string[], ...lines: readonly string[]): Promise<string> => {
  const file = await fileWith("users", `${users.join("\n")}\n`);
  const wpa = ["wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP"];
  return openConfig(ssid, "ieee8021x=1", "eap_server=1", `eap_user_file=${file}`, ...wpa, ...lines);
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

/** With nothing remembered but what ERP remembers. */
async function comesAnew(daemon: Daemon, client: Station): Promise<void> {
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("pmksa_flush");
  assert.equal(await daemon.cli("raw", "PMKSA_FLUSH"), "OK");
  await client.cli("reconnect");
  await client.connected();
  await client.ping(apAddress);
}

test("coming in again with one message, until the keys are forgotten (ERP)", async (t) => {
  const config = await eapConfig(
    [`"anna@example.com" GPSK "${secret}"`],
    "eap_server_erp=1",
    "erp_send_reauth_start=1",
    "erp_domain=example.com",
  );
  const daemon = await accessPoint(t, config, "-dd");
  const client = await joined(t, 1, network("GPSK", "anna@example.com", { erp: 1 }));
  await client.ping(apAddress);
  const inFull = /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=51/;
  assert.equal(told(daemon, inFull), 1);

  for (let again = 2; again < 5; again++) {
    await comesAnew(daemon, client);
    assert.equal(told(daemon, inFull), 1, "it had to authenticate in full");
    assert.equal(told(daemon, /CTRL-EVENT-EAP-SUCCESS/), again);
  }

  assert.equal(await daemon.cli("raw", "ERP_FLUSH"), "OK");
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("pmksa_flush");
  assert.equal(await daemon.cli("raw", "PMKSA_FLUSH"), "OK");
  await client.cli("reconnect");
  await daemon.log.waitFor(/EAP failed: there is no key for re-authentication with the name [0-9a-f]{16}@example.com/);
});

test("users of the file, another file, methods that the client wants instead", async (t) => {
  const users = ['"anna" PAX,GPSK "abcdefghijklmnop0123456789abcdef"', `"carl"* MSCHAPV2 "${secret}"`];
  const config = await eapConfig(users, "eap_message=who are you?");
  const daemon = await accessPoint(t, config, "-dd");
  const anna = await joined(t, 1, network("GPSK", "anna"));
  await anna.ping(apAddress);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=46/), 1);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-PROPOSED-METHOD vendor=0 method=51/), 1);

  const dora = await station(t, { radio: 2, network: network("GPSK", "dora") });
  await daemon.log.waitFor(/EAP failed: there is no user 'dora'/);
  await fileWith("users", `${[...users, `"dora" GPSK "${secret}"`].join("\n")}\n`);
  assert.equal(await daemon.cli("raw", "RELOAD_CONFIG"), "OK");
  await dora.connected();
  await dora.ping(apAddress);
  await anna.ping(apAddress);
  assert.equal(told(daemon, /CTRL-EVENT-EAP-STARTED 02:00:00:00:01:00/), 1, "nobody has to go for another file");
});
