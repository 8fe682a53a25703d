import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Log } from "./log.ts";

const said = (...lines: string[]): Log => {
  const log = new Log("program");
  for (const line of lines) log.add(line);
  return log;
};

describe("waiting for what a program says", () => {
  test("finds what was said already, and each thing once", async () => {
    const log = said("up", "connected 1", "connected 2");
    assert.equal((await log.waitFor(/connected (\d)/))[1], "1");
    assert.equal((await log.waitFor(/connected (\d)/))[1], "2");
    await assert.rejects(
      log.waitFor(/connected/, { timeout: 0.02 }),
      /program did not say \/connected\/ within 0.02 s/,
    );
    assert.equal((await log.waitFor(/up/, { fromStart: true }))[0], "up");
    await assert.rejects(log.waitFor(/up/, { timeout: 0.02 }));
  });

  test("waits for what is still to come", async () => {
    const log = said("up");
    const waiting = log.waitFor(/connected/);
    await sleep(5);
    log.add("noise");
    log.add("connected");
    assert.equal((await waiting)[0], "connected");
  });

  test("gives up when the program has ended", async () => {
    const log = said("up");
    const waiting = log.waitFor(/connected/);
    log.end();
    await assert.rejects(waiting, /ended and never said/);
    await assert.rejects(log.waitFor(/connected/), /ended and never said/);
    assert.equal((await log.waitFor(/up/, { fromStart: true }))[0], "up");
  });

  test("skips what is past", async () => {
    const log = said("connected 1");
    log.skip();
    log.add("connected 2");
    assert.equal((await log.waitFor(/connected (\d)/))[1], "2");
  });

  test("notices what should not have been said", async () => {
    const log = said("bad");
    await log.staysWithout(/bad/, 0.01);
    const waiting = log.staysWithout(/bad/, 0.01);
    log.add("very bad");
    await assert.rejects(waiting, /program said very bad/);
  });
});
