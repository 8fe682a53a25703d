/** Many stations that this process makes up; they are not on radios of their own, the medium is played here (lab/guest/medium.ts). */

import type { Medium } from "../lab/guest/medium.ts";
import { concat, Writer } from "../src/base/bytes.ts";
import { type MacAddress, macAddressOf } from "../src/base/mac-address.ts";
import { patience, ScriptedStation, type ScriptedStationOptions } from "../testing/scripted-station.ts";

/** All stations of one medium, by their addresses. */
export class ScriptedStations {
  readonly #all = new Map<MacAddress, ScriptedStation>();
  readonly #timer = setInterval(() => {
    const now = performance.now();
    for (const station of this.#all.values()) station.tick(now);
  }, patience / 4);

  /** @param medium is asked for late: it hears this */
  constructor(
    readonly medium: () => Medium,
    readonly common: Pick<ScriptedStationOptions, "bssid" | "ssid" | "random" | "now">,
  ) {}

  /** A frame of the access point. @returns whether it is for one of these */
  hear(frame: Uint8Array): boolean {
    const station = this.#all.get(macAddressOf(frame.subarray(4, 10)));
    station?.receive(frame);
    return station !== undefined;
  }

  add(address: MacAddress, secret: ScriptedStationOptions["secret"], associates: boolean): ScriptedStation {
    const send = (frame: Uint8Array): void => this.medium().deliver(0, frame);
    const station = new ScriptedStation({ ...this.common, address, secret, associates, send });
    this.#all.set(address, station);
    return station;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** @param crowd 0 to 255, for those that have something in common */
export const addressOf = (crowd: number, index: number): MacAddress =>
  macAddressOf(concat(Uint8Array.of(0x02, 0x5a, crowd, 0), new Writer().u16be(index).finish()));
