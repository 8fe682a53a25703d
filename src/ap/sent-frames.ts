import { hexOf } from "../base/bytes.ts";

/** Hears whether a frame was acknowledged. */
export type SentFrame = (acknowledged: boolean, frame: Uint8Array) => void;

/** Frames whose status is awaited; more than that and the oldest are forgotten. */
const capacity = 1024;

/** Frames of ours whose acknowledgement somebody waits for. */
export class SentFrames {
  readonly #awaited = new Map<bigint, SentFrame>();
  /** By their octets in hexadecimal: a program outside brings the status back with these. */
  readonly #diverted = new Map<string, bigint>();

  /** Frames that the radio, or whom they were diverted to, has not told of yet. */
  get awaited(): number {
    return this.#awaited.size + this.#diverted.size;
  }

  expect(cookie: bigint, sent: SentFrame): void {
    this.#awaited.set(cookie, sent);
    forgetOldest(this.#awaited);
  }

  settle(cookie: bigint, acknowledged: boolean, frame: Uint8Array): void {
    const sent = this.#awaited.get(cookie);
    this.#awaited.delete(cookie);
    sent?.(acknowledged, frame);
  }

  /** The status goes to a program outside first. */
  divert(cookie: bigint, frame: Uint8Array): void {
    this.#diverted.set(hexOf(frame), cookie);
    forgetOldest(this.#diverted);
  }

  /** @returns whether the frame is one of those */
  settleDiverted(frame: Uint8Array, acknowledged: boolean): boolean {
    const key = hexOf(frame);
    const cookie = this.#diverted.get(key);
    if (cookie === undefined) return false;
    this.#diverted.delete(key);
    this.settle(cookie, acknowledged, frame);
    return true;
  }

  clear(): void {
    this.#awaited.clear();
    this.#diverted.clear();
  }
}

function forgetOldest<K>(map: Map<K, unknown>): void {
  if (map.size <= capacity) return;
  // A Map keeps the order of insertion.
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
