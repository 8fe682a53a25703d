/**
 * From the keys on, EAP-SIM, EAP-AKA and EAP-AKA' go the same way: temporary identities are handed out, a fast reauthentication takes the
 * place of a full authentication, and a notification ends what doesn't end otherwise. RFC 4186, sections 5 and 6; RFC 4187, sections 5 and 6.
 */

import { concat } from "../../../base/bytes.ts";
import {
  deriveAkaPrimeReauthenticationKeys,
  deriveSimAkaKeys,
  deriveSimAkaReauthenticationKeys,
} from "../../../crypto/eap-sim-aka.ts";
import { wipe } from "../../../crypto/secret.ts";
import type { MethodCall, MethodStep } from "../../method.ts";
import {
  type Attributes,
  attribute,
  encodeHeader,
  flagAttribute,
  numberAttribute,
  octetsAttribute,
  type SimAkaMessage,
} from "./attributes.ts";
import type { Family, SimAkaOptions } from "./family.ts";
import {
  counterAttribute,
  decryptAttributes,
  drawUserName,
  encryptAttributes,
  isAuthentic,
  sealMessage,
  userNameAttribute,
} from "./message.ts";
import { copySecret, type Reauthentication, type ReauthenticationSecret, wipeSecret } from "./temporary-identities.ts";

/** Of all three methods. RFC 4186, section 8.1. */
export const commonSubtype = { notification: 12, reauthentication: 13, clientError: 14 } as const;

/** AT_NOTIFICATION's codes. RFC 4186, section 10.19. */
const notification = { failure: 16384, success: 32768 } as const;

/** What is known once keys are. */
export interface Session {
  readonly permanent: string;
  /** As the peer has given it last: the keys were made with it. */
  readonly identity: Uint8Array;
  readonly kEncr: Uint8Array;
  readonly kAut: Uint8Array;
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array;
  readonly secret: ReauthenticationSecret;
  /** 0 with a full authentication. */
  readonly counter: number;
  /** Given out; they count once the peer has proved itself. */
  readonly nextPseudonym: string | undefined;
  readonly nextReauthId: string | undefined;
  readonly sessionId: Uint8Array;
}

export interface Reauthenticating {
  readonly kind: "reauthenticating";
  readonly session: Session;
  readonly nonceS: Uint8Array;
}

export interface Notified {
  readonly kind: "notified";
  /** undefined where the peer was told that it has failed. */
  readonly session: Session | undefined;
  readonly reason: string;
}

/** Its keys, and the secret that the next ones would come of. */
export function wipeSession(session: Session): void {
  wipe(session.kEncr, session.kAut, session.msk, session.emsk);
  wipeSecret(session.secret);
}

/** Names for the next times, as the configuration has it. */
export const drawNames = (
  call: MethodCall,
  family: Family,
  options: SimAkaOptions,
  counter: number,
): Pick<Session, "nextPseudonym" | "nextReauthId"> => ({
  nextPseudonym: options.pseudonyms && counter === 0 ? drawUserName(call, family.pseudonym) : undefined,
  nextReauthId:
    options.reauthentication && counter <= options.mostReauthentications
      ? drawUserName(call, family.reauthentication)
      : undefined,
});

/** AT_IV and AT_ENCR_DATA with them; nothing where there is nothing to say. */
export function encryptedNames(
  call: MethodCall,
  session: Pick<Session, "kEncr" | "nextPseudonym" | "nextReauthId">,
  before: readonly Uint8Array[] = [],
): readonly Uint8Array[] {
  const { nextPseudonym, nextReauthId } = session;
  const inside = [...before];
  if (nextPseudonym !== undefined) inside.push(userNameAttribute(attribute.nextPseudonym, nextPseudonym));
  if (nextReauthId !== undefined) inside.push(userNameAttribute(attribute.nextReauthId, nextReauthId));
  return inside.length === 0 ? [] : [encryptAttributes(call, session.kEncr, inside)];
}

export const resultIndication = (options: SimAkaOptions): readonly Uint8Array[] =>
  options.resultIndications ? [flagAttribute(attribute.resultInd)] : [];

/** @param more attributes that stand before AT_RESULT_IND */
export function beginReauthentication(
  call: MethodCall,
  family: Family,
  options: SimAkaOptions,
  identity: Uint8Array,
  entry: Reauthentication,
  more: readonly Uint8Array[],
): MethodStep<Reauthenticating> {
  const nonceS = Uint8Array.from(call.entropy.bytes(16));
  const { counter, permanent } = entry;
  const secret = copySecret(entry.secret);
  const keys = reauthenticationKeys(secret, { identity, counter, nonceS });
  const names = drawNames(call, family, options, counter);
  const inside = [counterAttribute(counter), octetsAttribute(attribute.nonceS, nonceS)];
  const encrypted = encryptedNames(call, { ...keys, ...names }, inside);
  const data = sealMessage(
    call,
    family,
    keys.kAut,
    commonSubtype.reauthentication,
    [...encrypted, ...more, ...resultIndication(options)],
    new Uint8Array(0),
  );
  const sessionId = concat(Uint8Array.of(family.type), nonceS, data.subarray(-16));
  const session: Session = { permanent, identity, secret, counter, sessionId, ...keys, ...names };
  return { kind: "request", data, state: { kind: "reauthenticating", session, nonceS } };
}

function reauthenticationKeys(
  secret: ReauthenticationSecret,
  input: { readonly identity: Uint8Array; readonly counter: number; readonly nonceS: Uint8Array },
): Pick<Session, "kEncr" | "kAut" | "msk" | "emsk"> {
  switch (secret.kind) {
    case "master-key": {
      const { kEncr, kAut, msk, emsk } = deriveSimAkaKeys(secret.masterKey);
      wipe(msk, emsk);
      return { kEncr, kAut, ...deriveSimAkaReauthenticationKeys(secret.masterKey, input) };
    }
    case "aka-prime": {
      const { kEncr, kAut, kRe } = secret;
      return { kEncr: kEncr.slice(), kAut: kAut.slice(), ...deriveAkaPrimeReauthenticationKeys(kRe, input) };
    }
  }
}

export type ReauthenticationAnswer =
  | { readonly kind: "right" }
  /** The peer has used this counter, or a later one: a full authentication has to follow. */
  | { readonly kind: "counter-too-small" }
  | { readonly kind: "wrong"; readonly reason: string };

/** @throws MalformedError */
export function checkReauthentication(
  call: MethodCall,
  family: Family,
  { session, nonceS }: Reauthenticating,
  message: SimAkaMessage,
  data: Uint8Array,
): ReauthenticationAnswer {
  if (!isAuthentic(call, family, session.kAut, message, data, nonceS)) {
    return { kind: "wrong", reason: "AT_MAC of the fast reauthentication is wrong" };
  }
  const inside = decryptAttributes(session.kEncr, message.attributes);
  if (inside === undefined) return { kind: "wrong", reason: "a fast reauthentication without encrypted attributes" };
  if (inside.number(attribute.counter) !== session.counter) {
    return { kind: "wrong", reason: "a fast reauthentication with another counter" };
  }
  return inside.has(attribute.counterTooSmall) ? { kind: "counter-too-small" } : { kind: "right" };
}

/** The peer has proved itself: what it was given counts, and it is told so where both want that. */
export async function accept(
  call: MethodCall,
  family: Family,
  options: SimAkaOptions,
  session: Session,
  attributes: Attributes,
): Promise<MethodStep<Notified>> {
  const { permanent, nextPseudonym, nextReauthId, counter, secret } = session;
  if (nextPseudonym !== undefined) await options.identities.addPseudonym(permanent, nextPseudonym);
  if (nextReauthId !== undefined) {
    const entry = { permanent, counter: counter + 1, secret: copySecret(secret) };
    await options.identities.addReauthentication(nextReauthId, entry);
  } else {
    await options.identities.removeReauthentication(permanent);
  }
  if (!options.resultIndications || !attributes.has(attribute.resultInd)) return success(session);
  const inside = counter > 0 ? [encryptAttributes(call, session.kEncr, [counterAttribute(counter)])] : [];
  const data = sealMessage(
    call,
    family,
    session.kAut,
    commonSubtype.notification,
    [numberAttribute(attribute.notification, notification.success), ...inside],
    new Uint8Array(0),
  );
  return { kind: "request", data, state: { kind: "notified", session, reason: "" } };
}

const success = ({ msk, emsk, sessionId, identity }: Session): MethodStep<never> => ({
  kind: "success",
  identity,
  keys: { msk: msk.slice(), emsk: emsk.slice(), sessionId },
});

/** The peer is told that it has failed, which it has to acknowledge. @param reason for people */
export const refuse = (reason: string): MethodStep<Notified> => ({
  kind: "request",
  data: concat(encodeHeader(commonSubtype.notification), numberAttribute(attribute.notification, notification.failure)),
  state: { kind: "notified", session: undefined, reason },
});

/** @param message undefined where the answer breaks the format */
export function acknowledged(
  call: MethodCall,
  family: Family,
  { session, reason }: Notified,
  message: SimAkaMessage | undefined,
  data: Uint8Array,
): MethodStep<never> {
  if (session === undefined) return { kind: "failure", reason };
  const isAcknowledgement =
    message?.subtype === commonSubtype.notification &&
    isAuthentic(call, family, session.kAut, message, data, new Uint8Array(0));
  if (!isAcknowledgement) return { kind: "ignored", reason: "no acknowledgement of the notification" };
  return success(session);
}

/** AT_CLIENT_ERROR_CODE in words. RFC 4186, section 10.18. */
export function clientErrorText(attributes: Attributes): string {
  const code = attributes.number(attribute.clientErrorCode);
  switch (code) {
    case 0:
      return "the peer is unable to process the packet";
    case 1:
      return "the peer doesn't support the version";
    case 2:
      return "the peer wants more challenges";
    case 3:
      return "the peer finds the challenges used";
    default:
      return `the peer reports error ${code ?? "without a code"}`;
  }
}
