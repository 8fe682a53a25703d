import { attempt, constants as c, libc } from "./libc.ts";

/** Whether getrandom(2) gives something without waiting; entropy_avail says nothing of that any more. */
export function hasEntropy(): boolean | undefined {
  const result = attempt(() => libc.getrandom(new Uint8Array(1), 1, c.GRND_NONBLOCK));
  if (result === 1) return true;
  return result === "EAGAIN" ? false : undefined;
}
