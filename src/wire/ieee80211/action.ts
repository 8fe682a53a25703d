import { concat, type Reader } from "../../base/bytes.ts";

/** Category codes. IEEE Std 802.11-2020, table 9-51. */
export const actionCategory = {
  spectrumManagement: 0,
  qos: 1,
  blockAck: 3,
  public: 4,
  radioMeasurement: 5,
  fastBssTransition: 6,
  ht: 7,
  saQuery: 8,
  protectedDualOfPublic: 9,
  wnm: 10,
  unprotectedWnm: 11,
  tdls: 12,
  mesh: 13,
  multihop: 14,
  selfProtected: 15,
  dmg: 16,
  wmm: 17,
  fst: 18,
  robustAvStreaming: 19,
  unprotectedDmg: 20,
  vht: 21,
  unprotectedS1g: 22,
  fils: 26,
  he: 30,
  protectedHe: 31,
  eht: 36,
  vendorSpecificProtected: 126,
  vendorSpecific: 127,
} as const;

const notRobust: ReadonlySet<number> = new Set([
  actionCategory.public,
  actionCategory.ht,
  actionCategory.unprotectedWnm,
  actionCategory.selfProtected,
  actionCategory.unprotectedDmg,
  actionCategory.vht,
  actionCategory.unprotectedS1g,
  actionCategory.he,
  actionCategory.eht,
  actionCategory.vendorSpecific,
]);

/** Where management frames are protected, Action frames of this category are. IEEE Std 802.11-2020, table 9-51. */
export const isRobust = (category: number): boolean => !notRobust.has(category);

/** A station that does not know a category returns the frame with this bit set. IEEE Std 802.11-2020, 10.28.4. */
export const actionErrorBit = 0x80;

/** Action frame's body. IEEE Std 802.11-2020, 9.3.3.13. */
export interface Action {
  readonly category: number;
  /** From the category's own Action field on. */
  readonly rest: Uint8Array;
}

export const encodeAction = (frame: Action): Uint8Array => concat(Uint8Array.of(frame.category), frame.rest);

/** @throws MalformedError when there is no category */
export const decodeAction = (r: Reader): Action => ({ category: r.u8(), rest: r.rest().slice() });
