/** The part of `npm run bench -- keys` that runs where the radios are: a wpa_psk_file of each length, both daemons. */

import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../lab/guest/process.ts";
import { Reactor } from "../src/linux/reactor.ts";
import { type Daemon, startDaemon } from "./daemon.ts";
import { watchBeacons } from "./first-beacon.ts";
import { nameOf, type Place, places } from "./keys-metrics.ts";
import { type Measurement, type Subject, subjects } from "./metrics.ts";
import { cpuTime, memoryOf } from "./process-figures.ts";
import { firstInterfaces, startStations } from "./stations.ts";

/** Milliseconds: deriving 100,000 keys takes minutes. */
const patience = 3_600_000;

const passphraseOf = (line: number): string => `passphrase number ${line}`;
const ownPassphrase = "nobody else's";

/** Who joins: one with an entry of its own, one for each place, and for each place another that comes later. */
const stationCount = 1 + 2 * places.length;

async function measure(reactor: Reactor, subject: Subject, count: number, tell: (what: string, value: number) => void) {
  const lines: Record<Place, number> = { last: count - 1, middle: count >> 1, first: 0 };
  const file = join(tmpdir(), "bench.wpa_psk");
  const entries = Array.from({ length: count }, (_, line) => `00:00:00:00:00:00 ${passphraseOf(line)}\n`);
  // In the middle, where nobody comes first.
  entries.splice(count >> 1, 0, `02:00:00:00:01:00 ${ownPassphrase}\n`);
  await writeFile(file, entries.join(""));

  const passphrases = places.map((place) => passphraseOf(lines[place]));
  const stations = await startStations(reactor, firstInterfaces(stationCount), [
    ownPassphrase,
    ...passphrases,
    ...passphrases,
  ]);
  const beacons = await watchBeacons(patience);
  const daemon = await startDaemon(subject, `wpa_psk_file=${file}`);
  const elapsed = (): number => (performance.timeOrigin + performance.now() - daemon.executedAt) / 1000;
  tell("firstBeacon", ((await beacons.next()) - daemon.executedAt) / 1000);
  beacons.stop();
  await Promise.all(
    ["own", ...places.map((place) => `early ${place}`)].map(async (what, index) => {
      await stations.join(index, patience);
      tell(what, elapsed());
    }),
  );
  await untilQuiet(daemon);
  for (const [index, place] of places.entries()) {
    const before = performance.now();
    await stations.join(1 + places.length + index);
    tell(`late ${place}`, performance.now() - before);
  }
  tell("memory", (await memoryOf(daemon.pid)).resident);
  await stations.stop();
  await daemon.stop();
}

/** It derives no keys any more. */
async function untilQuiet({ pid }: Daemon): Promise<void> {
  for (;;) {
    const before = cpuTime(pid);
    await sleep(2000);
    if (cpuTime(pid) - before < 100) return;
  }
}

async function main(rounds: number, counts: readonly number[]): Promise<void> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  const reactor = new Reactor();
  for (const count of counts) {
    for (let round = 0; round < rounds; round++) {
      for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
        process.stderr.write(`${count} keys, round ${round + 1} of ${rounds}: ${subject}\n`);
        await measure(reactor, subject, count, (what, value) => {
          const measurement: Measurement = { subject, metric: nameOf(count, what), value };
          process.stdout.write(`${JSON.stringify(measurement)}\n`);
        });
      }
    }
  }
  reactor.close();
}

await main(Number(process.argv[2]), (process.argv[3] ?? "").split(",").map(Number));
