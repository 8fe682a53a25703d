/** EAP-pwd: a password that can be weak, over elliptic curves, as SAE does it. RFC 5931, RFC 8146. */

import { Reader, sameBytes } from "../../../base/bytes.ts";
import type { EapArithmetic } from "../../../crypto/eap-arithmetic.ts";
import { derivePwdConfirm, derivePwdKeys } from "../../../crypto/eap-pwd.ts";
import { type CyclicGroups, type EccGroup, isGroupNumber } from "../../../crypto/groups/cyclic-group.ts";
import { md4 } from "../../../crypto/md4.ts";
import type { SaeCommitValues, SaeSecrets } from "../../../crypto/sae/exchange.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { Credential, EapMethod, MethodCall, MethodStep } from "../../method.ts";
import { type Fragments, receivePiece, type Sent, sendMessage } from "./fragments.ts";
import {
  decodeCommit,
  decodeId,
  encodeCiphersuite,
  encodeCommit,
  encodeId,
  exchangeCode,
  type Preparation,
  tokenLength,
} from "./message.ts";

const { type } = eapTypes.PWD;

/** RFC 5931, section 4, where the configuration has none. */
const defaultFragmentSize = 1020;

/**
 * Those that nobody has cast doubts on: on a Brainpool curve, the number of tries can be seen.
 * IEEE Std 802.11-2020, 12.4.4.1 says the same of SAE.
 */
export const pwdGroupNumbers = [19, 20, 21] as const;

export interface PwdOptions {
  /** Asked for when somebody uses the method. */
  readonly groups: () => Promise<CyclicGroups>;
  readonly arithmetic: EapArithmetic;
  /** `pwd_group`; with one that is not of {@link pwdGroupNumbers}, nobody gets in. */
  readonly group: number;
  /** `fragment_size`: most octets of Type-Data, 0 for RFC 5931's own. */
  readonly fragmentSize: number;
}

type PwdPhase =
  | { readonly kind: "id"; readonly token: Uint8Array; readonly preparation: Preparation }
  | { readonly kind: "commit"; readonly pwe: Uint8Array; readonly secrets: SaeSecrets; readonly own: SaeCommitValues }
  | {
      readonly kind: "confirm";
      readonly k: Uint8Array;
      readonly own: SaeCommitValues;
      readonly peer: SaeCommitValues;
      readonly ownConfirm: Uint8Array;
    };

interface PwdState {
  readonly group: EccGroup;
  readonly phase: PwdPhase;
  readonly fragments: Fragments;
}

export function pwdMethod(options: PwdOptions): EapMethod<PwdState> {
  const size = options.fragmentSize > 0 ? Math.max(options.fragmentSize, 10) : defaultFragmentSize;
  const send = (group: EccGroup, phase: PwdPhase, message: Uint8Array): MethodStep<PwdState> =>
    request(group, phase, sendMessage(exchangeCode[phase.kind], message, size));

  return {
    name: "PWD",
    type,

    async begin(call) {
      const group = await eccGroup(options);
      if (group === undefined) {
        return { kind: "failure", reason: `pwd_group=${options.group} is not one of ${pwdGroupNumbers.join(", ")}` };
      }
      if (call.credential === undefined) return { kind: "failure", reason: "the user has no password" };
      const token = Uint8Array.from(call.entropy.bytes(tokenLength));
      const preparation = preparationOf(call.credential);
      const message = encodeId({ group: group.number, token, preparation, identity: call.serverId });
      return send(group, { kind: "id", token, preparation }, message);
    },

    respond(call, { group, phase, fragments }, data) {
      const received = receivePiece(data, exchangeCode[phase.kind], fragments, size);
      switch (received.kind) {
        case "ignored":
          return received;
        case "continue":
          return request(group, phase, received);
        case "message":
          break;
      }
      const message = new Reader(received.message, [...data.path, phase.kind]);
      switch (phase.kind) {
        case "id":
          return commit(call, options, group, phase, message, send);
        case "commit":
          return confirm(call, options, group, phase, message, send);
        case "confirm":
          return end(call, group, phase, message);
      }
    },

    forget: ({ phase }) => forget(phase),
  };
}

const request = (group: EccGroup, phase: PwdPhase, { data, fragments }: Sent): MethodStep<PwdState> => ({
  kind: "request",
  data,
  state: { group, phase, fragments },
});

async function eccGroup({ groups, group }: PwdOptions): Promise<EccGroup | undefined> {
  if (!isGroupNumber(group) || !(pwdGroupNumbers as readonly number[]).includes(group)) return undefined;
  const found = (await groups()).get(group);
  return found.kind === "ecc" ? found : undefined;
}

type Send = (group: EccGroup, phase: PwdPhase, message: Uint8Array) => MethodStep<PwdState>;

function preparationOf(credential: Credential): Preparation {
  switch (credential.kind) {
    case "password":
      return "none";
    case "nt-hash":
      return "ms";
    case "salted":
      return credential.prep;
  }
}

/** The password as the peer makes it from what its user has typed. RFC 5931, section 2.8.3; RFC 8146, section 2.2. */
function preparedPassword(credential: Credential): Uint8Array {
  switch (credential.kind) {
    case "password":
      return credential.password.slice();
    case "nt-hash":
      return md4(credential.hash);
    case "salted":
      return credential.hash.slice();
  }
}

async function commit(
  call: MethodCall,
  { arithmetic }: PwdOptions,
  group: EccGroup,
  { token, preparation }: Extract<PwdPhase, { kind: "id" }>,
  message: Reader,
  send: Send,
): Promise<MethodStep<PwdState>> {
  const answer = decodeId(message);
  const isAgreed =
    answer.group === group.number && answer.preparation === preparation && sameBytes(answer.token, token);
  if (!isAgreed) return { kind: "failure", reason: "the peer has not taken the parameters that it was given" };
  const { credential } = call;
  if (credential === undefined) return { kind: "failure", reason: "the user has no password" };
  const password = preparedPassword(credential);
  const names = { token, peerId: answer.identity, serverId: call.serverId };
  const committed = await arithmetic.run("pwd-commit", { group: group.number, password, names }, call.entropy);
  wipe(password);
  const salt = credential.kind === "salted" ? credential.salt : undefined;
  return send(group, { kind: "commit", ...committed }, encodeCommit(committed.own, salt));
}

async function confirm(
  call: MethodCall,
  { arithmetic }: PwdOptions,
  group: EccGroup,
  phase: Extract<PwdPhase, { kind: "commit" }>,
  message: Reader,
  send: Send,
): Promise<MethodStep<PwdState>> {
  const { pwe, secrets, own } = phase;
  const peer = decodeCommit(message, group);
  if (sameBytes(peer.scalar, own.scalar) || sameBytes(peer.element, own.element)) {
    return { kind: "failure", reason: "the peer sends the server's own values back" };
  }
  const agreed = await arithmetic.run("pwd-agree", { group: group.number, pwe, secrets, peer }, call.entropy);
  forget(phase);
  switch (agreed.kind) {
    case "not-of-the-group":
      return { kind: "failure", reason: "the peer's values are not of the group" };
    case "cancelled":
      return { kind: "failure", reason: "the peer's values cancel the secret out" };
    case "agreed": {
      const { k } = agreed;
      const ownConfirm = derivePwdConfirm(k, own, peer, encodeCiphersuite(group.number));
      return send(group, { kind: "confirm", k, own, peer, ownConfirm }, ownConfirm);
    }
  }
}

function end(
  call: MethodCall,
  group: EccGroup,
  { k, own, peer, ownConfirm }: Extract<PwdPhase, { kind: "confirm" }>,
  message: Reader,
): MethodStep<PwdState> {
  const ciphersuite = encodeCiphersuite(group.number);
  const peerConfirm = derivePwdConfirm(k, peer, own, ciphersuite);
  if (!sameSecret(peerConfirm, message.rest())) return { kind: "failure", reason: "the password is wrong" };
  const keys = derivePwdKeys({
    type,
    k,
    ciphersuite,
    peerScalar: peer.scalar,
    serverScalar: own.scalar,
    peerConfirm,
    serverConfirm: ownConfirm,
  });
  return { kind: "success", identity: call.identity, keys };
}

function forget(phase: PwdPhase): void {
  switch (phase.kind) {
    case "id":
      break;
    case "commit":
      wipe(phase.pwe, phase.secrets.rand, phase.secrets.mask);
      break;
    case "confirm":
      wipe(phase.k);
      break;
  }
}
