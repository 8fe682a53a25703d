/** What several threads have to say of the same file is said once. */

import type { Clock } from "../../base/clock.ts";
import { Log, type LogRecord } from "../../base/log.ts";
import { News } from "../../base/news.ts";

export class ThreadNews {
  #news: News;

  constructor(readonly clock: Clock) {
    this.#news = new News(clock);
  }

  /** Whoever configures anew wants to hear what is still wrong. */
  startAnew(): void {
    this.#news = new News(this.clock);
  }

  /** @returns false for a warning or an error that was said within the last minute */
  isNews({ level, text }: Pick<LogRecord, "level" | "text">): boolean {
    return (level !== "warning" && level !== "error") || this.#news.isNews(text);
  }

  /** What goes through it is said in any case, and no news after that. */
  noting({ sink, interfaceName, showsSecrets }: Log): Log {
    const noted = (record: LogRecord): void => {
      this.isNews(record);
      sink(record);
    };
    return new Log(noted, interfaceName, showsSecrets);
  }
}
