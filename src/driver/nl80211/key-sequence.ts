import { KernelRefusal } from "../../base/errors.ts";
import { getKey, keyDescription } from "../../wire/nl80211/key.ts";
import type { Kernel } from "./kernel.ts";

/** What a cipher's counter looks like where the driver doesn't tell: six octets, as CCMP's and TKIP's. */
const unknownSequence = new Uint8Array(6);

/** The transmit sequence counter of an interface's group key. */
export function keySequenceOf(kernel: Kernel, ifIndex: number, index: number): Uint8Array {
  try {
    const answer = kernel.commands.query(getKey.build({ ifIndex, index }));
    return keyDescription.decode(answer).sequence ?? unknownSequence.slice();
  } catch (error) {
    if (error instanceof KernelRefusal) return unknownSequence.slice();
    throw error;
  }
}
