/** The two daemons side by side: started alike, with the same configuration. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { debianHostapd } from "../lab/guest/daemon.ts";
import type { Subject } from "./metrics.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const build = fileURLToPath(new URL("../", import.meta.url));

const programs: Record<Subject, string> = { beacond: join(repository, "bin", "beacond"), hostapd: debianHostapd };

export const network = { ssid: "bench", passphrase: "correct horse", frequency: 2412 } as const;

const controlDirectory = "/run/hostapd";
export const controlSocket = join(controlDirectory, "wlan0");
export const globalSocket = "/run/hostapd-global";

const configuration = `
interface=wlan0
driver=nl80211
ctrl_interface=${controlDirectory}
ssid=${network.ssid}
hw_mode=g
channel=1
ieee80211n=1
wmm_enabled=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=${network.passphrase}
`;

export interface Daemon {
  readonly pid: number;
  /** Milliseconds of UNIX time at which its program was executed. */
  readonly executedAt: number;
  /** @throws Error where it doesn't end, or not well */
  stop(): Promise<void>;
}

/** @param more further lines of the configuration */
export async function startDaemon(subject: Subject, ...more: readonly string[]): Promise<Daemon> {
  const file = join(tmpdir(), "bench.conf");
  await writeFile(file, `${configuration}${more.map((line) => `${line}\n`).join("")}`);
  // The shell says when it is about to become the daemon, so that its own start doesn't count.
  const child = spawn(
    "bash",
    ["-c", 'echo "$EPOCHREALTIME"; exec "$@"', "bash", programs[subject], "-g", globalSocket, file],
    {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, LC_ALL: "C", BEACOND_DIST: build },
    },
  );
  const lines: string[] = [];
  const output = createInterface(child.stdout).on("line", (line) => lines.push(line));
  await once(output, "line");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${programs[subject]} has no process`);
  return { pid, executedAt: Number(lines[0]) * 1000, stop: () => stop(child, lines) };
}

async function stop(child: ChildProcess, lines: readonly string[]): Promise<void> {
  const status = child.exitCode ?? child.signalCode ?? (await ended(child));
  if (status !== 0) throw new Error(`the daemon ended with ${status}\n${lines.slice(-20).join("\n")}`);
}

async function ended(child: ChildProcess): Promise<number | NodeJS.Signals> {
  child.kill("SIGTERM");
  const [code, signal] = await once(child, "exit", { signal: AbortSignal.timeout(10_000) });
  return code ?? signal;
}
