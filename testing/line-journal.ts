import { ConfigurationError } from "../src/base/errors.ts";
import type { LineJournal } from "../src/base/line-journal.ts";

/** A file of lines that lies in memory, and whose disk may be full. */
export class LinesInMemory implements LineJournal {
  isIdle = true;
  isFull = false;

  constructor(public lines: string[] = []) {}

  get length(): number {
    return this.lines.reduce((sum, { length }) => sum + length + 1, 0);
  }

  async append(line: string): Promise<void> {
    if (this.isFull) throw new ConfigurationError("ENOSPC");
    this.lines.push(line);
  }

  rewrite(lines: readonly string[]): void {
    if (this.isFull) throw new ConfigurationError("ENOSPC");
    this.lines = [...lines];
  }

  close(): void {
    this.isIdle = true;
  }
}
