/**
 * What anybody within reach can do to an access point: frames of all kinds, whole, bent and cut, and a driver that tells
 * of things in any order. One honest station is connected all the while.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { Bss } from "../../src/ap/bss.ts";
import { bytesOfHex, concat, utf8 } from "../../src/base/bytes.ts";
import { broadcast, encodeMacAddress, type MacAddress, macAddressOf, zeroAddress } from "../../src/base/mac-address.ts";
import type { BssEvent } from "../../src/driver/port.ts";
import { wiredHost } from "../../src/virtual/host.ts";
import { dataHeader, encodeDataHeader } from "../../src/wire/ieee80211/data-frame.ts";
import { encodeMsdu, etherType } from "../../src/wire/ieee80211/llc-snap.ts";
import { type ObservedStation, VirtualNetwork } from "../../testing/virtual-network.ts";
import { pmfAir, pskAir, sharedKeyAir, wpaAir } from "../vectors/air.ts";

const configuration = `ssid=somename
hw_mode=g
channel=1
beacon_int=1000
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=somepassword
wpa_group_rekey=30
max_num_sta=20`;
const ssid = utf8("somename");
const security = { secret: { passphrase: "somepassword" } } as const;
const wiredIp = "10.0.0.254";
const wiredAddress = "02:ff:00:00:00:01" as MacAddress;

class Siege {
  readonly network: VirtualNetwork;
  readonly honest: ObservedStation;
  /** Under some of its addresses it acknowledges what it gets. */
  readonly forger = {
    frequency: () => 2412,
    answersTo: (receiver: MacAddress) => /^02:bb.*[02468ace]$/.test(receiver),
    receive: () => undefined,
  };

  private constructor(network: VirtualNetwork, honest: ObservedStation) {
    this.network = network;
    this.honest = honest;
    network.wired = wiredHost({ address: wiredAddress, ip: wiredIp });
    network.medium.attach(this.forger);
  }

  static async begin(more = ""): Promise<Siege> {
    const network = await new VirtualNetwork(`${configuration}\n${more}`).start();
    const honest = network.station({ ssid, security, ip: "10.0.0.1" });
    honest.station.join();
    network.pass(500);
    assert.ok(honest.station.isConnected);
    return new Siege(network, honest);
  }

  get bss(): Bss {
    return this.network.radio.bsses[0] ?? assert.fail("the access point is gone");
  }

  send(frame: Uint8Array): void {
    this.network.medium.transmit(this.forger, frame, 2412);
    this.network.pass(2);
  }

  tell(event: BssEvent): void {
    this.bss.onEvent(event);
    this.network.pass(1);
  }

  /** The honest station is still where it was, and its traffic flows. */
  expectUnharmed(): void {
    const { station, events } = this.honest;
    assert.ok(station.isConnected, JSON.stringify(events.slice(-5)));
    assert.ok(
      !events.some(({ type }) => type === "told-to-leave" || type === "lost"),
      JSON.stringify(events.slice(-5)),
    );
    station.ping(wiredIp);
    this.network.pass(50);
    assert.equal(events.at(-1)?.type, "ping-answered", JSON.stringify(events.slice(-5)));
  }

  /** @param members who may have proved a key */
  expectConsistent(members = 1): void {
    const { bss, network } = this;
    const stations = [...bss.stations.values()];
    const associated = stations.filter(({ association }) => association !== undefined);
    assert.ok(stations.length <= bss.settings.max_num_sta, `${stations.length} stations`);
    assert.equal(bss.aids.size, associated.length, "each association has one identifier, and nobody else");
    assert.equal(new Set(associated.map(({ association }) => association?.aid)).size, associated.length);
    assert.equal(bss.associatedCount, stations.filter(({ link }) => /^associat/.test(link.kind)).length);
    const traits = associated.flatMap(({ association }) => association?.traits ?? []);
    assert.deepEqual(bss.radio.protection.counts, {
      nonErp: traits.filter(({ erp }) => !erp).length,
      longSlot: traits.filter(({ shortSlot }) => !shortSlot).length,
      longPreamble: traits.filter(({ shortPreamble }) => !shortPreamble).length,
      nonHt: traits.filter(({ ht }) => !ht).length,
      nonGreenfield: traits.filter(({ ht, greenfield }) => ht && !greenfield).length,
      width20: traits.filter(({ ht, width40 }) => ht && !width40).length,
      fortyIntolerant: traits.filter(({ ht, fortyIntolerant }) => ht && fortyIntolerant).length,
    });
    assert.ok(bss.awaitedStatuses <= 1024);
    assert.ok(bss.tally.counts.size < 30, [...bss.tally.counts.keys()].join());
    // At most three timers for a station, and some of the access point's own and of the frames on the air.
    assert.ok(network.clock.armed.length < 3 * stations.length + 40, network.clock.armed.join());
    assert.ok((bss.authenticator?.options.pmksa.entries().length ?? 0) <= members);
  }

  end(): void {
    this.network.stop();
    this.honest.station.close();
    this.network.pass(1000);
    assert.deepEqual(this.network.clock.armed, []);
  }
}

const hex = (text: string): Uint8Array => bytesOfHex(text) ?? assert.fail(text);

/** Real frames of stations, all kinds that there are in the captures. */
const recorded = [pskAir, pmfAir, wpaAir, sharedKeyAir].flatMap((air) =>
  Object.values(air)
    .map(hex)
    .filter((frame) => ((frame[0] ?? 0) & 0x0c) === 0 && frame.length >= 24),
);
/** EAPOL PDUs of the captures. */
const recordedEapol = [pskAir, pmfAir, wpaAir].flatMap((air) =>
  [air.message1, air.message2, air.message3, air.message4].map((frame) => hex(frame).subarray(26 + 8)),
);

/** A frame with the addresses that this access point listens to, sent by `transmitter`. */
function readdressed(frame: Uint8Array, bssid: MacAddress, transmitter: MacAddress, sequence: number): Uint8Array {
  const out = frame.slice();
  out.set(concat(encodeMacAddress(bssid), encodeMacAddress(transmitter), encodeMacAddress(bssid)), 4);
  out[22] = (sequence << 4) & 0xff;
  out[23] = (sequence >>> 4) & 0xff;
  return out;
}

type Bend = (frame: Uint8Array) => Uint8Array;

/** What is done to a good frame, past its header of `from` octets. */
const bendFrom = (from: number): fc.Arbitrary<Bend> => {
  const at = fc.nat({ max: 400 });
  const place = (frame: Uint8Array, n: number): number => from + (frame.length > from ? n % (frame.length - from) : 0);
  const splice = (frame: Uint8Array, n: number, remove: number, insert: Uint8Array): Uint8Array => {
    const start = place(frame, n);
    return concat(frame.subarray(0, start), insert, frame.subarray(start + remove));
  };
  return fc.oneof(
    fc.constant<Bend>((frame) => frame),
    at.map<Bend>((n) => (frame) => frame.subarray(0, place(frame, n))),
    fc.tuple(at, fc.nat({ max: 7 })).map<Bend>(([n, bit]) => (frame) => {
      const out = frame.slice();
      const i = place(frame, n);
      if (i < out.length) out[i] = (out[i] ?? 0) ^ (1 << bit);
      return out;
    }),
    fc.tuple(at, fc.uint8Array({ maxLength: 60 })).map<Bend>(
      ([n, more]) =>
        (frame) =>
          splice(frame, n, 0, more),
    ),
    fc.tuple(at, fc.nat({ max: 40 })).map<Bend>(
      ([n, count]) =>
        (frame) =>
          splice(frame, n, count, new Uint8Array()),
    ),
    fc
      .record({
        id: fc.constantFrom(0, 1, 3, 45, 48, 50, 127, 221, 244, 255),
        length: fc.constantFrom(0, 1, 32, 254, 255),
      })
      .map<Bend>(
        ({ id, length }) =>
          (frame) =>
            concat(frame, Uint8Array.of(id, length), new Uint8Array(length)),
      ),
    // Once more what is there already.
    at.map<Bend>((n) => (frame) => concat(frame, frame.subarray(place(frame, n)))),
  );
};

const anybody = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets) => {
  octets[0] = (octets[0] ?? 0) & 0xfe;
  return macAddressOf(octets);
});
/** Few enough to be met again, so that some get further than the first frame. */
const someAddresses = fc.nat({ max: 40 }).map((n) => `02:aa:00:00:00:${n.toString(16).padStart(2, "0")}` as MacAddress);

/**
 * What happened before counts, so nothing is shrunk. A failure names its seed; FUZZ_SEED runs it again.
 */
const parameters = (numRuns: number) => {
  const seed = process.env["FUZZ_SEED"];
  return { numRuns, endOnFailure: true, ...(seed === undefined ? {} : { seed: Number(seed) }) };
};

describe("from the air", () => {
  test("management frames, real and bent, from many addresses", async () => {
    const siege = await Siege.begin();
    const { address } = siege.bss;
    const frame = fc
      .record({
        original: fc.constantFrom(...recorded),
        source: fc.oneof(
          { weight: 4, arbitrary: someAddresses },
          { weight: 1, arbitrary: anybody },
          { weight: 1, arbitrary: fc.constantFrom(broadcast, zeroAddress, address, wiredAddress) },
        ),
        sequence: fc.nat({ max: 4095 }),
        bends: fc.array(bendFrom(24), { maxLength: 3 }),
      })
      .map(({ original, source, sequence, bends }) =>
        bends.reduce((bent, bend) => bend(bent), readdressed(original, address, source, sequence)),
      );
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 10 }), (frames) => {
        for (const each of frames) siege.send(each);
        siege.expectConsistent();
        assert.ok(siege.honest.station.isConnected);
      }),
      parameters(400),
    );
    siege.expectUnharmed();
    // Whoever never got anywhere is forgotten.
    siege.network.pass(400_000);
    assert.equal(siege.bss.stations.size, 1);
    siege.expectUnharmed();
    siege.end();
  });

  test("stations of the attacker's own that get as far as they can without the key", async () => {
    const siege = await Siege.begin();
    const { address } = siege.bss;
    const own = new Set<MacAddress>();
    siege.network.medium.attach({
      frequency: () => 2412,
      answersTo: (receiver) => own.has(receiver),
      receive: () => undefined,
    });
    const association = hex(pskAir.associationRequest);
    const action = fc.record({
      source: someAddresses,
      sequence: fc.nat({ max: 4095 }),
      step: fc.oneof(
        fc.constant("authenticate" as const),
        bendFrom(24 + 4).map((bend) => ({ associate: bend })),
        fc
          .record({ pdu: fc.constantFrom(...recordedEapol), bend: bendFrom(4) })
          .map(({ pdu, bend }) => ({ eapol: bend(pdu) })),
        fc.constantFrom("deauthenticate" as const, "data" as const),
        fc.nat({ max: 3000 }).map((wait) => ({ wait })),
      ),
    });
    fc.assert(
      fc.property(fc.array(action, { minLength: 1, maxLength: 12 }), (actions) => {
        for (const { source, sequence, step } of actions) {
          own.add(source);
          const toAp = { direction: "to-ap", bssid: address, source, destination: address } as const;
          if (step === "authenticate") {
            siege.send(readdressed(hex(pskAir.authenticationRequest), address, source, sequence));
          } else if (step === "deauthenticate") {
            siege.send(readdressed(hex(pskAir.deauthentication), address, source, sequence));
          } else if (step === "data") {
            siege.send(encodeDataHeader(dataHeader(toAp, { empty: true, sequence })));
          } else if ("associate" in step) {
            siege.send(step.associate(readdressed(association, address, source, sequence)));
          } else if ("eapol" in step) {
            const body = encodeMsdu({ etherType: etherType.eapol, payload: step.eapol });
            siege.send(concat(encodeDataHeader(dataHeader(toAp, { sequence })), body));
          } else siege.network.pass(step.wait);
        }
        siege.expectConsistent();
        assert.ok(siege.honest.station.isConnected);
      }),
      parameters(250),
    );
    assert.ok(
      siege.network.events.some(({ type }) => type === "station-associated"),
      "some got in that far",
    );
    siege.expectUnharmed();
    siege.network.pass(400_000);
    assert.equal(siege.bss.stations.size, 1);
    siege.end();
  });

  test("EAPOL in the name of the station that is connected, also while its keys change", async () => {
    const siege = await Siege.begin("wpa_ptk_rekey=7");
    const { address } = siege.bss;
    const source = siege.honest.station.address;
    const toAp = { direction: "to-ap", bssid: address, source, destination: address } as const;
    // What really goes to and fro is the best to bend.
    const overheard = [...recordedEapol];
    siege.network.medium.monitor((frame) => {
      const snap = Buffer.from(frame).indexOf(Buffer.from([0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x8e]));
      if (snap > 0 && overheard.length < 60) overheard.push(frame.slice(snap + 8));
    });
    const forged = fc.record({
      which: fc.nat({ max: 59 }),
      bends: fc.array(bendFrom(0), { maxLength: 2 }),
      counter: fc.oneof(fc.constant(undefined), fc.bigInt({ min: 0n, max: 12n })),
      wait: fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.nat({ max: 4000 }) }),
    });
    fc.assert(
      fc.property(fc.array(forged, { minLength: 1, maxLength: 12 }), (all) => {
        for (const { which, bends, counter, wait } of all) {
          const original = (overheard[which % overheard.length] ?? new Uint8Array()).slice();
          if (counter !== undefined && original.length > 17) {
            new DataView(original.buffer, original.byteOffset).setBigUint64(9, counter);
          }
          const payload = bends.reduce<Uint8Array>((bent, bend) => bend(bent), original);
          const body = encodeMsdu({ etherType: etherType.eapol, payload });
          // A sequence number of its own, so that nothing of the honest station's counts as a repetition.
          siege.send(concat(encodeDataHeader(dataHeader(toAp, { sequence: 4000 + (which % 90) })), body));
          siege.network.pass(wait);
        }
        siege.expectConsistent();
        assert.ok(siege.honest.station.isConnected, JSON.stringify(siege.honest.events.slice(-5)));
      }),
      parameters(250),
    );
    siege.expectUnharmed();
    assert.ok(!siege.network.events.some(({ type }) => type === "psk-mismatch"), "it has proved its key");
    siege.end();
  });

  test("each frame of a station, cut at each octet", async () => {
    const siege = await Siege.begin();
    const { address } = siege.bss;
    const known = "02:aa:00:00:00:01" as MacAddress;
    for (const original of recorded) {
      const frame = readdressed(original, address, known, 1);
      for (let length = 0; length < frame.length; length++) siege.tell(event(frame.subarray(0, length)));
      siege.expectConsistent();
    }
    siege.expectUnharmed();
    siege.end();
  });
});

const event = (frame: Uint8Array): BssEvent => ({ type: "management", frame, frequency: 2412, signalDbm: -40 });

describe("from the driver, in any order", () => {
  /** Nothing here is true: a driver that talks nonsense must not bring anybody down. */
  const nonsense = (siege: Siege): fc.Arbitrary<BssEvent> => {
    const { address } = siege.bss;
    const honest = siege.honest.station.address;
    const somebody = fc.oneof(someAddresses, anybody, fc.constantFrom(broadcast, zeroAddress, address));
    const anyone = fc.oneof(somebody, fc.constant(honest));
    const cookie = fc.bigInt({ min: 0n, max: 2n ** 40n });
    const frame = fc.oneof(fc.constantFrom(...recorded), fc.uint8Array({ maxLength: 60 }));
    return fc.oneof(
      fc.record({ type: fc.constant("management-status" as const), cookie, frame, acknowledged: fc.boolean() }),
      fc.record({ type: fc.constant("eapol-status" as const), cookie, station: anyone, acknowledged: fc.boolean() }),
      fc.record({
        type: fc.constant("eapol" as const),
        source: anyone,
        payload: fc.oneof(fc.constantFrom(...recordedEapol), fc.uint8Array({ maxLength: 130 })),
        encrypted: fc.boolean(),
      }),
      fc.record({ type: fc.constant("unexpected-frame" as const), source: anyone, fourAddress: fc.boolean() }),
      fc.record({ type: fc.constant("probe-status" as const), station: anyone, acknowledged: fc.boolean() }),
      fc.record({ type: fc.constant("low-acknowledgement" as const), station: somebody }),
      fc.record({ type: fc.constant("michael-mic-failure" as const), station: anyone, group: fc.boolean() }),
      fc.record({ type: fc.constant("station-removed" as const), station: anyone }),
      fc.constant<BssEvent>({ type: "events-lost" }),
      fc
        .record({ original: fc.constantFrom(...recorded), source: someAddresses, bend: bendFrom(0) })
        .map(({ original, source, bend }) => event(bend(readdressed(original, address, source, 7)))),
    );
  };

  test("statuses, removals, losses that never were", async () => {
    const siege = await Siege.begin();
    fc.assert(
      fc.property(fc.array(nonsense(siege), { minLength: 1, maxLength: 12 }), (events) => {
        for (const each of events) siege.tell(each);
        siege.expectConsistent();
        assert.ok(siege.honest.station.isConnected, JSON.stringify(siege.honest.events.slice(-5)));
      }),
      parameters(300),
    );
    siege.expectUnharmed();
    siege.end();
  });

  test("an interface that goes down, up, away and comes back under fire", async () => {
    const siege = await Siege.begin();
    const { network } = siege;
    const link = fc.constantFrom("down" as const, "up" as const, "removed" as const, "added" as const);
    const something = fc.oneof(
      { weight: 3, arbitrary: nonsense(siege).map((told) => ({ told })) },
      { weight: 2, arbitrary: link.map((state) => ({ state })) },
      { weight: 1, arbitrary: fc.boolean().map((blocked) => ({ blocked })) },
      { weight: 2, arbitrary: fc.nat({ max: 3000 }).map((wait) => ({ wait })) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(something, { minLength: 1, maxLength: 10 }), async (happenings) => {
        for (const each of happenings) {
          if ("told" in each) for (const bss of network.radio.bsses) bss.onEvent(each.told);
          else if ("state" in each) network.driver.setLink("wlan0", each.state);
          else if ("blocked" in each) network.driver.switchRfkill(each.blocked);
          else network.pass(each.wait);
          await new Promise((resolve) => setImmediate(resolve));
        }
        for (const bss of network.radio.bsses) {
          const associated = [...bss.stations.values()].filter(({ association }) => association !== undefined);
          assert.equal(bss.aids.size, associated.length);
        }
        for (const count of Object.values(network.radio.protection.counts)) assert.ok(count >= 0);
      }),
      parameters(100),
    );
    // In the end all is well again: somebody enables it, and the station joins.
    network.driver.switchRfkill(false);
    network.driver.setLink("wlan0", "added");
    network.driver.setLink("wlan0", "up");
    network.radio.disable();
    const up = network.radio.enable();
    network.pass(100);
    await up;
    siege.honest.station.leave();
    siege.honest.station.join();
    network.pass(1000);
    assert.ok(siege.honest.station.isConnected);
    assert.deepEqual(network.radio.protection.counts.nonErp, 0);
    siege.end();
  });
});

describe("floods", () => {
  const authentication = (bssid: MacAddress, n: number): Uint8Array => {
    const source = macAddressOf(Uint8Array.of(0x02, 0xbb, n >>> 24, n >>> 16, n >>> 8, n));
    return readdressed(hex(pskAir.authenticationRequest), bssid, source, n);
  };

  test("10,000 addresses ask for authentication, and whoever is honest gets in all the while", async () => {
    const siege = await Siege.begin();
    const { network } = siege;
    const newcomers: ObservedStation[] = [];
    for (let n = 0; n < 10_000; n++) {
      siege.send(authentication(siege.bss.address, n));
      assert.ok(siege.bss.stations.size <= 20);
      if (n % 1000 !== 500) continue;
      const newcomer = network.station({ ssid, security });
      newcomer.station.join();
      newcomers.push(newcomer);
    }
    network.pass(500);
    assert.ok(
      newcomers.every(({ station }) => station.isConnected),
      JSON.stringify(newcomers.map((each) => each.types())),
    );
    siege.expectConsistent(1 + newcomers.length);
    siege.expectUnharmed();
    for (const { station } of newcomers) station.close();
    network.pass(400_000);
    assert.equal(siege.bss.stations.size, 1);
    siege.end();
  });

  test("a full network stays full: who is associated gives way to nobody", async () => {
    const siege = await Siege.begin("max_num_sta=2");
    const { network } = siege;
    const second = network.station({ ssid, security });
    second.station.join();
    network.pass(300);
    const third = network.station({ ssid, security });
    third.station.join();
    network.pass(300);
    assert.ok(siege.honest.station.isConnected && second.station.isConnected && !third.station.isConnected);
    for (let n = 0; n < 100; n++) siege.send(authentication(siege.bss.address, n));
    assert.equal(siege.bss.stations.size, 2);
    siege.expectUnharmed();
    second.station.close();
    third.station.close();
    network.pass(100);
    siege.end();
  });

  test("log and events don't grow with what somebody sends", async () => {
    const siege = await Siege.begin();
    const { network } = siege;
    const { address } = siege.bss;
    const source = "02:aa:00:00:00:01" as MacAddress;
    const refused = hex(sharedKeyAir.request);
    const before = { lines: network.records.length, events: network.events.length };
    const passed = 100;
    for (let n = 0; n < passed * 200; n++) {
      siege.bss.onEvent(event(readdressed(refused, address, source, n & 0xfff)));
      if (n % 200 === 0) network.pass(1000);
    }
    const said = network.records.slice(before.lines).filter(({ level }) => level !== "debug").length;
    // As many as there may be stations at once, and then some each second.
    assert.ok(said < 8192 + passed * 60, `${said} lines`);
    const told = network.events.slice(before.events).length;
    assert.ok(told < 1024 + passed * 60, `${told} events`);
    siege.expectUnharmed();
    siege.end();
  });
});
