/** What EAP-TTLS may carry that is no EAP: PAP, CHAP, MS-CHAP and MS-CHAP-V2, with challenges that come from the tunnel. RFC 5281, section 11.2. */

import { concat, sameBytes, utf8 } from "../../../base/bytes.ts";
import { hash } from "../../../crypto/backend/node.ts";
import {
  authenticatorResponse,
  authenticatorResponseText,
  challengeResponse,
  ntPasswordHash,
  ntResponse,
  withoutDomain,
} from "../../../crypto/mschap.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import { avpCodes, encodeAvp, microsoft, microsoftAvpCodes, type TtlsAvp } from "../../../wire/eap/ttls-avp.ts";
import type { Credential } from "../../method.ts";
import type { EapUser } from "../../users.ts";

export type PasswordVerdict =
  | { readonly kind: "right" }
  | { readonly kind: "wrong"; readonly reason: string }
  /** The peer is to hear it first. @property avp for the tunnel */
  | { readonly kind: "told"; readonly avp: Uint8Array; readonly right: boolean; readonly reason: string };

/** What is offered in place of EAP, of all AVPs of a message. @returns undefined where there is nothing of the kind */
export function passwordOfferIn(avps: readonly TtlsAvp[]): PasswordOffer | undefined {
  const of = (code: number, vendor = 0): Uint8Array | undefined =>
    avps.findLast((avp) => avp.code === code && avp.vendor === vendor)?.value;
  const pap = of(avpCodes.userPassword);
  if (pap !== undefined) return { kind: "PAP", password: pap };
  const chap = of(avpCodes.chapPassword);
  if (chap !== undefined) return { kind: "CHAP", challenge: of(avpCodes.chapChallenge), response: chap };
  const challenge = of(microsoftAvpCodes.challenge, microsoft);
  const mschap = of(microsoftAvpCodes.response, microsoft);
  if (mschap !== undefined) return { kind: "MSCHAP", challenge, response: mschap };
  const mschap2 = of(microsoftAvpCodes.response2, microsoft);
  return mschap2 === undefined ? undefined : { kind: "MSCHAPV2", challenge, response: mschap2 };
}

export type PasswordOffer =
  | { readonly kind: "PAP"; readonly password: Uint8Array }
  | {
      readonly kind: "CHAP" | "MSCHAP" | "MSCHAPV2";
      readonly challenge: Uint8Array | undefined;
      readonly response: Uint8Array;
    };

/** Octets of the challenge, and of the response behind its identifier. RFC 5281, sections 11.2.2 to 11.2.4. */
const lengths = {
  CHAP: { challenge: 16, response: 1 + 16 },
  MSCHAP: { challenge: 8, response: 50 },
  MSCHAPV2: { challenge: 16, response: 50 },
} as const;

/** @param implicit gives the challenge of the tunnel, of that length */
export function judgePassword(
  offer: PasswordOffer,
  user: EapUser | undefined,
  name: Uint8Array,
  implicit: (length: number) => Uint8Array,
): PasswordVerdict {
  const refused = (reason: string): PasswordVerdict => ({ kind: "wrong", reason });
  if (user === undefined) return refused("it offers a password before it says whose");
  if (!user.ttls.includes(offer.kind)) return refused(`the user's entry does not allow TTLS-${offer.kind}`);
  if (offer.kind === "PAP") return judgePap(offer.password, user.credential);

  const { challenge, response, kind } = offer;
  const expected = lengths[kind];
  if (challenge?.length !== expected.challenge || response.length !== expected.response) {
    return refused(`${kind} of the wrong length`);
  }
  // The identifier is of the tunnel too: nothing can be had again in another one.
  const own = implicit(expected.challenge + 1);
  const isOwn = sameBytes(challenge, own.subarray(0, -1)) && response[0] === own.at(-1);
  wipe(own);
  if (!isOwn) return refused(`${kind} with a challenge that is not this tunnel's`);
  switch (kind) {
    case "CHAP":
      return judgeChap(challenge, response, user.credential);
    case "MSCHAP":
      return judgeMschap(challenge, response, user.credential);
    case "MSCHAPV2":
      return judgeMschapV2(challenge, response, user.credential, name);
  }
}

const verdict = (isRight: boolean): PasswordVerdict =>
  isRight ? { kind: "right" } : { kind: "wrong", reason: "the password is wrong" };

const noClearText: PasswordVerdict = { kind: "wrong", reason: "the user has no password in clear text" };
const noPassword: PasswordVerdict = {
  kind: "wrong",
  reason: "the user has neither a password in clear text nor its NT hash",
};

function judgePap(padded: Uint8Array, credential: Credential | undefined): PasswordVerdict {
  let length = padded.length;
  while (length > 0 && padded[length - 1] === 0) length--;
  const password = padded.subarray(0, length);
  if (credential?.kind === "password") return verdict(sameSecret(password, credential.password));
  if (credential?.kind !== "nt-hash") return noPassword;
  const passwordHash = ntPasswordHash(password);
  const isRight = passwordHash !== undefined && sameSecret(passwordHash, credential.hash);
  wipe(passwordHash);
  return verdict(isRight);
}

function judgeChap(challenge: Uint8Array, response: Uint8Array, credential: Credential | undefined): PasswordVerdict {
  if (credential?.kind !== "password") return noClearText;
  const expected = hash("md5", response.subarray(0, 1), credential.password, challenge);
  return verdict(sameSecret(expected, response.subarray(1)));
}

/** @returns a copy */
function ntHashOf(credential: Credential | undefined): Uint8Array | undefined {
  if (credential?.kind === "nt-hash") return credential.hash.slice();
  return credential?.kind === "password" ? ntPasswordHash(credential.password) : undefined;
}

/** Identifier, flags, LM-Response, NT-Response. RFC 2548, section 2.1.3. */
function judgeMschap(challenge: Uint8Array, response: Uint8Array, credential: Credential | undefined): PasswordVerdict {
  const passwordHash = ntHashOf(credential);
  if (passwordHash === undefined) return noPassword;
  const expected = challengeResponse(challenge, passwordHash);
  wipe(passwordHash);
  return verdict(sameSecret(expected, response.subarray(26)));
}

/** Identifier, flags, peer's challenge, eight octets of zero, NT-Response. RFC 2548, section 2.3.2. */
function judgeMschapV2(
  challenge: Uint8Array,
  response: Uint8Array,
  credential: Credential | undefined,
  name: Uint8Array,
): PasswordVerdict {
  const passwordHash = ntHashOf(credential);
  if (passwordHash === undefined) return noPassword;
  const exchange = {
    authenticatorChallenge: challenge,
    peerChallenge: response.subarray(2, 18),
    user: withoutDomain(name),
  };
  const expected = ntResponse(exchange, passwordHash);
  const right = sameSecret(expected, response.subarray(26));
  const proof = right ? authenticatorResponseText(authenticatorResponse(exchange, passwordHash, expected)) : "Failed";
  wipe(passwordHash);
  const avp = encodeAvp({
    code: right ? microsoftAvpCodes.success2 : microsoftAvpCodes.error,
    vendor: microsoft,
    mandatory: true,
    value: concat(response.subarray(0, 1), utf8(proof)),
  });
  return { kind: "told", avp, right, reason: "the password is wrong" };
}
