/** A machine whose kernel is a script, with a radio, and the driver on it. */

import assert from "node:assert/strict";
import { bytesOfHex } from "../src/base/bytes.ts";
import { seconds } from "../src/base/duration.ts";
import { KernelRefusal } from "../src/base/errors.ts";
import { Log } from "../src/base/log.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { Nl80211Driver } from "../src/driver/nl80211/index.ts";
import type { ApParameters, BssEvent, RadioEvent } from "../src/driver/port.ts";
import { decodeGeneric } from "../src/wire/netlink/generic.ts";
import { decodeMessages } from "../src/wire/netlink/message.ts";
import { startAp, stopAp } from "../src/wire/nl80211/access-point.ts";
import { receivedFrame } from "../src/wire/nl80211/frame.ts";
import { commands } from "../src/wire/nl80211/generated/commands.ts";
import { interfaceTypes } from "../src/wire/nl80211/generated/enums.ts";
import { interfaceDescription, newInterface, setInterface } from "../src/wire/nl80211/interface.ts";
import type { Nl80211Message } from "../src/wire/nl80211/message.ts";
import { wiphyParts } from "../test/vectors/nl80211.ts";
import { ScriptedKernel } from "./scripted-kernel.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A station that there may be. */
export const station = "02:00:00:00:01:00" as MacAddress;
/** Of wlan0. */
export const ownAddress = "02:00:00:00:00:00" as MacAddress;
export const errnos = {
  ENOENT: 2,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  EALREADY: 114,
  ERFKILL: 132,
} as const;

/** A message of a vector, to be answered or reported once more. */
export function messageOf(text: string): Nl80211Message {
  const [message] = decodeMessages(bytesOfHex(text) ?? assert.fail(text));
  const { command, attributes } = decodeGeneric((message ?? assert.fail()).payload);
  return { name: "vector", command, attributes };
}

export const parameters: ApParameters = {
  ssid: Buffer.from("test"),
  hiddenSsid: "no",
  beaconInterval: 100,
  dtimPeriod: 2,
  channel: { frequency: 2412, width: "20", centerFrequency1: 2412 },
  beacon: {
    head: Uint8Array.of(0x80, 0),
    tail: Uint8Array.of(1),
    beaconElements: new Uint8Array(),
    probeResponseElements: new Uint8Array(),
    associationResponseElements: new Uint8Array(),
  },
  security: { privacy: false, wpaVersions: [], akmSuites: [], pairwiseCiphers: [], groupCipher: undefined },
  protection: { shortPreamble: false, shortSlot: true, ctsProtection: false, htOperationMode: undefined },
  basicRates: [10, 20],
  isolate: false,
  maxInactivity: seconds(300),
};

/** What every message about an interface starts with. */
export const ifIndexOf = (attributes: Uint8Array): number => stopAp.decode(attributes).ifIndex;

/** A machine with one radio, phy0, whose interface wlan0 is a station's and down. */
export function machine(radio: readonly Nl80211Message[] = wiphyParts.map(messageOf)) {
  const kernel = new ScriptedKernel();
  const types = new Map<number, number>([[3, interfaceTypes.STATION]]);
  const beaconing = new Set<number>();
  kernel.addLink({ index: 1, name: "lo", up: true, address: "00:00:00:00:00:00" as MacAddress, master: undefined });
  kernel.addLink({ index: 3, name: "wlan0", up: false, address: ownAddress, master: undefined });

  const describe = (ifIndex: number, type: number): Nl80211Message =>
    interfaceDescription.build({
      ifIndex,
      wiphy: 0,
      type,
      ssid: beaconing.has(ifIndex) ? parameters.ssid : undefined,
    });
  kernel
    .answer(commands.GET_WIPHY, () => ({ replies: radio }))
    .answer(commands.GET_INTERFACE, (attributes) => {
      const ifIndex = ifIndexOf(attributes);
      const type = types.get(ifIndex);
      return type === undefined ? { errno: errnos.ENODEV } : { replies: [describe(ifIndex, type)] };
    })
    .answer(commands.SET_INTERFACE, (attributes) => {
      const { ifIndex, type } = setInterface.decode(attributes);
      types.set(ifIndex, type ?? assert.fail("no type"));
      return {};
    })
    .answer(commands.NEW_INTERFACE, (attributes) => {
      const { name, type } = newInterface.decode(attributes);
      const index = Math.max(...kernel.links.keys()) + 1;
      types.set(index, type);
      const address = "42:00:00:00:00:00" as MacAddress;
      kernel.addLink({ index, name, up: false, address, master: undefined });
      return { replies: [describe(index, type)] };
    })
    .answer(commands.DEL_INTERFACE, (attributes) => {
      kernel.removeLink(ifIndexOf(attributes));
      return {};
    })
    .answer(commands.START_AP, (attributes) => {
      beaconing.add(startAp.decode(attributes).ifIndex);
      return {};
    })
    .answer(commands.STOP_AP, (attributes) =>
      beaconing.delete(ifIndexOf(attributes)) ? {} : { errno: errnos.ENOENT },
    );

  const log: string[] = [];
  const clock = new VirtualClock();
  const driver = new Nl80211Driver(kernel, clock, new Log(({ level, text }) => log.push(`${level} ${text}`)));
  const radioEvents: RadioEvent[] = [];
  const bssEvents: BssEvent[] = [];
  const openRadio = () => driver.openRadio("wlan0", (event) => radioEvents.push(event));
  const openBss = () => openRadio().openBss({ interfaceName: "wlan0" }, (event) => bssEvents.push(event));
  const asked = (command: number) => kernel.requests.filter((request) => request.command === command);
  return { kernel, driver, types, beaconing, log, clock, radioEvents, bssEvents, openRadio, openBss, asked };
}

export const refuses = (errno: string) => (error: unknown) => error instanceof KernelRefusal && error.errno === errno;
export const management = (octets: readonly number[]): Nl80211Message =>
  receivedFrame.build({ ifIndex: 3, frame: Uint8Array.from(octets), frequency: 2412, signal: -40 });
