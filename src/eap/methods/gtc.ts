/**
 * Generic Token Card: a password in clear text. RFC 3748, section 5.6. Inside EAP-FAST it has a form of its own, which repeats the user.
 * RFC 5421, section 3.2.
 */

import { type Reader, sameBytes, utf8 } from "../../base/bytes.ts";
import { sameSecret, wipe } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import { shownIdentity } from "../identity.ts";
import type { Credential, EapMethod, MethodCall, MethodStep } from "../method.ts";

/** Nothing is kept between the request and the response. */
type State = "asked";

const prompt = utf8("Password");
const promptInFast = utf8("CHALLENGE=Password");
const answerInFast = utf8("RESPONSE=");

export const gtcMethod: EapMethod<State> = {
  name: "GTC",
  type: eapTypes.GTC.type,

  begin: ({ tunnel }) => ({ kind: "request", data: tunnel === "FAST" ? promptInFast : prompt, state: "asked" }),

  respond: (call, _, data) =>
    call.tunnel === "FAST" ? respondInFast(call, data) : judge(call.credential, atLeastOne(data)),

  forget() {
    // There is nothing.
  },
};

function atLeastOne(data: Reader): Uint8Array {
  if (data.remaining === 0) data.fail("no octet of a password");
  return data.rest();
}

/** @param given is wiped */
function judge(credential: Credential | undefined, given: Uint8Array, identity?: Uint8Array): MethodStep<State> {
  const isRight = credential?.kind === "password" && sameSecret(credential.password, given);
  wipe(given);
  if (credential?.kind !== "password") return { kind: "failure", reason: "the user has no password in clear text" };
  if (!isRight) return { kind: "failure", reason: "the password is wrong" };
  return { kind: "success", keys: undefined, ...(identity === undefined ? {} : { identity }) };
}

/** `RESPONSE=user`, an octet 0, and the password. */
async function respondInFast(call: MethodCall, data: Reader): Promise<MethodStep<State>> {
  const { remaining } = data;
  const text = data.rest();
  const zero = text.indexOf(0);
  const hasForm = remaining > answerInFast.length && sameBytes(text.subarray(0, answerInFast.length), answerInFast);
  if (!hasForm || zero < 0) return { kind: "failure", reason: "its answer is not RESPONSE=user and a password" };
  const user = text.slice(answerInFast.length, zero);
  const entry = await call.inner.findUser(user);
  if (entry === undefined) return { kind: "failure", reason: `there is no user '${shownIdentity(user)}'` };
  return judge(entry.credential, text.subarray(zero + 1), user);
}
