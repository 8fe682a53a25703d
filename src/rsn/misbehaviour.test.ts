import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticatorBench, type BenchOptions } from "../../testing/authenticator-bench.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { happens, type Misbehaviour } from "./misbehaviour.ts";

const well: Misbehaviour = {
  message1KeyData: undefined,
  message3KeyData: undefined,
  message3Rsne: undefined,
  message3Rsnxe: undefined,
  message3Unencrypted: false,
  groupCounter: undefined,
  managementCounter: undefined,
  claimedFrequencies: undefined,
  randomReserved: false,
  spoiltGroupMics: 0,
  lastAttemptOnly: false,
};
const badly = (how: Partial<Misbehaviour>): BenchOptions => ({ policy: { misbehaviour: { ...well, ...how } } });
const snonce = new Uint8Array(32).fill(5);
const element = { id: 2, data: Uint8Array.of(1, 2, 3) };
const onTheAir = Uint8Array.of(2, 3, 1, 2, 3);

describe("what an authenticator does wrong when it is told to", () => {
  test("more Key Data in messages 1 and 3", () => {
    const bench = new AuthenticatorBench(badly({ message1KeyData: onTheAir, message3KeyData: onTheAir }));
    const station = bench.join();
    assert.deepEqual(station.supplicant.open(station.last.pdu).items, [{ kind: "element", element }]);
    station.answer(station.supplicant.message2(station.last.pdu, snonce));
    assert.deepEqual(station.supplicant.open(station.last.pdu).items.at(-1), { kind: "element", element });
  });

  test("another RSNE, or none, and an RSNXE that no beacon has", () => {
    const rsnxe = { id: 244, data: Uint8Array.of(1) };
    for (const rsne of [[element], []]) {
      const bench = new AuthenticatorBench(badly({ message3Rsne: rsne, message3Rsnxe: [rsnxe] }));
      const station = bench.join();
      station.answer(station.supplicant.message2(station.last.pdu, snonce));
      const { items } = station.supplicant.open(station.last.pdu);
      const elements = items.flatMap((item) => (item.kind === "element" ? [item.element] : []));
      assert.deepEqual(elements, [...rsne, rsnxe]);
    }
  });

  test("message 3 in the clear, with another counter", () => {
    const groupCounter = Uint8Array.of(9, 8, 7);
    const bench = new AuthenticatorBench(badly({ message3Unencrypted: true, groupCounter }));
    const station = bench.join();
    station.answer(station.supplicant.message2(station.last.pdu, snonce));
    const { key, items } = station.supplicant.open(station.last.pdu);
    assert.ok(!key.encryptedKeyData);
    assert.ok(items.some(({ kind }) => kind === "gtk"));
    assert.deepEqual(key.rsc, Uint8Array.of(9, 8, 7, 0, 0, 0, 0, 0));
  });

  test("octets in the reserved field, under a MIC that fits", () => {
    const bench = new AuthenticatorBench(badly({ randomReserved: true }));
    const station = bench.join();
    assert.ok(station.last.pdu.subarray(73, 81).some((octet) => octet !== 0));
    station.complete();
    assert.ok(station.authenticator.isEstablished);
  });

  test("group messages with a spoilt MIC", () => {
    const bench = new AuthenticatorBench(badly({ spoiltGroupMics: 1 }));
    const station = bench.join().complete();
    bench.bss.rekeyGroup();
    assert.throws(() => station.supplicant.open(station.last.pdu), /MIC/);
  });

  test("only the last attempt goes out, and each that doesn't is told of", () => {
    const bench = new AuthenticatorBench(badly({ lastAttemptOnly: true }));
    const station = bench.join();
    bench.pass(2500);
    assert.deepEqual(
      bench.acts.flatMap((act) => (act.type === "report" ? [act.event] : [])),
      [1, 2, 3].map((attempt) => ({ type: "sending-delayed", station: station.address, attempt })),
    );
    assert.equal(station.count, 1);
    assert.equal(station.supplicant.open(station.last.pdu).key.replayCounter, 4n);
  });
});

test("a share of all is a share of all", () => {
  const entropy = new FixedEntropy(3);
  const count = (probability: number): number =>
    Array.from({ length: 2000 }).filter(() => happens(probability, entropy)).length;
  assert.equal(count(0), 0);
  assert.equal(count(1), 2000);
  const half = count(0.5);
  assert.ok(half > 850 && half < 1150, `${half}`);
});
