import { closeSync, openSync } from "node:fs";
import { KernelRefusal } from "../base/errors.ts";
import { attempt, constants as c, libc } from "./libc.ts";

/** How often it is tried again, and how long it is waited in between: whoever has it is done in a moment. */
const attempts = 100;
const pauseMs = 10;

/**
 * While nobody else of this machine does. Blocks until it is its turn, for a second at most; the lock goes with the process that has it.
 * @param path of a file that is made for it and stays @throws KernelRefusal where somebody keeps it; whatever `action` throws
 */
export function withLock<T>(path: string, action: () => T): T {
  const descriptor = openSync(path, "a", 0o600);
  try {
    for (let i = 1; ; i++) {
      const result = attempt(() => libc.flock(descriptor, c.LOCK_EX | c.LOCK_NB));
      if (typeof result === "number") break;
      if (i === attempts) throw new KernelRefusal("flock", result);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
    return action();
  } finally {
    closeSync(descriptor);
  }
}
