import { attempt, libc, systemCall } from "./libc.ts";

/** An open file descriptor and what hangs on it. Whoever makes one closes it; it closes once. */
export class Descriptor {
  #fd: number | undefined;
  readonly #isOurs: boolean;
  readonly #beforeClose = new Set<() => void>();

  private constructor(fd: number, isOurs = true) {
    this.#fd = fd;
    this.#isOurs = isOurs;
  }

  /** @param open a system call that returns a descriptor @throws KernelRefusal */
  static open(request: string, open: () => number): Descriptor {
    return new Descriptor(systemCall(request, open));
  }

  /** One that another thread has opened, and closes later than this one is closed. */
  static borrow(fd: number): Descriptor {
    return new Descriptor(fd, false);
  }

  /** -1 once closed, which every system call refuses: a number could be somebody else's by then. */
  get fd(): number {
    return this.#fd ?? -1;
  }

  get isOpen(): boolean {
    return this.#fd !== undefined;
  }

  /** Has something done while the descriptor is still open; @returns how to forget it again */
  beforeClose(action: () => void): () => void {
    this.#beforeClose.add(action);
    return () => void this.#beforeClose.delete(action);
  }

  /** Runs what makes it ready, and closes it where that fails. */
  prepare(setUp: () => void): this {
    try {
      setUp();
    } catch (error) {
      this.close();
      throw error;
    }
    return this;
  }

  close(): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    for (const action of [...this.#beforeClose]) action();
    this.#fd = undefined;
    if (!this.#isOurs) return;
    // Linux has let go of the descriptor whatever close() says, so that it must never be called again, not for EINTR either.
    attempt(() => Math.max(0, libc.close(fd)));
  }
}
