/**
 * A file of lines to which lines are added, each of them on the disk before anybody relies on it. Lines that are added in the same moment
 * share one fdatasync(2). One process has the file at a time.
 */

import {
  close,
  closeSync,
  constants,
  fdatasync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  write,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import { attempt, constants as c, libc } from "./libc.ts";

const { O_CREAT, O_RDWR, O_TRUNC } = constants;
const writeTo = promisify(write);
const sync = promisify(fdatasync);

interface Waiting {
  readonly line: string;
  readonly done: () => void;
  readonly failed: (reason: ConfigurationError) => void;
}

export class Journal {
  /** Those that the file had, whole ones only: the last may have been cut by a power failure. */
  readonly lines: readonly string[];
  #descriptor: number;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #isClosed = false;
  /** Up to the end of the last whole line. What lies behind is written over; remains of it are no whole lines of anybody's. */
  #length: number;

  private constructor(
    readonly path: string,
    descriptor: number,
    readonly lock: number,
  ) {
    this.#descriptor = descriptor;
    const content = readFileSync(path);
    const end = content.lastIndexOf(0x0a) + 1;
    this.lines = content.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
    this.#length = end;
  }

  /** @throws ConfigurationError where it can't be read or written, or another process has it */
  static open(path: string): Journal {
    try {
      const lock = openSync(`${path}.lock`, "a", 0o600);
      if (typeof attempt(() => libc.flock(lock, c.LOCK_EX | c.LOCK_NB)) === "string") {
        closeSync(lock);
        throw new ConfigurationError(`${path}: another process has it`);
      }
      // Neither "a", which writes to the end whatever is cut there, nor "w", which empties it.
      return new Journal(path, openSync(path, O_RDWR | O_CREAT, 0o600), lock);
    } catch (thrown) {
      throw thrown instanceof ConfigurationError
        ? thrown
        : new ConfigurationError(messageOf(thrown), { cause: thrown });
    }
  }

  /** Octets. */
  get length(): number {
    return this.#length;
  }

  /** Resolves when it is on the disk. @param line without its end @throws ConfigurationError where it can't be */
  append(line: string): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ line, done, failed });
      if (!this.#isWriting) void this.#write();
    });
  }

  /**
   * All lines anew: a file beside takes the place of this one when it is whole. Blocks while it writes.
   * @throws ConfigurationError
   */
  rewrite(lines: readonly string[]): void {
    const beside = `${this.path}.new`;
    try {
      const descriptor = openSync(beside, O_RDWR | O_CREAT | O_TRUNC, 0o600);
      try {
        const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
        for (let at = 0; at < text.length; ) at += writeSync(descriptor, text, at, text.length - at, at);
        fsyncSync(descriptor);
        renameSync(beside, this.path);
        this.#length = text.length;
      } catch (thrown) {
        closeSync(descriptor);
        throw thrown;
      }
      close(this.#descriptor);
      this.#descriptor = descriptor;
      syncDirectory(dirname(this.path));
    } catch (thrown) {
      throw new ConfigurationError(messageOf(thrown), { cause: thrown });
    }
  }

  /** Whether nothing is being written, so that {@link rewrite} may come. */
  get isIdle(): boolean {
    return !this.#isWriting;
  }

  /** What waits is still written. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isWriting) this.#release();
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const text = Buffer.from(batch.map(({ line }) => `${line}\n`).join(""));
      try {
        for (let at = 0; at < text.length; ) {
          const { bytesWritten } = await writeTo(this.#descriptor, text, at, text.length - at, this.#length + at);
          at += bytesWritten;
        }
        await sync(this.#descriptor);
        this.#length += text.length;
        for (const { done } of batch) done();
      } catch (thrown) {
        const error = new ConfigurationError(messageOf(thrown), { cause: thrown });
        for (const { failed } of batch) failed(error);
      }
    }
    this.#isWriting = false;
    if (this.#isClosed) this.#release();
  }

  #release(): void {
    closeSync(this.#descriptor);
    closeSync(this.lock);
  }
}

/** The new name is on the disk too. */
function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
