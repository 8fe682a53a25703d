/** A radio on a virtual driver that can be told to misbehave. */

import assert from "node:assert/strict";
import { Neighbourhood } from "../src/ap/neighbourhood.ts";
import type { Radio } from "../src/ap/radio.ts";
import { utf8 } from "../src/base/bytes.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { PskEntries, type PskEntry } from "../src/config/psk-entries.ts";
import type { Configuration } from "../src/config/registry.ts";
import type {
  BssEvent,
  BssPort,
  ChannelDefinition,
  ChannelSwitch,
  ColorChange,
  Driver,
  HeSupport,
  RadioCapabilities,
  RadioPort,
  RegulatoryDomain,
} from "../src/driver/port.ts";
import { createVirtualDriver, type VirtualDriver } from "../src/driver/virtual/index.ts";
import { VirtualMedium } from "../src/driver/virtual/medium.ts";
import type { StationOptions } from "../src/virtual/options.ts";
import { VirtualStation } from "../src/virtual/station.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { configurationOf, RadioObserver } from "./observed-radio.ts";
import { passTime } from "./pass-time.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const open = "ssid=somename\nhw_mode=g\nchannel=1";
export const german = `${open}\ncountry_code=DE`;
export const twoBsses = `${open}\nbss=wlan0_1\nssid=second`;

/** What a radio does otherwise than the virtual one. */
export interface Whims {
  capabilities?(real: RadioCapabilities): RadioCapabilities;
  setCountry?(real: (alpha2: string) => void, alpha2: string): void;
  regulatoryDomain?(): RegulatoryDomain;
  /** Thrown in place of starting the access point. */
  startAp?(interfaceName: string): void;
  /** The same before another channel is announced; "silent" does nothing. */
  switchChannel?(interfaceName: string, change: ChannelSwitch): "silent" | undefined;
  /** The same before another colour is. */
  changeColor?(change: ColorChange): "silent" | undefined;
  /** The same before the beacon is another. */
  updateBeacon?(interfaceName: string): void;
  /** Where an interface is, if not where it really is. */
  channel?(): ChannelDefinition | undefined;
  /** In place of the driver's own, which has none. */
  setAirtimeWeight?(station: MacAddress, weight: number): void;
}

export class Workshop {
  readonly clock = new VirtualClock();
  readonly medium = new VirtualMedium(this.clock);
  readonly driver: VirtualDriver;
  readonly #observer = new RadioObserver();
  readonly records = this.#observer.records;
  readonly events = this.#observer.events;
  readonly whims: Whims = {};
  /** Tells what the driver of an interface would tell. */
  readonly tell = new Map<string, (event: BssEvent) => void>();
  readonly radio: Radio;
  /** What is in every wpa_psk_file. */
  pskEntries: readonly PskEntry[] = [];
  readonly #neighbourhood = new Neighbourhood();
  readonly #entropy = new FixedEntropy(5);

  constructor(configuration = open) {
    this.driver = createVirtualDriver(this.medium, this.clock, this.#entropy, {
      interfaces: ["wlan0", "wlan1"],
      hardware: (usual) => this.whims.capabilities?.(usual) ?? usual,
    });
    this.radio = this.another(configuration);
  }

  another(configuration: string | Configuration): Radio {
    return this.#observer.radio({
      configuration: typeof configuration === "string" ? configurationOf(configuration) : configuration,
      driver: this.#whimsical(),
      clock: this.clock,
      entropy: this.#entropy,
      neighbourhood: this.#neighbourhood,
      readPskFile: () => PskEntries.of(this.pskEntries),
    });
  }

  /** Lets time pass, and promises settle in between. */
  pass(duration: number, step = 100): Promise<void> {
    return passTime(this.clock, duration, step);
  }

  async up(): Promise<this> {
    const enabled = this.radio.enable();
    await this.pass(200);
    await enabled;
    return this;
  }

  /** What happened since the last call. */
  news(): string[] {
    return this.events.splice(0).map((event) => {
      if (event.type === "state-changed") return `${event.from} to ${event.to}`;
      return "bss" in event && event.bss !== "wlan0" ? `${event.type} ${event.bss}` : event.type;
    });
  }

  said(pattern: RegExp): boolean {
    return this.records.some(({ text }) => pattern.test(text));
  }

  /** One that has joined. */
  async station(more: Partial<StationOptions> = {}): Promise<VirtualStation> {
    const options = { ssid: utf8("somename"), frequencies: [2412], ...more };
    const station = new VirtualStation(this.medium, this.clock, this.#entropy, options);
    station.join();
    await this.pass(300);
    assert.ok(station.isConnected);
    return station;
  }

  #whimsical(): Driver {
    const { whims, driver, tell } = this;
    return {
      name: driver.name,
      watch: (name, onHope) => driver.watch(name, onHope),
      close: () => driver.close(),
      openRadio: (name, listener) => {
        const port = driver.openRadio(name, listener);
        return overriding<RadioPort>(port, {
          regulatoryDomain: () => whims.regulatoryDomain?.() ?? port.regulatoryDomain(),
          setCountry: (alpha2) =>
            whims.setCountry ? whims.setCountry((real) => port.setCountry(real), alpha2) : port.setCountry(alpha2),
          openBss: (options, onEvent) => {
            tell.set(options.interfaceName, onEvent);
            const bss = port.openBss(options, onEvent);
            return overriding<BssPort>(bss, {
              startAp: (parameters) => {
                whims.startAp?.(options.interfaceName);
                bss.startAp(parameters);
              },
              channel: () => whims.channel?.() ?? bss.channel(),
              ...(whims.setAirtimeWeight ? { setAirtimeWeight: whims.setAirtimeWeight } : {}),
              switchChannel: (change) => {
                if (whims.switchChannel?.(options.interfaceName, change) !== "silent") bss.switchChannel(change);
              },
              changeColor: (change) => {
                if (whims.changeColor?.(change) !== "silent") bss.changeColor(change);
              },
              updateBeacon: (beacon) => {
                whims.updateBeacon?.(options.interfaceName);
                bss.updateBeacon(beacon);
              },
            });
          },
        });
      },
    };
  }
}

/** `original` but for some of its methods. */
function overriding<T extends object>(original: T, methods: Partial<T>): T {
  return new Proxy(original, {
    get(target, name) {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const he: HeSupport = {
  mac: new Uint8Array(6),
  phy: Uint8Array.of(0x06, ...new Uint8Array(10)),
  mcsSet: Uint8Array.of(0xfa, 0xff, 0xfa, 0xff, 0, 0, 0, 0, 0, 0, 0, 0),
  ppeThresholds: new Uint8Array(0),
  capabilities6GHz: undefined,
};

/** The same radio, in HE too, and in 6 GHz. */
export function withHe(capabilities: RadioCapabilities): RadioCapabilities {
  const bands = capabilities.bands.map((band) => ({ ...band, he }));
  const [like] = bands;
  const [channel] = like?.channels ?? [];
  assert.ok(like && channel);
  const wide = { noHt40Minus: false, noHt40Plus: false, no80MHz: false, no160MHz: false };
  const channels = Array.from({ length: 24 }, (_, i) => ({ ...channel, ...wide, frequency: 5955 + 20 * i }));
  const sixGHz = { channels, rates: [60, 120, 240], ht: undefined, he: { ...he, capabilities6GHz: 0x30b8 } };
  return { ...capabilities, bands: [...bands, { ...like, ...sixGHz, name: "6GHz" }] };
}

export const refusalOf = async (attempt: Promise<unknown>): Promise<Error> => {
  const thrown: unknown = await attempt.then(
    () => assert.fail("it came up"),
    (reason: unknown) => reason,
  );
  assert.ok(thrown instanceof Error);
  return thrown;
};
