/** Keys: whose are known, and when they change. */

import { changePsks } from "../../ap/expulsion.ts";
import { hexOf } from "../../base/bytes.ts";
import { inSeconds } from "../../base/duration.ts";
import { octetsOf } from "../../config/octets.ts";
import { PskEntries } from "../../config/psk-entries.ts";
import { usesPsk } from "../../rsn/negotiated.ts";
import { bssOf, fail, type InterfaceContext, ok, onInterface, stationOf } from "../command.ts";
import { leadingAddress } from "../protocol/arguments.ts";

/** Stations whose key is none any more have to leave. @throws ConfigurationError where the file has errors */
function reloadPsks(context: InterfaceContext): string {
  const { radio } = context;
  const bss = bssOf(context);
  if (!bss) return fail;
  const { wpa_psk_file } = bss.settings;
  changePsks(bss, wpa_psk_file === undefined ? PskEntries.none : radio.options.readPskFile(wpa_psk_file));
  return ok;
}

/** Of pre-shared keys hostapd keeps no associations, and nobody asks for them. */
function pmksa(context: InterfaceContext): string {
  const bss = bssOf(context);
  if (!bss?.authenticator) return "";
  const now = bss.clock.now();
  const lines = bss.authenticator.options.pmksa
    .entries()
    .filter(({ akm }) => !usesPsk(akm))
    .sort((a, b) => a.expires - b.expires)
    .map(({ station, pmkid, expires, isOpportunistic = false }, index) => {
      const left = Math.floor(inSeconds(expires) - inSeconds(now));
      return `${index} ${station} ${hexOf(pmkid)} ${left} ${isOpportunistic ? 1 : 0}\n`;
    });
  return `Index / SPA / PMKID / expiration (in seconds) / opportunistic\n${lines.join("")}`;
}

function flushPmksa(context: InterfaceContext): string {
  bssOf(context)?.authenticator?.options.pmksa.clear();
  return ok;
}

function rekeyGroup(context: InterfaceContext): string {
  const authenticator = bssOf(context)?.authenticator;
  if (!authenticator) return fail;
  authenticator.rekeyGroup();
  return ok;
}

function rekeyPairwise(context: InterfaceContext, args: string): string {
  const authenticator = stationOf(context, leadingAddress(args))?.authenticator;
  if (!authenticator) return fail;
  authenticator.rekey();
  return ok;
}

/** The password that a station has is known beforehand: it is tried first. */
function bindSaePassword(context: InterfaceContext, args: string): string {
  const address = leadingAddress(args);
  const password = args.slice(args.indexOf(" ") + 1);
  const bss = bssOf(context);
  return bss && address !== undefined && bss.sae.bind(address, octetsOf(password)) ? ok : fail;
}

function pmk(context: InterfaceContext, args: string): string {
  const address = leadingAddress(args);
  if (address === undefined) return fail;
  const bss = bssOf(context);
  const used = stationOf(context, address)?.authenticator?.pmk;
  const known = used ?? bss?.authenticator?.options.pmksa.entries().find(({ station }) => station === address)?.pmk;
  return known ? hexOf(known) : fail;
}

export const keyCommands = [
  onInterface("RELOAD_WPA_PSK", "", "Reads wpa_psk_file again; stations whose key is gone have to leave.", reloadPsks),
  onInterface("PMKSA", "", "Lists the pairwise master key security associations.", pmksa),
  onInterface("PMKSA_FLUSH", "", "Forgets them.", flushPmksa),
  onInterface("REKEY_GTK", "", "Gives all stations a new group key.", rekeyGroup),
  onInterface("REKEY_PTK", "<addr>", "Gives a station new pairwise keys.", rekeyPairwise),
  onInterface(
    "SAE_PASSWORD_BIND",
    "<addr> <password>",
    "Says which of the SAE passwords without identifier a station has.",
    bindSaePassword,
  ),
  onInterface("GET_PMK", "<addr>", "Shows a station's pairwise master key.", pmk),
] as const;
