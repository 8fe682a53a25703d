import { type Reader, Writer } from "../../base/bytes.ts";
import { actionCategory } from "./action.ts";

/** BSS Transition Management Request frame's body. IEEE Std 802.11-2020, 9.6.13.9. */
export interface BssTransitionRequest {
  readonly dialogToken: number;
  readonly abridged: boolean;
  readonly disassociationImminent: boolean;
  /** In beacon intervals; 0 for unknown. */
  readonly disassociationTimer: number;
  /** In beacon intervals. */
  readonly validityInterval: number;
  /** BSS Termination Duration subelement, 12 octets with its id and length. */
  readonly termination: Uint8Array | undefined;
  /** Session Information URL, octets as on the air; with it, the whole ESS is to be left. */
  readonly url: Uint8Array | undefined;
  /** Neighbor Report elements, octets as on the air. */
  readonly candidates: Uint8Array;
}

const request = 7;
const mode = {
  candidates: 1,
  abridged: 2,
  disassociationImminent: 4,
  termination: 8,
  essDisassociationImminent: 16,
} as const;
const terminationLength = 12;

/** With the category: a whole Action frame body. */
export function encodeBssTransitionRequest(frame: BssTransitionRequest): Uint8Array {
  const { dialogToken, disassociationTimer, validityInterval, termination, url, candidates } = frame;
  const bits =
    (candidates.length > 0 ? mode.candidates : 0) |
    (frame.abridged ? mode.abridged : 0) |
    (frame.disassociationImminent ? mode.disassociationImminent : 0) |
    (termination ? mode.termination : 0) |
    (url ? mode.essDisassociationImminent : 0);
  const w = new Writer().u8(actionCategory.wnm).u8(request).u8(dialogToken).u8(bits);
  w.u16le(disassociationTimer).u8(validityInterval);
  if (termination) w.put(termination);
  if (url) w.u8(url.length).put(url);
  return w.put(candidates).finish();
}

/** From the category on. @throws MalformedError when it is cut, or another frame */
export function decodeBssTransitionRequest(r: Reader): BssTransitionRequest {
  if (r.u8() !== actionCategory.wnm || r.u8() !== request) r.fail("no BSS Transition Management Request");
  const dialogToken = r.u8();
  const bits = r.u8();
  const has = (bit: number): boolean => (bits & bit) !== 0;
  return {
    dialogToken,
    abridged: has(mode.abridged),
    disassociationImminent: has(mode.disassociationImminent),
    disassociationTimer: r.u16le(),
    validityInterval: r.u8(),
    termination: has(mode.termination) ? r.take(terminationLength).slice() : undefined,
    url: has(mode.essDisassociationImminent) ? r.take(r.u8()).slice() : undefined,
    candidates: r.rest().slice(),
  };
}
