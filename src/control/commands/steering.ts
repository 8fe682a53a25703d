/** DISASSOC_IMMINENT and ESS_DISASSOC: stations that are told to go elsewhere while there is time. */

import { warnOfDisassociation } from "../../ap/steering.ts";
import { leadingInteger } from "../../config/numbers.ts";
import { type OctetText, octetsOf } from "../../config/octets.ts";
import { bssOf, done, fail, type InterfaceContext, onInterface, stationOf } from "../command.ts";
import { leadingAddress } from "../protocol/arguments.ts";

const mostBeacons = 0xffff;
const longestUrl = 255;

function disassociationImminent(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const station = stationOf(context, leadingAddress(args));
  const [, beacons] = /^\S+ (.*)$/s.exec(args) ?? [];
  if (!bss || !station || beacons === undefined) return fail;
  return done(warnOfDisassociation(bss, station, { beacons: leadingInteger(beacons).value & mostBeacons }));
}

function networkEnds(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const station = stationOf(context, leadingAddress(args));
  const [, time, page] = /^\S+ ([^ ]*) (.*)$/s.exec(args) ?? [];
  if (!bss || !station || time === undefined || page === undefined) return fail;
  const beacons = leadingInteger(time).value;
  const url = octetsOf(page);
  if (beacons < 0 || beacons > mostBeacons || url.length > longestUrl) return fail;
  return done(warnOfDisassociation(bss, station, { beacons, url }));
}

export const steeringCommands = [
  onInterface(
    "DISASSOC_IMMINENT",
    "<addr> <beacons>",
    "Tells a station that it will be disassociated soon.",
    disassociationImminent,
  ),
  onInterface(
    "ESS_DISASSOC",
    "<addr> <beacons> <url>",
    "Tells a station that the network ends for it, where to read more, and sends it away then.",
    networkEnds,
  ),
] as const;
