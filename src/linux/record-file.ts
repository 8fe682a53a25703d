/**
 * A file of lines that only grows, until it gets a number and a new one is begun. A line that was said to be written is with the kernel: it
 * outlives the process, however that ends. Half a line never stays: what could not be written whole is taken back.
 */

import { type FileHandle, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ConfigurationError } from "../base/errors.ts";

export interface RecordFileOptions {
  readonly path: string;
  /** In octets; 0 for a file that grows for ever. */
  readonly largest: number;
  /** Numbered files that are kept, `PATH.1` the latest; 0 for all. */
  readonly kept: number;
  /** A line could not be written, or a file not be renamed: the symbolic errno. */
  readonly onTrouble: (doing: string, errno: string) => void;
}

export interface RecordFile {
  /** @returns false where it could not be written, or too many wait to be */
  append(line: Uint8Array): Promise<boolean>;
  /** When what was handed over is written. */
  close(): Promise<void>;
}

/** More at once and the disk doesn't keep up: whoever is turned away asks again. */
const mostWaiting = 10_000;
/** In one write. */
const mostTogether = 1024 * 1024;

const newline = 0x0a;

interface Waiting {
  readonly line: Uint8Array;
  readonly settle: (isWritten: boolean) => void;
}

/** @throws ConfigurationError where the file can't be opened for writing */
export async function openRecordFile(options: RecordFileOptions): Promise<RecordFile> {
  const { path } = options;
  try {
    const file = new GrowingFile(options);
    await file.open();
    return file;
  } catch (thrown) {
    throw new ConfigurationError(`can't write '${path}': ${errnoOf(thrown)}`);
  }
}

class GrowingFile implements RecordFile {
  readonly #waiting: Waiting[] = [];
  #handle: FileHandle | undefined;
  #inode = 0;
  #length = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;

  constructor(readonly options: RecordFileOptions) {}

  async open(): Promise<void> {
    // For its owner only: it says who was where when.
    const handle = await open(this.options.path, "a+", 0o600);
    try {
      const { size, ino } = await handle.stat();
      this.#length = size;
      this.#inode = ino;
      // What a machine that lost power has left of a line stays one of its own.
      if (size > 0) {
        const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
        if (buffer[0] !== newline) this.#length += (await handle.write("\n")).bytesWritten;
      }
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
    this.#handle = handle;
  }

  append(line: Uint8Array): Promise<boolean> {
    if (this.#isClosed || this.#waiting.length >= mostWaiting) return Promise.resolve(false);
    return new Promise((settle) => {
      this.#waiting.push({ line, settle });
      this.#writing ??= this.#writeAll();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#take();
      const isWritten = await this.#write(together.map(({ line }) => line));
      for (const { settle } of together) settle(isWritten);
    }
    this.#writing = undefined;
  }

  #take(): Waiting[] {
    let octets = 0;
    let count = 0;
    for (const { line } of this.#waiting) {
      octets += line.length;
      if (count > 0 && octets > mostTogether) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(lines: readonly Uint8Array[]): Promise<boolean> {
    const octets = Buffer.concat(lines);
    try {
      await this.#makeReady(octets.length);
      const handle = this.#handle;
      if (!handle) return false;
      let written = 0;
      try {
        while (written < octets.length) written += (await handle.write(octets, written)).bytesWritten;
      } catch (thrown) {
        if (written > 0) await handle.truncate(this.#length);
        throw thrown;
      }
      this.#length += octets.length;
      return true;
    } catch (thrown) {
      this.options.onTrouble("write", errnoOf(thrown));
      return false;
    }
  }

  /** The file is there, is the one of that name, and is not too long. */
  async #makeReady(more: number): Promise<void> {
    const { largest } = this.options;
    if (this.#handle === undefined) await this.open();
    else if (!(await this.#isStillThere())) await this.#begin();
    if (largest > 0 && this.#length > 0 && this.#length + more > largest) {
      try {
        await this.#shift();
      } catch (thrown) {
        // Better too long than not written.
        this.options.onTrouble("rename", errnoOf(thrown));
        return;
      }
      await this.#begin();
    }
  }

  /** Whoever rotates logs renames the file, or removes it. */
  async #isStillThere(): Promise<boolean> {
    try {
      return (await stat(this.options.path)).ino === this.#inode;
    } catch (thrown) {
      if (errnoOf(thrown) === "ENOENT") return false;
      throw thrown;
    }
  }

  async #begin(): Promise<void> {
    const old = this.#handle;
    this.#handle = undefined;
    await old?.close();
    await this.open();
  }

  /** PATH becomes PATH.1, that PATH.2 and so on; the last is removed. */
  async #shift(): Promise<void> {
    const { path, kept } = this.options;
    const prefix = `${basename(path)}.`;
    const numbers = (await readdir(dirname(path)))
      .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
      .map((name) => Number(name.slice(prefix.length)))
      .sort((a, b) => b - a);
    const numbered = (number: number): string => join(dirname(path), `${prefix}${number}`);
    for (const number of numbers) {
      if (kept > 0 && number >= kept) await unlink(numbered(number));
      else await rename(numbered(number), numbered(number + 1));
    }
    await rename(path, numbered(1));
  }
}

const errnoOf = (thrown: unknown): string =>
  thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
