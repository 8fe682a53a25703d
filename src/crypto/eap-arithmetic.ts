/**
 * The costly arithmetic of EAP-pwd, EAP-EKE and EAP-IKEv2, in pieces that can be done elsewhere: what goes in and what comes out is plain
 * data.
 */

import type { Entropy } from "../base/entropy.ts";
import type { ModpName } from "./backend/node.ts";
import { derivePwdElement, type PwdNames } from "./eap-pwd.ts";
import type { CyclicGroups, EccGroup, EccGroupNumber } from "./groups/cyclic-group.ts";
import type { ModpGroups, ModpKeyPair } from "./modp.ts";
import {
  drawSaeSecrets,
  isAcceptableCommit,
  type SaeCommitValues,
  type SaeSecrets,
  saeCommit,
  saeSharedSecret,
} from "./sae/exchange.ts";
import { wipe } from "./secret.ts";

/** What a server makes of a password in EAP-pwd. */
export interface PwdCommitted {
  /** The password element. */
  readonly pwe: Uint8Array;
  readonly secrets: SaeSecrets;
  readonly own: SaeCommitValues;
}

export type PwdAgreed =
  | { readonly kind: "agreed"; readonly k: Uint8Array }
  /** The peer's values are not of the group. */
  | { readonly kind: "not-of-the-group" }
  /** The peer's values cancel the secret out. */
  | { readonly kind: "cancelled" };

/** A piece of work by its name: what goes in, what comes out. */
export interface EapJobs {
  readonly "pwd-commit": {
    readonly input: { readonly group: EccGroupNumber; readonly password: Uint8Array; readonly names: PwdNames };
    readonly output: PwdCommitted;
  };
  readonly "pwd-agree": {
    readonly input: {
      readonly group: EccGroupNumber;
      readonly pwe: Uint8Array;
      readonly secrets: SaeSecrets;
      readonly peer: SaeCommitValues;
    };
    readonly output: PwdAgreed;
  };
  readonly "modp-draw": {
    readonly input: { readonly name: ModpName; readonly generator: number };
    readonly output: ModpKeyPair;
  };
  readonly "modp-agree": {
    readonly input: { readonly name: ModpName; readonly privateKey: Uint8Array; readonly peerKey: Uint8Array };
    /** undefined where the peer's key is none. */
    readonly output: Uint8Array | undefined;
  };
}

export type EapJobName = keyof EapJobs;

/** One of them, to be sent somewhere. */
export type EapJob = { [K in EapJobName]: { readonly name: K; readonly input: EapJobs[K]["input"] } }[EapJobName];
export type EapJobResult = EapJobs[EapJobName]["output"];

/** Whoever does it: at once, or elsewhere meanwhile. */
export interface EapArithmetic {
  /** @param entropy for what is done at once; elsewhere has its own */
  run<K extends EapJobName>(name: K, input: EapJobs[K]["input"], entropy: Entropy): Promise<EapJobs[K]["output"]>;
}

export interface EapGroups {
  readonly cyclic: CyclicGroups;
  readonly modp: ModpGroups;
}

const work: {
  readonly [K in EapJobName]: (groups: EapGroups, input: EapJobs[K]["input"], entropy: Entropy) => EapJobs[K]["output"];
} = {
  "pwd-commit": ({ cyclic }, { group: number, password, names }, entropy) => {
    const group = eccGroup(cyclic, number);
    const pwe = derivePwdElement(group, password, names, entropy);
    const secrets = drawSaeSecrets(group, entropy);
    return { pwe, secrets, own: saeCommit(group, { base: pwe, factor: undefined }, secrets) };
  },
  "pwd-agree": ({ cyclic }, { group: number, pwe, secrets, peer }) => {
    const group = eccGroup(cyclic, number);
    if (!isAcceptableCommit(group, peer)) return { kind: "not-of-the-group" };
    const k = saeSharedSecret(group, { base: pwe, factor: undefined }, secrets, peer);
    return k === undefined ? { kind: "cancelled" } : { kind: "agreed", k };
  },
  "modp-draw": ({ modp }, { name, generator }, entropy) => modp.draw(name, generator, entropy),
  "modp-agree": ({ modp }, { name, privateKey, peerKey }) => modp.agree(name, privateKey, peerKey),
};

function eccGroup(groups: CyclicGroups, number: EccGroupNumber): EccGroup {
  const group = groups.get(number);
  if (group.kind !== "ecc") throw new Error(`group ${number} is no elliptic curve`);
  return group;
}

export const runEapJob = <K extends EapJobName>(
  groups: EapGroups,
  name: K,
  input: EapJobs[K]["input"],
  entropy: Entropy,
): EapJobs[K]["output"] => work[name](groups, input, entropy);

/** In the event loop, while everybody waits. @param groups asked for when somebody needs them */
export const eapArithmeticHere = (groups: () => Promise<EapGroups>): EapArithmetic => ({
  run: async (name, input, entropy) => runEapJob(await groups(), name, input, entropy),
});

/** The copies that were made of secrets to send them. */
export function wipeEapJob(job: EapJob): void {
  switch (job.name) {
    case "pwd-commit":
      return wipe(job.input.password);
    case "pwd-agree":
      return wipe(job.input.pwe, job.input.secrets.rand, job.input.secrets.mask);
    case "modp-agree":
      return wipe(job.input.privateKey);
    case "modp-draw":
      return;
  }
}

export function wipeEapJobResult(result: EapJobResult): void {
  if (result === undefined || result instanceof Uint8Array) return wipe(result);
  if ("privateKey" in result) return wipe(result.privateKey);
  if ("pwe" in result) return wipe(result.pwe, result.secrets.rand, result.secrets.mask);
  if (result.kind === "agreed") wipe(result.k);
}
