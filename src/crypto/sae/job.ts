/** The costly part of answering a Commit, as one piece of work that can be done elsewhere: all of it is plain data. */

import type { Entropy } from "../../base/entropy.ts";
import type { CyclicGroup, CyclicGroups, GroupNumber } from "../groups/cyclic-group.ts";
import { wipe } from "../secret.ts";
import {
  deriveSaeKeys,
  drawSaeSecrets,
  isAcceptableCommit,
  type PasswordElement,
  type SaeCommitValues,
  type SaeKeyOptions,
  type SaeKeys,
  saeCommit,
  saeSharedSecret,
  wipeSaeKeys,
} from "./exchange.ts";
import { derivePt, derivePweFromPt } from "./hash-to-element.ts";
import { bothAddresses, derivePweByLooping } from "./looping.ts";

/** What the password element is made from. */
export type SaePasswordSource =
  | { readonly kind: "looping"; readonly password: Uint8Array }
  /** Hash-to-element, of which the costly half is done. */
  | { readonly kind: "pt"; readonly pt: Uint8Array }
  /** Hash-to-element; PT comes back with the result. */
  | {
      readonly kind: "password";
      readonly ssid: Uint8Array;
      readonly password: Uint8Array;
      readonly identifier: Uint8Array | undefined;
    };

export interface SaeJob {
  readonly group: GroupNumber;
  readonly source: SaePasswordSource;
  /** 6 octets each. */
  readonly ownAddress: Uint8Array;
  readonly peerAddress: Uint8Array;
  readonly peer: SaeCommitValues;
  readonly keys: Omit<SaeKeyOptions, "pwe">;
}

export type SaeJobResult =
  | {
      readonly type: "answered";
      readonly own: SaeCommitValues;
      readonly keys: SaeKeys;
      /** Where the job was given a password to make it from. */
      readonly pt: Uint8Array | undefined;
    }
  /** The peer's values are not of the group, or cancel out. */
  | { readonly type: "unacceptable" };

/** All that is secret of an answer. */
export const wipeSaeResult = ({ keys, pt }: SaeJobResult & { readonly type: "answered" }): void => {
  wipeSaeKeys(keys);
  wipe(pt);
};

export function runSaeJob(groups: CyclicGroups, job: SaeJob, entropy: Entropy): SaeJobResult {
  const { source, peer } = job;
  const group = groups.get(job.group);
  if (!isAcceptableCommit(group, peer)) return { type: "unacceptable" };

  const addresses = bothAddresses(job.ownAddress, job.peerAddress);
  const { pwe, pt } = passwordElement(group, source, addresses, entropy);
  const secrets = drawSaeSecrets(group, entropy);
  const own = saeCommit(group, pwe, secrets);
  const k = saeSharedSecret(group, pwe, secrets, peer);
  wipe(source.kind === "looping" ? pwe.base : pwe.factor, secrets.rand, secrets.mask);
  if (k === undefined) return { type: "unacceptable" };

  const keys = deriveSaeKeys(group, k, own.scalar, peer.scalar, {
    ...job.keys,
    pwe: source.kind === "looping" ? "looping" : "hash-to-element",
  });
  wipe(k);
  return { type: "answered", own, keys, pt };
}

function passwordElement(
  group: CyclicGroup,
  source: SaePasswordSource,
  addresses: Uint8Array,
  entropy: Entropy,
): { readonly pwe: PasswordElement; readonly pt: Uint8Array | undefined } {
  switch (source.kind) {
    case "looping":
      return {
        pwe: { base: derivePweByLooping(group, source.password, addresses, entropy), factor: undefined },
        pt: undefined,
      };
    case "pt":
      return { pwe: derivePweFromPt(group, source.pt, addresses), pt: undefined };
    case "password": {
      const pt = derivePt(group, source.ssid, source.password, source.identifier);
      return { pwe: derivePweFromPt(group, pt, addresses), pt };
    }
  }
}
