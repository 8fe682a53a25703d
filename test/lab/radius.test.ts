// lab: radios=4
/** RADIUS: FreeRADIUS lets stations in, is told of them, and its radclient sends them away. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { startFreeRadius } from "../../lab/guest/free-radius.ts";
import { radio } from "../../lab/guest/radios.ts";
import { type Network, station } from "../../lab/guest/station.ts";
import { fileWith, openConfig, openNetwork, sleep } from "./networks.ts";
import { radclient } from "./radius.ts";

const secret = "radius secret";
const dasSecret = "das secret";
const servers = [
  "own_ip_addr=127.0.0.1",
  "nas_identifier=ap.example.org",
  ...["auth", "acct"].flatMap((kind) => [`${kind}_server_addr=127.0.0.1`, `${kind}_server_shared_secret=${secret}`]),
];
const authorization = ["radius_das_port=3799", `radius_das_client=127.0.0.1 ${dasSecret}`];

const bare = (address: string): string => address.replaceAll(":", "");

/** Waits until it holds. @param patience seconds */
async function becomes<T>(what: () => T, holds: (value: T) => boolean, patience = 20): Promise<T> {
  for (let round = 0; round < 5 * patience; round++) {
    const value = what();
    if (holds(value)) return value;
    await sleep(200);
  }
  const value = what();
  assert.ok(holds(value), JSON.stringify(value));
  return value;
}

test("addresses: who is known gets in, into its VLAN, and is accounted for; nobody else does", async (t) => {
  const one = await radio(1);
  const server = await startFreeRadius(t, {
    secret,
    users: [
      `${bare(one.address)} Cleartext-Password := "${bare(one.address)}"`,
      "  Tunnel-Type = VLAN, Tunnel-Medium-Type = IEEE-802, Tunnel-Private-Group-Id = 7, Class = 0x676f6c64",
      "DEFAULT Auth-Type := Reject",
      '  Reply-Message = "Unknown device"',
    ],
  });
  const config = openConfig("lobby", "macaddr_acl=2", "dynamic_vlan=1", "radius_acct_interim_interval=60", ...servers);
  const daemon = await startDaemon(t, { config });
  const member = await station(t, { radio: 1, network: openNetwork("lobby") });
  await member.connected();
  assert.match(await daemon.cli("sta", member.address), /^vlan_id=7$/m);
  const stranger = await station(t, { radio: 2, network: openNetwork("lobby") });
  await daemon.log.waitFor(/the server refuses it: Unknown device/);
  await stranger.log.staysWithout(/CTRL-EVENT-CONNECTED/, 5);
  await sleep(130_000);
  await member.cli("disconnect");
  const records = await becomes(
    () => server.records(),
    (all) => all.some((each) => each["Acct-Status-Type"] === "Stop"),
  );
  const kinds = records.map((record) => record["Acct-Status-Type"]);
  assert.deepEqual(kinds, ["Accounting-On", "Start", "Interim-Update", "Interim-Update", "Stop"]);
  const [, begun, , , ended] = records;
  assert.equal(begun?.["User-Name"], bare(one.address));
  assert.equal(begun["Class"], "0x676f6c64");
  assert.equal(begun["NAS-Identifier"], "ap.example.org");
  assert.match(begun["Called-Station-Id"] ?? "", /:lobby$/);
  assert.equal(ended?.["Acct-Terminate-Cause"], "User-Request");
  assert.equal(ended["Acct-Session-Id"], begun["Acct-Session-Id"]);
  assert.ok(Number(ended["Acct-Session-Time"]) >= 130);
  assert.match(await daemon.cli("mib"), /^radiusAccClientResponses=5$/m);
  await daemon.stop();
  await becomes(
    () => server.records(),
    (all) => all.at(-1)?.["Acct-Status-Type"] === "Accounting-Off",
  );
});

test("a pre-shared key from the server for each station", async (t) => {
  const [one, two] = [await radio(1), await radio(2)];
  const user = (address: string, password: string): string[] => [
    `${bare(address)} Cleartext-Password := "${bare(address)}"`,
    `  Tunnel-Password = "${password}"`,
  ];
  await startFreeRadius(t, {
    secret,
    users: [...user(one.address, "first passphrase"), ...user(two.address, "second passphrase")],
  });
  const keys = ["wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", "macaddr_acl=2", "wpa_psk_radius=2"];
  await startDaemon(t, { config: openConfig("house", ...keys, ...servers) });
  const network = (psk: string): Network => ({ ssid: "house", psk, scan_freq: 2412 });
  const first = await station(t, { radio: 1, network: network("first passphrase") });
  await first.connected();
  const second = await station(t, { radio: 2, network: network("second passphrase") });
  await second.connected();
});

test("IEEE 802.1X: keys and grants from the server; radclient changes and ends the session", async (t) => {
  const server = await startFreeRadius(t, {
    secret,
    users: ['alice Cleartext-Password := "wonderland"', "  Class = 0x6f6e65, Acct-Interim-Interval = 600"],
  });
  const eap = ["wpa=2", "wpa_key_mgmt=WPA-EAP", "rsn_pairwise=CCMP", "ieee8021x=1", "dynamic_vlan=1"];
  const daemon = await startDaemon(t, { config: openConfig("office", ...eap, ...servers, ...authorization) });
  const client = await station(t, {
    radio: 1,
    network: {
      ssid: "office",
      key_mgmt: "WPA-EAP",
      eap: "PWD",
      identity: "alice",
      password: "wonderland",
      scan_freq: 2412,
    },
  });
  await client.connected();
  const [, begun] = await becomes(
    () => server.records(),
    (all) => all.length >= 2,
  );
  assert.equal(begun?.["User-Name"], "alice");
  assert.equal(begun["Class"], "0x6f6e65");
  assert.match(begun["Acct-Multi-Session-Id"] ?? "", /^[0-9A-F]{16}$/);
  assert.equal(begun["WLAN-AKM-Suite"], String(0x000fac01));

  const nobody = await radclient("disconnect", dasSecret, "User-Name=bob");
  assert.equal(nobody, "Disconnect-NAK");
  assert.equal(
    await radclient(
      "coa",
      dasSecret,
      "User-Name=alice",
      "Tunnel-Type=VLAN",
      "Tunnel-Medium-Type=IEEE-802",
      "Tunnel-Private-Group-Id=9",
    ),
    "CoA-ACK",
  );
  assert.match(await daemon.cli("sta", client.address), /^vlan_id=9$/m);
  assert.equal(
    await radclient("disconnect", dasSecret, `Acct-Session-Id=${begun["Acct-Session-Id"]}`),
    "Disconnect-ACK",
  );
  await client.disconnected();
  const stop = await becomes(
    () => server.records().find((each) => each["Acct-Status-Type"] === "Stop"),
    (found) => found !== undefined,
  );
  assert.equal(stop?.["Acct-Terminate-Cause"], "Admin-Reset");
  // It comes back, and proves itself anew.
  await client.connected();
  await client.log.waitFor(/CTRL-EVENT-EAP-SUCCESS/, { fromStart: true });
});

test("records wait for a server that is away", async (t) => {
  const daemon = await startDaemon(t, { config: openConfig("shelter", ...servers) });
  const client = await station(t, { radio: 1, network: openNetwork("shelter") });
  await client.connected();
  await client.cli("disconnect");
  await sleep(600_000);
  assert.match(await daemon.cli("mib"), /^radiusAccClientPendingRequests=3$/m);
  const server = await startFreeRadius(t, { secret, users: [] });
  const records = await becomes(
    () => server.records(),
    (all) => all.length >= 3,
    130,
  );
  assert.deepEqual(records.map((each) => each["Acct-Status-Type"]).sort(), ["Accounting-On", "Start", "Stop"]);
  assert.ok(records.every((each) => Number(each["Acct-Delay-Time"]) >= 500));
});

test("a daemon that is killed: the next one tells what it was doing", async (t) => {
  const journal = await fileWith("journal", "");
  const config = openConfig("shelter", `radius_acct_journal=${journal}`, ...servers);
  const first = await startDaemon(t, { config });
  const client = await station(t, { radio: 1, network: openNetwork("shelter") });
  await client.connected();
  await sleep(310_000);
  await first.stop("SIGKILL");
  await client.stop();
  const server = await startFreeRadius(t, { secret, users: [] });
  const next = await startDaemon(t, { config });
  const records = await becomes(
    () => server.records(),
    (all) => all.length >= 4,
  );
  const told = records.map((each) => [each["Acct-Status-Type"], each["Acct-Terminate-Cause"]]);
  assert.deepEqual(told.sort(), [
    ["Accounting-On", undefined],
    ["Accounting-On", undefined],
    ["Start", undefined],
    ["Stop", "NAS-Reboot"],
  ]);
  const stop = records.find((each) => each["Acct-Status-Type"] === "Stop");
  assert.ok(Number(stop?.["Acct-Session-Time"]) >= 300);
  await next.stop();
  const after = await startDaemon(t, { config });
  await becomes(
    () => server.records(),
    (all) => all.length >= 6,
  );
  assert.deepEqual(
    server
      .records()
      .slice(4)
      .map((each) => each["Acct-Status-Type"]),
    ["Accounting-Off", "Accounting-On"],
    "nothing twice",
  );
  await after.stop();
});

test("over TLS: asked and told with certificates at both ends; an unknown authority is refused", async (t) => {
  const one = await radio(1);
  const users = [`${bare(one.address)} Cleartext-Password := "${bare(one.address)}"`];
  const server = await startFreeRadius(t, { secret, users, tls: true });
  const { authority, client, clientKey } = server.certificates;
  const lines = (kind: string, ca: string): string[] => [
    `${kind}_server_addr=127.0.0.1`,
    `${kind}_server_port=2083`,
    `${kind}_server_type=TLS`,
    `${kind}_server_shared_secret=radsec`,
    `${kind}_server_ca_cert=${ca}`,
    `${kind}_server_client_cert=${client}`,
    `${kind}_server_private_key=${clientKey}`,
  ];
  const config = (ca: string): string =>
    openConfig("vault", "macaddr_acl=2", ...lines("auth", ca), ...lines("acct", ca));
  const wary = await startDaemon(t, { config: config(client) });
  await wary.log.waitFor(/Accounting server 127\.0\.0\.1: .*certificate/);
  await wary.stop();
  await startDaemon(t, { config: config(authority) });
  const member = await station(t, { radio: 1, network: openNetwork("vault") });
  await member.connected();
  await becomes(
    () => server.records(),
    (all) => all.some((each) => each["Acct-Status-Type"] === "Start"),
  );
});
