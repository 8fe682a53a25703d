import type { Clock } from "./clock.ts";
import type { Duration } from "./duration.ts";
import { Log, type LogRecord } from "./log.ts";

/** So many at once, twice as many after a long rest, and so many a second in the long run. */
export class RateLimit {
  #left: number;
  #at: Duration;

  constructor(
    readonly clock: Pick<Clock, "now">,
    readonly burst: number,
    readonly perSecond: number,
  ) {
    this.#left = burst;
    this.#at = clock.now();
  }

  /** @returns whether one more is within the limit; it counts then */
  take(): boolean {
    // Nobody has to know the time while there is plenty: that costs more than all the rest of this.
    if (this.#left < 1) {
      const now = this.clock.now();
      this.#left = Math.min(this.burst, this.#left + ((now - this.#at) * this.perSecond) / 1000);
      this.#at = now;
      if (this.#left < 1) return false;
    }
    this.#left -= 1;
    return true;
  }
}

/** Room for all stations that there can be to join at once, and then for a few joins a second. */
const informationLimit = { burst: 8192, perSecond: 50 } as const;
/** Only those who ask for it see debug lines, so they don't use up what the others may say. */
const debugLimit = { burst: 32_768, perSecond: 500 } as const;

/** A log that nobody can flood from the air. Warnings and errors are about ourselves and always get through. */
export function limitedLog(log: Log, clock: Pick<Clock, "now">): Log {
  const information = new RateLimit(clock, informationLimit.burst, informationLimit.perSecond);
  const debug = new RateLimit(clock, debugLimit.burst, debugLimit.perSecond);
  let omitted = 0;
  const sink = (record: LogRecord): void => {
    switch (record.level) {
      case "excessive":
      case "msgdump":
      case "debug":
        if (debug.take()) log.sink(record);
        return;
      case "info":
      case "notice":
        if (information.take()) return log.sink(record);
        omitted += 1;
        // Powers of two, so that this is no flood either.
        if ((omitted & (omitted - 1)) === 0) log.warning(`too much happens to log it all (${omitted} lines left out)`);
        return;
      case "warning":
      case "error":
        return log.sink(record);
    }
  };
  return new Log(sink, log.interfaceName, log.showsSecrets);
}
