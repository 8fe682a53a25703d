/** A whole access point, and somebody who sends it SAE frames of any contents. */

import assert from "node:assert/strict";
import { Reader } from "../src/base/bytes.ts";
import { type MacAddress, macAddressOf } from "../src/base/mac-address.ts";
import {
  type Authentication,
  decodeAuthentication,
  encodeAuthentication,
} from "../src/wire/ieee80211/authentication.ts";
import { encodeManagementFrame, managementHeaderLength } from "../src/wire/ieee80211/frame.ts";
import { passTime } from "./pass-time.ts";
import { type NetworkOptions, VirtualNetwork } from "./virtual-network.ts";

/** Who sends them where nothing else is said. */
export const saeSender = "02:00:00:00:05:05" as MacAddress;

/** @param lines of its configuration, beyond those of a WPA3 network with a password */
export const beginSae = (...lines: readonly string[]) => beginSaeWith({}, ...lines);

export async function beginSaeWith(options: NetworkOptions, ...lines: readonly string[]) {
  const network = await new VirtualNetwork(
    ["ssid=castle", "hw_mode=g", "channel=1", "wpa=2", "wpa_key_mgmt=SAE", "rsn_pairwise=CCMP", "ieee80211w=2"]
      .concat("sae_password=correct horse", "sae_pwe=2", lines)
      .join("\n"),
    options,
  ).start();
  const bss = network.radio.bsses[0] ?? assert.fail();
  let listensTo: MacAddress = saeSender;
  const answers: Authentication[] = [];
  network.medium.attach({
    frequency: () => 2412,
    answersTo: (receiver) => receiver === listensTo,
    receive: (frame) => {
      if ((frame[0] ?? 0) >> 4 !== 11 || macAddressOf(frame.subarray(4, 10)) !== listensTo) return;
      answers.push(decodeAuthentication(new Reader(frame.subarray(managementHeaderLength), ["Authentication"])));
    },
  });
  /** @returns the answers to it */
  const send = async (
    transaction: number,
    status: number,
    fields: Uint8Array,
    sender = saeSender,
  ): Promise<readonly Authentication[]> => {
    answers.length = 0;
    listensTo = sender;
    const body = encodeAuthentication({ algorithm: 3, transaction, status, fields, elements: [] });
    const addresses = { receiver: bss.address, transmitter: sender, bssid: bss.address };
    const frame = encodeManagementFrame({ subtype: "authentication", ...addresses }, body);
    bss.onEvent({ type: "management", frame, frequency: 2412, signalDbm: -40 });
    await passTime(network.clock, 40, 5);
    return [...answers];
  };
  return { network, bss, send };
}

export const statusesOf = (answers: readonly Authentication[]) =>
  answers.map(({ transaction, status }) => [transaction, status]);
