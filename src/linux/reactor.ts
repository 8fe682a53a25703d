/**
 * Has foreign descriptors watched by Node's own event loop. libuv's epoll instance takes them as they are
 * (`uv_poll_t`, which koffi wraps with Node-API), so that no thread and no second epoll stands between the kernel and us.
 * bench/reactor.ts compares it with what else there is.
 */

import koffi from "koffi";
import type { Descriptor } from "./descriptor.ts";

export interface Watch {
  /** Calls the handler soon though nothing has come: it left something lying. */
  wake(): void;
  /** Harmless the second time. */
  close(): void;
}

export class Reactor {
  readonly #watches = new Set<Watch>();

  /**
   * Calls `onReadable` whenever there is something to read, until it has been read; the loop stays alive meanwhile.
   * The watch closes with the descriptor. What the handler throws is an uncaught exception like any other.
   */
  watch(descriptor: Descriptor, onReadable: () => void): Watch {
    let closed = false;
    let pending = false;
    let stopped = false;

    const run = (): void => {
      pending = false;
      if (closed) return;
      try {
        onReadable();
      } finally {
        // libuv stops a handle whose socket has an error; reading it has taken that away.
        if (stopped && !closed) handle.start({ readable: true }, onPoll);
        stopped = false;
      }
    };
    // The loop calls this outside of what Node wraps around callbacks (microtasks, reports of exceptions); an immediate,
    // which comes in the same turn of the loop, has all that.
    const wake = (): void => {
      if (pending || closed) return;
      pending = true;
      setImmediate(run);
    };
    // The types speak of one argument; there are two, the first a libuv status.
    const onPoll = (...[status]: unknown[]): void => {
      if (typeof status === "number" && status < 0) stopped = true;
      wake();
    };

    const handle = koffi.node.poll(descriptor.fd, { readable: true }, onPoll);
    const forget = descriptor.beforeClose(() => watch.close());
    const watch: Watch = {
      wake,
      close: () => {
        if (closed) return;
        closed = true;
        forget();
        handle.close();
        this.#watches.delete(watch);
      },
    };
    this.#watches.add(watch);
    return watch;
  }

  /** Watches nothing more; the descriptors stay open. */
  close(): void {
    for (const watch of [...this.#watches]) watch.close();
  }
}
