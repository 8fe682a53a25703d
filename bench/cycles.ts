/** The part of `npm run bench -- cycles` that runs where the radios are: a BSS is added and removed, many times. */

import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "../lab/guest/process.ts";
import { type ControlClient, openControlClient } from "./control-client.ts";
import { controlSocket, globalSocket, startDaemon } from "./daemon.ts";
import { watchBeacons } from "./first-beacon.ts";
import { type Measurement, type Subject, subjects } from "./metrics.ts";
import { cpuTime, memoryOf } from "./process-figures.ts";

const bss = `
interface=wlan0_1
driver=nl80211
ctrl_interface=/run/hostapd
bssid=02:00:00:00:00:01
ssid=guests
hw_mode=g
channel=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=another horse
`;

async function measure(subject: Subject, count: number, tell: (metric: string, value: number) => void): Promise<void> {
  const file = join(tmpdir(), "bench-bss.conf");
  await writeFile(file, bss);
  const beacons = await watchBeacons();
  const daemon = await startDaemon(subject);
  await beacons.next();
  beacons.stop();
  await sleep(1000);
  const client = openControlClient(globalSocket);
  const descriptors = () => readdirSync(`/proc/${daemon.pid}/fd`).length;
  for (let i = 0; i < 10; i++) await cycle(client, file);
  const before = descriptors();
  const tenth = Math.ceil(count / 10);
  const cpuOf = async (cycles: number): Promise<number> => {
    const began = cpuTime(daemon.pid);
    for (let i = 0; i < cycles; i++) await cycle(client, file);
    return (cpuTime(daemon.pid) - began) / cycles;
  };
  tell("earlyCpu", await cpuOf(tenth));
  tell("earlyMemory", (await memoryOf(daemon.pid)).resident);
  await cpuOf(count - 2 * tenth);
  tell("lateCpu", await cpuOf(tenth));
  tell("lateMemory", (await memoryOf(daemon.pid)).resident);
  tell("descriptors", descriptors() - before);
  const pong = openControlClient(controlSocket);
  if (pong.ask("PING") !== "PONG\n") throw new Error(`${subject} doesn't answer any more`);
  pong.close();
  client.close();
  await daemon.stop();
}

async function cycle(client: ControlClient, file: string): Promise<void> {
  for (const command of [`ADD bss_config=phy0:${file}`, "REMOVE wlan0_1"]) {
    const answer = client.ask(command);
    if (answer !== "OK\n") throw new Error(`${command}: ${answer}`);
  }
  // Whoever asks doesn't read what the daemon says, which would wait for that when its pipe is full.
  await new Promise((resolve) => setImmediate(resolve));
}

async function main(count: number): Promise<void> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  for (const subject of subjects) {
    process.stderr.write(`${count} times ADD and REMOVE: ${subject}\n`);
    await measure(subject, count, (metric, value) => {
      const measurement: Measurement = { subject, metric, value };
      process.stdout.write(`${JSON.stringify(measurement)}\n`);
    });
  }
}

await main(Number(process.argv[3]));
