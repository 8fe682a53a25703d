/** VENDOR: what only the driver's maker understands. */

import { hexOf } from "../../base/bytes.ts";
import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";
import { bssOf, fail, type InterfaceContext, onInterface } from "../command.ts";
import { hexOctets } from "../protocol/arguments.ts";

const longestNumber = 0xffff_ffff;

/** A refusal of the driver is logged, and answered with FAIL. */
function vendor(context: InterfaceContext, args: OctetText): string {
  const words = /^\s*(?:0[xX])?([0-9a-fA-F]+)[ \t]+(\d+)(?:[ \t]([^ ]*)(?: .*)?)?$/s.exec(args);
  const [, id = "", command = "", hex = ""] = words ?? [];
  const vendorId = Number.parseInt(id, 16);
  // the data may be left out, and what tells of them not
  const isOption = hex.startsWith("nested=");
  const data = hexOctets(isOption ? "" : hex);
  const port = bssOf(context)?.port;
  if (!words || vendorId > longestNumber || Number(command) > longestNumber || !data || !port) return fail;
  const nested = args.indexOf("nested=");
  const isNested = nested === -1 ? {} : { isNested: leadingInteger(args.slice(nested + 7)).value !== 0 };
  return hexOf(port.executeVendorCommand({ vendor: vendorId, command: Number(command), data, ...isNested }));
}

export const vendorCommands = [
  onInterface(
    "VENDOR",
    "<vendor in hex> <command> [<data in hex>] [nested=<0/1>]",
    "Gives the driver a command of its vendor, and shows the answer in hexadecimal.",
    vendor,
  ),
] as const;
