/**
 * The server's end of ERP (RFC 6696): whoever has authenticated in full comes in again with one message, and gets a key of its own for it. Keys
 * live as long as there is room; of those that are too many the one that wasn't used longest goes.
 */

import { concat, hexOf, MalformedError, Reader, textOf, utf8 } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import { hmac } from "../crypto/backend/node.ts";
import { deriveEmskName, deriveIntegrityKey, deriveReauthenticatedMsk, deriveRootKey } from "../crypto/erp.ts";
import { sameSecret, wipe } from "../crypto/secret.ts";
import { type EapReauthentication, encodeEap } from "../wire/eap/packet.ts";
import {
  decodeReauthAttributes,
  decodeReauthHead,
  encodeReauth,
  type ReauthSuite,
  reauthSuites,
  reauthTypes,
} from "../wire/eap/reauthentication.ts";
import type { EapKeys, UserAttribute } from "./contract.ts";

/** Whom a key belongs to, as its full authentication said. */
export interface ReauthenticatedUser {
  readonly identity: Uint8Array;
  readonly method: string;
  readonly attributes: readonly UserAttribute[];
}

interface ReauthenticationKey extends ReauthenticatedUser {
  readonly rootKey: Uint8Array;
  /** The highest that came with a right tag. */
  readonly sequence: number;
  /** The one that the peer used first; it keeps to it. */
  readonly suite: ReauthSuite | undefined;
}

export type ReauthenticationResult =
  /** EAP-Finish/Re-auth, and the key that goes with it. */
  | {
      readonly kind: "success";
      readonly packet: Uint8Array;
      readonly msk: Uint8Array;
      readonly user: ReauthenticatedUser;
    }
  | { readonly kind: "failure"; readonly packet: Uint8Array; readonly reason: string }
  | { readonly kind: "ignored"; readonly reason: string };

const mostKeys = 10_000;
/** A keyName-NAI has to fit into an attribute of RADIUS. */
const longestKeyName = 253;
const longestKey = 64;
const suites: readonly ReauthSuite[] = [3, 2];

export class ReauthenticationKeys {
  /** By keyName-NAI, in the order in which they were used last. */
  readonly #keys = new Map<string, ReauthenticationKey>();

  constructor(readonly most = mostKeys) {}

  get size(): number {
    return this.#keys.size;
  }

  /** Derives what a full authentication makes possible. @param domain `erp_domain` */
  add(keys: EapKeys, domain: string, user: ReauthenticatedUser): void {
    const { emsk, sessionId } = keys;
    if (emsk === undefined || emsk.length === 0 || emsk.length > longestKey || sessionId === undefined) return;
    const name = `${hexOf(deriveEmskName(sessionId))}@${domain}`;
    if (utf8(name).length > longestKeyName) return;
    this.#forget(name);
    this.#keys.set(name, { ...user, rootKey: deriveRootKey(emsk), sequence: -1, suite: undefined });
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > this.most && oldest !== undefined) this.#forget(oldest);
  }

  clear(): void {
    for (const name of [...this.#keys.keys()]) this.#forget(name);
  }

  /** RFC 6696, section 5.3.2: nothing changes before the tag is right. */
  answer(packet: EapReauthentication): ReauthenticationResult {
    if (packet.type !== reauthTypes.reauth) return ignored(`EAP-Initiate of type ${packet.type}`);
    try {
      return this.#answer(packet);
    } catch (thrown) {
      if (thrown instanceof MalformedError) return ignored(messageOf(thrown));
      throw thrown;
    }
  }

  #answer(packet: EapReauthentication): ReauthenticationResult {
    const { identifier } = packet;
    const { sequence, keyName } = decodeReauthHead(new Reader(packet.data, ["EAP-Initiate/Re-auth"]));
    const name = textOf(keyName);
    const key = this.#keys.get(name);
    if (key === undefined) {
      const failed = { failed: true, sequence, keyName };
      return {
        kind: "failure",
        packet: finish(identifier, encodeReauth(failed, undefined)),
        reason: `there is no key for re-authentication with the name ${name}`,
      };
    }
    if (sequence <= key.sequence) return ignored(`sequence number ${sequence} came before`);
    const suite = suites.find((each) => (key.suite ?? each) === each && isSigned(packet, each, key.rootKey));
    if (suite === undefined) return ignored("its authentication tag is wrong");
    const before = packet.data.subarray(0, packet.data.length - 1 - reauthSuites[suite]);
    decodeReauthAttributes(new Reader(before, ["EAP-Initiate/Re-auth"]));

    this.#keys.delete(name);
    this.#keys.set(name, { ...key, sequence, suite });
    const { identity, method, attributes } = key;
    return {
      kind: "success",
      packet: sign(identifier, encodeReauth({ failed: false, sequence, keyName }, suite), suite, key.rootKey),
      msk: deriveReauthenticatedMsk(key.rootKey, sequence),
      user: { identity, method, attributes },
    };
  }

  #forget(name: string): void {
    wipe(this.#keys.get(name)?.rootKey);
    this.#keys.delete(name);
  }
}

const ignored = (reason: string): ReauthenticationResult => ({ kind: "ignored", reason });

function isSigned(packet: EapReauthentication, suite: ReauthSuite, rootKey: Uint8Array): boolean {
  const octets = encodeEap(packet);
  const end = octets.length - reauthSuites[suite];
  if (octets[end - 1] !== suite) return false;
  return sameSecret(tagOf(octets.subarray(0, end), suite, rootKey), octets.subarray(end));
}

/** The tag is over the whole packet, whose length counts it already. */
function sign(identifier: number, data: Uint8Array, suite: ReauthSuite, rootKey: Uint8Array): Uint8Array {
  const octets = finish(identifier, concat(data, new Uint8Array(reauthSuites[suite])));
  const end = octets.length - reauthSuites[suite];
  octets.set(tagOf(octets.subarray(0, end), suite, rootKey), end);
  return octets;
}

function tagOf(octets: Uint8Array, suite: ReauthSuite, rootKey: Uint8Array): Uint8Array {
  const integrityKey = deriveIntegrityKey(rootKey, suite);
  const tag = hmac("sha256", integrityKey, octets).slice(0, reauthSuites[suite]);
  wipe(integrityKey);
  return tag;
}

const finish = (identifier: number, data: Uint8Array): Uint8Array =>
  encodeEap({ code: "finish", identifier, type: reauthTypes.reauth, data });
