/** EAPOL frames to and from stations. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { decodeEapol, eapolHeaderLength } from "../wire/eapol/eapol.ts";
import type { Bss } from "./bss.ts";

/** @param from where it comes: the air, or a program that plays the air over the control socket */
export function onEapol(bss: Bss, source: MacAddress, payload: Uint8Array, from: "air" | "control" = "air"): void {
  if (bss.diversions.eapol && from === "air") {
    return bss.report({ type: "eapol-received", station: source, pdu: payload });
  }
  const authenticator = bss.authenticator?.get(source);
  if (!authenticator) return bss.tally.count("EAPOL frame of a station that is not associated", source);
  try {
    const pdu = decodeEapol(new Reader(payload, ["EAPOL"]));
    // Starts and EAP packets are IEEE 802.1X's, which a pre-shared key does without.
    if (pdu.type !== "key") return;
    authenticator.onEapolKey(
      payload.subarray(0, eapolHeaderLength + pdu.body.length),
      new Reader(pdu.body, ["EAPOL", "EAPOL-Key"]),
    );
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    bss.tally.count("malformed EAPOL frame", thrown.message);
  }
}

export function onEapolStatus(bss: Bss, station: MacAddress, acknowledged: boolean): void {
  bss.authenticator?.get(station)?.onTransmitted(acknowledged);
}

export function sendEapol(
  bss: Bss,
  station: MacAddress,
  pdu: Uint8Array,
  options: { readonly encrypt: boolean },
): void {
  if (bss.diversions.eapol) return bss.report({ type: "eapol-sent", station, pdu });
  bss.attempt((port) => port.sendEapol(station, pdu, options));
}
