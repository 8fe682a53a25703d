/**
 * The part of `npm run bench -- sae` that runs where the radio is. There is one radio, the access point's: this process plays the
 * air and all stations on it.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { type Medium, openMedium } from "../lab/guest/medium.ts";
import { run } from "../lab/guest/process.ts";
import { utf8 } from "../src/base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../src/base/mac-address.ts";
import { CyclicGroups, type GroupNumber, numeral } from "../src/crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../src/crypto/groups/load.ts";
import { derivePskNow } from "../src/crypto/psk.ts";
import { multiplyPasswordElement } from "../src/crypto/sae/exchange.ts";
import { derivePt, derivePweFromPt } from "../src/crypto/sae/hash-to-element.ts";
import { bothAddresses, derivePweByLooping } from "../src/crypto/sae/looping.ts";
import { systemEntropy } from "../src/linux/entropy.ts";
import { Reactor } from "../src/linux/reactor.ts";
import type { SaeKnowledge, ScriptedStation } from "../testing/scripted-station.ts";
import { type Daemon, network, startDaemon } from "./daemon.ts";
import { watchBeacons } from "./first-beacon.ts";
import { type Measurement, type Subject, subjects } from "./metrics.ts";
import { cpuTime } from "./process-figures.ts";
import { joins, nameOf, type SaeWay, saeGroups, saeKinds, saeWays } from "./sae-metrics.ts";
import { addressOf, ScriptedStations } from "./scripted-stations.ts";
import { quantile } from "./statistics.ts";

const bssid = "02:00:00:00:00:00" as MacAddress;
const ssid = utf8(network.ssid);
const password = utf8(network.passphrase);
const psk = derivePskNow(password, ssid);
const groups = new CyclicGroups(await loadGroupArithmetic());

/** Exchanges that run at a time where nobody is to be asked for a token, and in a storm. */
const few = 4;
const storm = 40;
const handshakes = 150;
/** Milliseconds between two WPA2 stations. */
const pause = 20;

/** Elements are made before anything is measured. */
function knowledge(way: SaeWay, number: GroupNumber, addresses: readonly MacAddress[]): readonly SaeKnowledge[] {
  const group = groups.get(number);
  const pt = way === "looping" ? undefined : derivePt(group, ssid, password, undefined);
  const elementFor = (both: Uint8Array): Uint8Array =>
    pt === undefined
      ? derivePweByLooping(group, password, both, systemEntropy)
      : (multiplyPasswordElement(group, numeral(1, group.scalarLength), derivePweFromPt(group, pt, both)) ??
        raise("the neutral element"));
  return addresses.map((address) => ({
    group,
    method: way,
    pwe: elementFor(bothAddresses(encodeMacAddress(address), encodeMacAddress(bssid))),
  }));
}

const addresses = (crowd: number, count: number): readonly MacAddress[] =>
  Array.from({ length: count }, (_, index) => addressOf(crowd, index));

interface Air {
  readonly stations: ScriptedStations;
  close(): void;
}

function openAir(reactor: Reactor): Air {
  let medium: Medium | undefined;
  const stations = new ScriptedStations(() => medium ?? raise("no medium"), {
    bssid,
    ssid,
    random: (length) => systemEntropy.bytes(length),
    now: () => performance.now(),
  });
  medium = openMedium(reactor, (frame) => stations.hear(frame));
  return {
    stations,
    close: () => {
      stations.close();
      medium?.close();
    },
  };
}

function raise(problem: string): never {
  throw new Error(problem);
}

/** All of them join, so many at a time. */
async function allJoin(stations: readonly ScriptedStation[], atATime: number): Promise<void> {
  const waiting = [...stations];
  const one = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next.join();
  };
  await Promise.all(Array.from({ length: atATime }, one));
}

async function start(subject: Subject, way: SaeWay, group: number): Promise<Daemon> {
  const beacons = await watchBeacons();
  const daemon = await startDaemon(
    subject,
    "wpa_key_mgmt=WPA-PSK SAE",
    "ieee80211w=1",
    `sae_pwe=${way === "looping" ? 0 : 1}`,
    `sae_groups=${group}`,
  );
  await beacons.next();
  beacons.stop();
  await sleep(1500);
  return daemon;
}

type Tell = (way: SaeWay, group: number, what: string, value: number) => void;

async function measureExchanges(air: Air, daemon: Daemon, way: SaeWay, group: GroupNumber, count: number, tell: Tell) {
  // What is done once for a password, and a program that has to be compiled, is not what is measured.
  const all = addresses(1, count + 20);
  const elements = knowledge(way, group, all);
  const stations = all.map((address, index) => air.stations.add(address, elements[index] ?? raise("none"), false));
  await allJoin(stations.slice(0, 20), few);
  const before = cpuTime(daemon.pid);
  await allJoin(stations.slice(20), few);
  tell(way, group, "cpu", (cpuTime(daemon.pid) - before) / count);
}

async function measureJoins(air: Air, way: SaeWay, tell: Tell): Promise<void> {
  const all = addresses(2, 2 * joins);
  const elements = knowledge(way, 19, all);
  const stations = all.map((address, index) => air.stations.add(address, elements[index] ?? raise("none"), true));
  for (const [what, some] of [
    ["firstJoins", stations.slice(0, joins)],
    ["joins", stations.slice(joins)],
  ] as const) {
    const began = performance.now();
    await allJoin(some, few);
    tell(way, 19, what, joins / ((performance.now() - began) / 1000));
  }
}

async function measureHandshakes(air: Air, crowd: number) {
  const delays: number[] = [];
  const whole: number[] = [];
  for (const address of addresses(crowd, handshakes)) {
    const { began, message2 = 0, message3 = 0 } = await air.stations.add(address, { psk }, true).join();
    delays.push(message3 - message2);
    whole.push(message3 - began);
    await sleep(pause);
  }
  const sort = (values: number[]): readonly number[] => values.sort((a, b) => a - b);
  return { delays: sort(delays), whole: sort(whole) };
}

async function measureStorm(air: Air, way: SaeWay, group: GroupNumber, tell: Tell): Promise<void> {
  const quiet = await measureHandshakes(air, 3);
  if (group === 19) tell(way, group, "quiet", quantile(quiet.delays, 0.5));
  const all = addresses(4, 2 * storm);
  const elements = knowledge(way, group, all);
  const stations = all.map((address, index) => air.stations.add(address, elements[index] ?? raise("none"), false));
  let isOver = false;
  let authenticated = 0;
  // Each comes again and again.
  const storming = stations.slice(0, storm).map(async (station) => {
    while (!isOver) {
      await station.join();
      authenticated += 1;
      await sleep(0);
    }
  });
  await sleep(1000);
  const [began, before] = [performance.now(), authenticated];
  const { delays, whole } = await measureHandshakes(air, 5);
  tell(way, group, "storm", (authenticated - before) / ((performance.now() - began) / 1000));
  tell(way, group, "delay", quantile(delays, 0.5));
  tell(way, group, "slowDelay", quantile(delays, 0.99));
  tell(way, group, "stormJoin", quantile(whole, 0.5));
  isOver = true;
  await Promise.race([Promise.all(storming), sleep(5000)]);
}

async function measure(reactor: Reactor, subject: Subject, tell: Tell): Promise<void> {
  for (const { way, group, exchanges } of saeKinds) {
    const air = openAir(reactor);
    const daemon = await start(subject, way, group);
    await measureExchanges(air, daemon, way, group, exchanges, tell);
    if (group === 19) await measureJoins(air, way, tell);
    await daemon.stop();
    air.close();
  }
  for (const way of saeWays) {
    for (const group of saeGroups) {
      const air = openAir(reactor);
      const daemon = await start(subject, way, group);
      await measureStorm(air, way, group, tell);
      await daemon.stop();
      air.close();
    }
  }
}

async function main(rounds: number): Promise<void> {
  await run(["ip", "link", "set", "hwsim0", "up"]);
  // Stations have processors of their own: on the one that there is here, they go first. What they start does not.
  await run(["chrt", "--reset-on-fork", "--rr", "--pid", "1", String(process.pid)]);
  const reactor = new Reactor();
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      await measure(reactor, subject, (way, group, what, value) => {
        process.stderr.write(`round ${round + 1}, ${subject}: ${way} ${group} ${what} ${value.toPrecision(3)}\n`);
        const measurement: Measurement = { subject, metric: nameOf(way, group, what), value };
        process.stdout.write(`${JSON.stringify(measurement)}\n`);
      });
    }
  }
  reactor.close();
}

await main(Number(process.argv[2]));
