/** What is measured beside rates: many users, half-open conversations, hostapd without pauses. */

import { setTimeout as sleep } from "node:timers/promises";
import { memoryOf } from "../process-figures.ts";
import { summarize } from "../statistics.ts";
import { type Case, Contestant } from "./contestant.ts";
import type { Slice } from "./figures.ts";
import type { Loads } from "./loads.ts";
import type { Turns } from "./rates.ts";
import { names, spread, table } from "./report.ts";
import { type Server, type Subject, subjects } from "./servers.ts";

/** Starts a server with so many users and a certificate with a key of P-256. */
export type Start = (subject: Subject, users: number) => Promise<Server>;

/** With few users and with many, both servers at once and in turn. */
export async function manyUsers(start: Start, loads: Loads, counts: readonly number[], turns: Turns): Promise<string> {
  const about: Case = { method: "ttls-pap" };
  const rows: string[][] = [];
  for (const subject of subjects) {
    const servers: { readonly contestant: Contestant; readonly slices: Slice[]; readonly users: number }[] = [];
    try {
      for (const users of counts) {
        const contestant = new Contestant(subject, await start(subject, users), users, loads);
        servers.push({ contestant, slices: [], users });
        await contestant.warmUp(about, warmUps[subject]);
      }
      for (let round = 0; round < turns.rounds; round++) {
        for (const { contestant, slices } of servers) {
          const work = { kind: "full", concurrency: turns.concurrency } as const;
          const expected = slices[0]?.rate ?? 1;
          slices.push(await contestant.slice(about, work, { seconds: turns.seconds, expected }));
        }
      }
      for (const { contestant, slices, users } of servers) {
        const { pid, startedIn } = contestant.server;
        const few = servers[0]?.slices ?? [];
        const ratio = summarize(slices.map(({ cpu }, i) => cpu / (few[i]?.cpu ?? Number.NaN)));
        const cpu = summarize(slices.map((slice) => slice.cpu));
        const { resident } = await memoryOf(pid);
        rows.push([
          `${names[subject]}, ${users} users`,
          `${startedIn.toFixed(0)} ms`,
          `${spread(cpu, 2)} ms`,
          spread(ratio, 2),
          `${resident.toFixed(0)} MB`,
        ]);
      }
    } finally {
      for (const { contestant } of servers) await contestant.server.stop();
    }
  }
  const few = `${counts[0]} users`;
  return table(
    ["", "first answer", "CPU time of a login (TTLS-PAP, ECDSA)", `the same to that with ${few}`, "memory"],
    rows,
  );
}

/** Seconds after which a server that gets slower with each has opened enough. */
const longestOpening = 40;

/** Memory while so many conversations wait for their peers' second message of TLS. */
export async function halfOpen(start: Start, loads: Loads, count: number): Promise<string> {
  const rows: string[][] = [];
  for (const subject of subjects) {
    const server = await start(subject, 10);
    try {
      const contestant = new Contestant(subject, server, 10, loads);
      const about: Case = { method: "peap-mschapv2" };
      await contestant.warmUp(about, 500);
      await sleep(6000);
      const before = await memoryOf(server.pid);
      const work = { kind: "half-open", concurrency: 8 } as const;
      const { done, failed, cpu } = await contestant.run({ ...about, seconds: longestOpening, most: count, work });
      await sleep(1000);
      const after = await memoryOf(server.pid);
      const each = ((after.resident - before.resident) * 1000) / Math.max(1, done);
      rows.push([
        names[subject],
        `${done}${failed > 0 ? `, ${failed} refused` : ""}`,
        `${before.resident.toFixed(0)} MB`,
        `${after.resident.toFixed(0)} MB`,
        `${each.toFixed(1)} kB`,
        `${cpu.toFixed(2)} ms`,
      ]);
    } finally {
      await server.stop();
    }
  }
  return table(["", "half open", "memory before", "with them", "for each", "CPU time of each"], rows);
}

/** What hostapd lets in where nobody gives it time to forget those who are done. */
export async function withoutPause(contestant: Contestant, about: Case, turns: Turns): Promise<string> {
  const seconds = 13;
  const work = { kind: "full", concurrency: turns.concurrency } as const;
  const { rate, failed } = await contestant.run({ ...about, seconds, most: Number.MAX_SAFE_INTEGER, work });
  return `${names[contestant.subject]} for ${seconds} s without a pause: ${rate.toFixed(0)}/s, ${failed} refused meanwhile`;
}

/** V8's compiler takes some thousand authentications in each thread to know what is worth it; others have nothing to learn. */
export const warmUps: Readonly<Record<Subject, number>> = { beacond: 8000, hostapd: 300, freeradius: 1000 };
