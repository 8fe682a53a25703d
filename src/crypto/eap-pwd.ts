/** The arithmetic of EAP-pwd beside what it shares with SAE. RFC 5931, section 2. */

import { concat, utf8, Writer } from "../base/bytes.ts";
import type { Entropy } from "../base/entropy.ts";
import { hmac } from "./backend/node.ts";
import type { EccGroup } from "./groups/cyclic-group.ts";
import type { SaeCommitValues } from "./sae/exchange.ts";
import { pointByLooping, withoutUnusedBits } from "./sae/looping.ts";
import { joinSecrets, wipe } from "./secret.ts";

/** In octets, of confirmations. */
export const pwdHashLength = 32;

/** H, the random function. RFC 5931, section 2.4. */
const h = (...data: readonly Uint8Array[]): Uint8Array => hmac("sha256", new Uint8Array(pwdHashLength), ...data);

/** RFC 5931, section 2.5. @param bits length of the result, whose unused lowest bits are 0 */
function kdf(key: Uint8Array, label: Uint8Array, bits: number): Uint8Array {
  const octets = Math.ceil(bits / 8);
  const length = new Writer().u16be(bits).finish();
  const blocks: Uint8Array[] = [];
  for (let round = 1; round <= Math.ceil(octets / pwdHashLength); round++) {
    const counter = new Writer().u16be(round).finish();
    blocks.push(hmac("sha256", key, blocks.at(-1) ?? new Uint8Array(0), counter, label, length));
  }
  const result = joinSecrets(blocks, octets);
  const unused = octets * 8 - bits;
  const last = result[octets - 1];
  if (unused > 0 && last !== undefined) result[octets - 1] = last & (0xff << unused);
  return result;
}

export interface PwdNames {
  /** 4 octets that are new for each conversation. */
  readonly token: Uint8Array;
  readonly peerId: Uint8Array;
  readonly serverId: Uint8Array;
}

/**
 * PWE, the password element. RFC 5931, section 2.8.3.1. Its time tells nothing about the password: see sae/looping.ts.
 * @param password as both ends have prepared it
 * @param entropy for blinding
 */
export function derivePwdElement(
  group: EccGroup,
  password: Uint8Array,
  { token, peerId, serverId }: PwdNames,
  entropy: Entropy,
): Uint8Array {
  const label = utf8("EAP-pwd Hunting And Pecking");
  const { bits } = group.field;
  return pointByLooping(
    group,
    {
      seedOf: (counter) => h(token, peerId, serverId, password, Uint8Array.of(counter)),
      candidateOf: (seed) => withoutUnusedBits(kdf(seed, label, bits), bits),
    },
    entropy,
  );
}

/** What the sender of a confirmation proves to know. RFC 5931, section 2.8.5.3. @param ciphersuite 4 octets */
export const derivePwdConfirm = (
  k: Uint8Array,
  sender: SaeCommitValues,
  receiver: SaeCommitValues,
  ciphersuite: Uint8Array,
): Uint8Array => h(k, sender.element, sender.scalar, receiver.element, receiver.scalar, ciphersuite);

export interface PwdKeys {
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
  readonly sessionId: Uint8Array;
}

export interface PwdKeyInput {
  /** EAP's number of the method. */
  readonly type: number;
  readonly k: Uint8Array;
  readonly ciphersuite: Uint8Array;
  readonly peerScalar: Uint8Array;
  readonly serverScalar: Uint8Array;
  readonly peerConfirm: Uint8Array;
  readonly serverConfirm: Uint8Array;
}

/** RFC 5931, section 2.9. */
export function derivePwdKeys(input: PwdKeyInput): PwdKeys {
  const methodId = h(input.ciphersuite, input.peerScalar, input.serverScalar);
  const sessionId = concat(Uint8Array.of(input.type), methodId);
  const mk = h(input.k, input.peerConfirm, input.serverConfirm);
  const keys = kdf(mk, sessionId, 128 * 8);
  const derived = { msk: keys.slice(0, 64), emsk: keys.slice(64), sessionId };
  wipe(mk, keys);
  return derived;
}
