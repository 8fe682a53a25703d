// lab: radios=3
/** The RADIUS server beside an access point: the network's stations are let in and accounted for by its own process, over RADIUS. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { accessPoint, apAddress, fileWith, joined, openConfig, sleep } from "./networks.ts";

const secret = "radius secret";

test("one process is access point, RADIUS client and RADIUS server", async (t) => {
  const users = await fileWith(
    "users",
    '"anna" GPSK "abcdefghijklmnop0123456789abcdef"\nradius_accept_attr=27:d:600\n',
  );
  const clients = await fileWith("clients", `127.0.0.1 ${secret}\n`);
  const records = await fileWith("records", "");
  const server = [
    `radius_server_clients=${clients}`,
    "radius_server_acct_port=1813",
    `radius_server_acct_file=${records}`,
    "radius_server_acct_log=1",
    `eap_user_file=${users}`,
  ];
  const client = ["auth", "acct"].flatMap((kind) => [
    `${kind}_server_addr=127.0.0.1`,
    `${kind}_server_shared_secret=${secret}`,
  ]);
  const wpa = ["wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP", "ieee8021x=1", "own_ip_addr=127.0.0.1"];
  const daemon = await accessPoint(t, openConfig("castle", ...wpa, ...client, ...server), "-dd");
  const anna = await joined(t, 1, {
    ssid: "castle",
    scan_freq: 2412,
    key_mgmt: "WPA-EAP",
    eap: "GPSK",
    identity: "anna",
    password: "abcdefghijklmnop0123456789abcdef",
  });
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
