/** What an Access-Accept, Access-Reject or Access-Challenge says, beside EAP. RFC 2865, 2868, 3580, 4372, 4675. */

import { textOf } from "../base/bytes.ts";
import {
  type AttributeType,
  radius,
  terminationActions,
  tunnelMediumTypes,
  tunnelTypes,
} from "../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../wire/radius/packet.ts";
import { readableAllOf, readableFirstOf } from "../wire/radius/values.ts";
import { revealSalted } from "./hiding.ts";

export interface AssignedVlans {
  readonly untagged: number | undefined;
  /** Ascending, each once. */
  readonly tagged: readonly number[];
}

export interface Grants {
  /** Octets of User-Name: how the server calls whom it has let in. */
  readonly identity: Uint8Array | undefined;
  /** In seconds, as the others. */
  readonly sessionTimeout: number | undefined;
  readonly terminationAction: "end" | "reauthenticate" | undefined;
  readonly idleTimeout: number | undefined;
  readonly interimInterval: number | undefined;
  /** undefined where none is assigned. */
  readonly vlan: AssignedVlans | undefined;
  readonly classes: readonly Uint8Array[];
  readonly chargeableUserIdentity: Uint8Array | undefined;
  /** Texts for people. */
  readonly replyMessages: readonly string[];
  /** Reason code of IEEE 802.11. RFC 7268, section 2.13. */
  readonly reasonCode: number | undefined;
}

/** An attribute that is broken counts as absent. */
export function grantsOf(attributes: readonly RadiusAttribute[]): Grants {
  const first = <T>(type: AttributeType<T>): T | undefined => readableFirstOf(attributes, type);
  const all = <T>(type: AttributeType<T>): readonly T[] => readableAllOf(attributes, type);
  return {
    identity: first(radius.userName),
    sessionTimeout: first(radius.sessionTimeout),
    terminationAction: actionOf(first(radius.terminationAction)),
    idleTimeout: first(radius.idleTimeout),
    interimInterval: first(radius.acctInterimInterval),
    vlan: vlansOf(attributes),
    classes: all(radius.class).filter((value) => value.length > 0),
    chargeableUserIdentity: first(radius.chargeableUserIdentity),
    replyMessages: all(radius.replyMessage).map(textOf),
    reasonCode: first(radius.wlanReasonCode),
  };
}

/** What the server says to people, to be put behind our own words. */
export const replyText = ({ replyMessages }: Pick<Grants, "replyMessages">): string =>
  replyMessages.length === 0 ? "" : `: ${replyMessages.join("; ")}`;

const actionOf = (action: number | undefined): Grants["terminationAction"] =>
  action === undefined ? undefined : action === terminationActions.radiusRequest ? "reauthenticate" : "end";

/** So many tagged VLANs count, as in hostapd. */
const mostTagged = 32;

/** First octet of Egress-VLANID: 1 or 2 as a character. RFC 4675, section 2.1. */
const [egressTagged, egressUntagged] = [0x31, 0x32];

interface Tunnel {
  type?: number;
  medium?: number;
  group?: number;
}

/** The tunnel with the smallest tag counts (RFC 3580, section 3.31), and before it Egress-VLANID of RFC 4675. */
function vlansOf(attributes: readonly RadiusAttribute[]): AssignedVlans | undefined {
  const tunnels = new Map<number, Tunnel>();
  const tunnel = (tag: number): Tunnel => {
    const known = tunnels.get(tag) ?? {};
    tunnels.set(tag, known);
    return known;
  };
  for (const { tag, value } of readableAllOf(attributes, radius.tunnelType)) tunnel(tag).type = value;
  for (const { tag, value } of readableAllOf(attributes, radius.tunnelMediumType)) tunnel(tag).medium = value;
  for (const { tag, value } of readableAllOf(attributes, radius.tunnelPrivateGroupId)) {
    const vlanId = /^\s*\+?(\d{1,9})/.exec(textOf(value))?.[1];
    if (vlanId !== undefined && Number(vlanId) > 0) tunnel(tag).group = Number(vlanId);
  }
  const [assigned] = [...tunnels]
    .filter(([, { type, medium, group }]) => type === tunnelTypes.vlan && medium === tunnelMediumTypes.ieee802 && group)
    .sort(([a], [b]) => a - b);
  const egress = readableAllOf(attributes, radius.egressVlanId).map((value) => ({
    kind: value >>> 24,
    vlanId: value & 0xffffff,
  }));
  const valid = egress.filter(({ vlanId }) => vlanId > 0);
  const tagged = valid.filter(({ kind }) => kind === egressTagged).map(({ vlanId }) => vlanId);
  const untagged = assigned?.[1].group ?? valid.findLast(({ kind }) => kind === egressUntagged)?.vlanId;
  if (untagged === undefined && tagged.length === 0) return undefined;
  return { untagged, tagged: [...new Set(tagged.slice(0, mostTagged))].sort((a, b) => a - b) };
}

/**
 * Passwords of Tunnel-Password, in their order; what can't be revealed is left out.
 * @param requestAuthenticator of the request that was answered
 */
export const tunnelPasswordsOf = (
  attributes: readonly RadiusAttribute[],
  secret: Uint8Array,
  requestAuthenticator: Uint8Array,
): Uint8Array[] =>
  readableAllOf(attributes, radius.tunnelPassword).flatMap(
    ({ value }) => revealSalted(secret, requestAuthenticator, value) ?? [],
  );
