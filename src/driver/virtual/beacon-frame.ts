import { concat, Writer } from "../../base/bytes.ts";
import type { Duration } from "../../base/duration.ts";
import { elementId, encodeElement } from "../../wire/ieee80211/element.ts";
import { managementHeaderLength } from "../../wire/ieee80211/frame.ts";
import { encodeTim } from "../../wire/ieee80211/tim.ts";
import type { ApParameters } from "../port.ts";

/** The two parts that the access point gave, with what the radio adds: time, and the TIM between them. */
export function beaconFrame(parameters: ApParameters, now: Duration, dtimCount: number): Uint8Array {
  const { beacon, dtimPeriod } = parameters;
  // No station of the virtual air dozes, so there is never anything buffered.
  const tim = encodeTim({ dtimCount, dtimPeriod, groupTraffic: false, aids: new Set() });
  const head = beacon.head.slice();
  head.set(new Writer().u64le(BigInt(Math.floor(now * 1000))).finish(), managementHeaderLength);
  return concat(head, encodeElement(elementId.tim, tim), beacon.tail);
}
