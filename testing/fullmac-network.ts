/** A whole access point on a scripted radio that associates by itself, and stations that know the handshakes. */

import assert from "node:assert/strict";
import type { Radio } from "../src/ap/radio.ts";
import { bytesOfHex, concat, utf8 } from "../src/base/bytes.ts";
import { milliseconds } from "../src/base/duration.ts";
import { encodeMacAddress, type MacAddress, macAddressOf } from "../src/base/mac-address.ts";
import { Nl80211Driver } from "../src/driver/nl80211/index.ts";
import { associationElements, ownRsne } from "../src/virtual/network.ts";
import type { StationOptions } from "../src/virtual/options.ts";
import * as supplicant from "../src/virtual/supplicant.ts";
import { elementId, encodeElements } from "../src/wire/ieee80211/element.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { FullMacKernel, type FullMacOptions, ifIndex, ownAddress } from "./fullmac-kernel.ts";
import { configurationOf, filesOf, RadioObserver } from "./observed-radio.ts";
import { VirtualClock } from "./virtual-clock.ts";

const etherType = Uint8Array.of(0x88, 0x8e);
const ssid = utf8("somename");
/** The network's own, and what a station has that was told another. */
export const psk = new Uint8Array(32).fill(0x5a);
const psks = { right: psk, wrong: new Uint8Array(32).fill(0x11) } as const;

export interface FullMacStationOptions extends Omit<StationOptions, "ssid" | "security"> {
  readonly psk?: keyof typeof psks;
  readonly security?: Omit<NonNullable<StationOptions["security"]>, "secret">;
  /** Of the request, where the driver tells only some. */
  readonly told?: readonly number[];
}

/** The far end: who associates with the firmware, and does the handshakes over EAPOL. */
export class FullMacStation {
  /** What it has in use. */
  tk: Uint8Array | undefined;
  readonly groupKeys = new Map<number, Uint8Array>();
  /** Drops what it gets while it is deaf. */
  isDeaf = false;
  #state = supplicant.initial;

  constructor(
    readonly network: FullMacNetwork,
    readonly address: MacAddress,
    readonly options: FullMacStationOptions,
  ) {}

  /** The elements of its (re)association request. */
  elements(): Uint8Array {
    const { told } = this.options;
    const wanted = associationElements(this.#stationOptions(), {
      bssid: ownAddress,
      frequency: 2412,
      ssid,
      isProtected: this.options.psk !== undefined,
      rsne: undefined,
      hasWmm: true,
      hasHt: true,
    });
    return encodeElements(told ? wanted.filter(({ id }) => told.includes(id)) : wanted);
  }

  associate(elements: Uint8Array = this.elements()): void {
    this.#state = supplicant.initial;
    this.network.kernel.associate(this.address, elements);
    this.network.pass(10);
  }

  depart(): void {
    this.network.kernel.depart(this.address);
    this.network.pass(10);
  }

  onEapol(pdu: Uint8Array): void {
    if (this.isDeaf) return;
    const rsne = this.network.kernel.beaconedRsne;
    const own = ownRsne(this.#stationOptions());
    if (!own || !rsne || !this.options.psk) return;
    const terms: supplicant.Terms = {
      akm: "WPA-PSK",
      pmk: psks[this.options.psk],
      aa: ownAddress,
      spa: this.address,
      rsne: own,
      apRsne: { id: elementId.rsn, data: rsne },
    };
    const { state, effects } = supplicant.step(terms, this.#state, { pdu, snonce: this.network.entropy.bytes(32) });
    this.#state = state;
    for (const effect of effects) {
      if (effect.type === "send") this.network.fromAir(this.address, effect.pdu);
      else if (effect.type === "installPairwise") this.tk = effect.tk;
      else if (effect.type === "installGroup") this.groupKeys.set(effect.index, effect.key);
    }
  }

  #stationOptions(): StationOptions {
    const { psk: which, security, told: _, ...others } = this.options;
    return { ...others, ssid, ...(which ? { security: { secret: { psk: psks[which] }, ...security } } : {}) };
  }
}

export class FullMacNetwork {
  readonly clock = new VirtualClock();
  readonly entropy = new FixedEntropy(1);
  readonly kernel: FullMacKernel;
  readonly driver: Nl80211Driver;
  readonly radio: Radio;
  readonly #observer = new RadioObserver();
  readonly records = this.#observer.records;
  readonly events = this.#observer.events;
  readonly #stations = new Map<MacAddress, FullMacStation>();

  /** @param configuration text of a hostapd.conf without `interface=` and `ssid=` */
  constructor(configuration: string, options: FullMacOptions = {}, files: Readonly<Record<string, string>> = {}) {
    this.kernel = new FullMacKernel(options);
    this.driver = new Nl80211Driver(this.kernel, this.clock, this.#observer.log);
    const text = `ssid=somename\nhw_mode=g\nchannel=1\n${configuration}`;
    this.radio = this.#observer.radio({
      configuration: configurationOf(text, filesOf(files)),
      driver: this.driver,
      clock: this.clock,
      entropy: this.entropy,
    });
  }

  async start(): Promise<this> {
    await this.radio.enable();
    this.pass(10);
    this.kernel.dismissals.length = 0;
    return this;
  }

  get bss() {
    return this.radio.bsses[0] ?? assert.fail("there is no access point");
  }

  station(options: FullMacStationOptions = {}): FullMacStation {
    const address =
      options.address ?? macAddressOf(bytesOfHex(`0200000001${hex(this.#stations.size)}`) ?? assert.fail());
    const station = new FullMacStation(this, address, options);
    this.#stations.set(address, station);
    return station;
  }

  /** Lets so many milliseconds pass; what is on its way arrives. */
  pass(duration: number, step = 100): void {
    this.settle();
    for (let rest = duration; rest > 0; rest -= step) {
      this.clock.advance(milliseconds(Math.min(step, rest)));
      this.settle();
    }
  }

  /** All that is on its way, and the answers to it, arrive. */
  settle(): void {
    for (let turns = 0; turns < 50; turns++) {
      this.kernel.deliver();
      const frames = this.kernel.packets.splice(0);
      for (const { frame } of frames) {
        this.#stations.get(macAddressOf(frame.subarray(0, 6)))?.onEapol(frame.slice(14));
      }
      if (frames.length === 0) return;
    }
    assert.fail("it doesn't come to rest");
  }

  fromAir(source: MacAddress, pdu: Uint8Array): void {
    this.kernel.receivePacket(ifIndex, concat(encodeMacAddress(ownAddress), encodeMacAddress(source), etherType, pdu));
  }

  /** What was told about a station. */
  eventsOf({ address }: FullMacStation): string[] {
    return this.#observer.eventsOf(address);
  }

  stop(): void {
    this.radio.disable();
    this.driver.close();
  }
}

const hex = (number: number): string => (number + 1).toString(16).padStart(2, "0");
