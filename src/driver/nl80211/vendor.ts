/** Commands of a driver's vendor. */

import { concat, Reader } from "../../base/bytes.ts";
import { walkAttributes } from "../../wire/netlink/attributes.ts";
import { decodeGeneric } from "../../wire/netlink/generic.ts";
import { nestedVendorCommand, vendorAnswer, vendorCommand } from "../../wire/nl80211/vendor.ts";
import type { VendorCommand } from "../port.ts";
import type { Nl80211Socket } from "./socket.ts";

const qualcomm = 0x001374;
/** Those of Qualcomm whose data is no list of attributes: frequencies to avoid, NAN, statistics, scanning address, key, spectral scan. */
const plainOfQualcomm: ReadonlySet<number> = new Set([10, 12, 13, 39, 50, 161]);

/**
 * @returns the payloads of the answer's attributes one after the other, without their headers: what clients of the control
 * interface expect
 * @throws KernelRefusal, MalformedError
 */
export function executeVendorCommand(commands: Nl80211Socket, ifIndex: number, request: VendorCommand): Uint8Array {
  const { vendor, command, data } = request;
  const isNested = request.isNested ?? !(vendor === qualcomm && plainOfQualcomm.has(command));
  const type = isNested ? nestedVendorCommand : vendorCommand;
  const values = { ifIndex, vendor, command, ...(data.length > 0 ? { data } : {}) };
  const { payloads } = commands.execute(type.build(values));
  const found: Uint8Array[] = [];
  for (const payload of payloads) {
    const answer = vendorAnswer.decode(decodeGeneric(payload).attributes).data ?? new Uint8Array();
    walkAttributes(new Reader(answer, ["vendor's answer"]), (_, body) => void found.push(body));
  }
  return concat(...found);
}
