/** Arithmetic that is done elsewhere takes its time: what is asked meanwhile, and who leaves meanwhile. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { saeLoopingVector } from "../../test/vectors/sae.ts";
import { passTime } from "../../testing/pass-time.ts";
import { beginSaeWith, saeSender, statusesOf } from "../../testing/sae-frames.ts";
import { saeToolsHere } from "../../testing/sae-tools.ts";
import { bytesOfHex } from "../base/bytes.ts";
import { runSaeJob, type SaeJob, type SaeJobResult } from "../crypto/sae/job.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { encodeDeauthentication } from "../wire/ieee80211/deauthentication.ts";
import { encodeManagementFrame } from "../wire/ieee80211/frame.ts";
import { reasonCode } from "../wire/ieee80211/reason-code.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";
import type { SaeTools } from "./sae.ts";

const commit = bytesOfHex(saeLoopingVector.commit) ?? assert.fail();
const h2e = statusCode["sae-hash-to-element"];

/** Threads that finish when they are told to. */
function slowTools() {
  const jobs: { readonly job: SaeJob; readonly finish: () => SaeJobResult }[] = [];
  const { groups } = saeToolsHere();
  const tools: SaeTools = {
    groups,
    arithmetic: {
      run: (job) =>
        new Promise((resolve) => {
          const finish = (): SaeJobResult => {
            const result = runSaeJob(groups, job, systemEntropy);
            resolve(result);
            return result;
          };
          jobs.push({ job, finish });
        }),
    },
    close: () => undefined,
  };
  return { tools, jobs };
}

async function begin() {
  const { tools, jobs } = slowTools();
  const begun = await beginSaeWith({ saeTools: tools });
  const finish = async (at: number): Promise<SaeJobResult> => {
    const result = jobs[at]?.finish() ?? assert.fail("no such job");
    await passTime(begun.network.clock, 10, 5);
    return result;
  };
  return { ...begun, jobs, finish };
}

const isWiped = (result: SaeJobResult): boolean =>
  result.type === "answered" && [result.keys.kck, result.keys.pmk].every((key) => key.every((octet) => octet === 0));

test("one piece of work at a time for each station, and the last that it asked for is answered", async () => {
  const { network, bss, send, jobs, finish } = await begin();
  await send(1, 0, commit);
  await send(1, h2e, commit);
  assert.equal(jobs.length, 1);
  assert.ok(isWiped(await finish(0)), "nobody asks for the first any more");
  assert.deepEqual(
    jobs.map(({ job }) => job.source.kind),
    ["looping", "password"],
  );
  const [station] = bss.stations.values();
  assert.equal(station?.sae.kind, "computing");
  assert.ok(!isWiped(await finish(1)));
  assert.equal(station?.sae.kind, "committed");
  assert.deepEqual(statusesOf(await send(1, h2e, commit)), [[1, h2e]]);
  network.stop();
});

test("what comes out for a station that has left is wiped, and nothing is sent", async () => {
  const { network, bss, send, finish, jobs } = await begin();
  await send(1, h2e, commit);
  const addresses = { receiver: bss.address, transmitter: saeSender, bssid: bss.address };
  const goodbye = encodeDeauthentication({ reason: reasonCode["leaving-network-deauthentication"], elements: [] });
  const frame = encodeManagementFrame({ subtype: "deauthentication", ...addresses }, goodbye);
  bss.onEvent({ type: "management", frame, frequency: 2412, signalDbm: -40 });
  assert.equal(bss.stations.get(saeSender)?.sae.kind ?? "nothing", "nothing");
  const before = network.records.length;
  assert.ok(isWiped(await finish(0)));
  assert.ok(!network.records.slice(before).some(({ level }) => level === "error" || level === "warning"));
  // Who comes back is answered, with work of its own.
  await send(1, h2e, commit);
  assert.equal(jobs.length, 2);
  assert.ok(!isWiped(await finish(1)));
  network.stop();
});
