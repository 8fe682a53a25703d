/** What is remembered of stations, kept in memory of the machine while no daemon runs: the next one goes on with it, and `beacon explain` reads it. */

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { fromJson, ShapeError } from "../base/shape.ts";
import { savedShape } from "../observe/record/entry.ts";
import type { Daemon } from "./daemon.ts";

/** systemd names the directory that it has made for a service. systemd.exec(5). */
export const runtimeDirectory = (env: NodeJS.ProcessEnv = process.env): string =>
  env["RUNTIME_DIRECTORY"]?.split(":")[0] || "/run/beacond";

const pathOf = (directory: string, daemon: Daemon): string | undefined => {
  const [radio] = daemon.radios;
  return radio === undefined || radio.name === "" ? undefined : join(directory, `record-${radio.name}.json`);
};

/**
 * Goes on with what an earlier daemon of the same first interface has left.
 * @returns leaves it for the next; to be called before the radios are removed, and it then does its work when `ended` is called
 */
export function keepRecord(daemon: Daemon, log: Log, directory: string = runtimeDirectory()): () => () => void {
  const path = pathOf(directory, daemon);
  if (path !== undefined) restore(daemon, path, log);
  return () => {
    const now = path ?? pathOf(directory, daemon);
    return () => {
      if (now !== undefined) save(daemon, now, log);
    };
  };
}

function restore(daemon: Daemon, path: string, log: Log): void {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    // The machine has been started anew, mostly.
    return;
  }
  try {
    daemon.records.restore(fromJson(savedShape, text));
  } catch (thrown) {
    if (!(thrown instanceof ShapeError)) throw thrown;
    log.debug(`${path}: what an earlier daemon remembered means nothing: ${thrown.message}`);
  }
}

/** For its owner only: it says who was where when. */
function save(daemon: Daemon, path: string, log: Log): void {
  const beside = `${path}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    rmSync(beside, { force: true });
    writeFileSync(beside, JSON.stringify(daemon.records.saved()), { mode: 0o600, flag: "wx" });
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    log.debug(`what is remembered of stations is forgotten: ${messageOf(thrown)}`);
  }
}
