/** Frames that a program outside handles or makes, in place of the air: for tests. */

import { onEapol } from "../../ap/eapol.ts";
import { beaconTemplate } from "../../ap/offer.ts";
import { offerOf } from "../../ap/showing.ts";
import { hexOf } from "../../base/bytes.ts";
import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";
import { bssOf, done, fail, type InterfaceContext, ok, onInterface } from "../command.ts";
import { afterOption, hexOctets, numberOption, takeAddress } from "../protocol/arguments.ts";

/** A frame that is shorter than its header is no frame. IEEE Std 802.11-2020, 9.3.3.1. */
const shortestFrame = 24;

function sendManagement(context: InterfaceContext, args: OctetText): string {
  const frame = hexOctets(args);
  if (!frame || frame.length < shortestFrame) return fail;
  return done(bssOf(context)?.transmit(frame) ?? false);
}

function receiveManagement(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const frame = hexOctets(afterOption(args, "frame") ?? "");
  if (!bss?.diversions.management || !frame || frame.length === 0) return fail;
  const frequency = args.startsWith("freq=") ? leadingInteger(args.slice("freq=".length)).value : 0;
  bss.receiveManagement(frame, { frequency, signalDbm: numberOption(args, "ssi_signal") }, "control");
  return ok;
}

function statusOfManagement(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const frame = hexOctets(afterOption(args, "buf") ?? "");
  if (!bss?.diversions.management || !frame || frame.length === 0) return fail;
  bss.processManagementStatus(frame, (numberOption(args, "ok") ?? 0) !== 0);
  return ok;
}

function receiveEapol(context: InterfaceContext, args: OctetText): string {
  const bss = bssOf(context);
  const from = takeAddress(args);
  const pdu = from && hexOctets(from.rest.trimStart());
  if (!bss || !from || !pdu) return fail;
  onEapol(bss, from.address, pdu, "control");
  return ok;
}

function sendEapol(context: InterfaceContext, args: OctetText): string {
  const to = takeAddress(args);
  const [hex = "", ...options] = to?.rest.trimStart().split(" ") ?? [];
  const pdu = hexOctets(hex);
  if (!to || !pdu) return fail;
  const encrypt = options.includes("encrypt=1");
  return done(bssOf(context)?.attempt((port) => port.sendEapol(to.address, pdu, { encrypt })) !== undefined);
}

function dumpBeacon(context: InterfaceContext): string {
  const bss = bssOf(context);
  if (!bss?.isBeaconing) return fail;
  const { head, tail } = beaconTemplate(offerOf(bss));
  return hexOf(head) + hexOf(tail);
}

export const frameCommands = [
  onInterface("MGMT_TX", "<frame in hex>", "Sends a management frame as it is.", sendManagement),
  onInterface(
    "MGMT_RX_PROCESS",
    "freq=<MHz> datarate=<kb/s> ssi_signal=<dBm> frame=<hex>",
    "Takes a management frame as received; while ext_mgmt_frame_handling is set.",
    receiveManagement,
  ),
  onInterface(
    "MGMT_TX_STATUS_PROCESS",
    "stype=<subtype> ok=<0/1> buf=<frame in hex>",
    "Takes a management frame as acknowledged or not; while ext_mgmt_frame_handling is set.",
    statusOfManagement,
  ),
  onInterface("EAPOL_RX", "<addr> <pdu in hex>", "Takes an EAPOL frame as received from a station.", receiveEapol),
  onInterface("EAPOL_TX", "<addr> <pdu in hex> [encrypt=1]", "Sends an EAPOL frame to a station.", sendEapol),
  onInterface("DUMP_BEACON", "", "Shows the beacon's octets without the TIM element.", dumpBeacon),
] as const;
