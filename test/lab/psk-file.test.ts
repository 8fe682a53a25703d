// lab: radios=5, timeout=240
/** Keys of single devices: wpa_psk_file with stock clients, short and long, and what a reload of it does to them. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { radio } from "../../lab/guest/radios.ts";
import type { Network, Station } from "../../lab/guest/station.ts";
import { derivePskNow } from "../../src/crypto/psk.ts";
import { accessPoint, apAddress, fileWith, joined, openConfig, passphrase, wpa2Config } from "./networks.ts";

const ssid = "many keys";
const anybody = "00:00:00:00:00:00";
const network = (psk: string, more: Readonly<Record<string, string>> = {}): Network => ({
  ssid,
  psk,
  scan_freq: 2412,
  ...more,
});
const hexKey = (text: string): string =>
  Buffer.from(derivePskNow(Buffer.from(text), Buffer.from(ssid))).toString("hex");

/** What the daemon says of a station that has joined. */
const connection = async (daemon: Daemon, { address }: Station): Promise<string> =>
  (await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${address}.*`), { fromStart: true }))[0];
const keyIdOf = async (daemon: Daemon, { address }: Station): Promise<string | undefined> =>
  /^keyid=(.*)$/m.exec(await daemon.cli("sta", address))?.[1];

test("each with its own: by address, for anybody, as hexadecimal key, and the network's", async (t) => {
  const [first, second] = [await radio(1), await radio(2)];
  const file = await fileWith(
    "keys",
    [
      "# devices",
      `keyid=first ${first.address} one of two for me`,
      `keyid=again ${first.address} two of two for me`,
      `keyid=second ${second.address} ${hexKey("that nobody types")}`,
      `keyid=guests ${anybody} for everybody`,
      "",
    ].join("\n"),
  );
  const daemon = await accessPoint(t, wpa2Config(ssid, `wpa_psk_file=${file}`));
  const clients: readonly [number, string, string | undefined][] = [
    [1, "two of two for me", "again"],
    [2, "that nobody types", "second"],
    [3, "for everybody", "guests"],
    [4, passphrase, undefined],
  ];
  const stations: Station[] = [];
  for (const [number, secret, keyId] of clients) {
    const client = await joined(t, number, network(secret));
    assert.match(await connection(daemon, client), keyId === undefined ? /..$/ : new RegExp(` keyid=${keyId}$`));
    assert.equal(await keyIdOf(daemon, client), keyId);
    await client.ping(apAddress);
    stations.push(client);
  }
  const [one, , thief] = stations;
  assert.ok(one && thief);
  await useKey(one, "one of two for me");
  await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${one.address} keyid=first`));
  await one.connected();
  await one.ping(apAddress);

  await useKey(thief, "two of two for me");
  await daemon.log.waitFor(new RegExp(`AP-STA-POSSIBLE-PSK-MISMATCH ${thief.address}`));
  await one.ping(apAddress);
});

async function useKey(client: Station, secret: string): Promise<void> {
  await client.cli("disconnect");
  await client.disconnected();
  await client.cli("set_network", "0", "psk", `"${secret}"`);
  await client.cli("reconnect");
}

test("RELOAD_WPA_PSK: whose key is gone has to leave, the others keep their connection and get their new names", async (t) => {
  const [first] = [await radio(1)];
  const file = await fileWith(
    "keys",
    `${first.address} the first one's\n${anybody} goes away\n${anybody} becomes a key\n`,
  );
  const daemon = await accessPoint(t, wpa2Config(ssid, `wpa_psk_file=${file}`));
  const stays = await joined(t, 1, network("the first one's"));
  const goes = await joined(t, 2, network("goes away"));
  const changes = await joined(t, 3, network("becomes a key"));
  const networks = await joined(t, 4, network(passphrase));
  for (const client of [stays, goes, changes, networks]) {
    await client.ping(apAddress);
    client.log.skip();
  }
  writeFileSync(
    file,
    `keyid=own ${first.address} the first one's\nkeyid=hex ${anybody} ${hexKey("becomes a key")}\n${anybody} is new here\n`,
  );
  assert.equal(await daemon.cli("reload_wpa_psk"), "OK");
  assert.equal(await goes.disconnected(), 2);
  await daemon.log.waitFor(new RegExp(`STA ${goes.address} PSK/passphrase no longer valid - disconnect`));
  for (const client of [stays, changes, networks]) {
    await client.ping(apAddress);
    await client.log.staysWithout(/CTRL-EVENT-DISCONNECTED/, 2);
  }
  assert.equal(await keyIdOf(daemon, stays), "own");
  assert.equal(await keyIdOf(daemon, changes), "hex");
  await useKey(goes, "is new here");
  await goes.connected({ timeout: 60 });
  // With the new table a new handshake finds the same key.
  assert.equal(await daemon.cli("raw", "REKEY_PTK", stays.address), "OK");
  await daemon.log.waitFor(/pairwise key handshake completed/);
  await stays.ping(apAddress);
});

test("a wrong file keeps the keys that were, with its errors where they are", async (t) => {
  const file = await fileWith("keys", `${anybody} for everybody\n`);
  const daemon = await accessPoint(t, wpa2Config(ssid, `wpa_psk_file=${file}`));
  const client = await joined(t, 1, network("for everybody"));
  const wrong: readonly [line: string, said: RegExp][] = [
    [`${anybody} short`, /keys:2:19: error: 5 octets are neither/],
    ["02:00:00:00:00 long enough", /keys:2:1: error: a MAC address is wanted/],
    ["02-00-00-00-00-01 long enough", /did you mean '02:00:00:00:00:01'/],
    [`vlan=7 ${anybody} long enough`, /keys:2:1: error: keyid=, vlanid=, wps=/],
    [`keyid=${"k".repeat(32)} ${anybody} long enough`, /keys:2:7: error: a keyid has at most 31 octets/],
    [`${anybody}`, /keys:2:1: error: the passphrase or key is missing/],
  ];
  for (const [line, said] of wrong) {
    writeFileSync(file, `${anybody} another one\n${line}\n`);
    assert.equal(await daemon.cli("reload_wpa_psk"), "FAIL", line);
    await daemon.log.waitFor(said);
    daemon.kill("SIGHUP");
    await daemon.log.waitFor(said);
    await client.ping(apAddress);
  }
  const other = await joined(t, 2, network("for everybody"));
  await other.ping(apAddress);
});

for (const { kind, lines, more } of [
  { kind: "WPA2", lines: ["wpa=2", "rsn_pairwise=CCMP"], more: {} },
  {
    kind: "WPA2 with SHA-256",
    lines: ["wpa=2", "wpa_key_mgmt=WPA-PSK-SHA256", "rsn_pairwise=CCMP"],
    more: { key_mgmt: "WPA-PSK-SHA256" },
  },
  { kind: "WPA", lines: ["wpa=1", "wpa_pairwise=TKIP"], more: { proto: "WPA", pairwise: "TKIP", group: "TKIP" } },
]) {
  test(`${kind}, a thousand passphrases: on the air at once, and a station waits for its own only`, async (t) => {
    const count = 1000;
    const own = await radio(1);
    const entries = Array.from({ length: count }, (_, i) => `keyid=k${i} ${anybody} passphrase number ${i}\n`);
    entries.splice(10, 0, `keyid=mine ${own.address} mine alone\n`);
    const file = await fileWith("keys", entries.join(""));
    const daemon = await accessPoint(t, openConfig(ssid, ...lines, `wpa_psk_file=${file}`));
    for (const [number, secret, keyId] of [
      [1, "mine alone", "mine"],
      [2, `passphrase number ${count - 1}`, `k${count - 1}`],
      [3, "passphrase number 0", "k0"],
    ] as const) {
      const client = await joined(t, number, network(secret, more), {});
      assert.match(await connection(daemon, client), new RegExp(` keyid=${keyId}$`));
      await client.ping(apAddress);
    }
    assert.equal(await daemon.cli("ping"), "PONG");
  });
}
