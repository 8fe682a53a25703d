/**
 * The part of `npm run bench -- stations` that runs where the radios are. Each radio has many interfaces, each of them a
 * station: the air has few radios to bring a frame to, and what is measured is the access point.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../lab/guest/process.ts";
import { Reactor } from "../src/linux/reactor.ts";
import { type ControlClient, openControlClient } from "./control-client.ts";
import { nameOf } from "./crowd-metrics.ts";
import { controlSocket, startDaemon } from "./daemon.ts";
import { watchBeacons } from "./first-beacon.ts";
import { type Measurement, type Subject, subjects } from "./metrics.ts";
import { cpuTime, memoryOf } from "./process-figures.ts";
import { startStations } from "./stations.ts";

const idle = 10_000;
const patience = 120_000;

async function makeInterfaces(count: number, radios: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    const name = `sta${index}`;
    const octets = [index >> 8, index & 0xff].map((octet) => octet.toString(16).padStart(2, "0"));
    const phy = `phy${1 + (index % radios)}`;
    await run([
      "iw",
      "phy",
      phy,
      "interface",
      "add",
      name,
      "type",
      "managed",
      "addr",
      `02:00:01:00:${octets.join(":")}`,
    ]);
    names.push(name);
  }
  return names;
}

async function measure(
  reactor: Reactor,
  subject: Subject,
  names: readonly string[],
  sizes: readonly number[],
  tell: (size: number, what: string, value: number) => void,
): Promise<void> {
  const stations = await startStations(reactor, names);
  const beacons = await watchBeacons();
  const daemon = await startDaemon(subject, "ap_max_inactivity=3600", "wpa_group_rekey=0");
  await beacons.next();
  beacons.stop();
  await sleep(2000);
  const client = openControlClient(controlSocket);
  let joined = 0;
  for (const size of sizes) {
    let began = cpuTime(daemon.pid);
    const more = size - joined;
    for (; joined < size; joined++) await stations.join(joined, patience);
    await sleep(2000);
    tell(size, "join", (cpuTime(daemon.pid) - began) / more);
    tell(size, "memory", (await memoryOf(daemon.pid)).resident);

    began = cpuTime(daemon.pid);
    await sleep(idle);
    const quiet = cpuTime(daemon.pid) - began;
    tell(size, "idle", quiet);

    began = cpuTime(daemon.pid);
    if (client.ask("REKEY_GTK") !== "OK\n") throw new Error("REKEY_GTK is not answered with OK");
    await sleep(idle);
    tell(size, "rekey", (cpuTime(daemon.pid) - began - quiet) / size);

    walk(client);
    const from = performance.now();
    const listed = walk(client);
    tell(size, "list", ((performance.now() - from) * 1000) / listed);
    if (listed !== size) throw new Error(`${listed} stations are listed, ${size} have joined`);
  }
  client.close();
  await stations.stop();
  await daemon.stop();
}

/** @returns how many stations there are */
function walk(client: ControlClient): number {
  let count = 0;
  for (let answer = client.ask("STA-FIRST"); answer.length > 17; count++) {
    answer = client.ask(`STA-NEXT ${answer.slice(0, 17)}`);
  }
  return count;
}

async function main(sizes: readonly number[], radios: number): Promise<void> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  const reactor = new Reactor();
  process.stderr.write(`making ${Math.max(...sizes)} stations\n`);
  const names = await makeInterfaces(Math.max(...sizes), radios);
  for (const subject of subjects) {
    process.stderr.write(`${subject}\n`);
    await measure(reactor, subject, names, sizes, (size, what, value) => {
      process.stderr.write(`${size} stations: ${what} ${value.toPrecision(3)}\n`);
      const measurement: Measurement = { subject, metric: nameOf(size, what), value };
      process.stdout.write(`${JSON.stringify(measurement)}\n`);
    });
  }
  reactor.close();
}

await main((process.argv[3] ?? "").split(",").map(Number), Number(process.argv[4]));
