/** EAP-SIM: a SIM's triplets, two or three of them for each authentication. RFC 4186. */

import { concat, MalformedError, type Reader, Writer } from "../../../base/bytes.ts";
import { deriveSimAkaKeys, deriveSimMasterKey } from "../../../crypto/eap-sim-aka.ts";
import { wipe } from "../../../crypto/secret.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import {
  attribute,
  decodeMessage,
  encodeHeader,
  flagAttribute,
  octetsAttribute,
  type SimAkaMessage,
  sizedAttribute,
} from "./attributes.ts";
import type { GsmTriplet } from "./authentication-centre.ts";
import {
  simFamily as family,
  imsiOf,
  namedAs,
  openIdentity,
  rememberedOf,
  type SimAkaOptions,
  userNameOf,
  withoutTrailingZeros,
} from "./family.ts";
import { isAuthentic, sealMessage } from "./message.ts";
import {
  accept,
  acknowledged,
  beginReauthentication,
  checkReauthentication,
  clientErrorText,
  commonSubtype,
  drawNames,
  encryptedNames,
  type Notified,
  type Reauthenticating,
  refuse,
  resultIndication,
  type Session,
  wipeSession,
} from "./session.ts";

/** RFC 4186, section 8.1. */
const subtype = { start: 10, challenge: 11 } as const;

const version = 1;
const versionList = new Writer().u16be(version).finish();

/** Start may ask for an identity three times: any, one for a full authentication, the permanent one. RFC 4186, section 4.2.5. */
const mostRounds = 3;
const mostTriplets = 3;
const fewestTriplets = 2;

interface Starting {
  readonly kind: "starting";
  readonly round: number;
  /** The last one that was given. */
  readonly identity: Uint8Array;
  readonly asksIdentity: boolean;
  /** Where it is known and needs no more than AT_NONCE_MT. */
  readonly permanent: string | undefined;
}

interface Challenged {
  readonly kind: "challenged";
  readonly session: Session;
  /** SRES of each triplet, one after the other. */
  readonly sres: Uint8Array;
}

type SimState = Starting | Challenged | Reauthenticating | Notified;

export const simMethod = (options: SimAkaOptions): EapMethod<SimState> => ({
  name: family.name,
  type: family.type,
  begin: (call) => begin(call, options),
  respond: (call, state, data) => respond(call, options, state, data),
  forget,
});

type Step = MethodStep<SimState>;

async function begin(call: MethodCall, options: SimAkaOptions): Promise<Step> {
  const isKnown =
    options.takesEapIdentity &&
    namedAs(family, call.identity) === "reauthentication" &&
    (await options.identities.reauthenticationOf(userNameOf(call.identity))) !== undefined;
  return start({ round: 1, identity: call.identity, permanent: undefined }, isKnown ? undefined : attribute.anyIdReq);
}

function start(
  known: Pick<Starting, "round" | "identity" | "permanent">,
  request: typeof attribute.anyIdReq | typeof attribute.fullauthIdReq | typeof attribute.permanentIdReq | undefined,
): Step {
  return {
    kind: "request",
    data: concat(
      encodeHeader(subtype.start),
      ...(request === undefined ? [] : [flagAttribute(request)]),
      sizedAttribute(attribute.versionList, versionList),
    ),
    state: { kind: "starting", asksIdentity: request !== undefined, ...known },
  };
}

function askAgain({ round }: Starting, identity: Uint8Array): Step {
  if (round >= mostRounds) return refuse("no identity of the peer's is known");
  const isTemporary = namedAs(family, identity) === "reauthentication" && round === 1;
  return start(
    { round: round + 1, identity, permanent: undefined },
    isTemporary ? attribute.fullauthIdReq : attribute.permanentIdReq,
  );
}

async function respond(call: MethodCall, options: SimAkaOptions, state: SimState, data: Reader): Promise<Step> {
  try {
    const message = decodeMessage(data);
    if (message.subtype === commonSubtype.clientError && state.kind !== "notified") {
      return { kind: "failure", reason: clientErrorText(message.attributes) };
    }
    switch (state.kind) {
      case "starting":
        return await started(call, options, state, message);
      case "challenged":
        return await challengeAnswered(call, options, state, message, data.bytes);
      case "reauthenticating":
        return await reauthenticated(call, options, state, message, data.bytes);
      case "notified":
        return acknowledged(call, family, state, message, data.bytes);
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    // RFC 4186, section 6.3.3: unlike with other methods, the peer is told.
    if (state.kind === "notified") return acknowledged(call, family, state, undefined, data.bytes);
    forget(state);
    return refuse(thrown.message);
  }
}

async function started(
  call: MethodCall,
  options: SimAkaOptions,
  state: Starting,
  { subtype: got, attributes }: SimAkaMessage,
): Promise<Step> {
  if (got !== subtype.start) return refuse(`subtype ${got} instead of Start`);
  if (state.permanent !== undefined) return challenge(call, options, state.identity, state.permanent, attributes);
  const given = attributes.sized(attribute.identity);
  const isGiven = given !== undefined && given.length > 0;
  if (!isGiven && state.asksIdentity && !options.takesEapIdentity) return refuse("the peer gives no identity");
  const identity = isGiven ? given : state.identity;

  switch (namedAs(family, identity)) {
    case "reauthentication":
    case "pseudonym": {
      const remembered = await rememberedOf(options, family, identity);
      if (remembered === undefined) return askAgain(state, identity);
      return remembered.kind === "reauthentication"
        ? beginReauthentication(call, family, options, identity, remembered.entry, [])
        : challenge(call, options, identity, remembered.permanent, attributes);
    }
    case "permanent":
      return challenge(call, options, identity, userNameOf(identity), attributes);
    case "encrypted": {
      const opened = openIdentity(options.privacyKey, identity);
      if (opened === undefined) return refuse("an encrypted identity that can't be opened");
      return challenge(call, options, opened, userNameOf(opened), attributes);
    }
    case "unknown":
      return refuse("an identity that is none of EAP-SIM's");
  }
}

async function challenge(
  call: MethodCall,
  options: SimAkaOptions,
  givenIdentity: Uint8Array,
  permanent: string,
  attributes: SimAkaMessage["attributes"],
): Promise<Step> {
  const nonceMt = attributes.octets(attribute.nonceMt, 16);
  const selectedVersion = attributes.number(attribute.selectedVersion);
  if (nonceMt === undefined || selectedVersion === undefined) {
    return refuse("a Start without AT_NONCE_MT or AT_SELECTED_VERSION");
  }
  if (selectedVersion !== version) return refuse(`version ${selectedVersion} was not offered`);
  const imsi = permanent.startsWith(family.permanent) ? imsiOf(permanent) : undefined;
  if (imsi === undefined) return refuse("an identity without an IMSI");
  const triplets = await options.centre.gsmTriplets(imsi, mostTriplets);
  if (triplets.length < fewestTriplets) return refuse("the authentication centre has no triplets for the peer");

  const identity = withoutTrailingZeros(givenIdentity);
  const rands = concat(...triplets.map(({ rand }) => rand));
  const session: Session = {
    permanent,
    identity,
    ...fullKeys(identity, nonceMt, triplets),
    counter: 0,
    ...drawNames(call, family, options, 0),
    sessionId: concat(Uint8Array.of(family.type), rands, nonceMt),
  };
  const data = sealMessage(
    call,
    family,
    session.kAut,
    subtype.challenge,
    [octetsAttribute(attribute.rand, rands), ...encryptedNames(call, session), ...resultIndication(options)],
    nonceMt,
  );
  const sres = concat(...triplets.map((triplet) => triplet.sres));
  wipe(...triplets.flatMap((triplet) => [triplet.kc, triplet.sres]));
  return { kind: "request", data, state: { kind: "challenged", session, sres } };
}

function fullKeys(
  identity: Uint8Array,
  nonceMt: Uint8Array,
  triplets: readonly GsmTriplet[],
): Pick<Session, "kEncr" | "kAut" | "msk" | "emsk" | "secret"> {
  const kc = triplets.map((triplet) => triplet.kc);
  const masterKey = deriveSimMasterKey({ identity, kc, nonceMt, versionList, selectedVersion: version });
  return { ...deriveSimAkaKeys(masterKey), secret: { kind: "master-key", masterKey } };
}

async function challengeAnswered(
  call: MethodCall,
  options: SimAkaOptions,
  { session, sres }: Challenged,
  message: SimAkaMessage,
  data: Uint8Array,
): Promise<Step> {
  const isRight = message.subtype === subtype.challenge && isAuthentic(call, family, session.kAut, message, data, sres);
  wipe(sres);
  if (!isRight) {
    wipeSession(session);
    return refuse("the peer's answer to the challenge is wrong");
  }
  return accept(call, family, options, session, message.attributes);
}

async function reauthenticated(
  call: MethodCall,
  options: SimAkaOptions,
  state: Reauthenticating,
  message: SimAkaMessage,
  data: Uint8Array,
): Promise<Step> {
  const { session } = state;
  const answer =
    message.subtype === commonSubtype.reauthentication
      ? checkReauthentication(call, family, state, message, data)
      : ({ kind: "wrong", reason: `subtype ${message.subtype} instead of Reauthentication` } as const);
  switch (answer.kind) {
    case "right":
      return accept(call, family, options, session, message.attributes);
    case "counter-too-small":
      wipeSession(session);
      return start({ round: mostRounds, identity: session.identity, permanent: session.permanent }, undefined);
    case "wrong":
      await options.identities.removeReauthentication(session.permanent);
      wipeSession(session);
      return refuse(answer.reason);
  }
}

function forget(state: SimState): void {
  switch (state.kind) {
    case "starting":
      return;
    case "challenged":
      wipe(state.sres);
      return wipeSession(state.session);
    case "reauthenticating":
      return wipeSession(state.session);
    case "notified":
      if (state.session !== undefined) wipeSession(state.session);
  }
}
