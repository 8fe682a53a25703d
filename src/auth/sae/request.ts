/** What of a Commit can be judged without arithmetic. IEEE Std 802.11-2020, 12.4.5.4, 12.4.6, 12.4.7.4. */

import { MalformedError, Reader, sameBytes } from "../../base/bytes.ts";
import type { GroupNumber } from "../../crypto/groups/cyclic-group.ts";
import type { SaeCommitValues } from "../../crypto/sae/exchange.ts";
import {
  decodeLoopingSaeCommit,
  decodeSaeCommit,
  decodeSaeGroup,
  readSaeCommitElements,
  type SaeFieldLengths,
} from "../../wire/ieee80211/sae.ts";
import { type StatusName, statusCode } from "../../wire/ieee80211/status-code.ts";
import { akmSuite } from "../../wire/ieee80211/suites.ts";
import { saeTokenLength } from "./anti-clogging.ts";

/** How the password becomes an element of the group; with a key behind it in SAE-PK, which hashes too. */
export type SaeMethod = "looping" | "hash-to-element" | "pk";

export interface SaeRequest {
  readonly method: SaeMethod;
  readonly group: GroupNumber;
  readonly peer: SaeCommitValues;
  readonly passwordIdentifier: Uint8Array | undefined;
  /** The list that it sent, as it stands in the element. */
  readonly rejectedGroups: Uint8Array;
  /** The AKM whose keys are as long as the group's hash. */
  readonly extendedKey: boolean;
  readonly akmSuite: number | undefined;
}

export interface SaeOffer {
  readonly methods: ReadonlySet<SaeMethod>;
  /** Those that the network takes, with the lengths of their fields. */
  readonly groups: ReadonlyMap<number, { readonly number: GroupNumber; readonly lengths: SaeFieldLengths }>;
}

export type SaeRequestVerdict =
  | { readonly type: "request"; readonly request: SaeRequest; readonly token: Uint8Array | undefined }
  /** @property group goes back to the sender */
  | { readonly type: "refused"; readonly status: StatusName; readonly group?: number; readonly because: string };

/** Status codes of Commits tell the method. IEEE Std 802.11-2020, 12.4.7.4. */
export const saeMethodOf = (status: number): SaeMethod | undefined => {
  switch (status) {
    case statusCode.success:
      return "looping";
    case statusCode["sae-hash-to-element"]:
      return "hash-to-element";
    case statusCode["sae-pk"]:
      return "pk";
    default:
      return undefined;
  }
};

export const statusOfSaeMethod: Readonly<Record<SaeMethod, StatusName>> = {
  looping: "success",
  "hash-to-element": "sae-hash-to-element",
  pk: "sae-pk",
};

/** @param fields of the Authentication frame, all that follows the status code */
export function readSaeCommit(offer: SaeOffer, method: SaeMethod, fields: Uint8Array): SaeRequestVerdict {
  try {
    return readFields(offer, method, new Reader(fields, ["SAE Commit"]));
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return refused("unspecified-failure", `its Commit is malformed (${thrown.message})`);
  }
}

function readFields(offer: SaeOffer, method: SaeMethod, r: Reader): SaeRequestVerdict {
  const number = decodeSaeGroup(r);
  const group = offer.groups.get(number);
  if (group === undefined) {
    return {
      ...refused("unsupported-finite-cyclic-group", `it wants group ${number}, which is not in use here`),
      group: number,
    };
  }
  const frame =
    method === "looping"
      ? decodeLoopingSaeCommit(r, number, group.lengths, saeTokenLength)
      : decodeSaeCommit(r, number, group.lengths);
  const said = readSaeCommitElements(r, frame.elements);
  if (method === "looping" && said.passwordIdentifier !== undefined) {
    return refused("unknown-password-identifier", "it names a password, which goes with hash-to-element only");
  }
  const wronglyRejected = said.rejected.find((rejected) => offer.groups.has(rejected));
  if (wronglyRejected !== undefined) {
    // IEEE Std 802.11-2020, 12.4.7.4: somebody between us wants another group to be taken than both would.
    return refused("unspecified-failure", `it says that group ${wronglyRejected} was rejected, which it was not`);
  }
  return {
    type: "request",
    token: frame.token ?? said.token,
    request: {
      method,
      group: group.number,
      peer: { scalar: frame.scalar, element: frame.element },
      passwordIdentifier: said.passwordIdentifier,
      rejectedGroups: said.rejectedGroups ?? new Uint8Array(0),
      akmSuite: said.akmSuite,
      extendedKey: said.akmSuite === akmSuite["SAE-EXT-KEY"] || said.akmSuite === akmSuite["FT-SAE-EXT-KEY"],
    },
  };
}

const refused = (
  status: StatusName,
  because: string,
): { readonly type: "refused"; readonly status: StatusName; readonly because: string } => ({
  type: "refused",
  status,
  because,
});

/** Whether somebody sends us our own values back. IEEE Std 802.11-2020, 12.4.5.4. */
export const isReflection = (peer: SaeCommitValues, own: SaeCommitValues): boolean =>
  sameBytes(peer.scalar, own.scalar) && sameBytes(peer.element, own.element);
