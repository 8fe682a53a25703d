/** The bodies of SAE's Authentication frames, after the status code. IEEE Std 802.11-2020, 9.3.3.11, 9.4.1.37 to 9.4.1.41, 12.4.7. */

import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { decodeElements, type Element, elementExtension, elementId, encodeElements, findElement } from "./element.ts";

/** Octets of the fields that have no length of their own; they depend on the group. */
export interface SaeFieldLengths {
  readonly scalar: number;
  readonly element: number;
}

export interface SaeCommitFrame {
  /** Finite Cyclic Group. */
  readonly group: number;
  /** Anti-Clogging Token, where it stands between group and scalar: with looping. */
  readonly token: Uint8Array | undefined;
  readonly scalar: Uint8Array;
  /** FFE. */
  readonly element: Uint8Array;
  readonly elements: readonly Element[];
}

/** @throws MalformedError */
export const decodeSaeGroup = (r: Reader): number => r.u16le();

/**
 * What follows the group, where a token is an element like others: with hash-to-element.
 * @throws MalformedError when a field or an element is cut
 */
export function decodeSaeCommit(r: Reader, group: number, lengths: SaeFieldLengths): SaeCommitFrame {
  const scalar = r.take(lengths.scalar).slice();
  const element = r.take(lengths.element).slice();
  return { group, token: undefined, scalar, element, elements: decodeElements(r) };
}

/**
 * What follows the group with looping. All that is too much is the token, which has no length of its own; elements there shouldn't be.
 * @param shortestToken less than that is no token, but elements after the rest
 * @throws MalformedError when a field is cut
 */
export function decodeLoopingSaeCommit(
  r: Reader,
  group: number,
  lengths: SaeFieldLengths,
  shortestToken: number,
): SaeCommitFrame {
  const extra = r.remaining - lengths.scalar - lengths.element;
  const token = extra >= shortestToken ? r.take(extra).slice() : undefined;
  const scalar = r.take(lengths.scalar).slice();
  const element = r.take(lengths.element).slice();
  return { group, token, scalar, element, elements: decodeElements(r) };
}

export function encodeSaeCommit(frame: SaeCommitFrame): Uint8Array {
  const group = new Writer().u16le(frame.group).finish();
  return concat(group, frame.token ?? new Uint8Array(0), frame.scalar, frame.element, encodeElements(frame.elements));
}

export interface SaeConfirmFrame {
  /** Send-Confirm. */
  readonly sendConfirm: number;
  readonly confirm: Uint8Array;
  /** What follows; SAE-PK's elements. */
  readonly rest: Uint8Array;
}

/** @param length octets of the Confirm field @throws MalformedError when a field is cut */
export const decodeSaeConfirm = (r: Reader, length: number): SaeConfirmFrame => ({
  sendConfirm: r.u16le(),
  confirm: r.take(length).slice(),
  rest: r.rest().slice(),
});

export const encodeSaeConfirm = ({ sendConfirm, confirm, rest }: SaeConfirmFrame): Uint8Array =>
  concat(new Writer().u16le(sendConfirm).finish(), confirm, rest);

/** Asks for another Commit with this token. IEEE Std 802.11-2020, 12.4.6. */
export function encodeSaeTokenRequest(group: number, token: Uint8Array, asElement: boolean): Uint8Array {
  const head = new Writer().u16le(group).finish();
  return concat(head, asElement ? encodeElements([antiCloggingTokenElement(token)]) : token);
}

export const antiCloggingTokenElement = (token: Uint8Array): Element => ({
  id: elementId.extension,
  extension: elementExtension.antiCloggingToken,
  data: token,
});

export const passwordIdentifierElement = (identifier: Uint8Array): Element => ({
  id: elementId.extension,
  extension: elementExtension.passwordIdentifier,
  data: identifier,
});

export const akmSuiteSelectorElement = (suite: number): Element => ({
  id: elementId.extension,
  extension: elementExtension.akmSuiteSelector,
  data: new Writer().u32be(suite).finish(),
});

export const rejectedGroupsElement = (groups: readonly number[]): Element => ({
  id: elementId.extension,
  extension: elementExtension.rejectedGroups,
  data: groups.reduce((writer, group) => writer.u16le(group), new Writer()).finish(),
});

/** What a Commit's elements say. */
export interface SaeCommitElements {
  readonly token: Uint8Array | undefined;
  readonly passwordIdentifier: Uint8Array | undefined;
  /** As it came: it goes into the keys. */
  readonly rejectedGroups: Uint8Array | undefined;
  /** Groups of it. */
  readonly rejected: readonly number[];
  readonly akmSuite: number | undefined;
}

/** @throws MalformedError when an element is of a wrong length */
export function readSaeCommitElements(r: Reader, elements: readonly Element[]): SaeCommitElements {
  const dataOf = (extension: number): Uint8Array | undefined =>
    findElement(elements, elementId.extension, extension)?.data;
  const rejectedGroups = dataOf(elementExtension.rejectedGroups);
  if (rejectedGroups !== undefined && rejectedGroups.length % 2 !== 0) r.fail("half a group in Rejected Groups");
  const suite = dataOf(elementExtension.akmSuiteSelector);
  if (suite !== undefined && suite.length < 4) r.fail("a cut AKM Suite Selector");
  return {
    token: dataOf(elementExtension.antiCloggingToken),
    passwordIdentifier: dataOf(elementExtension.passwordIdentifier),
    rejectedGroups,
    rejected: saeGroupsOf(rejectedGroups ?? new Uint8Array(0)),
    akmSuite: suite && new DataView(suite.buffer, suite.byteOffset).getUint32(0),
  };
}

/** Numbers of groups as Rejected Groups has them. */
export const saeGroupsOf = (octets: Uint8Array): readonly number[] =>
  Array.from({ length: octets.length >> 1 }, (_, i) => (octets[2 * i] ?? 0) | ((octets[2 * i + 1] ?? 0) << 8));
