import type { MacAddress } from "../src/base/mac-address.ts";
import { broadcast } from "../src/base/mac-address.ts";
import { elementId } from "../src/wire/ieee80211/element.ts";
import { cipherSuite } from "../src/wire/ieee80211/suites.ts";
import { setBss, startAp, stopAp } from "../src/wire/nl80211/access-point.ts";
import { cookieReply, registerFrame } from "../src/wire/nl80211/frame.ts";
import { commands } from "../src/wire/nl80211/generated/commands.ts";
import { bands, features, interfaceTypes, stationFlags } from "../src/wire/nl80211/generated/enums.ts";
import { interfaceDescription, setInterface } from "../src/wire/nl80211/interface.ts";
import { newKey } from "../src/wire/nl80211/key.ts";
import { regulatoryDescription } from "../src/wire/nl80211/regulatory.ts";
import { delStation, getStation, setStation, stationArrival, stationDescription } from "../src/wire/nl80211/station.ts";
import { setWiphy, wiphyPart } from "../src/wire/nl80211/wiphy.ts";
import { type Answer, ScriptedKernel } from "./scripted-kernel.ts";

export const errnos = { EIO: 5, EFAULT: 14, ENODEV: 19, EINVAL: 22, EBADE: 52, EOPNOTSUPP: 95, EALREADY: 114 } as const;

export const ifIndex = 3;
export const ownAddress = "b8:27:eb:00:00:01" as MacAddress;

/** Type and subtype of the frames in their place in Frame Control. */
const allFrames = [0x00, 0x20, 0x40, 0xa0, 0xb0, 0xc0, 0xd0];

export interface FullMacOptions {
  /** Frames that somebody may register for. brcmfmac names all, and hands over Probe Requests and Action frames. */
  readonly registrable?: readonly number[];
  /** Of the radio; brcmfmac has none that count here, mwifiex watches inactivity. */
  readonly features?: number;
  /** Old firmware can't list its stations. */
  readonly listsStations?: boolean;
}

/** A station as the firmware has it. */
export interface FirmwareStation {
  authorized: boolean;
  /** Of its pairwise keys the last one. */
  key: Uint8Array | undefined;
  /** Seconds since it was heard. */
  idle: number;
}

export interface Dismissed {
  readonly station: MacAddress | undefined;
  readonly subtype: number | undefined;
  readonly reason: number | undefined;
}

/**
 * A kernel with one radio, phy0, whose firmware authenticates and associates: what the driver of the Raspberry Pi's own
 * chip takes, refuses and reports. Written after drivers/net/wireless/broadcom/brcm80211/brcmfmac/cfg80211.c of Linux
 * 6.12; nothing of it was recorded from hardware.
 */
export class FullMacKernel extends ScriptedKernel {
  readonly stations = new Map<MacAddress, FirmwareStation>();
  readonly groupKeys = new Map<number, Uint8Array>();
  /** DEL_STATION as it came. */
  readonly dismissals: Dismissed[] = [];
  /** What the access point was started with. */
  running: ReturnType<typeof startAp.decode> | undefined;
  readonly #options: FullMacOptions;
  #type: number = interfaceTypes.STATION;

  constructor(options: FullMacOptions = {}) {
    super();
    this.#options = options;
    this.addLink({ index: ifIndex, name: "wlan0", up: false, address: ownAddress, master: undefined });
    this.#describeRadio();
    this.#answerAsInterface();
    this.#answerAsFirmware();
  }

  /** How often a command was asked for. */
  count(command: number): number {
    return this.requests.filter((request) => request.command === command).length;
  }

  /** A station has authenticated and associated; once more, where it was already. */
  associate(station: MacAddress, elements: Uint8Array): void {
    this.stations.set(station, { authorized: false, key: undefined, idle: 0 });
    this.emit("mlme", stationArrival.build({ ifIndex, station, requestElements: elements }));
  }

  /** A station has said goodbye, or the firmware has lost it. */
  depart(station: MacAddress): void {
    this.stations.delete(station);
    this.emit("mlme", delStation.build({ ifIndex, station }));
  }

  #describeRadio(): void {
    const channel = (frequency: number) => ({ frequency, maxTxPower: 2000 });
    const rate = (value: number) => ({ rate: value });
    const ofdm = [60, 90, 120, 180, 240, 360, 480, 540];
    // One chain: SGI and 40 MHz, DSSS/CCK in 40 MHz.
    const ht = {
      htCapabilities: 0x1062,
      htAmpduFactor: 3,
      htAmpduDensity: 7,
      htMcsSet: Uint8Array.from({ length: 16 }, (_, i) => (i === 0 ? 0xff : i === 12 ? 1 : 0)),
    };
    const radio = wiphyPart.build({
      wiphy: 0,
      name: "phy0",
      ciphers: [0x000fac01, 0x000fac05, cipherSuite.TKIP, cipherSuite.CCMP],
      interfaceTypes: new Set([interfaceTypes.ADHOC, interfaceTypes.STATION, interfaceTypes.AP]),
      bands: new Map([
        [
          bands["2GHZ"],
          {
            frequencies: Array.from({ length: 13 }, (_, i) => channel(2412 + 5 * i)),
            rates: [10, 20, 55, 110, ...ofdm].map(rate),
            ...ht,
          },
        ],
        [bands["5GHZ"], { frequencies: [5180, 5200, 5220, 5240].map(channel), rates: ofdm.map(rate), ...ht }],
      ]),
      apSme: 0,
      features: this.#options.features ?? 0,
      extendedFeatures: new Uint8Array(8),
    });
    this.answer(commands.GET_WIPHY, () => ({ replies: [radio] }));
    this.answer(commands.GET_REG, () => ({ replies: [regulatoryDescription.build({ alpha2: "00" })] }));
  }

  #answerAsInterface(): void {
    const registrable = this.#options.registrable ?? allFrames;
    const registered = new Set<string>();
    this.answer(commands.GET_INTERFACE, () => {
      const ssid = this.running?.ssid;
      return { replies: [interfaceDescription.build({ ifIndex, wiphy: 0, type: this.#type, ssid })] };
    })
      .answer(commands.SET_INTERFACE, (attributes) => {
        this.#type = setInterface.decode(attributes).type ?? this.#type;
        registered.clear();
        return {};
      })
      .answer(commands.REGISTER_FRAME, (attributes) => {
        const { frameType, match } = registerFrame.decode(attributes);
        if (!registrable.includes(frameType)) return { errno: errnos.EINVAL };
        const key = `${frameType} ${match}`;
        if (registered.has(key)) return { errno: errnos.EALREADY, reason: "Match already configured" };
        registered.add(key);
        return {};
      })
      .answer(commands.START_AP, (attributes) => {
        if (this.running) return { errno: errnos.EALREADY };
        this.running = startAp.decode(attributes);
        return {};
      })
      .answer(commands.STOP_AP, (attributes) => {
        stopAp.decode(attributes);
        this.running = undefined;
        this.stations.clear();
        this.groupKeys.clear();
        return {};
      });
    // What the driver has no function for.
    const lacks = (command: number, decode: (attributes: Uint8Array) => unknown): void => {
      this.answer(command, (attributes) => {
        decode(attributes);
        return { errno: errnos.EOPNOTSUPP };
      });
    };
    lacks(commands.SET_BSS, setBss.decode);
    lacks(commands.PROBE_CLIENT, getStation.decode);
    lacks(commands.NEW_STATION, stationDescription.decode);
    lacks(commands.CONTROL_PORT_FRAME, stopAp.decode);
    this.answer(commands.SET_WIPHY, (attributes) =>
      setWiphy.decode(attributes).txqParameters === undefined ? {} : { errno: errnos.EOPNOTSUPP },
    );
    // It takes every management frame, sends Action frames only, and tells of the others nothing.
    this.answer(commands.FRAME, () => ({ replies: [cookieReply.build({ cookie: 0n })] }));
  }

  #answerAsFirmware(): void {
    this.answer(commands.DEL_STATION, (attributes) => this.#dismiss(attributes))
      .answer(commands.SET_STATION, (attributes) => {
        const { station, flags } = setStation.decode(attributes);
        const bit = 1 << stationFlags.AUTHORIZED;
        if (flags === undefined || (flags.mask & bit) === 0) return {};
        const known = this.stations.get(station);
        if (!known) return { errno: errnos.EBADE };
        known.authorized = (flags.set & bit) !== 0;
        return {};
      })
      .answer(commands.GET_STATION, (attributes) => {
        const { station } = getStation.decode(attributes);
        if (station !== undefined) {
          const known = this.stations.get(station);
          return known ? { replies: [describe(station, known)] } : { errno: errnos.EBADE };
        }
        if (this.#options.listsStations === false) return { errno: errnos.EOPNOTSUPP };
        return { replies: [...this.stations].map(([address, known]) => describe(address, known)) };
      })
      .answer(commands.NEW_KEY, (attributes) => {
        const { station, key } = newKey.decode(attributes);
        const { index = 0, data } = key;
        if (index > 3 || data === undefined) return { errno: errnos.EINVAL };
        if (station === undefined) {
          this.groupKeys.set(index, data);
          return {};
        }
        const known = this.stations.get(station);
        if (!known) return { errno: errnos.EBADE };
        known.key = data;
        return {};
      })
      .answer(commands.DEL_KEY, () => ({ errno: errnos.EINVAL }))
      .answer(commands.GET_KEY, () => ({ errno: errnos.EINVAL }));
  }

  /** The firmware sends the frame, and reports what it has done. */
  #dismiss(attributes: Uint8Array): Answer {
    const { station, subtype, reason } = delStation.decode(attributes);
    this.dismissals.push({ station, subtype, reason });
    if (reason === 0) return { errno: errnos.EINVAL };
    if (station === undefined) return { errno: errnos.EFAULT };
    if (!this.running) return { errno: errnos.EIO };
    const concerned = station === broadcast ? [...this.stations.keys()] : [station];
    for (const each of concerned) if (this.stations.has(each)) this.depart(each);
    return {};
  }

  /** The beaconed RSNE, as stations see it. */
  get beaconedRsne(): Uint8Array | undefined {
    let rest = this.running?.beaconTail ?? new Uint8Array();
    while (rest.length >= 2) {
      const [id = 0, length = 0] = rest;
      if (id === elementId.rsn) return rest.slice(2, 2 + length);
      rest = rest.subarray(2 + length);
    }
    return undefined;
  }
}

export const inactivityTimer = features.INACTIVITY_TIMER;

const describe = (station: MacAddress, { idle, authorized }: FirmwareStation) =>
  stationDescription.build({
    ifIndex,
    station,
    information: {
      inactive: idle * 1000,
      connected: 1,
      txFailed: 0,
      txPackets: 5,
      rxPackets: 7,
      flags: {
        mask: 1 << stationFlags.AUTHORIZED,
        set: authorized ? 1 << stationFlags.AUTHORIZED : 0,
      },
    },
  });
