/** npm run bench -- radius: Beacond, Debian's hostapd and FreeRADIUS as RADIUS servers, in turn on this machine, under the same load. */

import { spawn } from "node:child_process";
import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createAuthority, type KeyKind } from "../../testing/certificates.ts";
import { cpuTime, memoryOf } from "../process-figures.ts";
import { quantile } from "../statistics.ts";
import type { LoadOptions, LoadResult } from "./load.ts";
import type { Method } from "./peer.ts";
import { password, type Server, type Subject, secret, startServer, subjects } from "./servers.ts";

export const radiusUsage = `radius          [--seconds N] [--users N,N] [--only NAME]: authentications by EAP-TLS, PEAP-MSCHAPv2 and TTLS-PAP at Beacond, Debian's
                hostapd and FreeRADIUS, on this machine
`;

interface Wanted {
  readonly seconds: number;
  readonly users: readonly number[];
  /** Methods whose name has this in it; all where empty. */
  readonly only: string;
}

const cases: readonly { readonly name: string; readonly method: Method; readonly key: KeyKind }[] = [
  { name: "EAP-TLS, ECDSA P-256", method: "tls", key: "ec" },
  { name: "EAP-TLS, RSA-2048", method: "tls", key: "rsa" },
  { name: "PEAP-MSCHAPv2, RSA-2048", method: "peap-mschapv2", key: "rsa" },
  { name: "TTLS-PAP, RSA-2048", method: "ttls-pap", key: "rsa" },
];

interface Row {
  readonly name: string;
  readonly subject: Subject;
  readonly rate: number;
  /** Milliseconds of the server's CPU time for each authentication. */
  readonly cpu: number;
  /** The same of the process that plays the peers. */
  readonly peers: number;
  readonly failed: number;
  readonly median: number;
  readonly p99: number;
}

export async function radius({ seconds, users, only }: Wanted): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "beacond-bench-radius-"));
  try {
    console.log(`${cpus()[0]?.model ?? "?"}, ${availableParallelism()} processors, Node ${process.version}`);
    console.log(`signatures a second, one thread: ECDSA P-256 ${signatures("ec")}, RSA-2048 ${signatures("rsa")}\n`);
    const rows: Row[] = [];
    let port = 21_000;
    for (const { name, method, key } of cases.filter((each) => each.name.includes(only))) {
      const authority = createAuthority(join(folder, name.replaceAll(/[^A-Za-z0-9]/g, "-")), "Bench CA", key);
      const server = authority.issue("radius.example.com", { key });
      const client = authority.issue("user0", { key, usage: "client" });
      for (const subject of subjects) {
        port += 1;
        const started = await startServer(subject, { folder, authority, server, users: 10, port });
        try {
          const row = await measure(started, { method, seconds, certificate: client.certificate, key: client.key });
          rows.push({ name, subject, ...row });
          console.log(shown({ name, subject, ...row }));
        } finally {
          await started.stop();
        }
      }
    }
    for (const subject of subjects) {
      for (const count of users) {
        port += 1;
        const authority = createAuthority(join(folder, `users-${port}`), "Bench CA", "ec");
        const server = authority.issue("radius.example.com");
        const started = await startServer(subject, { folder, authority, server, users: count, port });
        try {
          const options = { ...common(started), method: "ttls-pap", users: count, concurrency: 8 } as const;
          await load({ ...options, seconds: 120, most: warmUp });
          const before = cpuTime(started.pid);
          const result = await load({ ...options, seconds });
          const cpu = (cpuTime(started.pid) - before) / Math.max(1, result.done);
          const { resident } = await memoryOf(started.pid);
          console.log(
            `${subject}, ${count} users: first answer after ${Math.round(started.startedIn)} ms, TTLS-PAP (ECDSA) ${cpu.toFixed(2)} ms of CPU, ${resident.toFixed(0)} MB`,
          );
        } finally {
          await started.stop();
        }
      }
    }
    return rows.every(({ failed, rate }) => failed === 0 && rate > 0) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const warmUp = 3000;

const common = (server: Server) => ({ port: server.port, secret, password, users: 10 });

type Measured = Pick<LoadOptions, "method" | "seconds"> & { readonly certificate: string; readonly key: string };

async function measure(server: Server, options: Measured): Promise<Omit<Row, "name" | "subject">> {
  const base = { ...common(server), ...options, concurrency: 8 };
  // What is compiled and allocated once is no part of it; V8's compiler takes some thousand authentications to know what is worth it.
  await load({ ...base, seconds: 120, most: warmUp });
  const before = cpuTime(server.pid);
  const full = await load(base);
  const cpu = (cpuTime(server.pid) - before) / Math.max(1, full.done);
  const rate = full.done / full.seconds;
  const calm = await load({ ...base, rate: Math.max(1, rate * 0.7) });
  const { latencies } = calm;
  return {
    rate,
    cpu,
    peers: full.cpu / Math.max(1, full.done),
    failed: full.failed + calm.failed,
    median: latencies.length > 0 ? quantile(latencies, 0.5) : Number.NaN,
    p99: latencies.length > 0 ? quantile(latencies, 0.99) : Number.NaN,
  };
}

const shown = ({ name, subject, rate, cpu, peers, failed, median, p99 }: Row): string =>
  `${name.padEnd(26)} ${subject.padEnd(11)} ${rate.toFixed(0).padStart(5)}/s  ${cpu.toFixed(2)} ms of CPU each (${(1000 / cpu).toFixed(0)}/s and processor), ${peers.toFixed(2)} ms the peers' own  at 70 %: median ${median.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms${failed > 0 ? `  ${failed} failed` : ""}`;

/** In a process of its own. */
function load(options: LoadOptions): Promise<LoadResult> {
  const program = fileURLToPath(new URL("./load.js", import.meta.url));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    child.once("close", (status) => {
      if (status === 0) resolve(JSON.parse(text) as LoadResult);
      else reject(new Error(`the load ended with ${status}`));
    });
  });
}

function signatures(kind: "ec" | "rsa"): number {
  const { privateKey } =
    kind === "ec"
      ? generateKeyPairSync("ec", { namedCurve: "prime256v1" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const data = new Uint8Array(32);
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < 1000) {
    sign("sha256", data, privateKey);
    count += 1;
  }
  return count;
}
