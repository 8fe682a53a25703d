/** npm run bench -- sae-arithmetic: what the arithmetic of an SAE authentication takes by itself, outside of the lab. */

import { utf8 } from "../src/base/bytes.ts";
import { CyclicGroups } from "../src/crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../src/crypto/groups/load.ts";
import { drawSaeSecrets, saeCommit } from "../src/crypto/sae/exchange.ts";
import { derivePt, derivePweFromPt } from "../src/crypto/sae/hash-to-element.ts";
import { runSaeJob, type SaeJob, type SaePasswordSource } from "../src/crypto/sae/job.ts";
import { bothAddresses } from "../src/crypto/sae/looping.ts";
import { systemEntropy } from "../src/linux/entropy.ts";
import { saeGroups, saeWays } from "./sae-metrics.ts";

const groups = new CyclicGroups(await loadGroupArithmetic());
const ownAddress = Uint8Array.of(2, 0, 0, 0, 0, 0);
const password = utf8("correct horse");
const batches = 15;
const perBatch = 40;

/** Microseconds of CPU time: the least of several batches, since others only ever add to it. */
function costOf(work: (index: number) => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch++) {
    const before = process.cpuUsage();
    for (let i = 0; i < perBatch; i++) work(batch * perBatch + i);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / perBatch);
  }
  return least;
}

process.stdout.write(
  "| group | multiplication | looping | hash-to-element |\n| ----- | -------------- | ------- | --------------- |\n",
);
for (const number of saeGroups) {
  const group = groups.get(number);
  const pt = derivePt(group, utf8("bench"), password, undefined);
  const sources: Record<(typeof saeWays)[number], SaePasswordSource> = {
    looping: { kind: "looping", password },
    "hash-to-element": { kind: "pt", pt },
  };
  const job = (index: number, source: SaePasswordSource): SaeJob => {
    const peerAddress = Uint8Array.of(2, 0, 0, 0, index >> 8, index);
    return { group: number, source, ownAddress, peerAddress, peer, keys };
  };
  const keys = { extendedKey: false, rejectedGroups: new Uint8Array(0), withKek: false };
  const pwe = derivePweFromPt(group, pt, bothAddresses(ownAddress, Uint8Array.of(2, 0, 0, 0, 0, 1)));
  const secrets = drawSaeSecrets(group, systemEntropy);
  const peer = saeCommit(group, pwe, secrets);
  const costs = [
    costOf(() => group.multiply(secrets.rand, peer.element)),
    ...saeWays.map((way) => costOf((index) => runSaeJob(groups, job(index, sources[way]), systemEntropy))),
  ];
  process.stdout.write(`| ${[number, ...costs.map((cost) => `${Math.round(cost)} µs`)].join(" | ")} |\n`);
}
