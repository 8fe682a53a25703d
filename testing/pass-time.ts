import { milliseconds } from "../src/base/duration.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** Lets time pass in steps, and promises settle in between. @param duration and step in milliseconds */
export async function passTime(clock: VirtualClock, duration: number, step = 50): Promise<void> {
  for (let passed = 0; passed < duration; passed += step) {
    clock.advance(milliseconds(Math.min(step, duration - passed)));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
