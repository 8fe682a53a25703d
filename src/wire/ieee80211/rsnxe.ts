import { MalformedError, Reader } from "../../base/bytes.ts";
import type { Element } from "./element.ts";

/** Bits of the RSN Extension element (RSNXE). IEEE Std 802.11-2020, table 9-190; 34 is of IEEE P802.11bi. */
export const rsnExtensionBits = {
  protectedTwt: 4,
  saeHashToElement: 5,
  saePk: 6,
  secureLtf: 8,
  secureRtt: 9,
  ssidProtection: 21,
  saePasswordIdentifierChange: 34,
} as const;

export type RsnExtensionName = keyof typeof rsnExtensionBits;

/** IEEE Std 802.11-2020, 9.4.2.241. */
export interface Rsnxe {
  readonly capabilities: ReadonlySet<RsnExtensionName>;
}

const highest = Math.max(...Object.values(rsnExtensionBits));

/** As few octets as say it. */
export function encodeRsnxe(rsnxe: Rsnxe): Uint8Array {
  const octets = new Uint8Array((highest >>> 3) + 1);
  let last = 0;
  for (const name of rsnxe.capabilities) {
    const bit = rsnExtensionBits[name];
    octets[bit >>> 3] = (octets[bit >>> 3] ?? 0) | (1 << (bit & 7));
    last = Math.max(last, bit >>> 3);
  }
  octets[0] = (octets[0] ?? 0) | last; // Field Length: octets of the field minus 1
  return octets.slice(0, last + 1);
}

/** @throws MalformedError when it is empty, or shorter than its own length says */
export function decodeRsnxe(r: Reader): Rsnxe {
  const octets = r.rest();
  const first = octets[0] ?? r.fail("an empty RSNXE");
  const length = (first & 0xf) + 1;
  if (length > octets.length) r.fail(`${length} octets announced, ${octets.length} there`);
  const capabilities = new Set<RsnExtensionName>();
  for (const [name, bit] of Object.entries(rsnExtensionBits) as [RsnExtensionName, number][]) {
    if (bit >>> 3 < length && (octets[bit >>> 3] ?? 0) & (1 << (bit & 7))) capabilities.add(name);
  }
  return { capabilities };
}

/** What a station's RSNXE claims: nothing where it has none, or one that is malformed. */
export function claimedRsnExtensions(element: Element | undefined): ReadonlySet<RsnExtensionName> {
  if (element === undefined) return new Set();
  try {
    return decodeRsnxe(new Reader(element.data, ["RSNXE"])).capabilities;
  } catch (thrown) {
    if (thrown instanceof MalformedError) return new Set();
    throw thrown;
  }
}
