import type { Clock, Timer } from "../base/clock.ts";
import { type Duration, milliseconds } from "../base/duration.ts";

/** Node fires a longer timeout at once. */
const longestTimeout = 2 ** 31 - 1;

function after(delay: Duration, callback: () => void): Timer {
  if (delay <= 0) {
    // once everything else that waits has had its turn, but not the millisecond later that a timeout takes at least
    const immediate = setImmediate(callback);
    return { cancel: () => clearImmediate(immediate) };
  }
  let timeout: NodeJS.Timeout;
  const arm = (left: number): void => {
    const part = Math.min(left, longestTimeout);
    timeout = setTimeout(() => (left > part ? arm(left - part) : callback()), part);
  };
  arm(delay);
  return { cancel: () => clearTimeout(timeout) };
}

/** `performance` has the same clock, and a dozen modules behind it that only load when it is first used. */
const sinceBoot = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The time of day and the monotonic clock of this machine. */
export const systemClock: Clock = {
  now: () => milliseconds(sinceBoot()),
  unixTime: () => Date.now() / 1000,
  after: (_name, delay, callback) => after(delay, callback),
};
