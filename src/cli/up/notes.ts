/** What is changed of the machine, noted where it outlives the process, but not the machine's next start. */

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigurationError, messageOf } from "../../base/errors.ts";
import type { Trace, TraceStore } from "../../gateway/traces.ts";
import { isRunning, ownIdentity } from "../../linux/process-identity.ts";

const directory = "/run/beacond/up";
const suffix = ".json";

interface Noted {
  /** Of the process. */
  readonly identity: string;
  readonly pid: number;
  readonly traces: readonly Trace[];
}

/** For an interface. @throws ConfigurationError where nothing can be written there */
export function traceStore(interfaceName: string): TraceStore {
  const path = join(directory, `${interfaceName}${suffix}`);
  return {
    write(traces) {
      const noted: Noted = { identity: ownIdentity(), pid: process.pid, traces };
      try {
        mkdirSync(directory, { recursive: true, mode: 0o755 });
        // Whoever is killed while it writes leaves the notes of before.
        writeFileSync(`${path}.new`, JSON.stringify(noted));
        renameSync(`${path}.new`, path);
      } catch (thrown) {
        throw new ConfigurationError(`can't note what is changed, so nothing is: ${messageOf(thrown)}`);
      }
    },
    remove: () => {
      rmSync(path, { force: true });
      rmSync(`${path}.new`, { force: true });
    },
  };
}

export interface NotedNetwork extends Noted {
  readonly interfaceName: string;
  /** The process is there. */
  readonly runs: boolean;
}

/** Networks that are up, and those of which a process that was killed has left traces. */
export function notedNetworks(): NotedNetwork[] {
  return list(directory).flatMap((file) => {
    if (!file.endsWith(suffix)) return [];
    try {
      const noted = JSON.parse(readFileSync(join(directory, file), "utf8")) as Noted;
      return [{ ...noted, interfaceName: file.slice(0, -suffix.length), runs: isRunning(noted.identity) }];
    } catch {
      return [];
    }
  });
}

const list = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};
