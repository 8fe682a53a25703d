/** Handshake messages and packet numbers out of turn, to see what stations do about them. */

import type { Bss } from "../../ap/bss.ts";
import type { Station } from "../../ap/station.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import type { OctetText } from "../../config/octets.ts";
import type { DefaultKeyUse, KeyInstallation } from "../../driver/port.ts";
import type { ResendOptions } from "../../rsn/context.ts";
import { bigtkIndex, igtkIndex } from "../../rsn/group-key.ts";
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

interface InUse {
  readonly key: KeyInstallation;
  /** undefined for a station's own. */
  readonly use?: DefaultKeyUse;
}

/** The key that a packet number belongs to: the word after the address says which of the group keys it is. */
function keyInUse(bss: Bss, address: MacAddress, args: OctetText): InUse | undefined {
  const station = bss.stations.get(address);
  if (address !== broadcast) {
    const key = station && pairwiseKeyOf(station);
    return key && { key };
  }
  const { authenticator } = bss;
  if (!authenticator) return undefined;
  const { index, key, management } = authenticator.groupKey;
  const { groupCipher, managementCipher } = authenticator.options;
  if (!args.includes("IGTK")) return { key: { cipher: cipherSuite[groupCipher], key, index }, use: "multicast" };
  const isBeacons = args.includes("BIGTK");
  const octets = isBeacons ? management?.bigtk : management?.igtk;
  if (!octets || !managementCipher) return undefined;
  const cipher = cipherSuite[managementCipher];
  if (isBeacons) return { key: { cipher, key: octets, index: bigtkIndex(index) }, use: "beacon" };
  return { key: { cipher, key: octets, index: igtkIndex(index) }, use: "management" };
}

/** Drivers keep the packet number of a key that they have already, so another key comes between. */
function resetPacketNumber(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const address = leadingAddress(args);
  const inUse = bss && address !== undefined ? keyInUse(bss, address, args) : undefined;
  if (!bss || !inUse) return fail;
  const { key, use } = inUse;
  const worked = bss.attempt((port) => {
    port.installKey({ ...key, key: new Uint8Array(key.key.length) });
    port.installKey(key);
    if (use) port.setDefaultKey(key.index, use);
    return true;
  });
  return done(worked ?? false);
}

/** hostapd's numbers of algorithms. */
const algorithms: ReadonlyMap<number, CipherName> = new Map([
  [2, "TKIP"],
  [3, "CCMP"],
  [4, "AES-128-CMAC"],
  [5, "GCMP"],
  [8, "GCMP-256"],
  [9, "CCMP-256"],
  [10, "BIP-GMAC-128"],
  [11, "BIP-GMAC-256"],
  [12, "BIP-CMAC-256"],
]);
/** That number which takes a key away. */
const noAlgorithm = "0";
const pairwiseFlag = 0x20;

/** What a group key of that ID is for. IEEE Std 802.11-2020, 12.7.1.4 to 12.7.1.6. */
const groupUse = (index: number): DefaultKeyUse => (index < 4 ? "multicast" : index < 6 ? "management" : "beacon");

/** Any key into the driver, behind the authenticator's back, or one out of it. */
function setKey(context: InterfaceContext, args: OctetText): string {
  const words = /^(\d+) (\S+) (\d+) (\d+) ([0-9a-fA-F]{12}) ((?:[0-9a-fA-F]{2})*) (\d+)$/.exec(args);
  const [, algorithm = "", address = "", index, isDefault, sequence = "", key = "", flags] = words ?? [];
  const station = leadingAddress(address);
  const octets = hexOctets(key);
  const counter = hexOctets(sequence);
  const bss = bssOf(context);
  if (!words || !bss || station === undefined || !octets || !counter) return fail;
  const isPairwise = (Number(flags) & pairwiseFlag) !== 0;
  const place = { index: Number(index), ...(isPairwise ? { station } : {}) };
  const cipher = algorithms.get(Number(algorithm));
  if (cipher === undefined && algorithm !== noAlgorithm) return fail;
  const worked = bss.attempt((port) => {
    if (cipher === undefined) {
      port.removeKey(place.index, place.station);
      return true;
    }
    port.installKey({ ...place, cipher: cipherSuite[cipher], key: octets, sequence: counter });
    if (!isPairwise && isDefault === "1") port.setDefaultKey(place.index, groupUse(place.index));
    return true;
  });
  return done(worked ?? false);
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
    "<addr> [IGTK|BIGTK]",
    "Begins again with the packet numbers of a station's key, or with ff:ff:ff:ff:ff:ff of a group key.",
    resetPacketNumber,
  ),
  onInterface(
    "SET_KEY",
    "<algorithm> <addr> <index> <default: 0/1> <sequence> <key> <flags>",
    "Gives the driver a key.",
    setKey,
  ),
] as const;
