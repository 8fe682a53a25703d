/**
 * EAP-MSCHAPV2: MS-CHAP-V2 (RFC 2759) with EAP's packets around it. draft-kamath-pppext-eap-mschapv2-02. Its keys (RFC 3079) are the MSK:
 * what the server receives with, then what it sends with; in EAP-FAST the other way round (RFC 5422, section 3.2.3), and in TEAP as it is deployed.
 */

import { concat, type Reader, sameBytes, utf8, Writer } from "../../base/bytes.ts";
import {
  authenticatorResponse,
  authenticatorResponseText,
  hashNtPasswordHash,
  mppeMasterKey,
  mppeStartKey,
  ntPasswordHash,
  ntResponse,
  withoutDomain,
} from "../../crypto/mschap.ts";
import { sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import { shownIdentity } from "../identity.ts";
import type { Credential, EapMethod, MethodCall, MethodStep } from "../method.ts";

type State =
  /** `isAgreed`: the challenge is the tunnel's, and a secret of its ends. */
  | { readonly kind: "challenged"; readonly challenge: Uint8Array; readonly isAgreed: boolean }
  /** The peer has the password; it is to say whether the server has it too. */
  | { readonly kind: "shown"; readonly masterKey: Uint8Array }
  /** The peer is to acknowledge that it hasn't. */
  | { readonly kind: "refused"; readonly reason: string };

/** OpCode field. */
const opCodes = { challenge: 1, response: 2, success: 3, failure: 4 } as const;

const challengeLength = 16;
const responseLength = 49;
const headerLength = 4;

export const mschapV2Method: EapMethod<State> = {
  name: "MSCHAPV2",
  type: eapTypes.MSCHAPV2.type,

  begin({ entropy, serverId, nextIdentifier, challenges }) {
    const challenge = challenges?.authenticator.slice() ?? entropy.bytes(challengeLength);
    // One that the tunnel has agreed on is not sent.
    const shown = challenges === undefined ? challenge : new Uint8Array(challengeLength);
    const data = message(opCodes.challenge, nextIdentifier, Uint8Array.of(challengeLength), shown, serverId);
    return { kind: "request", data, state: { kind: "challenged", challenge, isAgreed: challenges !== undefined } };
  },

  respond(call, state, data) {
    const opCode = data.u8();
    switch (state.kind) {
      case "challenged":
        if (opCode !== opCodes.response) data.fail(`operation ${opCode}, where a Response is awaited`);
        return forgetting(state, onResponse(call, state.challenge, decodeResponse(data)));
      case "shown":
        if (opCode === opCodes.success) return { kind: "success", keys: keysOf(call, state.masterKey) };
        if (opCode !== opCodes.failure) data.fail(`operation ${opCode}, where Success or Failure is awaited`);
        return { kind: "failure", reason: "the peer does not accept that the server knows the password" };
      case "refused":
        if (opCode !== opCodes.failure) data.fail(`operation ${opCode}, where Failure is awaited`);
        return { kind: "failure", reason: state.reason };
    }
  },

  forget,
};

/** What the next state has no use for goes with the one before. */
function forgetting(before: State, step: MethodStep<State>): MethodStep<State> {
  forget(before);
  return step;
}

function forget(state: State): void {
  if (state.kind === "shown") wipe(state.masterKey);
  if (state.kind === "challenged" && state.isAgreed) wipe(state.challenge);
}

interface Response {
  readonly id: number;
  readonly peerChallenge: Uint8Array;
  readonly ntResponse: Uint8Array;
  /** With its domain, as the peer calls itself. */
  readonly name: Uint8Array;
}

/** What follows the operation. @returns undefined where it is none: hostapd, and we, end the conversation then */
function decodeResponse(data: Reader): Response | undefined {
  if (data.remaining < headerLength - 1 + 1 + responseLength) return undefined;
  const id = data.u8();
  // MS-Length, which says what EAP's own length says.
  data.skip(2);
  if (data.u8() !== responseLength) return undefined;
  const peerChallenge = data.take(challengeLength);
  data.skip(8);
  const response = data.take(24);
  data.skip(1);
  return { id, peerChallenge, ntResponse: response, name: data.rest() };
}

function onResponse(call: MethodCall, challenge: Uint8Array, response: Response | undefined): MethodStep<State> {
  if (response === undefined) return { kind: "failure", reason: "its Response has not the form of one" };
  call.tell(`EAP-MSCHAPV2 Name '${shownIdentity(response.name)}'`);
  const user = withoutDomain(call.identity);
  if (!sameBytes(user, withoutDomain(response.name))) {
    return {
      kind: "failure",
      reason: `it calls itself '${shownIdentity(response.name)}', where its identity is '${shownIdentity(call.identity)}'`,
    };
  }
  const passwordHash = passwordHashOf(call.credential);
  if (typeof passwordHash === "string") return { kind: "failure", reason: passwordHash };
  const exchange = {
    authenticatorChallenge: challenge,
    peerChallenge: call.challenges?.peer ?? response.peerChallenge,
    user,
  };
  const expected = ntResponse(exchange, passwordHash);
  if (!sameSecret(expected, response.ntResponse)) {
    wipe(passwordHash);
    return {
      kind: "request",
      data: message(opCodes.failure, response.id, wrongPassword),
      state: { kind: "refused", reason: "the password is wrong" },
    };
  }
  const proof = authenticatorResponseText(authenticatorResponse(exchange, passwordHash, expected));
  const hashHash = hashNtPasswordHash(passwordHash);
  const masterKey = mppeMasterKey(hashHash, expected);
  wipe(passwordHash, hashHash);
  return {
    kind: "request",
    data: message(opCodes.success, response.id, utf8(`${proof} M=OK`)),
    state: { kind: "shown", masterKey },
  };
}

/** Code 691 (the password is wrong), no other try, and a challenge that nobody uses. RFC 2759, section 6. */
const wrongPassword = utf8(`E=691 R=0 C=${"0".repeat(2 * challengeLength)} V=3 M=FAILED`);

/** @returns a copy; or in words why there is none */
function passwordHashOf(credential: Credential | undefined): Uint8Array | string {
  switch (credential?.kind) {
    case "password":
      return ntPasswordHash(credential.password) ?? "the user's password is no UTF-8";
    case "nt-hash":
      return credential.hash.slice();
    case "salted":
    case undefined:
      return "the user has neither a password in clear text nor its NT hash";
  }
}

function keysOf({ tunnel }: MethodCall, masterKey: Uint8Array) {
  const receive = mppeStartKey(masterKey, "receive");
  const send = mppeStartKey(masterKey, "send");
  const msk = tunnel === "FAST" || tunnel === "TEAP" ? concat(send, receive) : concat(receive, send);
  wipe(receive, send);
  return { msk, emsk: undefined, sessionId: undefined };
}

/** Operation, MS-CHAPv2-ID, MS-Length, and what belongs to the operation. */
function message(opCode: number, id: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const body = concat(...contents);
  return new Writer()
    .u8(opCode)
    .u8(id)
    .u16be(headerLength + body.length)
    .put(body)
    .finish();
}
