/** What the commands ask of the daemon around them. */

import type { Radio } from "../ap/radio.ts";
import type { OpenEthernet } from "../base/ethernet-tap.ts";
import type { Level, Log } from "../base/log.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { FileSource } from "../config/kinds.ts";
import type { Configuration } from "../config/registry.ts";
import type { RecordBook } from "../observe/record/book.ts";
import type { DeviceList } from "./devices.ts";

/** The three forms of ADD. */
export type Addition =
  /** An interface that is configured with SET afterwards. */
  | {
      readonly type: "blank";
      readonly interface: string;
      readonly controlDirectory: string;
      readonly driver: string | undefined;
    }
  /** An interface with the configuration of a file; not enabled yet. */
  | { readonly type: "file"; readonly interface: string; readonly file: string }
  /** Another BSS on a radio, by the radio's name; the first makes the radio known. */
  | { readonly type: "bss"; readonly phy: string; readonly file: string };

/** The daemon's log as a whole, as LOG_LEVEL, RELOG and CLOSE_LOG act on it. */
export interface LogControl {
  level: Level;
  timestamps: boolean;
  /** @returns false where the file can't be opened; the old one stays in use then */
  reopen(): boolean;
  close(): void;
}

export interface ControlledDaemon {
  readonly version: string;
  /** The TLS library's name and version, for GET tls_library. */
  readonly tlsLibrary: string;
  readonly pid: number;
  /** When it began, in seconds of UNIX time. */
  readonly started: number;
  unixTime(): number;
  /** What is remembered of stations. */
  readonly records: RecordBook;
  /** Names and bans. */
  readonly devices: DeviceList;
  readonly log: Log;
  readonly logging: LogControl;
  /** Files that SET names. */
  readonly files: FileSource;
  readonly openEthernet: OpenEthernet;
  /** In the order they were added. */
  radios(): readonly Radio[];
  /** The command sees to the control socket, and brings a radio up that a BSS has made known. @throws BeaconError */
  add(addition: Addition): void | Promise<void>;
  /** An interface with its radio, or one BSS of a radio. @returns false where there is no such interface */
  remove(interfaceName: string): boolean | Promise<boolean>;
  /** The interface's RADIUS server asks the station's access point to end its session. @returns false where it knows of none */
  disconnectByRadius(interfaceName: string, station: MacAddress): boolean;
  /** Counters of the interface's RADIUS server, in hostapd's lines; nothing where it has none. */
  radiusServerMib(interfaceName: string): string;
  /** Keys of ERP that the interface's RADIUS server has given out. */
  forgetReauthenticationKeys(interfaceName: string): void;
  /** Whether its configuration is a file's; that of an interface which was added is SET's business. */
  hasFile(radio: Radio): boolean;
  /** The radio's file as it is now. @throws ConfigurationError where it can't be read or has errors */
  readFile(radio: Radio): Configuration;
  /** Begins the daemon's end in a later turn of the event loop, when answers are out. */
  terminate(): void;
}
