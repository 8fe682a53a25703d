/** EAP-EKE: Diffie-Hellman under a password, so that nobody can try passwords afterwards. RFC 6124. */

import { concat, type Reader, sameBytes, textOf, utf8, Writer } from "../../../base/bytes.ts";
import { aesCbcDecrypt, aesCbcEncrypt } from "../../../crypto/backend/node.ts";
import type { EapArithmetic } from "../../../crypto/eap-arithmetic.ts";
import type { ModpKeyPair } from "../../../crypto/modp.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import { eapTypes } from "../../../wire/eap/types.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import { requestOctets, responseOctets } from "../packet-octets.ts";
import {
  blockLength,
  deriveAuthenticationKey,
  deriveExportedKeys,
  derivePasswordKey,
  deriveProtectionKeys,
  deriveSharedSecret,
  nonceLength,
  type ProtectionKeys,
  protect,
  protectedLength,
  unprotect,
} from "./keys.ts";
import { type EkeProposal, ekeProposals, encodeProposal, prf } from "./proposal.ts";

const { type } = eapTypes.EKE;

/** EKE-Exch. RFC 6124, section 4.1. */
const exchange = { id: 1, commit: 2, confirm: 3, failure: 4 } as const;

/** RFC 6124, section 4.2.4. */
const failureCode = { protocol: 2, passwordNotFound: 3, authentication: 4 } as const;

/** RFC 6124, section 7.5. */
const identityType = { opaque: 1, nai: 2, fqdn: 5 } as const;

interface Agreed {
  readonly proposal: EkeProposal;
  readonly identity: Uint8Array;
  /** ID_S | ID_P. */
  readonly names: Uint8Array;
  /** Packets so far, which both ends sign. */
  readonly packets: Uint8Array;
}

type EkeState =
  | { readonly kind: "identifying"; readonly packets: Uint8Array }
  | ({ readonly kind: "committed"; readonly passwordKey: Uint8Array; readonly keyPair: ModpKeyPair } & Agreed)
  | ({
      readonly kind: "confirmed";
      readonly sharedSecret: Uint8Array;
      readonly protection: ProtectionKeys;
      readonly authenticationKey: Uint8Array;
      readonly nonceP: Uint8Array;
      readonly nonceS: Uint8Array;
    } & Agreed)
  /** The peer has been told that it fails. */
  | { readonly kind: "refused"; readonly reason: string };

type Step = MethodStep<EkeState>;

export const ekeMethod = (arithmetic: EapArithmetic): EapMethod<EkeState> => ({
  name: "EKE",
  type,
  begin,
  respond: (call, state, data) => respond(call, arithmetic, state, data),
  forget,
});

function begin(call: MethodCall): Step {
  const data = new Writer()
    .u8(exchange.id)
    .u8(ekeProposals.length)
    .u8(0)
    .put(concat(...ekeProposals.map(encodeProposal)))
    .u8(typeOfIdentity(call.serverId))
    .put(call.serverId)
    .finish();
  return { kind: "request", data, state: { kind: "identifying", packets: requestOctets(call, type, data) } };
}

function typeOfIdentity(identity: Uint8Array): number {
  const text = textOf(identity);
  if (text.includes("@")) return identityType.nai;
  return text.includes(".") ? identityType.fqdn : identityType.opaque;
}

async function respond(call: MethodCall, arithmetic: EapArithmetic, state: EkeState, data: Reader): Promise<Step> {
  if (state.kind === "refused") return { kind: "failure", reason: state.reason };
  const code = data.u8();
  if (code === exchange.failure) return { kind: "failure", reason: `the peer gives up: code ${data.u32be()}` };
  switch (state.kind) {
    case "identifying":
      return code === exchange.id ? commit(call, arithmetic, state.packets, data) : unexpected(code);
    case "committed":
      return code === exchange.commit ? confirm(call, arithmetic, state, data) : unexpected(code);
    case "confirmed":
      return code === exchange.confirm ? end(state, data) : unexpected(code);
  }
}

const unexpected = (code: number): Step => ({ kind: "ignored", reason: `EKE exchange ${code} out of turn` });

const refuse = (code: number, reason: string): Step => ({
  kind: "request",
  data: new Writer().u8(exchange.failure).u32be(code).finish(),
  state: { kind: "refused", reason },
});

/** RFC 6124, section 4.2.1. */
async function commit(call: MethodCall, arithmetic: EapArithmetic, packets: Uint8Array, data: Reader): Promise<Step> {
  const count = data.u8();
  data.skip(1);
  if (count !== 1) return refuse(failureCode.protocol, `the peer selects ${count} proposals`);
  const selected = data.take(4);
  const proposal = ekeProposals.find((offered) => sameBytes(encodeProposal(offered), selected));
  data.skip(1);
  const identity = data.rest().slice();
  if (proposal === undefined) return refuse(failureCode.protocol, "the peer selects what was not offered");
  const credential = await call.credentialOf(identity);
  if (credential?.kind !== "password" || credential.password.length === 0) {
    return refuse(failureCode.passwordNotFound, "the name given inside has no password for EAP-EKE");
  }
  const names = concat(call.serverId, identity);
  const passwordKey = derivePasswordKey(proposal.hash, credential.password, names);
  const { group } = proposal;
  const drawn = { name: group.prime, generator: group.generator };
  const keyPair = await arithmetic.run("modp-draw", drawn, call.entropy);
  const iv = Uint8Array.from(call.entropy.bytes(blockLength));
  const component = concat(iv, aesCbcEncrypt(passwordKey, iv, keyPair.publicKey));
  const answer = concat(Uint8Array.of(exchange.commit), component);
  const exchanged = concat(packets, responseOctets(call, type, data.bytes), requestOctets(call, type, answer));
  return {
    kind: "request",
    data: answer,
    state: { kind: "committed", proposal, identity, names, packets: exchanged, passwordKey, keyPair },
  };
}

/** RFC 6124, section 4.2.2. */
async function confirm(
  call: MethodCall,
  arithmetic: EapArithmetic,
  state: Extract<EkeState, { kind: "committed" }>,
  data: Reader,
): Promise<Step> {
  const { proposal, identity, names, passwordKey, keyPair } = state;
  const { hash } = proposal;
  const iv = data.take(blockLength);
  const component = data.take(keyPair.publicKey.length);
  const protectedNonce = data.take(protectedLength(hash, nonceLength));
  const peerKey = aesCbcDecrypt(passwordKey, iv, component);
  const { privateKey } = keyPair;
  const agreed = await arithmetic.run("modp-agree", { name: proposal.group.prime, privateKey, peerKey }, call.entropy);
  wipe(passwordKey, peerKey, privateKey);
  // With another password, this is as unlikely as a key that fits.
  if (agreed === undefined) return refuse(failureCode.authentication, "the peer's public key is none");
  const sharedSecret = deriveSharedSecret(hash, agreed);
  wipe(agreed);
  const protection = deriveProtectionKeys(hash, sharedSecret, names);
  const nonceP = unprotect(hash, protection, protectedNonce);
  if (nonceP === undefined) {
    wipe(sharedSecret, protection.ke, protection.ki);
    return refuse(failureCode.authentication, "the password is wrong");
  }
  const nonceS = Uint8Array.from(call.entropy.bytes(nonceLength));
  const authenticationKey = deriveAuthenticationKey(hash, sharedSecret, names, concat(nonceP, nonceS));
  const packets = concat(state.packets, responseOctets(call, type, data.bytes));
  const answer = concat(
    Uint8Array.of(exchange.confirm),
    protect(hash, protection, concat(nonceP, nonceS), call.entropy),
    prf(hash, authenticationKey, utf8("EAP-EKE server"), packets),
  );
  return {
    kind: "request",
    data: answer,
    state: {
      kind: "confirmed",
      proposal,
      identity,
      names,
      packets,
      sharedSecret,
      protection,
      authenticationKey,
      nonceP,
      nonceS,
    },
  };
}

/** RFC 6124, section 4.2.3. */
function end(state: Extract<EkeState, { kind: "confirmed" }>, data: Reader): Step {
  const { proposal, identity, names, packets, sharedSecret, protection, authenticationKey, nonceP, nonceS } = state;
  const { hash } = proposal;
  const protectedNonce = data.take(protectedLength(hash, nonceLength));
  const authentication = data.take(hash.length);
  if (data.remaining > 0) data.fail(`${data.remaining} octets too many`);
  const nonce = unprotect(hash, protection, protectedNonce);
  const isRight =
    nonce !== undefined &&
    sameSecret(nonce, nonceS) &&
    sameSecret(prf(hash, authenticationKey, utf8("EAP-EKE peer"), packets), authentication);
  if (!isRight) {
    forget(state);
    return refuse(failureCode.authentication, "the peer's confirmation is wrong");
  }
  // RFC 6124 has the nonces the other way round here; hostap, as server and as peer, has them so.
  const keys = deriveExportedKeys(hash, sharedSecret, names, concat(nonceS, nonceP));
  const [msk, emsk] = [keys.slice(0, 64), keys.slice(64)];
  wipe(keys);
  return {
    kind: "success",
    identity,
    keys: { msk, emsk, sessionId: concat(Uint8Array.of(type), nonceP, nonceS) },
  };
}

function forget(state: EkeState): void {
  switch (state.kind) {
    case "identifying":
    case "refused":
      return;
    case "committed":
      return wipe(state.keyPair.privateKey, state.passwordKey);
    case "confirmed":
      return wipe(state.sharedSecret, state.protection.ke, state.protection.ki, state.authenticationKey);
  }
}
