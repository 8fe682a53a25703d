/** What a program says, line by line, and waiting for it. */

import { setTimeout as sleep } from "node:timers/promises";

/** Seconds; in time travel they pass at once, on a busy machine they had better be many. */
export const patience = 30;

export interface WaitOptions {
  /** Seconds until the wait fails. */
  readonly timeout?: number;
  /** Also look at lines that an earlier wait has passed by. */
  readonly fromStart?: boolean;
}

export class Log {
  readonly lines: string[] = [];
  /** Where the next wait begins to look. */
  #cursor = 0;
  #ended = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    /** Whose it is: `hostapd`, `wlan1`. */
    readonly name: string,
  ) {}

  get text(): string {
    return this.lines.join("\n");
  }

  add(line: string): void {
    this.lines.push(line);
    for (const look of [...this.#waiting]) look();
  }

  /** No more comes. */
  end(): void {
    this.#ended = true;
    for (const look of [...this.#waiting]) look();
  }

  /** The next wait finds only what is said from now on. */
  skip(): void {
    this.#cursor = this.lines.length;
  }

  /**
   * The match in the next line that has one; waits for that line where it hasn't come yet. Each wait begins after the
   * line that the one before it found, so that the second `connected` is not the first one again.
   * @throws Error when the time is over, or the program ended without having said it
   */
  async waitFor(pattern: RegExp, options: WaitOptions = {}): Promise<RegExpExecArray> {
    const timeout = options.timeout ?? patience;
    let next = options.fromStart === true ? 0 : this.#cursor;
    const look = (): RegExpExecArray | undefined => {
      while (next < this.lines.length) {
        const match = pattern.exec(this.lines[next++] ?? "");
        if (match === null) continue;
        this.#cursor = Math.max(this.#cursor, next);
        return match;
      }
      return undefined;
    };
    return await new Promise((resolve, reject) => {
      const finish = (): boolean => {
        const match = look();
        if (match === undefined && !this.#ended) return false;
        this.#waiting.delete(finish);
        clearTimeout(timer);
        if (match !== undefined) resolve(match);
        else reject(new Error(`${this.name} ended and never said ${pattern}`));
        return true;
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(finish);
        reject(new Error(`${this.name} did not say ${pattern} within ${timeout} s`));
      }, timeout * 1000);
      if (!finish()) this.#waiting.add(finish);
    });
  }

  /** Seconds pass, and no line matches meanwhile. @throws Error with the line that did */
  async staysWithout(pattern: RegExp, seconds: number): Promise<void> {
    const from = this.lines.length;
    await sleep(seconds * 1000);
    const said = this.lines.slice(from).find((line) => pattern.test(line));
    if (said !== undefined) throw new Error(`${this.name} said ${said}`);
  }
}
