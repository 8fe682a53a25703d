/** Shared Key authentication against an access point: the frames of a station, and of somebody who only says so. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Workshop } from "../../testing/radio-workshop.ts";
import { Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { type Authentication, decodeAuthentication, encodeAuthentication } from "../wire/ieee80211/authentication.ts";
import { decodeManagementHeader, encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { cipherSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";

const wep = "ssid=somename\nhw_mode=g\nchannel=1\nauth_algs=2\nwep_key0=1234567890\nmax_num_sta=10";
const protectedBit = 0x40;

class Forger {
  readonly heard: Authentication[] = [];

  private constructor(
    readonly shop: Workshop,
    readonly bss: Bss,
  ) {}

  static async begin(configuration = wep): Promise<Forger> {
    const shop = new Workshop(configuration);
    shop.whims.capabilities = (real) => ({ ...real, ciphers: new Set([...real.ciphers, cipherSuite.WEP40]) });
    await shop.up();
    const [bss] = shop.radio.bsses;
    assert.ok(bss);
    const forger = new Forger(shop, bss);
    shop.medium.attach({
      frequency: () => 2412,
      answersTo: (receiver) => receiver.startsWith("02:bb"),
      receive: (frame) => {
        const reader = new Reader(frame, ["frame"]);
        if (((frame[0] ?? 0) & 0x0c) !== 0) return;
        const { subtype, receiver } = decodeManagementHeader(reader);
        if (subtype === "authentication" && receiver.startsWith("02:bb")) {
          forger.heard.push(decodeAuthentication(reader));
        }
      },
    });
    return forger;
  }

  /** @returns the answer */
  async send(from: number, transaction: number, more: Partial<Authentication> = {}, encrypted = false) {
    this.heard.length = 0;
    this.sendBody(
      from,
      encodeAuthentication({ algorithm: 1, transaction, status: 0, elements: [], ...more }),
      encrypted,
    );
    await this.shop.pass(50, 10);
    return this.heard[0];
  }

  sendBody(from: number, body: Uint8Array, encrypted: boolean): void {
    const transmitter = `02:bb:00:00:00:${from.toString(16).padStart(2, "0")}` as MacAddress;
    const { address } = this.bss;
    const addresses = { receiver: address, transmitter, bssid: address };
    const frame = encodeManagementFrame({ subtype: "authentication", ...addresses }, body);
    // The radio decrypts, and leaves the flag as it was.
    if (encrypted) frame[1] = (frame[1] ?? 0) | protectedBit;
    this.bss.receiveManagement(frame, { frequency: 2412, signalDbm: undefined });
  }

  linkOf(from: number): string | undefined {
    return this.bss.stations.get(`02:bb:00:00:00:${from.toString(16).padStart(2, "0")}` as MacAddress)?.link.kind;
  }
}

test("the right answer, encrypted, and the station is authenticated", async () => {
  const forger = await Forger.begin();
  const second = await forger.send(1, 1);
  assert.deepEqual([second?.transaction, second?.status, second?.challenge?.length], [2, 0, 128]);
  assert.equal(forger.linkOf(1), "new");
  const { challenge } = second ?? {};
  assert.ok(challenge);
  const fourth = await forger.send(1, 3, { challenge }, true);
  assert.deepEqual([fourth?.transaction, fourth?.status], [4, 0]);
  assert.equal(forger.linkOf(1), "authenticated");
});

test("the same in the clear, or another challenge, is refused; and one challenge is good for one station", async () => {
  const forger = await Forger.begin();
  const { challenge } = (await forger.send(1, 1)) ?? {};
  const { challenge: other } = (await forger.send(2, 1)) ?? {};
  assert.ok(challenge && other);
  assert.notDeepEqual(challenge, other);
  assert.equal((await forger.send(1, 3, { challenge }, false))?.status, 15);
  assert.equal((await forger.send(2, 3, { challenge }, true))?.status, 15);
  assert.equal((await forger.send(3, 3, { challenge }, true))?.status, 15);
  assert.equal((await forger.send(1, 3, { challenge }, true))?.status, 15, "its exchange is over");
  assert.deepEqual(
    [1, 2].map((from) => forger.linkOf(from)),
    ["new", "new"],
  );
});

test("who begins under many addresses fills no table, and what was begun is forgotten", async () => {
  const forger = await Forger.begin();
  for (let from = 0; from < 50; from++) await forger.send(from, 1);
  assert.equal(forger.bss.stations.size, 10);
  await forger.shop.pass(301_000, 1000);
  assert.equal(forger.bss.stations.size, 0);
});

test("whatever comes in place of an answer: nobody gets in, nothing breaks, nothing grows", async () => {
  const forger = await Forger.begin();
  const frames = fc.record({
    from: fc.integer({ min: 0, max: 30 }),
    body: fc.oneof(
      fc.uint8Array({ maxLength: 160 }),
      fc
        .record({
          algorithm: fc.constantFrom(0, 1, 2, 3, 128),
          transaction: fc.nat(5),
          status: fc.nat(20),
          challenge: fc.uint8Array({ maxLength: 255 }),
        })
        .map(({ algorithm, challenge, ...rest }) =>
          algorithm === 3
            ? Uint8Array.of(3, 0)
            : encodeAuthentication({
                algorithm,
                ...rest,
                elements: [],
                ...(challenge.length > 0 ? { challenge } : {}),
              }),
        ),
    ),
    encrypted: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(frames, { maxLength: 20 }), async (all) => {
      for (const { from, body, encrypted } of all) forger.sendBody(from, body, encrypted);
      await forger.shop.pass(50, 10);
      for (const station of forger.bss.stations.values()) assert.notEqual(station.link.kind, "authenticated");
      assert.ok(forger.bss.stations.size <= 10);
    }),
    { numRuns: 60 },
  );
  const { challenge } = (await forger.send(1, 1)) ?? {};
  assert.equal(
    (await forger.send(1, 3, challenge ? { challenge } : {}, true))?.status,
    0,
    "an honest one still gets in",
  );
});

test("without WEP, or where it isn't allowed, there is no such authentication", async () => {
  for (const configuration of [wep.replace("wep_key0=1234567890\n", ""), wep.replace("auth_algs=2", "auth_algs=1")]) {
    const forger = await Forger.begin(configuration);
    assert.equal((await forger.send(1, 1))?.status, 13);
    assert.equal(forger.linkOf(1), undefined);
  }
});

test("a radio that can't do WEP doesn't begin without", async () => {
  const shop = new Workshop(wep);
  await assert.rejects(shop.radio.enable(), /the radio has no WEP with keys of 5 octets: wep_key0 can't be/);
  assert.ok(!shop.radio.bsses[0]?.isBeaconing);
});
