// lab: radios=4
/** The RADIUS server beside an access point: the network's stations are let in and accounted for by its own process, over RADIUS. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { type Network, station } from "../../lab/guest/station.ts";
import { accessPoint, apAddress, fileWith, joined, openConfig, sleep } from "./networks.ts";
import { radclient } from "./radius.ts";

const secret = "radius secret";
const password = "abcdefghijklmnop0123456789abcdef";
const network = (identity: string): Network => ({
  ssid: "castle",
  scan_freq: 2412,
  key_mgmt: "WPA-EAP",
  eap: "GPSK",
  identity,
  password,
});

/** An access point whose stations are asked about in its own process, over RADIUS. @param users lines of the file of users */
async function castle(users: readonly string[], more: readonly string[] = []): Promise<string> {
  const userFile = await fileWith("users", `${users.join("\n")}\n`);
  const clients = await fileWith("clients", `127.0.0.1 ${secret}\n`);
  const server = [`radius_server_clients=${clients}`, "radius_server_acct_port=1813", `eap_user_file=${userFile}`];
  const client = ["auth", "acct"].flatMap((kind) => [
    `${kind}_server_addr=127.0.0.1`,
    `${kind}_server_shared_secret=${secret}`,
  ]);
  const wpa = ["wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP", "ieee8021x=1", "own_ip_addr=127.0.0.1"];
  return openConfig("castle", ...wpa, ...client, ...server, ...more);
}

test("one process is access point, RADIUS client and RADIUS server", async (t) => {
  const records = await fileWith("records", "");
  const users = [`"anna" GPSK "${password}"`, "radius_accept_attr=27:d:600"];
  const written = [`radius_server_acct_file=${records}`, "radius_server_acct_log=1"];
  const daemon = await accessPoint(t, await castle(users, written), "-dd");
  const anna = await joined(t, 1, network("anna"));
  await anna.ping(apAddress);
  assert.match(await daemon.cli("mib", "radius_server"), /^radiusAuthServTotalAccessAccepts=1$/m);
  await anna.cli("disconnect");
  await daemon.log.waitFor(/RADIUS ACCT: .* status='Accounting-Stop'/);
  await sleep(200);
  const lines = (await readFile(records, "utf8")).trim().split("\n");
  const kinds = lines.map((line) => (JSON.parse(line) as Record<string, unknown>)["Acct-Status-Type"]);
  assert.deepEqual(kinds, ["Accounting-On", "Start", "Stop"]);
  const stop = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
  assert.equal(stop["Calling-Station-Id"], anna.address.replaceAll(":", "-").toUpperCase());
  assert.equal(stop["client"], "127.0.0.1");
});

test("what each user's lines grant: a VLAN, a session that is proved anew, one that ends, one that may not be idle; and CoA", async (t) => {
  const entry = (name: string, ...attributes: readonly string[]): string[] => [
    `"${name}" GPSK "${password}"`,
    ...attributes.map((attribute) => `radius_accept_attr=${attribute}`),
  ];
  const users = [
    ...entry("anna", "64:d:13", "65:d:6", "81:s:7", "27:d:300", "29:d:1"),
    ...entry("bert", "27:d:300"),
    ...entry("cara", "28:d:400"),
  ];
  const authorization = ["radius_das_port=3799", `radius_das_client=127.0.0.1 ${secret}`];
  const daemon = await accessPoint(t, await castle(users, ["dynamic_vlan=1", ...authorization]));
  const anna = await station(t, { radio: 1, network: network("anna") });
  await anna.connected();
  assert.match(await daemon.cli("sta", anna.address), /^vlan_id=7$/m);
  const bert = await joined(t, 2, network("bert"));
  await bert.ping(apAddress);
  assert.doesNotMatch(await daemon.cli("sta", bert.address), /^vlan_id=/m);

  await daemon.log.waitFor(new RegExp(`${bert.address} IEEE 802.11: deauthenticated due to session timeout`), {
    timeout: 400,
  });
  await anna.log.waitFor(/CTRL-EVENT-EAP-SUCCESS/, { timeout: 30 });
  const left = `AP-STA-DISCONNECTED ${anna.address}`;
  assert.ok(!daemon.log.lines.some((line) => line.includes(left)), "she has proved herself anew where she is");
  assert.match(await daemon.cli("sta", anna.address), /^vlan_id=7$/m);
  await bert.connected();

  const coa = await radclient(
    "coa",
    secret,
    "User-Name=anna",
    "Tunnel-Type=VLAN",
    "Tunnel-Medium-Type=IEEE-802",
    "Tunnel-Private-Group-Id=9",
    "Session-Timeout=100",
    "Termination-Action=Default",
  );
  assert.equal(coa, "CoA-ACK");
  assert.match(await daemon.cli("sta", anna.address), /^vlan_id=9$/m);
  await anna.disconnected({ timeout: 130 });

  const cara = await joined(t, 3, network("cara"));
  assert.equal(await daemon.cli("raw", "DAC_REQUEST", "disconnect", "02:00:00:00:99:99"), "FAIL");
  assert.equal(await daemon.cli("raw", "DAC_REQUEST", "disconnect", cara.address), "OK");
  await daemon.log.waitFor(new RegExp(`Disconnect-Request for ${cara.address} to 127.0.0.1: done`));
  await cara.disconnected();
  await cara.connected();
  // Else it asks for routers, again and again.
  await cara.run("sysctl", "-q", "-w", `net.ipv6.conf.${cara.interface}.disable_ipv6=1`);
  await cara.ping(apAddress);
  await daemon.log.waitFor(new RegExp(`${cara.address} IEEE 802.11: deauthenticated: idle for 400 seconds`), {
    timeout: 600,
  });
  await daemon.stop();
  assert.ok(
    !daemon.log.lines.some((line) => line.includes("RADIUS message")),
    "debug lines are nobody's at the end either",
  );
});
