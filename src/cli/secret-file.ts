/** Files that hold a secret: nobody else can read them, at no time. */

import { closeSync, constants, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { ConfigurationError, messageOf } from "../base/errors.ts";

/** `ENOSPC: no space left on device, write` in words: what, and of which file where that is known. */
export function systemText(thrown: unknown): string {
  if (!(thrown instanceof Error && "code" in thrown && "syscall" in thrown)) return messageOf(thrown);
  const path = "path" in thrown && typeof thrown.path === "string" ? ` ('${thrown.path}')` : "";
  const text = thrown.message.replace(`${thrown.code}: `, "").replace(new RegExp(`, ${thrown.syscall}.*$`, "s"), "");
  return `${text}${path}`;
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Writes a file, whole or not at all; one of the same name is replaced.
 * @throws ConfigurationError where it can't be written
 */
export function writeSecretFile(path: string, contents: Uint8Array | string, mode = 0o600): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    writeNew(beside, contents, mode);
    renameSync(beside, path);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw new ConfigurationError(`'${path}' can't be written: ${systemText(thrown)}`);
  }
}

/** One that must not be there yet. @throws ConfigurationError where it is, or can't be written */
export function createSecretFile(path: string, contents: Uint8Array | string, mode = 0o600): void {
  try {
    writeNew(path, contents, mode);
  } catch (thrown) {
    const isThere = thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST";
    if (isThere) throw new ConfigurationError(`'${path}' is there already, and is not overwritten`);
    rmSync(path, { force: true });
    throw new ConfigurationError(`'${path}' can't be written: ${systemText(thrown)}`);
  }
}

function writeNew(path: string, contents: Uint8Array | string, mode: number): void {
  const file = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  try {
    // What umask leaves is not what was asked for.
    fchmodSync(file, mode);
    const octets = typeof contents === "string" ? Buffer.from(contents, "utf8") : contents;
    for (let at = 0; at < octets.length; ) at += writeSync(file, octets, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
