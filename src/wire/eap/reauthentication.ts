/** EAP-Initiate/Re-auth and EAP-Finish/Re-auth. RFC 6696, sections 5.3.2 and 5.3.3. */

import { type Reader, Writer } from "../../base/bytes.ts";

/** Types of EAP-Initiate and EAP-Finish. */
export const reauthTypes = { start: 1, reauth: 2 } as const;

/** What signs: the suites with a tag of 16 and of 32 octets. The one with 8, which is optional, is not offered. RFC 6696, section 5.3.4. */
export const reauthSuites = { 2: 16, 3: 32 } as const;
export type ReauthSuite = keyof typeof reauthSuites;

/** TVs have four octets, TLVs their length in front. */
const lifetimes: ReadonlySet<number> = new Set([2, 3]);
const keyName = 1;

const failureFlag = 0x80;

export interface ReauthAttribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** All but the end, whose length the suite says, and the key which suites there are. */
export interface ReauthHead {
  /** R in a Finish: it failed. */
  readonly failed: boolean;
  /** SEQ. */
  readonly sequence: number;
  /** keyName-NAI. */
  readonly keyName: Uint8Array;
}

/** Up to the keyName-NAI, which has to be found before the rest can be understood. @throws MalformedError */
export function decodeReauthHead(r: Reader): ReauthHead {
  const failed = (r.u8() & failureFlag) !== 0;
  const sequence = r.u16be();
  for (;;) {
    const { type, value } = decodeAttribute(r);
    if (type === keyName) return { failed, sequence, keyName: value };
  }
}

/** What stands before the suite and the tag. @throws MalformedError where it is no sequence of TVs and TLVs */
export function decodeReauthAttributes(r: Reader): readonly ReauthAttribute[] {
  r.skip(3);
  const attributes: ReauthAttribute[] = [];
  while (r.remaining > 0) attributes.push(decodeAttribute(r));
  return attributes;
}

function decodeAttribute(r: Reader): ReauthAttribute {
  const type = r.u8();
  return { type, value: r.take(lifetimes.has(type) ? 4 : r.u8()).slice() };
}

/** @param suite undefined where there is no key to sign with, and so no tag. The tag isn't in it yet. */
export function encodeReauth(head: ReauthHead, suite: ReauthSuite | undefined): Uint8Array {
  const w = new Writer().u8(head.failed ? failureFlag : 0).u16be(head.sequence);
  w.u8(keyName).u8(head.keyName.length).put(head.keyName);
  return suite === undefined ? w.finish() : w.u8(suite).finish();
}
