import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { saeLoopingVector } from "../../../test/vectors/sae.ts";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { bytesOfHex, hexOf, utf8 } from "../../base/bytes.ts";
import { opensslGroups } from "../../crypto/backend/openssl-groups.ts";
import { CyclicGroups } from "../../crypto/groups/cyclic-group.ts";
import { deriveSaeConfirm, type SaeCommitValues, type SaeKeys } from "../../crypto/sae/exchange.ts";
import { runSaeJob, type SaeJob } from "../../crypto/sae/job.ts";
import { type SaeEffect, type SaeInput, type SaeRules, type SaeState, stepSae } from "./machine.ts";
import type { SaeRequest } from "./request.ts";

const groups = new CyclicGroups(opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called"));
const apAddress = Uint8Array.of(2, 0, 0, 0, 0, 1);
const stationAddress = Uint8Array.of(2, 0, 0, 0, 0, 2);
const patient: SaeRules = { mostSync: 3, confirmsAtOnce: false };

const job = (password: string, own: Uint8Array, peerAddress: Uint8Array, peer: SaeCommitValues): SaeJob => ({
  group: 19,
  source: { kind: "looping", password: utf8(password) },
  ownAddress: own,
  peerAddress,
  peer,
  keys: { extendedKey: false, rejectedGroups: new Uint8Array(0), withKek: false },
});

const requestWith = (peer: SaeCommitValues): SaeRequest => ({
  method: "looping",
  group: 19,
  peer,
  passwordIdentifier: undefined,
  rejectedGroups: new Uint8Array(0),
  extendedKey: false,
  akmSuite: undefined,
});

/** A machine and a station that does its arithmetic in the same way, only from the other end. */
class Bench {
  state: SaeState<string> = { kind: "nothing" };
  readonly effects: SaeEffect<string>[] = [];

  constructor(
    readonly rules: SaeRules = patient,
    readonly password = "password",
  ) {}

  step(input: SaeInput<string>): readonly SaeEffect<string>[] {
    const { state, effects } = stepSae(this.state, input, this.rules);
    this.state = state;
    this.effects.push(...effects);
    return effects;
  }

  commit(peer: SaeCommitValues): readonly SaeEffect<string>[] {
    return this.step({ type: "commit", request: requestWith(peer), credential: "the network's" });
  }

  /** Does what the last compute effect asked for. */
  compute(seed = 1): readonly SaeEffect<string>[] {
    const wanted = this.effects.findLast((effect) => effect.type === "compute") ?? assert.fail("nothing to compute");
    const { peer } = wanted.request;
    const result = runSaeJob(groups, job(this.password, apAddress, stationAddress, peer), new FixedEntropy(seed));
    return this.step({ type: "computed", result });
  }

  get kinds(): readonly string[] {
    return this.effects.map(({ type }) => type);
  }
}

/** A station's values don't depend on its peer's: those of the standard's example bring them out. */
const example = bytesOfHex(saeLoopingVector.peerCommit) ?? assert.fail();
const somebody: SaeCommitValues = { scalar: example.slice(2, 34), element: example.slice(34) };

function station(password: string, seed = 100) {
  const run = (peer: SaeCommitValues): { readonly own: SaeCommitValues; readonly keys: SaeKeys } => {
    const result = runSaeJob(groups, job(password, stationAddress, apAddress, peer), new FixedEntropy(seed));
    return result.type === "answered" ? result : assert.fail("the access point's values are unacceptable");
  };
  return {
    own: run(somebody).own,
    keys: (peer: SaeCommitValues) => run(peer).keys,
    confirm(peer: SaeCommitValues, sendConfirm = 1) {
      const { own, keys } = run(peer);
      return { sendConfirm, confirm: deriveSaeConfirm(keys, sendConfirm, own, peer), rest: new Uint8Array(0) };
    },
  };
}

const ourCommit = (bench: Bench) => {
  const sent = bench.effects.findLast((effect) => effect.type === "send-commit") ?? assert.fail("no Commit");
  return sent.exchange.own;
};

describe("an exchange", () => {
  test("Commit is answered with Commit, Confirm with Confirm, and both ends have the same key", () => {
    const bench = new Bench();
    const peer = station("password");
    assert.deepEqual(
      bench.commit(peer.own).map(({ type }) => type),
      ["compute"],
    );
    assert.deepEqual(
      bench.compute().map(({ type }) => type),
      ["send-commit"],
    );
    const effects = bench.step({ type: "confirm", frame: peer.confirm(ourCommit(bench)) });
    assert.deepEqual(
      effects.map(({ type }) => type),
      ["accept", "send-confirm"],
    );
    const [accepted, sent] = effects;
    assert.ok(sent?.type === "send-confirm" && accepted?.type === "accept");
    assert.equal(sent.frame.sendConfirm, 1);
    const theirs = peer.keys(ourCommit(bench));
    assert.equal(hexOf(accepted.exchange.keys.pmk), hexOf(theirs.pmk));
    assert.equal(hexOf(accepted.exchange.keys.pmkid), hexOf(theirs.pmkid));
    assert.equal(hexOf(sent.frame.confirm), hexOf(deriveSaeConfirm(theirs, 1, ourCommit(bench), peer.own)));
  });

  test("with sae_confirm_immediate both of ours go out at once, and the station's Confirm ends it", () => {
    const bench = new Bench({ ...patient, confirmsAtOnce: true });
    const peer = station("password");
    bench.commit(peer.own);
    assert.deepEqual(
      bench.compute().map(({ type }) => type),
      ["send-commit", "send-confirm"],
    );
    const effects = bench.step({ type: "confirm", frame: peer.confirm(ourCommit(bench)) });
    assert.deepEqual(
      effects.map(({ type }) => type),
      ["accept"],
    );
  });

  test("another password is a mismatch, and the right one still gets in", () => {
    const bench = new Bench();
    const peer = station("password");
    bench.commit(peer.own);
    bench.compute();
    const wrong = { ...peer.confirm(ourCommit(bench)), sendConfirm: 2 };
    assert.deepEqual(
      bench.step({ type: "confirm", frame: wrong }).map(({ type }) => type),
      ["mismatch"],
    );
    assert.equal(bench.state.kind, "committed");
    assert.deepEqual(
      bench.step({ type: "confirm", frame: peer.confirm(ourCommit(bench), 2) }).map(({ type }) => type),
      ["accept", "send-confirm"],
    );
  });
});

describe("what comes twice, late or never asked for", () => {
  test("a Confirm before the Commit, and while ours is computed, is nothing", () => {
    const bench = new Bench();
    const frame = { sendConfirm: 1, confirm: new Uint8Array(32), rest: new Uint8Array(0) };
    assert.deepEqual(bench.step({ type: "confirm", frame }), []);
    bench.commit(station("password").own);
    assert.deepEqual(bench.step({ type: "confirm", frame }), []);
    assert.equal(bench.state.kind, "computing");
  });

  test("the same Commit again is answered with the same one, so often as sae_sync says", () => {
    const bench = new Bench();
    const peer = station("password");
    bench.commit(peer.own);
    bench.compute();
    const first = ourCommit(bench);
    for (let i = 0; i < patient.mostSync; i++) {
      const effects = bench.commit(peer.own);
      assert.deepEqual(
        effects.map(({ type }) => type),
        ["send-commit"],
      );
      assert.equal(ourCommit(bench), first);
    }
    assert.deepEqual(bench.commit(peer.own), []);
  });

  test("another Commit meanwhile makes no second piece of work, and counts in the end", () => {
    const bench = new Bench();
    const [one, two, three] = [station("password", 10), station("password", 20), station("password", 30)];
    bench.commit(one.own);
    assert.deepEqual(bench.commit(two.own), []);
    assert.deepEqual(bench.commit(three.own), []);
    assert.deepEqual(
      bench.compute().map(({ type }) => type),
      ["forget", "compute"],
    );
    assert.deepEqual(
      bench.compute().map(({ type }) => type),
      ["send-commit"],
    );
    const effects = bench.step({ type: "confirm", frame: three.confirm(ourCommit(bench)) });
    assert.deepEqual(
      effects.map(({ type }) => type),
      ["accept", "send-confirm"],
    );
  });

  test("a result that nobody waits for is nothing", () => {
    const bench = new Bench();
    assert.deepEqual(bench.step({ type: "computed", result: { type: "unacceptable" } }), []);
    assert.equal(bench.state.kind, "nothing");
  });

  test("unacceptable values are refused, and forgotten", () => {
    const bench = new Bench();
    bench.commit({ scalar: new Uint8Array(32), element: new Uint8Array(64) });
    const [effect] = bench.compute();
    assert.ok(effect?.type === "refuse" && effect.status === "unspecified-failure");
    assert.equal(bench.state.kind, "nothing");
  });

  test("after acceptance: a lost Confirm is sent again, with the last counter; an old one and a wrong one are nothing", () => {
    const bench = new Bench();
    const peer = station("password");
    bench.commit(peer.own);
    bench.compute();
    const own = ourCommit(bench);
    bench.step({ type: "confirm", frame: peer.confirm(own, 1) });
    assert.deepEqual(bench.step({ type: "confirm", frame: peer.confirm(own, 1) }), []);
    assert.deepEqual(bench.step({ type: "confirm", frame: peer.confirm(own, 0xffff) }), []);
    assert.deepEqual(
      bench.step({ type: "confirm", frame: { ...peer.confirm(own, 2), confirm: new Uint8Array(32) } }),
      [],
    );
    const [again, nothingElse] = bench.step({ type: "confirm", frame: peer.confirm(own, 2) });
    assert.ok(again?.type === "send-confirm" && again.frame.sendConfirm === 0xffff && nothingElse === undefined);
    bench.step({ type: "confirm", frame: peer.confirm(own, 3) });
    bench.step({ type: "confirm", frame: peer.confirm(own, 4) });
    assert.deepEqual(bench.step({ type: "confirm", frame: peer.confirm(own, 5) }), [], "sae_sync is used up");
  });

  test("after acceptance: the same scalar is refused, another one begins anew", () => {
    const bench = new Bench();
    const peer = station("password");
    bench.commit(peer.own);
    bench.compute();
    bench.step({ type: "confirm", frame: peer.confirm(ourCommit(bench)) });
    assert.deepEqual(
      bench.commit(peer.own).map(({ type }) => type),
      ["refuse"],
    );
    assert.deepEqual(
      bench.commit(station("password", 50).own).map(({ type }) => type),
      ["forget", "compute"],
    );
  });
});
