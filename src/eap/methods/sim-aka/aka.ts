/** EAP-AKA and EAP-AKA': a USIM and its authentication centre prove themselves to each other. RFC 4187; RFC 9048 (RFC 5448). */

import { concat, MalformedError, type Reader, utf8 } from "../../../base/bytes.ts";
import { hash } from "../../../crypto/backend/node.ts";
import {
  bindToNetwork,
  deriveAkaMasterKey,
  deriveAkaPrimeKeys,
  deriveSimAkaKeys,
} from "../../../crypto/eap-sim-aka.ts";
import { sameSecret, wipe } from "../../../crypto/secret.ts";
import type { EapMethod, MethodCall, MethodStep } from "../../method.ts";
import { requestOctets, responseOctets } from "../packet-octets.ts";
import {
  type Attributes,
  attribute,
  decodeMessage,
  encodeHeader,
  flagAttribute,
  numberAttribute,
  octetsAttribute,
  type SimAkaMessage,
  sizedAttribute,
} from "./attributes.ts";
import type { AkaVector } from "./authentication-centre.ts";
import {
  akaFamily,
  akaPrimeFamily,
  imsiOf,
  namedAs,
  openIdentity,
  type Remembered,
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

/** RFC 4187, section 8.1. */
const subtype = { challenge: 1, authenticationReject: 2, synchronizationFailure: 4, identity: 5 } as const;

/** Identity may be asked for three times: any, one for a full authentication, the permanent one. RFC 4187, section 4.1.6. */
const mostRounds = 3;
/** One is enough where the centre and the USIM understand each other. */
const mostResynchronizations = 2;

/** Access network identity. 3GPP TS 24.302, 8.1.1.2. */
const networkName = utf8("WLAN");
/** The only function there is for it. RFC 9048, section 3.2. */
const kdfOfPrime = 1;
/** AT_BIDDING's D: the server would rather have EAP-AKA'. RFC 9048, section 4. */
const prefersPrime = 0x8000;

interface Identifying {
  readonly kind: "identifying";
  readonly round: number;
  /** The last one that was given. */
  readonly identity: Uint8Array;
  /** Packets of AKA-Identity so far. */
  readonly exchanged: Uint8Array;
}

interface Challenged {
  readonly kind: "challenged";
  readonly session: Session;
  readonly exchanged: Uint8Array;
  readonly res: Uint8Array;
  readonly rand: Uint8Array;
  readonly resynchronizations: number;
}

type AkaState = Identifying | Challenged | (Reauthenticating & { readonly exchanged: Uint8Array }) | Notified;
type Step = MethodStep<AkaState>;

export const akaMethod = (options: SimAkaOptions): EapMethod<AkaState> => methodOf(new Aka(options, false));
export const akaPrimeMethod = (options: SimAkaOptions): EapMethod<AkaState> => methodOf(new Aka(options, true));

const methodOf = (aka: Aka): EapMethod<AkaState> => ({
  name: aka.family.name,
  type: aka.family.type,
  begin: (call) => aka.begin(call),
  respond: (call, state, data) => aka.respond(call, state, data),
  forget,
});

/** What is the same for all conversations of one of the two methods. */
class Aka {
  readonly family: typeof akaFamily;

  constructor(
    readonly options: SimAkaOptions,
    readonly isPrime: boolean,
  ) {
    this.family = isPrime ? akaPrimeFamily : akaFamily;
  }

  /** An identity that is known from EAP-Response/Identity needs no AKA-Identity. RFC 4187, section 4.1.2. */
  async begin(call: MethodCall): Promise<Step> {
    const { identity } = call;
    const exchanged = new Uint8Array(0);
    const remembered = await rememberedOf(this.options, this.family, identity);
    if (remembered === undefined) return this.#ask(call, { round: 1, identity, exchanged }, attribute.anyIdReq);
    return this.#goOn(call, identity, remembered, exchanged);
  }

  async respond(call: MethodCall, state: AkaState, data: Reader): Promise<Step> {
    try {
      const message = decodeMessage(data);
      if (state.kind === "notified") return acknowledged(call, this.family, state, message, data.bytes);
      if (message.subtype === commonSubtype.clientError) {
        return { kind: "failure", reason: clientErrorText(message.attributes) };
      }
      if (message.subtype === subtype.authenticationReject) {
        return { kind: "failure", reason: "the peer rejects the authentication centre" };
      }
      switch (state.kind) {
        case "identifying":
          return await this.#identified(call, state, message, data.bytes);
        case "challenged":
          return await this.#challengeAnswered(call, state, message, data.bytes);
        case "reauthenticating":
          return await this.#reauthenticated(call, state, message, data.bytes);
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      // RFC 4187, section 6.3.3: unlike with other methods, the peer is told.
      if (state.kind === "notified") return acknowledged(call, this.family, state, undefined, data.bytes);
      forget(state);
      return refuse(thrown.message);
    }
  }

  #ask(
    call: MethodCall,
    { round, identity, exchanged }: Omit<Identifying, "kind">,
    request: typeof attribute.anyIdReq | typeof attribute.fullauthIdReq | typeof attribute.permanentIdReq,
  ): Step {
    const data = concat(encodeHeader(subtype.identity), flagAttribute(request));
    const packets = concat(exchanged, requestOctets(call, this.family.type, data));
    return { kind: "request", data, state: { kind: "identifying", round, identity, exchanged: packets } };
  }

  #askAgain(call: MethodCall, { round }: Identifying, identity: Uint8Array, exchanged: Uint8Array): Step {
    if (round >= mostRounds) return refuse("no identity of the peer's is known");
    const isTemporary = namedAs(this.family, identity) === "reauthentication" && round === 1;
    const request = isTemporary ? attribute.fullauthIdReq : attribute.permanentIdReq;
    return this.#ask(call, { round: round + 1, identity, exchanged }, request);
  }

  async #identified(call: MethodCall, state: Identifying, message: SimAkaMessage, data: Uint8Array): Promise<Step> {
    const { attributes } = message;
    if (message.subtype !== subtype.identity) return refuse(`subtype ${message.subtype} instead of Identity`);
    if (attributes.has(attribute.mac) || attributes.has(attribute.iv) || attributes.has(attribute.encrData)) {
      return refuse("attributes that have no place in AKA-Identity");
    }
    const identity = attributes.sized(attribute.identity);
    if (identity === undefined || identity.length === 0) return refuse("the peer gives no identity");
    const exchanged = concat(state.exchanged, responseOctets(call, this.family.type, data));
    switch (namedAs(this.family, identity)) {
      case "reauthentication":
      case "pseudonym": {
        const remembered = await rememberedOf(this.options, this.family, identity);
        if (remembered === undefined) return this.#askAgain(call, state, identity, exchanged);
        return this.#goOn(call, identity, remembered, exchanged);
      }
      case "permanent":
        return this.#challenge(call, identity, userNameOf(identity), exchanged, 0);
      case "encrypted": {
        const opened = openIdentity(this.options.privacyKey, identity);
        if (opened === undefined) return refuse("an encrypted identity that can't be opened");
        return this.#challenge(call, opened, userNameOf(opened), exchanged, 0);
      }
      case "unknown":
        return refuse(`an identity that is none of EAP-${this.family.name}'s`);
    }
  }

  #goOn(call: MethodCall, identity: Uint8Array, remembered: Remembered, exchanged: Uint8Array): Step | Promise<Step> {
    if (remembered.kind === "pseudonym") {
      return this.#challenge(call, identity, remembered.permanent, exchanged, 0);
    }
    const { entry } = remembered;
    const step = beginReauthentication(call, this.family, this.options, identity, entry, [this.#checkcode(exchanged)]);
    return step.kind === "request" ? { ...step, state: { ...step.state, exchanged } } : step;
  }

  async #challenge(
    call: MethodCall,
    givenIdentity: Uint8Array,
    permanent: string,
    exchanged: Uint8Array,
    resynchronizations: number,
  ): Promise<Step> {
    const imsi = permanent.startsWith(this.family.permanent) ? imsiOf(permanent) : undefined;
    if (imsi === undefined) return refuse("an identity without an IMSI");
    const vector = await this.options.centre.akaVector(imsi);
    if (vector === undefined) return refuse("the authentication centre has no vector for the peer");
    const { rand, autn, res } = vector;
    const identity = withoutTrailingZeros(givenIdentity);
    const session: Session = {
      permanent,
      identity,
      ...this.#keys(identity, vector),
      counter: 0,
      ...drawNames(call, this.family, this.options, 0),
      sessionId: concat(Uint8Array.of(this.family.type), rand, autn),
    };
    wipe(vector.ck, vector.ik);
    const data = sealMessage(
      call,
      this.family,
      session.kAut,
      subtype.challenge,
      [
        octetsAttribute(attribute.rand, rand),
        octetsAttribute(attribute.autn, autn),
        ...(this.isPrime
          ? [numberAttribute(attribute.kdf, kdfOfPrime), sizedAttribute(attribute.kdfInput, networkName)]
          : []),
        ...encryptedNames(call, session),
        this.#checkcode(exchanged),
        ...resultIndication(this.options),
        ...(this.isPrime ? [] : [numberAttribute(attribute.bidding, wouldRatherHavePrime(call) ? prefersPrime : 0)]),
      ],
      new Uint8Array(0),
    );
    return {
      kind: "request",
      data,
      state: { kind: "challenged", session, exchanged, res, rand, resynchronizations },
    };
  }

  #keys(
    identity: Uint8Array,
    { ck, ik, autn }: AkaVector,
  ): Pick<Session, "kEncr" | "kAut" | "msk" | "emsk" | "secret"> {
    if (!this.isPrime) {
      const masterKey = deriveAkaMasterKey(identity, ik, ck);
      return { ...deriveSimAkaKeys(masterKey), secret: { kind: "master-key", masterKey } };
    }
    const bound = bindToNetwork(ck, ik, networkName, autn);
    const { kEncr, kAut, kRe, msk, emsk } = deriveAkaPrimeKeys(identity, bound.ik, bound.ck);
    wipe(bound.ck, bound.ik);
    return { kEncr, kAut, msk, emsk, secret: { kind: "aka-prime", kEncr: kEncr.slice(), kAut: kAut.slice(), kRe } };
  }

  /** Binds what was said unprotected to what is protected. RFC 4187, section 10.13. */
  #checkcode(exchanged: Uint8Array): Uint8Array {
    return octetsAttribute(attribute.checkcode, this.#codeOf(exchanged));
  }

  #codeOf(exchanged: Uint8Array): Uint8Array {
    if (exchanged.length === 0) return exchanged;
    return hash(this.isPrime ? "sha256" : "sha1", exchanged);
  }

  /** A peer may leave it out. */
  #isCodeRight(attributes: Attributes, exchanged: Uint8Array): boolean {
    const code = attributes.octets(attribute.checkcode);
    return code === undefined || sameSecret(code, this.#codeOf(exchanged));
  }

  async #challengeAnswered(
    call: MethodCall,
    state: Challenged,
    message: SimAkaMessage,
    data: Uint8Array,
  ): Promise<Step> {
    const { session, exchanged, res, rand, resynchronizations } = state;
    const { attributes } = message;
    if (message.subtype === subtype.synchronizationFailure) {
      const auts = attributes.bare(attribute.auts, 14);
      const imsi = imsiOf(session.permanent);
      forget(state);
      if (auts === undefined || imsi === undefined) return refuse("a synchronization failure without AT_AUTS");
      if (resynchronizations >= mostResynchronizations) return refuse("the USIM refuses each sequence number");
      this.options.centre.resynchronize(imsi, auts, rand);
      return this.#challenge(call, session.identity, session.permanent, exchanged, resynchronizations + 1);
    }
    const given = message.subtype === subtype.challenge ? attributes.res() : undefined;
    const isRight =
      given !== undefined &&
      this.#isCodeRight(attributes, exchanged) &&
      isAuthentic(call, this.family, session.kAut, message, data, new Uint8Array(0)) &&
      sameSecret(given, res);
    wipe(res);
    if (!isRight) {
      wipeSession(session);
      return refuse("the peer's answer to the challenge is wrong");
    }
    return accept(call, this.family, this.options, session, attributes);
  }

  async #reauthenticated(
    call: MethodCall,
    state: Extract<AkaState, { kind: "reauthenticating" }>,
    message: SimAkaMessage,
    data: Uint8Array,
  ): Promise<Step> {
    const { session, exchanged } = state;
    const answer =
      message.subtype === commonSubtype.reauthentication && this.#isCodeRight(message.attributes, exchanged)
        ? checkReauthentication(call, this.family, state, message, data)
        : ({ kind: "wrong", reason: "no answer to the fast reauthentication" } as const);
    switch (answer.kind) {
      case "right":
        return accept(call, this.family, this.options, session, message.attributes);
      case "counter-too-small":
        wipeSession(session);
        return this.#challenge(call, session.identity, session.permanent, exchanged, 0);
      case "wrong":
        await this.options.identities.removeReauthentication(session.permanent);
        wipeSession(session);
        return refuse(answer.reason);
    }
  }
}

/** Whether the user's entry names EAP-AKA' before EAP-AKA. */
function wouldRatherHavePrime(call: MethodCall): boolean {
  const first = call.user.methods.find(
    ({ vendor, type }) => vendor === 0 && (type === akaFamily.type || type === akaPrimeFamily.type),
  );
  return first?.type === akaPrimeFamily.type;
}

function forget(state: AkaState): void {
  switch (state.kind) {
    case "identifying":
      return;
    case "challenged":
      wipe(state.res);
      return wipeSession(state.session);
    case "reauthenticating":
      return wipeSession(state.session);
    case "notified":
      if (state.session !== undefined) wipeSession(state.session);
  }
}
