/** MD5-Challenge: CHAP in EAP. RFC 3748, section 5.4, and RFC 1994. It derives no keys: wired networks and tunnels only. */

import { concat, type Reader } from "../../base/bytes.ts";
import { hash } from "../../crypto/backend/node.ts";
import { sameSecret } from "../../crypto/secret.ts";
import { eapTypes } from "../../wire/eap/types.ts";
import type { EapMethod } from "../method.ts";

interface State {
  readonly challenge: Uint8Array;
}

const challengeLength = 16;
const responseLength = 16;

export const md5Method: EapMethod<State> = {
  name: "MD5",
  type: eapTypes.MD5.type,

  begin({ entropy }) {
    const challenge = entropy.bytes(challengeLength);
    return { kind: "request", data: concat(Uint8Array.of(challengeLength), challenge), state: { challenge } };
  },

  respond({ credential, identifier }, { challenge }, data) {
    const response = decodeResponse(data);
    if (credential?.kind !== "password") return { kind: "failure", reason: "the user has no password in clear text" };
    const expected = hash("md5", Uint8Array.of(identifier), credential.password, challenge);
    if (!sameSecret(expected, response)) return { kind: "failure", reason: "the password is wrong" };
    return { kind: "success", keys: undefined };
  },

  forget() {
    // There is no secret in it.
  },
};

/** Behind the value may stand a name, which means nothing here. */
function decodeResponse(data: Reader): Uint8Array {
  const length = data.u8();
  if (length !== responseLength) data.fail(`a value of ${length} octets, where ${responseLength} have to be`);
  return data.take(responseLength);
}
