import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeElements, type Element, elementId, encodeElement, encodeElements } from "./element.ts";

/** Authentication Algorithm Number field. IEEE Std 802.11-2020, 9.4.1.1. */
export const authenticationAlgorithm = {
  open: 0,
  "shared-key": 1,
  "fast-bss-transition": 2,
  sae: 3,
  "fils-shared-key": 4,
  "fils-shared-key-pfs": 5,
  "fils-public-key": 6,
  leap: 128,
} as const;

/** Authentication frame's body. IEEE Std 802.11-2020, 9.3.3.11. */
export interface Authentication {
  readonly algorithm: number;
  /** Authentication Transaction Sequence Number, from 1. */
  readonly transaction: number;
  readonly status: number;
  /** Of shared key authentication; 128 octets in answers of ours. */
  readonly challenge?: Uint8Array;
  /** What the algorithm sends that has not the form of elements: all that follows the status, for SAE. */
  readonly fields?: Uint8Array;
  readonly elements: readonly Element[];
}

export function encodeAuthentication(frame: Authentication): Uint8Array {
  const head = new Writer().u16le(frame.algorithm).u16le(frame.transaction).u16le(frame.status).finish();
  return concat(
    head,
    frame.challenge ? encodeElement(elementId.challengeText, frame.challenge) : new Uint8Array(),
    frame.fields ?? new Uint8Array(),
    encodeElements(frame.elements),
  );
}

/** @throws MalformedError when a field is cut */
export function decodeAuthentication(r: Reader): Authentication {
  const head = { algorithm: r.u16le(), transaction: r.u16le(), status: r.u16le() };
  if (head.algorithm === authenticationAlgorithm.sae) {
    return { ...head, ...(r.remaining ? { fields: r.rest().slice() } : {}), elements: [] };
  }
  const all = decodeElements(r);
  const challenge = all.find(({ id }) => id === elementId.challengeText);
  const elements = all.filter((element) => element !== challenge);
  return challenge ? { ...head, challenge: challenge.data, elements } : { ...head, elements };
}
