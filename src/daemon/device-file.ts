/** The list of devices on the disk: /var/lib/beacond/devices.json, its owner's only. Daemons of one machine share it. */

import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { type DeviceFile, DeviceList } from "../control/devices.ts";
import { systemClock } from "../linux/clock.ts";
import { withLock } from "../linux/file-lock.ts";

/** systemd names the directory that it has made for a service. systemd.exec(5). */
export const stateDirectory = (env: NodeJS.ProcessEnv = process.env): string =>
  env["STATE_DIRECTORY"]?.split(":")[0] || "/var/lib/beacond";

export function deviceFile(directory: string): DeviceFile {
  const path = join(directory, "devices.json");
  return {
    read: () => readIfThere(path),
    change(make) {
      try {
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        withLock(`${path}.lock`, () => replace(path, make(readIfThere(path))));
      } catch (thrown) {
        throw thrown instanceof ConfigurationError
          ? thrown
          : new ConfigurationError(`${path}: ${messageOf(thrown)}`, { cause: thrown });
      }
    },
  };
}

/** As it was left. One that can't be read is said to be, and holds nobody up. */
export function openDevices(log: Log, directory: string = stateDirectory()): DeviceList {
  const devices = new DeviceList(systemClock, deviceFile(directory));
  try {
    devices.load();
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    log.error(`nobody is banned: ${thrown.message}`);
  }
  return devices;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw new ConfigurationError(`${path}: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** Whole, or not at all. */
function replace(path: string, text: string): void {
  const beside = `${path}.new`;
  try {
    const descriptor = openSync(beside, "w", 0o600);
    try {
      const octets = Buffer.from(text);
      for (let at = 0; at < octets.length; ) at += writeSync(descriptor, octets, at, octets.length - at);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw thrown;
  }
  const directory = openSync(dirname(path), "r");
  fsyncSync(directory);
  closeSync(directory);
}
