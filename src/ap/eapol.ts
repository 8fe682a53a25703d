/** EAPOL frames to and from stations. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { decodeEapol, type EapolPdu, eapolHeaderLength } from "../wire/eapol/eapol.ts";
import type { Bss } from "./bss.ts";
import { isProtected } from "./sa-querying.ts";
import type { Station } from "./station.ts";

/** No bridge passes it on. IEEE Std 802.1X-2004, table 7-2. */
const paeGroupAddress = "01:80:c2:00:00:03" as MacAddress;

/** Where a frame comes from: the air, or a program that plays the air over the control socket. */
export type EapolOrigin = "air" | "air, in the clear" | "control";

export function onEapol(bss: Bss, source: MacAddress, payload: Uint8Array, from: EapolOrigin = "air"): void {
  if (bss.diversions.eapol && from !== "control") {
    return bss.report({ type: "eapol-received", station: source, pdu: payload });
  }
  const station = bss.stations.get(source);
  if (!station?.authenticator && !station?.dot1x) {
    return bss.tally.count("EAPOL frame of a station that is not associated", source);
  }
  try {
    const pdu = decodeEapol(new Reader(payload, ["EAPOL"]));
    const isKey = pdu.type === "key" && station.authenticator !== undefined;
    if (!isKey) return onDot1x(bss, station, pdu, from);
    station.dot1x?.port.take({ type: "counted", counter: "eapolFramesRx" });
    station.authenticator?.onEapolKey(
      payload.subarray(0, eapolHeaderLength + pdu.body.length),
      new Reader(pdu.body, ["EAPOL", "EAPOL-Key"]),
    );
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    station.dot1x?.port.take({ type: "counted", counter: "eapLengthErrorFramesRx" });
    bss.tally.count("malformed EAPOL frame", thrown.message);
  }
}

/** What is IEEE 802.1X's own. IEEE Std 802.1X-2004, 7.5. */
function onDot1x(bss: Bss, station: Station, pdu: EapolPdu, from: EapolOrigin): void {
  const { dot1x } = station;
  // Stations with a pre-shared key begin with EAPOL-Start too, some of them.
  if (!dot1x) return;
  dot1x.port.take({ type: "counted", counter: "eapolFramesRx" });
  dot1x.lastVersion = pdu.version;
  if (from === "air, in the clear" && isProtected(station)) {
    return bss.tally.count("unprotected EAPOL frame in the name of a protected station", station.address);
  }
  switch (pdu.type) {
    case "eap-packet":
      return dot1x.port.take({ type: "eap", packet: pdu.body });
    case "start":
      return dot1x.onStart();
    case "logoff":
      return dot1x.onLogoff();
    case "key":
    case "encapsulated-asf-alert":
      return;
    case "unknown":
      return dot1x.port.take({ type: "counted", counter: "invalidEapolFramesRx" });
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
  const { settings, radio } = bss;
  const toGroup = settings.use_pae_group_addr && radio.settings.driver === "wired";
  bss.attempt((port) => port.sendEapol(toGroup ? paeGroupAddress : station, pdu, options));
}
