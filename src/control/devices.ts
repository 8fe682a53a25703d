/** What this machine knows of devices beyond any configuration: what people call them, and who is banned. It survives restarts. */

import type { Bans } from "../ap/bans.ts";
import type { Clock } from "../base/clock.ts";
import { ConfigurationError } from "../base/errors.ts";
import { type MacAddress, parseMacAddress } from "../base/mac-address.ts";
import { count, fromJson, list, maybe, object, parsed, type Shaped, ShapeError, text } from "../base/shape.ts";

const banShape = object({
  /** Seconds of UNIX time. */
  since: count,
  /** Absent for one without an end. */
  until: maybe(count),
});
export type Ban = Shaped<typeof banShape>;

const deviceShape = object({
  address: parsed(parseMacAddress, "an address"),
  name: maybe(text),
  ban: maybe(banShape),
});
export type Device = Shaped<typeof deviceShape>;

const fileShape = object({ devices: list(deviceShape) });

/** The file is shared with other daemons of this machine. */
export interface DeviceFile {
  /** undefined where there is none yet. @throws ConfigurationError */
  read(): string | undefined;
  /** Nobody else changes it meanwhile. @throws ConfigurationError where it can't be read or written; nothing has changed then */
  change(make: (before: string | undefined) => string): void;
}

/** For those who forget at their end. */
export const forgetful: DeviceFile = { read: () => undefined, change: (make) => void make(undefined) };

/** More devices than that are nobody's household. */
const mostDevices = 10_000;
export const longestName = 64;

export class DeviceList implements Bans {
  #devices: Map<MacAddress, Device> = new Map();

  constructor(
    readonly clock: Pick<Clock, "unixTime">,
    readonly file: DeviceFile,
  ) {}

  /** @throws ConfigurationError where the file can't be read, or means nothing */
  load(): void {
    this.#devices = decode(this.file.read());
  }

  isBanned(station: MacAddress): boolean {
    return this.banOf(station) !== undefined;
  }

  /** One that is over is none. */
  banOf(station: MacAddress): Ban | undefined {
    const ban = this.#devices.get(station)?.ban;
    return ban !== undefined && isInForce(ban, this.clock.unixTime()) ? ban : undefined;
  }

  nameOf(station: MacAddress): string | undefined {
    return this.#devices.get(station)?.name;
  }

  all(): readonly Device[] {
    return [...this.#devices.values()];
  }

  /** @param lasts seconds; for good where undefined @throws ConfigurationError where it can't be kept; it is in force all the same */
  ban(station: MacAddress, lasts: number | undefined): void {
    const since = this.clock.unixTime();
    const until = lasts === undefined ? undefined : since + lasts;
    this.#change(station, (device) => ({ ...device, ban: { since, until } }));
  }

  /** @returns whether it was banned @throws ConfigurationError as {@link ban} */
  unban(station: MacAddress): boolean {
    const was = this.isBanned(station);
    this.#change(station, (device) => ({ ...device, ban: undefined }));
    return was;
  }

  /** @param name undefined takes it back @throws ConfigurationError as {@link ban}, and for a name that is none */
  rename(station: MacAddress, name: string | undefined): void {
    if (name !== undefined && !isName(name)) {
      throw new ConfigurationError(
        `a name has 1 to ${longestName} characters, none of them for control, and is no address`,
      );
    }
    this.#change(station, (device) => ({ ...device, name }));
  }

  /** Others may have written since: what they did stays. */
  #change(station: MacAddress, make: (device: Device) => Device): void {
    const change = (devices: Map<MacAddress, Device>): Map<MacAddress, Device> => {
      const now = this.clock.unixTime();
      const changed = new Map(devices);
      const device = make(changed.get(station) ?? { address: station, name: undefined, ban: undefined });
      changed.delete(station);
      changed.set(station, device);
      for (const [address, { name, ban }] of changed) {
        if (name === undefined && (ban === undefined || !isInForce(ban, now))) changed.delete(address);
      }
      if (changed.size > mostDevices) throw new ConfigurationError(`${mostDevices} devices are noted already`);
      return changed;
    };
    let kept: Map<MacAddress, Device> | undefined;
    try {
      this.file.change((before) => {
        kept = change(before === undefined ? this.#devices : decode(before));
        return encode(kept);
      });
    } catch (thrown) {
      if (!(thrown instanceof ConfigurationError)) throw thrown;
      this.#devices = change(this.#devices);
      throw thrown;
    }
    if (kept) this.#devices = kept;
  }
}

const isInForce = ({ until }: Ban, now: number): boolean => until === undefined || until > now;

/** Also: it can stand in a table, and nobody takes it for an address. */
export const isName = (name: string): boolean =>
  name.length > 0 &&
  name.length <= longestName &&
  name.trim() === name &&
  !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name) &&
  parseMacAddress(name) === undefined;

const encode = (devices: ReadonlyMap<MacAddress, Device>): string =>
  `${JSON.stringify({ devices: [...devices.values()] }, undefined, 1)}\n`;

function decode(json: string | undefined): Map<MacAddress, Device> {
  if (json === undefined) return new Map();
  try {
    const { devices } = fromJson(fileShape, json);
    return new Map(devices.slice(0, mostDevices).map((device) => [device.address, device]));
  } catch (thrown) {
    if (!(thrown instanceof ShapeError)) throw thrown;
    throw new ConfigurationError(`the list of devices means nothing (${thrown.message}): mend it or move it away`);
  }
}
