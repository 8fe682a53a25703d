/** A station that knows a password for SAE and hashes it, on an antenna of its own in a virtual network. */

import assert from "node:assert/strict";
import { Reader, utf8 } from "../src/base/bytes.ts";
import { encodeMacAddress, type MacAddress } from "../src/base/mac-address.ts";
import { numeral } from "../src/crypto/groups/cyclic-group.ts";
import { multiplyPasswordElement } from "../src/crypto/sae/exchange.ts";
import { derivePt, derivePweFromPt } from "../src/crypto/sae/hash-to-element.ts";
import { bothAddresses } from "../src/crypto/sae/looping.ts";
import { systemEntropy } from "../src/linux/entropy.ts";
import { decodeAuthentication } from "../src/wire/ieee80211/authentication.ts";
import { managementHeaderLength } from "../src/wire/ieee80211/frame.ts";
import { statusCode } from "../src/wire/ieee80211/status-code.ts";
import { saeToolsHere } from "./sae-tools.ts";
import { ScriptedStation } from "./scripted-station.ts";
import type { VirtualNetwork } from "./virtual-network.ts";

const frequency = 2412;

const goesOn: ReadonlySet<number> = new Set([
  statusCode.success,
  statusCode["sae-hash-to-element"],
  statusCode["anti-clogging-token-required"],
]);

export function saeNewcomer(
  network: VirtualNetwork,
  {
    address,
    bssid,
    ssid,
    password,
  }: {
    readonly address: MacAddress;
    readonly bssid: MacAddress;
    readonly ssid: Uint8Array;
    readonly password: string;
  },
) {
  const group = saeToolsHere().groups.get(19);
  const pt = derivePt(group, ssid, utf8(password), undefined);
  const pwe = derivePweFromPt(group, pt, bothAddresses(encodeMacAddress(address), encodeMacAddress(bssid)));
  /** Status codes of authentications that went wrong. */
  const refusals: number[] = [];
  const antenna = {
    address,
    frequency: () => frequency,
    answersTo: (receiver: MacAddress) => receiver === address,
    receive: (frame: Uint8Array) => {
      const status = statusOf(frame);
      if (status === undefined || goesOn.has(status)) return station.receive(frame);
      refusals.push(status);
    },
  };
  const station = new ScriptedStation({
    address,
    bssid,
    ssid,
    secret: {
      group,
      method: "hash-to-element",
      pwe: multiplyPasswordElement(group, numeral(1, group.scalarLength), pwe) ?? assert.fail(),
    },
    associates: true,
    send: (frame) => network.medium.transmit(antenna, frame, frequency),
    random: (length) => systemEntropy.bytes(length),
    now: () => network.clock.now(),
  });
  network.medium.attach(antenna);
  return { station, refusals };
}

/** Of an Authentication frame; undefined for another. */
function statusOf(frame: Uint8Array): number | undefined {
  if ((frame[0] ?? 0) !== 0xb0) return undefined;
  return decodeAuthentication(new Reader(frame.subarray(managementHeaderLength), ["Authentication"])).status;
}
