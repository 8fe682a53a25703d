/** npm run bench -- radius: Beacond, Debian's hostapd and FreeRADIUS as RADIUS servers, in turn on this machine, under the same load. */

import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, type Issued, type KeyKind } from "../../testing/certificates.ts";
import { spin } from "./busy.ts";
import { Contestant } from "./contestant.ts";
import { Loads } from "./loads.ts";
import { halfOpen, manyUsers, type Start, warmUps, withoutPause } from "./other-parts.ts";
import { type Measured, measureRates, type RateCase, type Turns } from "./rates.ts";
import { names, report } from "./report.ts";
import { type Subject, startServer, subjects } from "./servers.ts";

export const radiusUsage = `radius          [--rounds N] [--seconds N] [--only NAME] [--busy N] [--concurrency N] [--threads N] [--users N,N]: Beacond, Debian's hostapd
                and FreeRADIUS as RADIUS servers, in turns of so many seconds: authentications by EAP-TLS, PEAP-MSCHAPv2 and
                TTLS-PAP, many users ("users"), half-open conversations ("half-open")
`;

export interface Wanted {
  readonly rounds: number;
  readonly seconds: number;
  readonly concurrency: number;
  readonly users: readonly number[];
  /** Parts whose name has this in it; all where empty. */
  readonly only: string;
  /** Processes that spin beside the servers. */
  readonly busy: number;
  /** Of Beacond and FreeRADIUS; their own choice where undefined. */
  readonly threads: number | undefined;
}

/** The key is the server's and the client's. */
const cases: Readonly<Record<"ec" | "rsa", readonly RateCase[]>> = {
  ec: [{ name: "EAP-TLS, ECDSA P-256", method: "tls" }],
  rsa: [
    { name: "EAP-TLS, RSA-2048", method: "tls" },
    { name: "PEAP-MSCHAPv2, RSA-2048", method: "peap-mschapv2" },
    { name: "TTLS-PAP, RSA-2048", method: "ttls-pap" },
  ],
};

const halfOpenCount = 10_000;

interface Place {
  readonly start: Start;
  readonly client: Issued;
}

export async function radius(wanted: Wanted): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "beacond-bench-radius-"));
  const loads = new Loads();
  if (wanted.busy > 0) loads.takePrecedence();
  let port = 21_000;
  const starter = (key: KeyKind, name: string): Place => {
    const authority = createAuthority(join(folder, name), "Bench CA", key);
    const server = authority.issue("radius.example.com", { key });
    const start: Start = (subject, users) =>
      startServer(subject, { folder, authority, server, users, port: ++port, threads: wanted.threads });
    return { start, client: authority.issue("user0", { key, usage: "client" }) };
  };
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const isWanted = (name: string): boolean => name.includes(wanted.only);
  try {
    console.log(`${cpus()[0]?.model ?? "?"}, ${availableParallelism()} processors, Node ${process.version}`);
    console.log(`signatures a second, one thread: ECDSA P-256 ${signatures("ec")}, RSA-2048 ${signatures("rsa")}`);
    console.log(
      `${wanted.rounds} rounds of ${wanted.seconds} s, ${wanted.concurrency} at a time${wanted.busy > 0 ? `, ${wanted.busy} other processes busy` : ""}\n`,
    );
    const measured: Measured[] = [];
    for (const key of ["ec", "rsa"] as const) {
      const chosen = cases[key].filter(({ name }) => isWanted(name));
      if (chosen.length > 0) measured.push(...(await rates(starter(key, key), loads, chosen, wanted, tell)));
    }
    if (measured.length > 0) console.log(`\n${report(measured)}\n`);
    const { start } = starter("ec", "others");
    if (isWanted("users") && wanted.users.length > 0)
      console.log(`\n${await manyUsers(start, loads, wanted.users, wanted)}\n`);
    if (isWanted("half-open")) console.log(`\n${await halfOpen(start, loads, halfOpenCount)}\n`);
    return 0;
  } finally {
    loads.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rates(
  { start, client }: Place,
  loads: Loads,
  chosen: readonly RateCase[],
  wanted: Turns & Pick<Wanted, "busy">,
  tell: (line: string) => void,
): Promise<Measured[]> {
  const measured: Measured[] = [];
  const contestants: Partial<Record<Subject, Contestant>> = {};
  try {
    for (const subject of subjects) contestants[subject] = new Contestant(subject, await start(subject, 10), 10, loads);
    const all = contestants as Record<Subject, Contestant>;
    for (const each of chosen) {
      const about = { method: each.method, certificate: client.certificate, key: client.key };
      for (const subject of subjects) await all[subject].warmUp(about, warmUps[subject]);
      const end = spin(wanted.busy);
      try {
        measured.push(await measureRates(all, each, client, wanted, tell));
      } finally {
        end();
      }
      if (each === cases.ec[0] && wanted.busy === 0) console.log(await withoutPause(all.hostapd, about, wanted));
    }
    for (const { subject, aside } of Object.values(all)) {
      const [each, second] = [aside.cpu / aside.done, aside.cpu / aside.seconds];
      console.log(
        `${names[subject]} while others had their turn: ${second.toFixed(1)} ms of CPU time a second, ${each.toFixed(3)} ms for each of its own turns' authentications`,
      );
    }
    return measured;
  } finally {
    for (const contestant of Object.values(contestants)) await contestant.server.stop();
  }
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
