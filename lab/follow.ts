import { open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

const everyMs = 40;

export interface Follower {
  /** Takes what has come since, and stops. */
  finish(): Promise<void>;
}

/** Hands on what is appended to a file, as it grows. */
export async function follow(path: string, onChunk: (chunk: Uint8Array) => void): Promise<Follower> {
  const file = await open(path, "r");
  const stop = new AbortController();
  const following = (async () => {
    for (;;) {
      const stopping = stop.signal.aborted;
      for (;;) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536));
        if (bytesRead === 0) break;
        onChunk(buffer.subarray(0, bytesRead));
      }
      if (stopping) return;
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return {
    async finish() {
      stop.abort();
      await following.finally(() => file.close());
    },
  };
}
