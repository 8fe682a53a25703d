/** Directories that hold control sockets. */

import { chmodSync, lchownSync, lstatSync, mkdirSync, rmdirSync } from "node:fs";
import { KernelRefusal } from "../base/errors.ts";

export interface SocketDirectory {
  /** Of one that is made. */
  readonly mode: number;
  readonly groupId: number | undefined;
  /** Whether one that is there already is given to the group too; else it stays as it is. */
  readonly ownsPresent: boolean;
}

/**
 * @throws KernelRefusal ENOENT where its parent is missing, ENOTDIR, EACCES
 */
export function makeSocketDirectory(path: string, { mode, groupId, ownsPresent }: SocketDirectory): void {
  const present = call("lstat", () => lstatSync(path, { throwIfNoEntry: false }));
  if (present === undefined) {
    call("mkdir", () => mkdirSync(path, { mode }));
    // the process's umask takes bits away
    call("chmod", () => chmodSync(path, mode));
  }
  const isOurs = present === undefined || ownsPresent;
  if (groupId !== undefined && isOurs) call("lchown", () => lchownSync(path, -1, groupId));
}

/** Where it is empty. Never throws. */
export function removeSocketDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // others have sockets in it, or it isn't ours to remove
  }
}

function call<T>(request: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "EIO";
    throw new KernelRefusal(request, code);
  }
}
