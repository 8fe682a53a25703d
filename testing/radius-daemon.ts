/** beacond as a RADIUS server on this machine, without a radio. */

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { radiusSecret } from "./eap-radius-server.ts";
import { repositoryRoot } from "./repository.ts";

export interface RadiusDaemon {
  readonly folder: string;
  readonly port: number;
  readonly accountingPort: number;
  log(): string;
  /** Waits until it is in the log. @param from where in the log to look, in characters @throws Error where it isn't after 10 s */
  hears(pattern: RegExp, from?: number): Promise<void>;
  /** What the control socket answers. */
  ask(command: string): string;
  /** SIGHUP, until that has come into force. */
  reload(): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export interface RadiusDaemonOptions {
  /** Its files go there. */
  readonly folder: string;
  /** Contents of the file of users. */
  readonly users: string;
  readonly clients?: string;
  /** Further lines of the configuration. */
  readonly lines?: readonly string[];
}

/** A UDP port that nobody has right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp6");
    socket.bind(0, "::", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}

export async function startRadiusDaemon(options: RadiusDaemonOptions): Promise<RadiusDaemon> {
  const { folder, users, clients = `0.0.0.0/0 ${radiusSecret}`, lines = [] } = options;
  mkdirSync(folder, { recursive: true });
  const [port, accountingPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, "users"), users);
  writeFileSync(join(folder, "clients"), `${clients}\n`);
  writeFileSync(
    join(folder, "as.conf"),
    [
      "driver=none",
      "interface=as",
      `ctrl_interface=${folder}/control`,
      `radius_server_clients=${folder}/clients`,
      `radius_server_auth_port=${port}`,
      `radius_server_acct_port=${accountingPort}`,
      "eap_server=1",
      `eap_user_file=${folder}/users`,
      ...lines,
      "",
    ].join("\n"),
  );
  const logPath = join(folder, "log");
  const log = (): string => readFileSync(logPath, "utf8");
  writeFileSync(logPath, "");
  const program = join(repositoryRoot(), "bin", "beacond");
  const child = spawn(program, ["-d", "-f", logPath, join(folder, "as.conf")], { stdio: "ignore" });
  const hears = async (pattern: RegExp, from = 0): Promise<void> => {
    for (let i = 0; i < 500 && child.exitCode === null; i++) {
      if (pattern.test(log().slice(from))) return;
      await sleep(20);
    }
    throw new Error(`${pattern} is not in the daemon's log:\n${log()}`);
  };
  await hears(/AP-ENABLED/);
  return {
    hears,
    folder,
    port,
    accountingPort,
    log,
    ask: (command) => {
      const cli = join(repositoryRoot(), "bin", "beacon");
      return execFileSync(cli, ["cli", "-p", join(folder, "control"), "-i", "as", ...command.split(" ")], {
        encoding: "utf8",
      });
    },
    reload: async () => {
      child.kill("SIGHUP");
      // What is said of it depends on what has changed: there is no line to wait for.
      await sleep(500);
    },
    kill: (signal) =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill(signal);
      }),
  };
}

export interface RadclientAnswer {
  /** Of the answers, such as `Access-Accept`. */
  readonly codes: readonly string[];
  readonly output: string;
}

/** FreeRADIUS's client. @param requests lines of attributes each */
export function radclient(
  to: string,
  kind: "auth" | "acct" | "status",
  requests: readonly (readonly string[])[],
  secret = radiusSecret,
): RadclientAnswer {
  const input = `${requests.map((lines) => lines.join("\n")).join("\n\n")}\n`;
  const args = ["-x", "-r", "2", "-t", "2", to, kind, secret];
  const { stdout, stderr } = spawnSync("radclient", args, { input, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const codes = [...stdout.matchAll(/^Received (\S+) Id/gm)].map(([, code = ""]) => code);
  return { codes, output: stdout + stderr };
}
