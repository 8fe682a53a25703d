/** A whole access point and stations around it, in one process and in virtual time. */

import type { Radio } from "../src/ap/radio.ts";
import { type RadiusFiles, RadiusShared } from "../src/ap/radius/shared.ts";
import type { SaeTools } from "../src/ap/sae.ts";
import { type Duration, milliseconds } from "../src/base/duration.ts";
import { parsePskFile } from "../src/config/psk-file.ts";
import type { EapBackend } from "../src/dot1x/port.ts";
import { createVirtualDriver, type Uplink, type VirtualDriver } from "../src/driver/virtual/index.ts";
import { type MediumOptions, VirtualMedium } from "../src/driver/virtual/medium.ts";
import type { StationOptions } from "../src/virtual/options.ts";
import { VirtualStation } from "../src/virtual/station.ts";
import type { StationEvent } from "../src/virtual/station-event.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { configurationOf, filesOf, RadioObserver } from "./observed-radio.ts";
import { PlayedNetwork } from "./radius-network.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A station and what it has told. */
export interface ObservedStation {
  readonly station: VirtualStation;
  readonly events: StationEvent[];
  /** Types of the events, without those of scanning. */
  types(): string[];
}

export interface NetworkOptions extends MediumOptions {
  readonly files?: Readonly<Record<string, string>>;
  /** Who does SAE's arithmetic, and when; here and at once otherwise. */
  readonly saeTools?: SaeTools;
  /** Who authenticates by IEEE 802.1X. */
  readonly backend?: EapBackend;
  /** Of RADIUS. */
  readonly radiusFiles?: RadiusFiles;
}

export class VirtualNetwork {
  readonly clock = new VirtualClock();
  /** RADIUS servers that tests play; nobody answers otherwise. */
  readonly radius = new PlayedNetwork(this.clock);
  readonly entropy = new FixedEntropy(1);
  readonly medium: VirtualMedium;
  readonly driver: VirtualDriver;
  readonly radio: Radio;
  readonly #observer = new RadioObserver();
  readonly records = this.#observer.records;
  readonly events = this.#observer.events;
  /** Ethernet frames that went through the access point to the wired side. */
  readonly uplink: Uint8Array[] = [];
  /** The same, with the interface that they left by. */
  readonly leaving: { readonly by: string; readonly frame: Uint8Array }[] = [];
  /** Somebody on the wired side. */
  wired: Uplink | undefined;

  /** @param configuration text of a hostapd.conf without `interface=`; it must have no error */
  constructor(configuration: string, { files = {}, saeTools, backend, radiusFiles, ...options }: NetworkOptions = {}) {
    const read = filesOf(files);
    this.medium = new VirtualMedium(this.clock, options);
    this.driver = createVirtualDriver(this.medium, this.clock, this.entropy, {
      uplink: (name, frame, answer) => {
        this.uplink.push(frame);
        this.leaving.push({ by: name, frame });
        this.wired?.(name, frame, answer);
      },
    });
    this.radio = this.#observer.radio({
      configuration: configurationOf(configuration, read),
      driver: this.driver,
      clock: this.clock,
      entropy: this.entropy,
      readPskFile: (path) => parsePskFile(read(path), path).entries,
      ...(backend ? { openBackend: () => ({ ...backend, use: () => undefined, close: () => undefined }) } : {}),
      ...(saeTools ? { saeTools } : {}),
      radius: new RadiusShared(this.radius, radiusFiles),
    });
  }

  /** Brings the access point up. */
  async start(): Promise<this> {
    const up = this.radio.enable();
    this.pass(10);
    await up;
    this.pass(10); // what it says to everybody at first
    return this;
  }

  station(options: Partial<StationOptions> & Pick<StationOptions, "ssid">): ObservedStation {
    const events: StationEvent[] = [];
    const station = new VirtualStation(this.medium, this.clock, this.entropy, {
      frequencies: [2412],
      ...options,
      listener: (event) => void events.push(event),
    });
    return { station, events, types: () => events.map(({ type }) => type).filter((type) => type !== "scanning") };
  }

  /** Lets so many milliseconds pass. */
  pass(duration: number): void {
    this.clock.advance(milliseconds(duration));
  }

  passFor(duration: Duration): void {
    this.clock.advance(duration);
  }

  /** What the access point told about one station. */
  eventsOf({ station }: ObservedStation): string[] {
    return this.#observer.eventsOf(station.address);
  }

  stop(): void {
    this.radio.disable();
    this.driver.close();
  }
}
