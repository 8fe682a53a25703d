/** The access point under test: Beacond, or any other daemon that takes hostapd's configuration. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { type Program, run, startProgram } from "./process.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
/** The build that this file is part of: what is tested is built together with its tests. */
const build = fileURLToPath(new URL("../../", import.meta.url));

/** Debian's, to compare with. */
export const debianHostapd = "/usr/sbin/hostapd";

/** BEACOND_LAB_DAEMON puts another daemon under all the tests. */
export const daemonUnderTest = process.env["BEACOND_LAB_DAEMON"] ?? join(repository, "bin", "beacond");

export interface DaemonOptions {
  /** A configuration, or several: each becomes a file. `ctrl_interface` is added where it is not given. */
  readonly config: string | readonly string[];
  /** Before the files: `["-dd"]`. */
  readonly args?: readonly string[];
  /** The daemon's program; {@link daemonUnderTest} if not given. */
  readonly program?: string;
  /** What it says when it is up, or `undefined` not to wait for that. */
  readonly ready?: RegExp | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Daemon extends Program {
  /** The configuration files, to rewrite before a SIGHUP. */
  readonly files: readonly string[];
  /** hostapd_cli's answer, without its last line end; on the first configuration's interface if it has no `-i`. */
  cli(...command: string[]): Promise<string>;
}

/** The directory of the control sockets. */
export const controlDirectory = "/run/hostapd";

/** Starts the access point, and waits until it is up. */
export async function startDaemon(t: TestContext, options: DaemonOptions): Promise<Daemon> {
  const program = options.program ?? daemonUnderTest;
  const texts = typeof options.config === "string" ? [options.config] : options.config;
  const folder = await mkdtemp(join(tmpdir(), "ap-"));
  const files = await Promise.all(
    texts.map(async (text, number) => {
      const file = join(folder, `ap${number}.conf`);
      await writeFile(file, completeConfig(text));
      return file;
    }),
  );
  const started = await startProgram(t, {
    name: basename(program),
    command: [program, ...(options.args ?? []), ...files],
    environment: { BEACOND_DIST: build, ...options.environment },
  });
  const ready = "ready" in options ? options.ready : /AP-ENABLED/;
  if (ready !== undefined) for (const _ of files) await started.log.waitFor(ready);

  const interfaceName = /^interface=(\S+)/m.exec(texts[0] ?? "")?.[1];
  return Object.assign(started, {
    files,
    async cli(...command: string[]) {
      const where = command[0] === "-i" || interfaceName === undefined ? [] : ["-i", interfaceName];
      return await hostapdCli(...where, ...command);
    },
  });
}

/** The configuration as it is written to the file. */
export const completeConfig = (text: string): string =>
  /^ctrl_interface=/m.test(text) ? text : `ctrl_interface=${controlDirectory}\n${text}`;

/** Debian's hostapd_cli: the client that others use. */
export async function hostapdCli(...args: string[]): Promise<string> {
  return (await run(["hostapd_cli", "-p", controlDirectory, ...args])).replace(/\n$/, "");
}
