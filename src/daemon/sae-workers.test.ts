import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { saeLoopingVector } from "../../test/vectors/sae.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { bytesOfHex, utf8 } from "../base/bytes.ts";
import { seconds } from "../base/duration.ts";
import { Log } from "../base/log.ts";
import { opensslGroups } from "../crypto/backend/openssl-groups.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { runSaeJob, type SaeJob, type SaeJobResult } from "../crypto/sae/job.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { SaeWorkers } from "./sae-workers.ts";

const entry = new URL("./sae-worker.js", import.meta.url);
const groups = new CyclicGroups(opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called"));
const here = (job: SaeJob): SaeJobResult => runSaeJob(groups, job, systemEntropy);
const example = bytesOfHex(saeLoopingVector.peerCommit) ?? assert.fail();
const clock = new VirtualClock();
const logged: string[] = [];
const log = new Log(({ text }) => void logged.push(text));
const opened: SaeWorkers[] = [];
after(() => {
  for (const workers of opened) workers.close();
});

const job = (password: string): SaeJob => ({
  group: 19,
  source: { kind: "looping", password: utf8(password) },
  ownAddress: Uint8Array.of(2, 0, 0, 0, 0, 1),
  peerAddress: Uint8Array.of(2, 0, 0, 0, 0, 2),
  peer: { scalar: example.slice(2, 34), element: example.slice(34) },
  keys: { extendedKey: false, rejectedGroups: new Uint8Array(0), withKek: false },
});

const open = (options: { readonly processors?: number; readonly entry?: URL } = {}): SaeWorkers => {
  const workers = new SaeWorkers({ entry, here, clock, log, ...options });
  opened.push(workers);
  return workers;
};

test("jobs are shared out, and the loop goes on meanwhile", async () => {
  const workers = open({ processors: 2 });
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const results = await Promise.all(
    Array.from({ length: 40 }, (_, i) => workers.run(job(`password ${i}`), () => true)),
  );
  clearInterval(ticking);
  assert.equal(workers.threadCount, 2);
  assert.ok(turns >= 10, `the loop turned ${turns} times`);
  const scalars = new Set(results.map((result) => (result?.type === "answered" ? result.own.scalar.join() : "none")));
  assert.equal(scalars.size, 40);
  assert.ok(!scalars.has("none"));
  clock.advance(seconds(61));
  assert.equal(workers.threadCount, 0, "idle threads stay");
  assert.equal((await workers.run(job("again"), () => true))?.type, "answered");
});

test("what is not wanted any more is not done", async () => {
  const workers = open({ processors: 1 });
  const results = await Promise.all(Array.from({ length: 10 }, (_, i) => workers.run(job("x"), () => i < 3)));
  assert.equal(results.filter((result) => result !== undefined).length, 3);
});

test("a small job alone is done at once, without a thread", async () => {
  const workers = open();
  const pt = bytesOfHex(saeLoopingVector.peerCommit)?.slice(34) ?? assert.fail();
  const result = await workers.run({ ...job("x"), source: { kind: "pt", pt } }, () => true);
  assert.equal(result?.type, "answered");
  assert.equal(workers.threadCount, 0);
});

test("small jobs that follow one another are a thread's where there is a processor for it", async () => {
  const pt = bytesOfHex(saeLoopingVector.peerCommit)?.slice(34) ?? assert.fail();
  const small: SaeJob = { ...job("x"), source: { kind: "pt", pt } };
  for (const [processors, threads] of [
    [1, 0],
    [2, 1],
  ] as const) {
    const workers = open({ processors });
    for (let i = 0; i < 3; i++) assert.equal((await workers.run(small, () => true))?.type, "answered");
    assert.equal(workers.threadCount, threads, `${processors} processors`);
  }
});

test("a job that fails by a mistake of ours is its own affair: the thread goes on", async () => {
  const workers = open({ processors: 1 });
  const wiped: SaeJob = { ...job("x"), source: { kind: "pt", pt: new Uint8Array(64) } };
  const results = await Promise.allSettled([job("x"), wiped, job("y")].map((each) => workers.run(each, () => true)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  assert.equal(workers.threadCount, 1);
});

test("a thread that fails as it is ended, or never begins, ends nobody else", async () => {
  const broken = new URL("data:text/javascript,throw new Error('broken')");
  const workers = open({ processors: 1, entry: broken });
  const unfinished = workers.run(job("x"), () => true);
  // Until it has failed; the loop has not heard of it yet.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  workers.close();
  assert.equal(await unfinished, undefined, "who waits for a result that nobody works on waits in vain");
  await sleep(50);
  const none = open({ processors: 1, entry: new URL("https://127.0.0.1/none") });
  assert.equal((await none.run(job("x"), () => true))?.type, "answered");
});

test("where threads fail it is done without them, and said once", async () => {
  const workers = open({ processors: 2, entry: new URL("./no-such-file.js", import.meta.url) });
  logged.length = 0;
  const results = await Promise.all(Array.from({ length: 6 }, () => workers.run(job("x"), () => true)));
  assert.ok(results.every((result) => result?.type === "answered"));
  assert.equal((await workers.run(job("x"), () => true))?.type, "answered");
  assert.equal(logged.filter((text) => text.includes("a thread for SAE failed")).length, 1);
});

test("a mistake in the arithmetic itself is told to whoever asked, and ends there", async () => {
  const failing = (): never => {
    throw new Error("a mistake of ours");
  };
  const workers = new SaeWorkers({
    entry: new URL("./no-such-file.js", import.meta.url),
    here: failing,
    clock,
    log,
    processors: 1,
  });
  opened.push(workers);
  const results = await Promise.allSettled([1, 2, 3].map(() => workers.run(job("x"), () => true)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "rejected", "rejected"],
  );
});
