import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { hexOf, utf8 } from "../base/bytes.ts";
import type { Clock } from "../base/clock.ts";
import { milliseconds } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { PskEntries, type PskEntry } from "../config/psk-entries.ts";
import { samePmkTest } from "../crypto/pmk-test.ts";
import { derivePskNow } from "../crypto/psk.ts";
import type { PmkCandidate } from "../rsn/port.ts";
import { type Derivation, PskDeriver } from "./psk-deriver.ts";
import { PskFinder } from "./psk-finder.ts";
import { PskTables } from "./psk-tables.ts";

const mine = "02:00:00:00:00:01" as MacAddress;
const other = "02:00:00:00:00:02" as MacAddress;
const ssid = utf8("IEEE");

const entry = (secret: string, more: Partial<PskEntry> = {}): PskEntry => ({
  station: undefined,
  secret: { type: "passphrase", octets: utf8(secret) },
  keyId: undefined,
  vlanId: 0,
  wps: false,
  line: 0,
  ...more,
});
const psk = (octet: number, more: Partial<PskEntry> = {}): PskEntry =>
  entry("", { secret: { type: "psk", octets: new Uint8Array(32).fill(octet) }, ...more });

/** What stands for the key of a passphrase where nothing depends on its value. */
const keyOf = (passphrase: Uint8Array): Uint8Array => {
  const key = new Uint8Array(32);
  key.set(passphrase.subarray(0, 32));
  return key;
};

class Bench {
  readonly clock = new VirtualClock();
  /** Handed out and not done yet. */
  readonly deriving: Derivation[] = [];
  /** Passphrases in the order in which they were handed out. */
  readonly order: string[] = [];
  readonly deriver: PskDeriver;
  readonly tables: PskTables;

  constructor(parallelism = 1) {
    this.deriver = new PskDeriver((passphrase, of, done) => {
      this.deriving.push({ passphrase, ssid: of, done });
      this.order.push(new TextDecoder().decode(passphrase));
    }, parallelism);
    this.tables = new PskTables(this.deriver);
  }

  table(entries: readonly PskEntry[], own?: string) {
    const secret = own === undefined ? undefined : ({ type: "passphrase", octets: utf8(own) } as const);
    return this.tables.acquire({ ssid, own: secret, entries: PskEntries.of(entries) });
  }

  finder(entries: readonly PskEntry[], own?: string): PskFinder {
    return new PskFinder(this.clock, this.table(entries, own));
  }

  /** The oldest of those that are being derived is done. */
  derive(count = 1): void {
    for (let i = 0; i < count; i++) {
      const next = this.deriving.shift() ?? assert.fail("nothing is being derived");
      next.done(keyOf(next.passphrase));
    }
  }

  pass(): void {
    this.clock.advance(milliseconds(1));
  }
}

/** Looks for the station whose key is that of a passphrase; what was found. */
function search(finder: PskFinder, station: MacAddress, passphrase: string) {
  const results: (PmkCandidate | undefined)[] = [];
  const running = finder.find(station, samePmkTest(keyOf(utf8(passphrase))), (found) => void results.push(found));
  return { results, cancel: () => running.cancel() };
}
const said = ({ results }: { results: (PmkCandidate | undefined)[] }) =>
  results.map((found) => found && (found.keyId ?? "unnamed"));

test("keys are those of IEEE Std 802.11-2020, J.4.2, whether they are wanted or derived ahead", () => {
  const tables = new PskTables(new PskDeriver((passphrase, of, done) => done(derivePskNow(passphrase, of)), 1));
  const table = tables.acquire({ ssid, own: undefined, entries: PskEntries.of([entry("password")]) });
  assert.equal(table.readyCount, 0);
  table.deriveAll();
  const secret = table.find({ type: "passphrase", octets: utf8("password") }) ?? assert.fail();
  assert.equal(
    hexOf(table.candidate(mine, secret)?.pmk ?? new Uint8Array()),
    "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e",
  );
});

test("a station finds its own key and one for anybody, nobody another's, and the later line counts", () => {
  const bench = new Bench();
  const finder = bench.finder([
    psk(1),
    psk(2, { station: mine, keyId: "tv", vlanId: 7 }),
    psk(3, { keyId: "first" }),
    psk(3, { keyId: "second" }),
    psk(4, { station: mine, keyId: "own" }),
    psk(4, { keyId: "shared" }),
    psk(5, { station: mine, keyId: "again 1" }),
    psk(5, { station: mine, keyId: "again 2" }),
  ]);
  const find = (station: MacAddress, octet: number) => {
    const results: (PmkCandidate | undefined)[] = [];
    finder.find(station, samePmkTest(new Uint8Array(32).fill(octet)), (found) => void results.push(found));
    assert.equal(results.length, 1, "at once");
    return results[0] && { ...results[0], pmk: results[0].pmk[0] };
  };
  assert.deepEqual(find(mine, 1), { pmk: 1 });
  assert.deepEqual(find(mine, 2), { pmk: 2, keyId: "tv", vlanId: 7 });
  assert.equal(find(other, 2), undefined);
  assert.deepEqual(find(mine, 3), { pmk: 3, keyId: "second" });
  assert.deepEqual(find(mine, 4), { pmk: 4, keyId: "shared" });
  assert.deepEqual(find(other, 4), { pmk: 4, keyId: "shared" });
  assert.deepEqual(find(mine, 5), { pmk: 5, keyId: "again 2" });
  assert.equal(find(mine, 9), undefined);
});

test("a passphrase that looks like a key's octets is another secret", () => {
  const bench = new Bench();
  const octets = new Uint8Array(32).fill(0x61);
  const table = bench.table([entry("a".repeat(32)), psk(0x61)]);
  assert.notEqual(table.find({ type: "psk", octets }), table.find({ type: "passphrase", octets }));
});

test("who waits waits for its own key, and comes before all that nobody waits for", () => {
  const bench = new Bench();
  const entries = Array.from({ length: 50 }, (_, i) => entry(`anybody ${i}`, { keyId: `${i}` }));
  const finder = bench.finder([...entries, entry("mine alone", { station: mine, keyId: "mine" })], "the network");
  finder.table.deriveAll();
  assert.deepEqual(bench.order, ["the network"]);
  finder.expect(other);
  finder.expect(mine);
  bench.derive();
  assert.deepEqual(bench.order, ["the network", "mine alone"]);
  const searching = search(finder, mine, "mine alone");
  assert.deepEqual(said(searching), []);
  bench.derive();
  assert.deepEqual(said(searching), ["mine"]);
  bench.derive(3);
  assert.deepEqual(
    bench.order.slice(2),
    ["anybody 49", "anybody 48", "anybody 47", "anybody 46"],
    "as hostapd tries them",
  );
});

test("a key for anybody is found when it is derived; a wrong one is known when all are", () => {
  const bench = new Bench();
  const finder = bench.finder(Array.from({ length: 100 }, (_, i) => entry(`anybody ${i}`, { keyId: `${i}` })));
  finder.table.deriveAll();
  const late = search(finder, mine, "anybody 10");
  const wrong = search(finder, other, "nobody's");
  bench.derive(89);
  bench.pass();
  assert.deepEqual(said(late), []);
  bench.derive();
  bench.pass();
  assert.deepEqual(said(late), ["10"]);
  bench.derive(9);
  bench.pass();
  assert.deepEqual(said(wrong), []);
  bench.derive();
  bench.pass();
  assert.deepEqual(said(wrong), [undefined]);
  assert.equal(finder.searching, 0);
  assert.deepEqual(said(search(finder, mine, "anybody 10")), ["10"], "at once: it is remembered");
});

test("a long list is tried in slices, all who search in turn", () => {
  const bench = new Bench();
  const key = (i: number) => {
    const octets = new Uint8Array(32);
    new DataView(octets.buffer).setUint32(0, i);
    return octets;
  };
  const entries = Array.from({ length: 20_000 }, (_, i) =>
    psk(0, { secret: { type: "psk", octets: key(i) }, keyId: `${i}` }),
  );
  const turns: (() => void)[] = [];
  const clock: Clock = {
    now: () => milliseconds(0),
    unixTime: () => 0,
    after: (_, delay, callback) => {
      assert.equal(delay, 0);
      turns.push(callback);
      return { cancel: () => assert.fail("it is needed") };
    },
  };
  const finder = new PskFinder(clock, bench.table(entries));
  let tests = 0;
  const found: string[] = [];
  const look = (station: MacAddress, wanted: number) =>
    finder.find(
      station,
      (words, at) => {
        tests += 1;
        return words[at] === wanted;
      },
      (candidate) => void found.push(candidate?.keyId ?? "none"),
    );
  look(mine, 100);
  look(other, 18_500);
  const progress: string[] = [];
  while (finder.searching > 0) {
    assert.ok(tests <= 4096, "and then everything else has its turn");
    tests = 0;
    turns.shift()?.();
    progress.push(found.join());
  }
  assert.deepEqual(progress, ["18500", "18500", "18500", "18500", "18500", "18500,100"]);
});

test("who has left hears nothing, and nothing of it stays", () => {
  const bench = new Bench();
  const finder = bench.finder([entry("mine alone", { station: mine }), entry("anybody")]);
  const searching = search(finder, mine, "mine alone");
  searching.cancel();
  assert.equal(finder.searching, 0);
  bench.derive();
  bench.pass();
  assert.deepEqual(searching.results, []);
});

test("a key that can't be derived is none", () => {
  const bench = new Bench();
  const finder = bench.finder([entry("mine alone", { station: mine }), entry("anybody")]);
  finder.table.deriveAll();
  const searching = search(finder, mine, "anybody");
  bench.deriving.shift()?.done(undefined);
  bench.deriving.shift()?.done(undefined);
  bench.pass();
  assert.deepEqual(said(searching), [undefined]);
  assert.deepEqual(said(search(finder, mine, "mine alone")), [undefined]);
});

test("other keys in the middle of it: what was derived stays, who searches goes on", () => {
  const bench = new Bench();
  const finder = bench.finder([entry("stays"), entry("goes"), entry("comes later", { keyId: "before" })]);
  const old = finder.table;
  old.deriveAll();
  bench.derive(2);
  bench.pass();
  assert.deepEqual(said(search(finder, other, "goes")), ["unnamed"]);
  const searching = search(finder, mine, "comes later");
  assert.deepEqual(said(searching), ["before"]);
  const late = search(finder, mine, "new one");

  finder.replace(bench.table([entry("comes later", { keyId: "after" }), entry("new one"), entry("stays")]));
  bench.tables.release(old);
  finder.table.deriveAll();
  assert.equal(finder.table.readyCount, 1, "the one that had been derived");
  // what was under way belongs to the old keys
  bench.derive();
  bench.derive();
  bench.pass();
  assert.deepEqual(said(late), []);
  bench.derive();
  bench.pass();
  assert.deepEqual(said(late), ["unnamed"]);
  assert.deepEqual(said(search(finder, mine, "comes later")), ["after"]);
  assert.ok(
    old.words.every((word) => word === 0),
    "and the old ones are wiped",
  );
});

test("of those who are in, only whose key is gone have to leave, and at once where that is certain", () => {
  const bench = new Bench(4);
  const finder = bench.finder([entry("kept"), entry("gone"), entry("as a key"), psk(9), entry("moved")]);
  finder.table.deriveAll();
  bench.derive(4);
  const stations = ["kept", "gone", "as a key", "moved"].map((secret, i) => {
    const address = `02:00:00:00:01:0${i}` as MacAddress;
    assert.deepEqual(said(search(finder, address, secret)), ["unnamed"]);
    return { secret, address };
  });
  const byKey = "02:00:00:00:01:09" as MacAddress;
  finder.find(byKey, samePmkTest(new Uint8Array(32).fill(9)), () => undefined);

  const old = finder.table;
  finder.replace(
    bench.table([
      entry("kept", { keyId: "named" }),
      entry("", { secret: { type: "psk", octets: keyOf(utf8("as a key")) } }),
      entry("moved", { station: other }),
      entry("new and not derived"),
    ]),
  );
  bench.tables.release(old);
  finder.table.deriveAll();
  const decisions = stations.map(({ secret, address }) => {
    const results: (PmkCandidate | undefined)[] = [];
    finder.revise(address, keyOf(utf8(secret)), (valid) => void results.push(valid));
    return said({ results });
  });
  assert.deepEqual(decisions, [["named"], [undefined], ["unnamed"], []]);
  const results: (PmkCandidate | undefined)[] = [];
  finder.revise(byKey, new Uint8Array(32).fill(9), (valid) => void results.push(valid));
  assert.deepEqual(results, [], "a new passphrase might make the same key");
  bench.derive();
  bench.pass();
  assert.deepEqual(results, [undefined]);
});

test("networks with the same keys and SSID share them; the last one wipes them", () => {
  const bench = new Bench();
  const entries = [entry("password one"), entry("password two", { station: mine })];
  const one = bench.table(entries);
  assert.equal(bench.table(entries), one);
  const third = bench.table([...entries, psk(1)]);
  assert.notEqual(third, one);
  one.deriveAll();
  bench.derive(2);
  bench.tables.release(one);
  assert.ok(one.words.some((word) => word !== 0));
  bench.tables.release(one);
  assert.ok(one.words.every((word) => word === 0));
  one.deriveAll();
  assert.deepEqual(bench.deriving, []);
  assert.notEqual(bench.table(entries), one);
});

test("so many are derived at a time, lists in turn", () => {
  const bench = new Bench(3);
  const long = bench.table(Array.from({ length: 10 }, (_, i) => entry(`long list ${i}`)));
  const short = bench.table([entry("short list 1"), entry("short list 2")]);
  long.deriveAll();
  short.deriveAll();
  assert.equal(bench.deriving.length, 3);
  bench.derive(3);
  assert.deepEqual(bench.order.slice(3), ["long list 6", "short list 2", "long list 5"]);
});

test("no more stations are remembered than fit", () => {
  const bench = new Bench();
  const finder = bench.finder([psk(1)]);
  const fits = samePmkTest(new Uint8Array(32).fill(1));
  for (let i = 0; i < 5000; i++) {
    const address = `02:00:00:01:${(i >> 8).toString(16).padStart(2, "0")}:${(i & 255).toString(16).padStart(2, "0")}`;
    finder.find(address as MacAddress, fits, () => undefined);
  }
  assert.equal(finder.rememberedCount, 4096);
});
