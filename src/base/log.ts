import type { MacAddress } from "./mac-address.ts";

/** From least to most urgent. */
export const levels = ["excessive", "msgdump", "debug", "info", "notice", "warning", "error"] as const;

export type Level = (typeof levels)[number];

/** The part of the daemon that a line about a station comes from, in the words that log watchers know. */
export type LogModule = "IEEE 802.11" | "IEEE 802.1X" | "RADIUS" | "WPA" | "DRIVER" | "MLME";

/** One record; how it looks is the sink's business. */
export interface LogRecord {
  readonly level: Level;
  /** The interface that it is about. */
  readonly interface?: string;
  /** Set for what is told of a station or a BSS by one of the daemon's parts. */
  readonly module?: LogModule;
  readonly station?: MacAddress;
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
    this.sink({ level, ...this.#interface, text });
  }

  /** What one of the daemon's parts has to say of a station: `wlan0: STA 02:... IEEE 802.11: associated`. */
  station(station: MacAddress, module: LogModule, level: Level, text: string): void {
    this.sink({ level, ...this.#interface, module, station, text });
  }

  /** The same of the BSS as a whole: `wlan0: WPA rekeying GTK`. */
  module(module: LogModule, level: Level, text: string): void {
    this.sink({ level, ...this.#interface, module, text });
  }

  /** What may be shown of a secret: itself with -K, else only that it is there. */
  secret(value: string): string {
    return this.showsSecrets ? value : "[REMOVED]";
  }

  get #interface(): { interface: string } | undefined {
    return this.interfaceName === undefined ? undefined : { interface: this.interfaceName };
  }
}

export const silent = new Log(() => undefined);
