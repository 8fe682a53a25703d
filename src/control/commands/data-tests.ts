/** DATA_TEST_CONFIG, DATA_TEST_TX and DATA_TEST_FRAME: does data cross the air? */

import { Reader } from "../../base/bytes.ts";
import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";
import { fail, type InterfaceContext, ok, onInterface } from "../command.ts";
import { afterOption, hexOctets, leadingNumber, numberOption, takeAddress } from "../protocol/arguments.ts";
import { decodeTestFrame, encodeTestFrame, etherTypeIpv4, ipv4HeaderLength, usualLength } from "../test-frame.ts";

function configure(context: InterfaceContext, args: OctetText): string {
  const { memory, daemon, name } = context;
  if (leadingInteger(args).value === 0) {
    memory.tap?.close();
    memory.tap = undefined;
    return ok;
  }
  memory.tap ??= daemon.openEthernet(afterOption(args, "ifname") ?? name, etherTypeIpv4, (frame) =>
    tellOf(context, frame),
  );
  return ok;
}

function tellOf(context: InterfaceContext, bytes: Uint8Array): void {
  const frame = decodeTestFrame(bytes);
  if (!frame) return;
  const length = frame.length === usualLength ? "" : ` len=${frame.length}`;
  context.announce(`DATA-TEST-RX ${frame.destination} ${frame.source}${length}`);
}

function transmit({ memory }: InterfaceContext, args: OctetText): string {
  const to = takeAddress(args);
  const from = to && takeAddress(to.rest.trimStart());
  if (!memory.tap || !to || !from) return fail;
  const { value: tos, rest } = leadingNumber(from.rest);
  if (tos < 0 || tos > 0xff) return fail;
  const length = numberOption(rest, "len") ?? usualLength;
  if (length < ipv4HeaderLength || length > usualLength) return fail;
  memory.tap.send(encodeTestFrame({ destination: to.address, source: from.address, tos, length }));
  return ok;
}

const ethernetHeaderLength = 14;

function transmitFrame({ daemon, name }: InterfaceContext, args: OctetText): string {
  const [, ifname = name, hex = ""] = /^(?:ifname=([^ ]*) )?(.*)$/s.exec(args) ?? [];
  const frame = hexOctets(hex);
  if (!frame || frame.length < ethernetHeaderLength) return fail;
  const etherType = new Reader(frame.subarray(12), ["Ethernet header"]).u16be();
  const tap = daemon.openEthernet(ifname, etherType, () => undefined);
  try {
    tap.send(frame);
  } finally {
    tap.close();
  }
  return ok;
}

export const dataTestCommands = [
  onInterface("DATA_TEST_CONFIG", "<0/1> [ifname=<name>]", "Begins or ends to listen for test frames.", configure),
  onInterface(
    "DATA_TEST_TX",
    "<dst> <src> <tos> [len=<octets>]",
    "Sends a test frame; whoever gets it says so.",
    transmit,
  ),
  onInterface("DATA_TEST_FRAME", "[ifname=<name>] <frame in hex>", "Sends an Ethernet frame as it is.", transmitFrame),
] as const;
