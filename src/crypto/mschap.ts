/** What MS-CHAP (RFC 2433) and MS-CHAP-V2 (RFC 2759) compute, and the keys that come of it (RFC 3079). */

import { concat, hexOf, utf8 } from "../base/bytes.ts";
import { desEncrypt, hash } from "./backend/node.ts";
import { md4 } from "./md4.ts";
import { joinSecrets, wipe } from "./secret.ts";

/**
 * NtPasswordHash. RFC 2759, section 8.3.
 * @param password UTF-8 @returns 16 octets; undefined where the password is no UTF-8
 */
export function ntPasswordHash(password: Uint8Array): Uint8Array | undefined {
  const text = utf16Of(password);
  if (text === undefined) return undefined;
  const digest = md4(text);
  wipe(text);
  return digest;
}

function utf16Of(octets: Uint8Array): Uint8Array | undefined {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    // TextDecoder has no other word for it.
    return undefined;
  }
  const units = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[2 * i] = unit;
    units[2 * i + 1] = unit >>> 8;
  }
  return units;
}

/** HashNtPasswordHash. RFC 2759, section 8.4. */
export const hashNtPasswordHash = (passwordHash: Uint8Array): Uint8Array => md4(passwordHash);

/** ChallengeHash. RFC 2759, section 8.2. @param user without its domain @returns 8 octets */
export const challengeHash = (
  peerChallenge: Uint8Array,
  authenticatorChallenge: Uint8Array,
  user: Uint8Array,
): Uint8Array => hash("sha1", peerChallenge, authenticatorChallenge, user).slice(0, 8);

/** ChallengeResponse: NT-Response of MS-CHAP. RFC 2759, section 8.5. @param challenge 8 octets @returns 24 octets */
export function challengeResponse(challenge: Uint8Array, passwordHash: Uint8Array): Uint8Array {
  const padded = concat(passwordHash, new Uint8Array(5));
  const response = concat(
    desEncrypt(padded.subarray(0, 7), challenge),
    desEncrypt(padded.subarray(7, 14), challenge),
    desEncrypt(padded.subarray(14, 21), challenge),
  );
  wipe(padded);
  return response;
}

export interface MschapV2Exchange {
  /** 16 octets each. */
  readonly authenticatorChallenge: Uint8Array;
  readonly peerChallenge: Uint8Array;
  /** Without its domain. */
  readonly user: Uint8Array;
}

/** GenerateNTResponse. RFC 2759, section 8.1. @returns 24 octets */
export const ntResponse = (exchange: MschapV2Exchange, passwordHash: Uint8Array): Uint8Array =>
  challengeResponse(
    challengeHash(exchange.peerChallenge, exchange.authenticatorChallenge, exchange.user),
    passwordHash,
  );

const magicServer = utf8("Magic server to client signing constant");
const magicIteration = utf8("Pad to make it do more than one iteration");

/** GenerateAuthenticatorResponse. RFC 2759, section 8.7. @returns 20 octets, which go out as `S=` and capital hexadecimal digits */
export function authenticatorResponse(
  exchange: MschapV2Exchange,
  passwordHash: Uint8Array,
  response: Uint8Array,
): Uint8Array {
  const hashHash = hashNtPasswordHash(passwordHash);
  const digest = hash("sha1", hashHash, response, magicServer);
  wipe(hashHash);
  const challenge = challengeHash(exchange.peerChallenge, exchange.authenticatorChallenge, exchange.user);
  return hash("sha1", digest, challenge, magicIteration);
}

/** As it stands in a success message: `S=0123456789ABCDEF...`. */
export const authenticatorResponseText = (response: Uint8Array): string => `S=${hexOf(response).toUpperCase()}`;

const magicMaster = utf8("This is the MPPE Master Key");

/** GetMasterKey. RFC 3079, section 3.4. @param hashHash of {@link hashNtPasswordHash} @returns 16 octets */
export const mppeMasterKey = (hashHash: Uint8Array, response: Uint8Array): Uint8Array =>
  joinSecrets([hash("sha1", hashHash, response, magicMaster)], 16);

const serverSends = utf8("On the client side, this is the receive key; on the server side, it is the send key.");
const serverReceives = utf8("On the client side, this is the send key; on the server side, it is the receive key.");
const pad1 = new Uint8Array(40);
const pad2 = new Uint8Array(40).fill(0xf2);

/** GetAsymmetricStartKey of a server, with 128 bits. RFC 3079, section 3.4. @returns 16 octets */
export const mppeStartKey = (masterKey: Uint8Array, use: "send" | "receive"): Uint8Array =>
  joinSecrets([hash("sha1", masterKey, pad1, use === "send" ? serverSends : serverReceives, pad2)], 16);

/** A domain (`DOMAIN\user`) is no part of what is computed. RFC 2759, section 8.1 and 4. */
export function withoutDomain(user: Uint8Array): Uint8Array {
  const backslash = user.indexOf(0x5c);
  return user.subarray(backslash + 1);
}
