/** Which of many pairwise master keys a supplicant's message was protected with. */

import { concat, utf8 } from "../base/bytes.ts";
import { encodeMacAddress } from "../base/mac-address.ts";
import { computeMic, type EapolKeyProtection } from "./eapol-key-protection.ts";
import { hmacSha1Words, prepareMessage } from "./hmac-sha1-words.ts";
import { derivePtk, inOrder, type PtkInput, wipePtk } from "./ptk.ts";
import { sameSecret, wipe } from "./secret.ts";

/** Octets of a PMK, and how many 32-bit words these are. */
export const pmkLength = 32;
export const pmkWords = pmkLength / 4;

/** Keys in a row as big-endian words: what {@link PmkTest} reads fastest. */
export function storePmk(pmk: Uint8Array, words: Int32Array, at: number): void {
  const view = new DataView(pmk.buffer, pmk.byteOffset, pmkLength);
  for (let i = 0; i < pmkWords; i++) words[at + i] = view.getInt32(4 * i);
}

/** A copy, 32 octets. */
export function loadPmk(words: Int32Array, at: number): Uint8Array {
  const pmk = new Uint8Array(pmkLength);
  const view = new DataView(pmk.buffer);
  for (let i = 0; i < pmkWords; i++) view.setInt32(4 * i, words[at + i] ?? 0);
  return pmk;
}

/** Does the key whose {@link pmkWords} words begin at `at` fit? */
export type PmkTest = (words: Int32Array, at: number) => boolean;

export interface MicQuestion extends Omit<PtkInput, "pmk"> {
  readonly protection: EapolKeyProtection;
  /** The whole EAPOL PDU with zeros for the MIC. */
  readonly pdu: Uint8Array;
  /** The MIC that came with it. */
  readonly mic: Uint8Array;
}

/** Whatever the test says yes to has to be verified by the ordinary way; of what it says no to nothing need be. */
export const micTest = (question: MicQuestion): PmkTest =>
  question.hash === "sha1" && question.protection === "hmac-sha1-aes" ? sha1Test(question) : anyTest(question);

/** WPA2's AKM 2, which nearly all stations use: no garbage, a few microseconds. */
function sha1Test({ aa, spa, anonce, snonce, pdu, mic }: MicQuestion): PmkTest {
  // The first block of PRF-384 holds the KCK. IEEE Std 802.11-2020, 12.7.1.2, 12.7.1.3.
  const expansion = prepareMessage(
    concat(
      utf8("Pairwise key expansion\0"),
      ...inOrder(encodeMacAddress(aa), encodeMacAddress(spa)),
      ...inOrder(anonce, snonce),
      Uint8Array.of(0),
    ),
  );
  const kckWords = 4;
  const message = prepareMessage(pdu);
  const kck = new Int32Array(5);
  const digest = new Int32Array(5);
  if (mic.length !== 4 * kckWords) return () => false;
  const expected = new Int32Array(kckWords);
  const view = new DataView(mic.buffer, mic.byteOffset, mic.length);
  for (let i = 0; i < kckWords; i++) expected[i] = view.getInt32(4 * i);
  return (words, at) => {
    hmacSha1Words(words, at, pmkWords, expansion, kck);
    hmacSha1Words(kck, 0, kckWords, message, digest);
    let difference = 0;
    for (let i = 0; i < kckWords; i++) difference |= (digest[i] ?? 0) ^ (expected[i] ?? 0);
    return difference === 0;
  };
}

const anyTest =
  ({ protection, pdu, mic, ...ptkInput }: MicQuestion): PmkTest =>
  (words, at) => {
    const pmk = loadPmk(words, at);
    const ptk = derivePtk({ ...ptkInput, pmk });
    const fits = sameSecret(computeMic(protection, ptk.kck, pdu), mic);
    wipePtk(ptk);
    wipe(pmk);
    return fits;
  };

/** Is it this key? */
export function samePmkTest(pmk: Uint8Array): PmkTest {
  const expected = new Int32Array(pmkWords);
  storePmk(pmk, expected, 0);
  return (words, at) => {
    let difference = 0;
    for (let i = 0; i < pmkWords; i++) difference |= (words[at + i] ?? 0) ^ (expected[i] ?? 0);
    return difference === 0;
  };
}
