/** Severity as hostapd numbers it in `logger_*_level` and in `<N>` before an event. */
export const levels = { excessive: 0, msgdump: 1, debug: 2, info: 3, warning: 4, error: 5 } as const;

export type Level = keyof typeof levels;

/** One record; how it looks is the sink's business. */
export interface LogRecord {
  readonly level: Level;
  /** The interface that it is about. */
  readonly interface?: string;
  readonly text: string;
}

export type LogSink = (record: LogRecord) => void;

/** Says things to whoever listens; children carry the interface's name. No secret goes in here, except through {@link Log.secret}. */
export class Log {
  constructor(
    readonly sink: LogSink,
    readonly interfaceName?: string,
    readonly showsSecrets = false,
  ) {}

  for(interfaceName: string): Log {
    return new Log(this.sink, interfaceName, this.showsSecrets);
  }

  debug(text: string): void {
    this.write("debug", text);
  }

  info(text: string): void {
    this.write("info", text);
  }

  warning(text: string): void {
    this.write("warning", text);
  }

  error(text: string): void {
    this.write("error", text);
  }

  write(level: Level, text: string): void {
    this.sink(this.interfaceName === undefined ? { level, text } : { level, interface: this.interfaceName, text });
  }

  /** What may be shown of a secret: itself with -K, else only that it is there. */
  secret(value: string): string {
    return this.showsSecrets ? value : "[REMOVED]";
  }
}

export const silent = new Log(() => undefined);
