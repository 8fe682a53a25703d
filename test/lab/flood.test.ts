// lab: radios=4, no-capture
/** Nonsense from the air, a lot of it, while others have their connection. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import type { Daemon } from "../../lab/guest/daemon.ts";
import { openInjector } from "../../lab/guest/injection.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import { startPeer } from "../../lab/guest/traffic.ts";
import { concat, utf8 } from "../../src/base/bytes.ts";
import { broadcast, encodeMacAddress, type MacAddress, parseMacAddress } from "../../src/base/mac-address.ts";
import { encodeManagementFrame, type ManagementAddressing } from "../../src/wire/ieee80211/frame.ts";
import { accessPoint, addressOf, apAddress, joined, sleep, wasDisturbed, wpa2Config, wpa2Network } from "./networks.ts";

/** The same at each run. Mulberry32. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const random = randomNumbers(20);
const octets = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
const pick = <T>(...from: readonly T[]): T => from[random(from.length)] as T;

const mac = (text: string): MacAddress => {
  const address = parseMacAddress(text);
  if (address === undefined) throw new Error(`${text} is no MAC address`);
  return address;
};

/** One of a few hundred strangers. */
const stranger = (): MacAddress => mac(`02:99:00:00:0${random(2)}:${random(256).toString(16).padStart(2, "0")}`);

const element = (id: number, data: Uint8Array): Uint8Array => concat(Uint8Array.of(id, data.length), data);
const ssid = element(0, utf8("castle"));
const rates = element(1, Uint8Array.of(0x82, 0x84, 0x8b, 0x96));
const rsne = element(48, Uint8Array.from(Buffer.from("0100000fac040100000fac040100000fac020000", "hex")));

/** Elements that say they are longer than what is there. */
const brokenElements = (): Uint8Array =>
  concat(octets(random(40)), Uint8Array.of(pick(0, 1, 45, 48, 221), 200), octets(5));

/** What no decoder can take whole: it may bear the name of a station that is in, which must not suffer. */
const malformed: readonly ((...from: MacAddress[]) => [ManagementAddressing["subtype"], Uint8Array])[] = [
  () => ["authentication", octets(random(6))],
  () => ["association-request", octets(random(4))],
  () => ["reassociation-request", octets(random(10))],
  () => ["deauthentication", octets(random(2))],
  () => ["disassociation", octets(random(2))],
  () => ["association-request", concat(octets(4), brokenElements())],
  () => ["reassociation-request", concat(octets(10), brokenElements())],
  () => ["probe-request", brokenElements()],
  () => ["action", octets(random(3))],
  () => ["action", concat(Uint8Array.of(8, random(3)), octets(random(2)))],
  () => ["beacon", octets(random(12))],
  () => ["atim", octets(random(30))],
];

/** Well formed, and out of place. Only strangers send it. */
const misplaced: typeof malformed = [
  () => ["authentication", Uint8Array.of(random(8), 0, random(5), 0, random(3), 0)],
  () => ["authentication", Uint8Array.of(0, 0, 1, 0, 0, 0)],
  () => ["association-request", concat(Uint8Array.of(0x31, 4, 10, 0), ssid, rates, pick(rsne, octets(0)))],
  () => ["association-request", concat(Uint8Array.of(0x31, 4, 10, 0), element(0, octets(32)), rates)],
  () => ["association-request", concat(Uint8Array.of(0x31, 4, 10, 0), ssid, rates, element(48, octets(random(60))))],
  () => ["association-request", concat(Uint8Array.of(0x31, 4, 10, 0), ssid, rates, element(45, octets(random(40))))],
  () => ["deauthentication", octets(2)],
  () => ["probe-request", concat(pick(ssid, element(0, octets(0))), rates, octets(2).fill(0))],
  () => ["action", concat(Uint8Array.of(random(256)), octets(random(60)))],
];

/** IEEE Std 802.11-2020, 9.3.2.1: a data frame to the DS with an EAPOL PDU. */
function eapolFrame(from: MacAddress, to: MacAddress, pdu: Uint8Array): Uint8Array {
  const [receiver, transmitter] = [encodeMacAddress(to), encodeMacAddress(from)];
  const snap = Uint8Array.of(0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e);
  return concat(Uint8Array.of(0x08, 0x01, 0, 0), receiver, transmitter, receiver, Uint8Array.of(0, 0), snap, pdu);
}

/** EAPOL of all kinds: cut off, with lengths that lie, and EAPOL-Keys with whatever MIC. */
function eapolPdu(): Uint8Array {
  const header = (type: number, length: number): Uint8Array =>
    Uint8Array.of(pick(0, 1, 2, 3, 255), type, length >> 8, length & 255);
  const key = (information: number, data: Uint8Array): Uint8Array => {
    const counter = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, random(6));
    const fixed = concat(
      Uint8Array.of(2, information >> 8, information & 255, 0, 16),
      counter,
      octets(32),
      octets(16 + 8 + 8 + 16),
    );
    const body = concat(fixed, Uint8Array.of(data.length >> 8, data.length & 255), data);
    return concat(header(3, body.length), body);
  };
  return pick(
    () => octets(random(8)),
    () => concat(header(3, 95), octets(random(95))),
    () => concat(header(random(10), 2000), octets(random(200))),
    () => concat(header(1, 0), octets(random(40))),
    () => key(0x010a, concat(rsne, octets(random(50)))),
    () => key(0x030a, octets(0)),
    () => key(0x0b0a, octets(0)),
    () => key(0x0f0a, octets(0)),
    () => key(0x1302 | (random(8) << 3), octets(random(100))),
  )();
}

const residentMemory = async (pid: number): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
const descriptors = async (daemon: Daemon): Promise<number> => (await readdir(`/proc/${daemon.pid}/fd`)).length;
test("malformed and misplaced frames by the thousand, and nobody's connection suffers", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("castle", "ap_max_inactivity=60"));
  const client = await joined(t, 1, wpa2Network("castle"));
  await startPeer(t, { name: "ap" });
  const traffic = await startPeer(t, {
    name: "client",
    namespace: client.namespace,
    ask: [{ to: apAddress, every: 0.05 }],
  });
  const send = await openInjector(t, await radio(3), 2412);
  const bssid = mac((await radio(0)).address);
  const victim = mac(client.address);
  const before = { memory: await residentMemory(daemon.pid), descriptors: await descriptors(daemon) };

  const frames = 12_000;
  for (let sent = 0; sent < frames; sent++) {
    const isNonsense = random(2) === 0;
    const transmitter = isNonsense && random(3) === 0 ? victim : stranger();
    if (random(4) === 0) {
      send(eapolFrame(random(2) === 0 ? victim : stranger(), bssid, eapolPdu()));
    } else {
      const [subtype, body] = pick(...(isNonsense ? malformed : misplaced))();
      const receiver = random(20) === 0 ? broadcast : bssid;
      send(encodeManagementFrame({ subtype, receiver, transmitter, bssid: receiver }, body));
    }
    // A breath now and then: a queue that runs over is another matter, and has its turn below.
    if (sent % 40 === 0) await sleep(20);
  }
  for (let sent = 0; sent < 3000; sent++) send(eapolFrame(victim, bssid, eapolPdu()));
  for (let sent = 0; sent < 3000; sent++) {
    const [subtype, body] = pick(...malformed, ...misplaced)();
    send(encodeManagementFrame({ subtype, receiver: bssid, transmitter: stranger(), bssid }, body));
  }
  await sleep(5000);

  assert.ok(daemon.running);
  const { asked, answered } = (await traffic.finish())[apAddress] ?? {};
  assert.ok(asked !== undefined && asked > 100);
  assert.deepEqual(answered, { [apAddress]: asked });
  assert.ok(!wasDisturbed(client));
  // It came, and was looked at.
  const refusals = daemon.log.lines.filter((line) => line.includes("its request is malformed")).length;
  assert.ok(refusals > 100, `${refusals} malformed requests in the log`);
  assert.match(daemon.log.text, new RegExp(`STA ${victim} WPA: received EAPOL-Key request with invalid MIC`));
  // And the log did not drown in it.
  assert.ok(daemon.log.lines.length < 6000, `${daemon.log.lines.length} lines in the log`);

  const growth = (await residentMemory(daemon.pid)) - before.memory;
  assert.ok(growth < 30_000, `${growth} KiB more than before`);
  assert.equal(await descriptors(daemon), before.descriptors);

  const another = await joined(t, 2, wpa2Network("castle"));
  await another.ping(addressOf(1));
  // Who only ever authenticated is forgotten in time.
  await sleep(200_000);
  assert.equal((await run(["iw", "dev", "wlan0", "station", "dump"])).match(/^Station /gm)?.length, 2);
  await client.ping(apAddress);
});
