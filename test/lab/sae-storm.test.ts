// lab: radios=4, no-capture, timeout=600
/** SAE Commits from a new address each, a lot of them, for a minute: who is in stays in, who wants in gets in. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { openInjector } from "../../lab/guest/injection.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { radio } from "../../lab/guest/radios.ts";
import { station } from "../../lab/guest/station.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import { bytesOfHex } from "../../src/base/bytes.ts";
import { type MacAddress, macAddressOf } from "../../src/base/mac-address.ts";
import { encodeAuthentication } from "../../src/wire/ieee80211/authentication.ts";
import { encodeManagementFrame } from "../../src/wire/ieee80211/frame.ts";
import { statusCode } from "../../src/wire/ieee80211/status-code.ts";
import { saeLoopingVector } from "../vectors/sae.ts";
import { apAddress, cidr, joined, openConfig, passphrase, wpa2Network } from "./networks.ts";

/** As many as take a bearable time to send: src/ap/sae-storm.test.ts has five thousand, without a kernel. */
const perSecond = 150;
const seconds = 60;

const ssid = "castle";
const config = openConfig(
  ssid,
  "wpa=2",
  "rsn_pairwise=CCMP",
  "ieee80211w=1",
  "sae_pwe=2",
  "wpa_key_mgmt=WPA-PSK SAE",
  `wpa_passphrase=${passphrase}`,
);

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const residentMemory = async (pid: number): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);

/** A scalar and a point that are good: only arithmetic would show that nobody stands behind them. */
const goodCommit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();

function commitOf(index: number, bssid: MacAddress): Uint8Array {
  const transmitter = macAddressOf(Uint8Array.of(0x02, 0x99, index >> 24, index >> 16, index >> 8, index));
  const status = index % 2 === 0 ? statusCode.success : statusCode["sae-hash-to-element"];
  const body = encodeAuthentication({ algorithm: 3, transaction: 1, status, fields: goodCommit, elements: [] });
  return encodeManagementFrame({ subtype: "authentication", receiver: bssid, transmitter, bssid }, body);
}

test(`${perSecond} Commits a second for ${seconds} seconds`, async (t) => {
  const daemon = await startDaemon(t, { config });
  await setAddress("wlan0", cidr(apAddress));
  const member = await joined(t, 1, wpa2Network(ssid));
  await startPeer(t, { name: "ap" });
  const traffic = await startPeer(t, {
    name: "member",
    namespace: member.namespace,
    ask: [{ to: apAddress, every: 0.1 }],
  });
  const bssid = (await radio(0)).address as MacAddress;
  const send = await openInjector(t, await radio(3), 2412);
  const memory: number[] = [await residentMemory(daemon.pid)];

  const began = performance.now();
  let sent = 0;
  let newcomer: Promise<number> | undefined;
  for (let second = 0; second < seconds; second++) {
    while (performance.now() - began < second * 1000) {
      const due = Math.min(((performance.now() - began) * perSecond) / 1000, second * perSecond);
      while (sent < due) send(commitOf(sent++, bssid));
      await sleep(1);
    }
    if (second === 20) {
      const from = performance.now();
      newcomer = station(t, {
        radio: 2,
        network: { ssid, key_mgmt: "SAE", ieee80211w: 2, scan_freq: 2412, sae_password: passphrase },
        global: "sae_pwe=2",
      }).then(async (client) => {
        await client.connected();
        return performance.now() - from;
      });
    }
    if (second % 10 === 9) memory.push(await residentMemory(daemon.pid));
  }
  t.diagnostic(`${sent} Commits in ${performance.now() - began} ms; KiB resident: ${memory.join(", ")}`);

  const joining = await newcomer;
  t.diagnostic(`the newcomer was in after ${joining} ms`);
  assert.ok(joining !== undefined && joining < 5000);
  const { asked, answered } = (await traffic.finish())[apAddress] ?? {};
  assert.ok(asked !== undefined && asked > 10 * (seconds - 10), `${asked} questions`);
  assert.deepEqual(answered, { [apAddress]: asked });
  assert.ok(!member.log.text.includes("CTRL-EVENT-DISCONNECTED"));
  const growth = (memory.at(-1) ?? 0) - (memory[1] ?? 0);
  assert.ok(growth < 20_000, `${growth} KiB more than at first`);
  assert.ok((memory.at(-1) ?? 0) < 160_000, `${memory.at(-1)} KiB`);
  assert.ok(daemon.log.lines.length < 20_000, `${daemon.log.lines.length} lines in the log`);
});
