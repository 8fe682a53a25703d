/** The authenticator while it takes time to find out which key a station has. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticatorBench, isWiped } from "../../testing/authenticator-bench.ts";

const snonce = (octet: number): Uint8Array => new Uint8Array(32).fill(octet);

const answering = () => {
  const bench = new AuthenticatorBench();
  bench.searchesTakeTime = true;
  const station = bench.join();
  bench.news();
  const message1 = station.last.pdu;
  station.answer(station.supplicant.message2(message1, snonce(1)));
  return { bench, station, message1 };
};

test("a station that has answered is not asked again while its key is looked for, and goes on when it is found", () => {
  const { bench, station, message1 } = answering();
  bench.pass(9_000);
  assert.equal(station.count, 1);
  station.authenticator.onTransmitted(true);
  station.answer(station.supplicant.message2(message1, snonce(1)));
  assert.equal(bench.searches.size, 1, "its repetition is the same question");
  bench.pass(900);
  bench.endSearch();
  assert.equal(station.count, 2);
  station.answer(station.supplicant.message4(station.last.pdu));
  assert.deepEqual(bench.news(), ["install 0", "authorize home", "handshake-completed"]);
  assert.deepEqual(bench.clock.armed, []);
});

test("a key that is found too late is nobody's", () => {
  const { bench, station } = answering();
  bench.pass(10_000);
  assert.deepEqual(bench.news(), ["handshake-stalled", "deauthenticate 4-way-handshake-timeout"]);
  assert.equal(bench.searches.size, 0, "the search ends with the handshake");
  assert.equal(station.count, 1);
});

test("where no key fits, that is told, and message 1 goes out again as ever", () => {
  const { bench, station } = answering();
  bench.candidates = [];
  station.answer(station.supplicant.message2(station.last.pdu, snonce(2)));
  bench.endSearch();
  assert.deepEqual(bench.news(), [], "the first one was right");
  bench.endSearch();
  assert.equal(station.count, 2, "the other one came to nothing");

  const wrong = new AuthenticatorBench();
  wrong.searchesTakeTime = true;
  wrong.candidates = [];
  const mistaken = wrong.join();
  wrong.news();
  for (let attempt = 1; attempt <= 4; attempt++) {
    assert.equal(mistaken.count, attempt);
    mistaken.answer(mistaken.supplicant.message2(mistaken.last.pdu, snonce(attempt)));
    wrong.pass(3_000);
    wrong.endSearch();
    assert.deepEqual(wrong.news(), ["psk-mismatch"]);
    wrong.pass(1_000);
  }
  assert.deepEqual(wrong.news(), ["handshake-stalled", "deauthenticate 4-way-handshake-timeout"]);
});

test("whoever answers in a station's name doesn't keep its own answer out, nor fill the memory", () => {
  const { bench, station, message1 } = answering();
  for (let n = 2; n < 20; n++) {
    station.answer(station.supplicant.message2(message1, snonce(n), { wrongMic: true }));
    assert.ok(bench.searches.size <= 4);
  }
  station.answer(station.supplicant.message2(message1, snonce(99)));
  while (bench.searches.size > 1) {
    bench.endSearch();
    assert.equal(station.count, 1);
  }
  bench.endSearch();
  assert.equal(station.count, 2);
});

test("with the station its search goes, and with its keys its PMK", () => {
  const { bench, station } = answering();
  bench.bss.leave(station.address);
  assert.equal(bench.searches.size, 0);

  const other = bench.join(2);
  bench.searchesTakeTime = false;
  other.complete();
  const pmk = other.authenticator.pmk ?? assert.fail();
  assert.ok(!isWiped(pmk));
  bench.bss.leave(other.address);
  assert.ok(isWiped(pmk));
});
