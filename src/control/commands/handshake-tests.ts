/** Handshake messages and packet numbers out of turn, to see what stations do about them. */

import type { Bss } from "../../ap/bss.ts";
import type { Station } from "../../ap/station.ts";
import { broadcast } from "../../base/mac-address.ts";
import type { OctetText } from "../../config/octets.ts";
import type { KeyInstallation } from "../../driver/port.ts";
import type { ResendOptions } from "../../rsn/context.ts";
import type { StationAuthenticator } from "../../rsn/station-authenticator.ts";
import { type CipherName, cipherSuite } from "../../wire/ieee80211/suites.ts";
import { bssOf, done, fail, type InterfaceContext, onInterface, stationOf } from "../command.ts";
import { hexOctets, leadingAddress } from "../protocol/arguments.ts";

type Resend = (authenticator: StationAuthenticator, options: ResendOptions, args: OctetText) => boolean;

const resend =
  (send: Resend) =>
  (context: InterfaceContext, args: OctetText): string => {
    const bss = bssOf(context);
    const station = stationOf(context, leadingAddress(args));
    const authenticator = station?.authenticator;
    if (!bss || !authenticator) return fail;
    const key = pairwiseKeyOf(station);
    if (!key || !args.includes("plaintext")) return done(send(authenticator, { encrypt: key !== undefined }, args));
    // Without its key the driver has nothing to encrypt with; it gets it back when the frame is out.
    const { index } = key;
    bss.attempt((port) => port.removeKey(index, station.address));
    const transmitted = (): void => void bss.attempt((port) => port.installKey(key));
    return done(send(authenticator, { encrypt: false, transmitted }, args));
  };

function pairwiseKeyOf(station: Station): KeyInstallation | undefined {
  const key = station.authenticator?.pairwiseKey;
  return key && { cipher: cipherSuite[key.cipher], key: key.key, index: key.index, station: station.address };
}

function groupKeyOf({ authenticator }: Bss): KeyInstallation | undefined {
  if (!authenticator) return undefined;
  const { index, key } = authenticator.groupKey;
  return { cipher: cipherSuite[authenticator.options.groupCipher], key, index };
}

/** Drivers keep the packet number of a key that they have already, so another key comes between. */
function resetPacketNumber(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const address = leadingAddress(args);
  // IGTK and BIGTK are not in use
  if (!bss || address === undefined || args.includes("IGTK")) return fail;
  const station = stationOf(context, address);
  const key = address === broadcast ? groupKeyOf(bss) : station && pairwiseKeyOf(station);
  if (!key) return fail;
  const worked = bss.attempt((port) => {
    port.installKey({ ...key, key: new Uint8Array(key.key.length) });
    port.installKey(key);
    if (key.station === undefined) port.setDefaultKey(key.index, "multicast");
    return true;
  });
  return done(worked ?? false);
}

/** hostapd's numbers of algorithms. */
const algorithms: ReadonlyMap<number, CipherName> = new Map([
  [2, "TKIP"],
  [3, "CCMP"],
  [5, "GCMP"],
  [8, "GCMP-256"],
  [9, "CCMP-256"],
]);
const pairwiseFlag = 0x20;

/** Any key into the driver, behind the authenticator's back. */
function setKey(context: InterfaceContext, args: OctetText): string {
  const words = /^(\d+) (\S+) (\d+) (\d+) ([0-9a-fA-F]{12}) ((?:[0-9a-fA-F]{2})+) (\d+)$/.exec(args);
  const [, algorithm, address = "", index, isDefault, sequence = "", key = "", flags] = words ?? [];
  const cipher = algorithms.get(Number(algorithm));
  const station = leadingAddress(address);
  const octets = hexOctets(key);
  const counter = hexOctets(sequence);
  if (!words || !cipher || station === undefined || !octets || !counter) return fail;
  const isPairwise = (Number(flags) & pairwiseFlag) !== 0;
  const installed = bssOf(context)?.attempt((port) => {
    const installation = { cipher: cipherSuite[cipher], key: octets, index: Number(index), sequence: counter };
    port.installKey(isPairwise ? { ...installation, station } : installation);
    if (!isPairwise && isDefault === "1") port.setDefaultKey(installation.index, "multicast");
    return true;
  });
  return done(installed ?? false);
}

export const handshakeTestCommands = [
  onInterface(
    "RESEND_M1",
    "<addr> [change-anonce] [plaintext]",
    "Sends message 1 of the 4-way handshake again.",
    resend((authenticator, options, args) =>
      authenticator.resendMessage1({ ...options, freshAnonce: args.includes("change-anonce") }),
    ),
  ),
  onInterface(
    "RESEND_M3",
    "<addr> [plaintext]",
    "Sends message 3 of the 4-way handshake again.",
    resend((authenticator, options) => authenticator.resendMessage3(options)),
  ),
  onInterface(
    "RESEND_GROUP_M1",
    "<addr> [plaintext]",
    "Sends message 1 of the group key handshake again, with the present key.",
    resend((authenticator, options) => authenticator.resendGroupMessage1(options)),
  ),
  onInterface(
    "RESET_PN",
    "<addr>",
    "Begins again with the packet numbers of a station's key, or with ff:ff:ff:ff:ff:ff of the group key.",
    resetPacketNumber,
  ),
  onInterface(
    "SET_KEY",
    "<algorithm> <addr> <index> <default: 0/1> <sequence> <key> <flags>",
    "Gives the driver a key.",
    setKey,
  ),
] as const;
