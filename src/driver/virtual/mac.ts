/** What both ends of the virtual air have in common: sequence numbers, repetitions, data frames with and without a key. */

import { concat, Reader } from "../../base/bytes.ts";
import { type DataHeader, decodeDataHeader, encodeDataHeader } from "../../wire/ieee80211/data-frame.ts";
import { decodeMsdu, encodeMsdu, type Msdu } from "../../wire/ieee80211/llc-snap.ts";
import type { CipherKey } from "./cipher-key.ts";

/** Sequence numbers of one transmitter. IEEE Std 802.11-2020, 10.3.2.14. */
export class SequenceCounter {
  #next = 0;

  next(): number {
    const sequence = this.#next;
    this.#next = (this.#next + 1) & 0xfff;
    return sequence;
  }

  /** A copy of a management frame with the next number in it. */
  stamp(frame: Uint8Array): Uint8Array {
    const sequence = this.next();
    const copy = frame.slice();
    copy[22] = (sequence << 4) & 0xf0;
    copy[23] = sequence >>> 4;
    return copy;
  }
}

/** Tells a repeated frame of one transmitter. IEEE Std 802.11-2020, 10.3.2.14. */
export class RepetitionFilter {
  /** By traffic identifier; frames without one share an entry. */
  readonly #last = new Map<number, number>();

  isRepetition(header: Pick<DataHeader, "retry" | "sequence" | "fragment" | "qos">): boolean {
    const tid = header.qos?.tid ?? -1;
    const number = (header.sequence << 4) | header.fragment;
    if (header.retry && this.#last.get(tid) === number) return true;
    this.#last.set(tid, number);
    return false;
  }
}

/** A whole data frame; encrypted where a key is given. */
export function sealData(header: DataHeader, msdu: Msdu, key: CipherKey | undefined): Uint8Array {
  const encoded = encodeDataHeader({ ...header, protected: key !== undefined });
  const body = encodeMsdu(msdu);
  return concat(encoded, key ? key.seal(encoded, body) : body);
}

export interface ReceivedData {
  readonly header: DataHeader;
  /** Octets as received, for {@link openData}. */
  readonly headerBytes: Uint8Array;
  readonly body: Uint8Array;
}

/** @throws MalformedError where it is no data frame */
export function splitData(frame: Uint8Array): ReceivedData {
  const r = new Reader(frame, ["data frame"]);
  const header = decodeDataHeader(r);
  return { header, headerBytes: frame.subarray(0, r.offset), body: r.rest() };
}

/**
 * @param key what a protected frame is opened with
 * @returns undefined where there is no key for it, its MIC is wrong or it is a replay
 * @throws MalformedError where what it protected is no MSDU
 */
export function openData(data: ReceivedData, key: CipherKey | undefined): Msdu | undefined {
  const { header, headerBytes, body } = data;
  const plain = header.protected ? key?.open(headerBytes, body, header.qos?.tid) : body;
  return plain && decodeMsdu(new Reader(plain, ["data frame", "MSDU"]));
}
