/** The part that runs where the radios are: takes the measurements and writes each as a line of JSON. */

import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../lab/guest/process.ts";
import { Reactor } from "../src/linux/reactor.ts";
import { controlSocket, type Daemon, startDaemon } from "./daemon.ts";
import { watchBeacons } from "./first-beacon.ts";
import { type Measurement, type MetricName, type Subject, stationCount, subjects } from "./metrics.ts";
import { ping } from "./ping.ts";
import { cpuTime, memoryOf } from "./process-figures.ts";
import { firstInterfaces, startStations } from "./stations.ts";

const joinCount = 100;
const joiningStations = 2;
/** Starts of a daemon in each round, of which the last is for the other measurements: a start is over soon. */
const startsPerRound = 3;
/** Milliseconds until a daemon that has started has nothing to do any more. */
const settling = 2000;

type Tell = (metric: MetricName, value: number) => void;

async function start(subject: Subject, tell: Tell): Promise<Daemon> {
  const beacons = await watchBeacons();
  const daemon = await startDaemon(subject);
  const first = await beacons.next();
  const cpu = cpuTime(daemon.pid);
  beacons.stop();
  tell("firstBeacon", first - daemon.executedAt);
  tell("startCpu", cpu);
  return daemon;
}

async function measureJoins(daemon: Daemon, joins: (index: number) => Promise<void>): Promise<number> {
  const before = cpuTime(daemon.pid);
  for (let index = 0; index < joinCount; index++) await joins(index);
  await sleep(settling / 4);
  return (cpuTime(daemon.pid) - before) / joinCount;
}

async function measure(reactor: Reactor, subject: Subject, tell: Tell): Promise<void> {
  for (let index = 1; index < startsPerRound; index++) await (await start(subject, tell)).stop();

  const daemon = await start(subject, tell);
  await sleep(settling);
  tell("idleMemory", (await memoryOf(daemon.pid)).resident);

  // A simulated radio hands a frame to all that listen before the sender's system call returns, and so at the sender's
  // expense: few of them while CPU time is measured.
  const few = await startStations(reactor, firstInterfaces(joiningStations));
  tell("joinCpu", await measureJoins(daemon, few.join));
  tell("laterJoinCpu", await measureJoins(daemon, few.join));
  await few.stop();

  const all = await startStations(reactor, firstInterfaces(stationCount));
  for (let index = 0; index < stationCount; index++) await all.join(index);
  await sleep(settling);
  const { resident, peak } = await memoryOf(daemon.pid);
  tell("busyMemory", resident);
  tell("peakMemory", peak);

  const { median, slow } = ping(controlSocket);
  tell("ping", median);
  tell("slowPing", slow);

  await all.stop();
  await daemon.stop();
}

function tellHost(measurement: Measurement): void {
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}

async function main(rounds: number): Promise<void> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  // Whoever comes first would pay for reading the programs from the host.
  for (const subject of subjects) await (await start(subject, () => undefined)).stop();

  const reactor = new Reactor();
  for (let round = 0; round < rounds; round++) {
    // In turn, and in the next round the other way round.
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${subject}\n`);
      await measure(reactor, subject, (metric, value) => tellHost({ subject, metric, value }));
    }
  }
  reactor.close();
}

await main(Number(process.argv[2]));
