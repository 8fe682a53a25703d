/**
 * The authentication side of a RADIUS server: Access-Request in, Access-Challenge, Access-Accept or Access-Reject out. EAP is the EAP server's
 * business; without EAP come in only stations by their address. RFC 2865, RFC 3579, RFC 5080, RFC 5997.
 */

import { MalformedError, Reader, textOf } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import type { Entropy } from "../../base/entropy.ts";
import type { Log } from "../../base/log.ts";
import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import { octetTextOf, readable } from "../../config/octets.ts";
import { sameSecret, wipe } from "../../crypto/secret.ts";
import type { EapAnswer, EapServer, UserAttribute } from "../../eap/contract.ts";
import { radius } from "../../wire/radius/attributes.ts";
import {
  decodeRadiusPacket,
  longestAttributeValue,
  type RadiusAttribute,
  type RadiusCodeName,
  type RadiusPacket,
  radiusCodes,
} from "../../wire/radius/packet.ts";
import {
  AttributeList,
  firstOf,
  joinEapMessage,
  proxyStatesOf,
  splitEapMessage,
  typeOf,
} from "../../wire/radius/values.ts";
import { mppeKeyAttributes, revealPassword } from "../hiding.ts";
import { checkMessageAuthenticator, sealAnswer, verifyChapPassword } from "../sealing.ts";
import type { ClientTable, KnownClient } from "./clients.ts";
import type { ServerCount, ServerCounters } from "./counters.ts";
import { Duplicates } from "./duplicates.ts";
import { type Session, Sessions } from "./sessions.ts";
import type { RadiusSource } from "./source.ts";
import type { StrangerLog } from "./strangers.ts";

/** A station that may come in by its address alone (`MACACL` in the file of users). */
export interface AddressUser {
  /** What User-Password has to be. */
  readonly password: Uint8Array;
  readonly attributes: readonly UserAttribute[];
}

/** A line of a log of authentications. */
export interface AuthenticationNote {
  /** Number of the conversation. */
  readonly session: string;
  /** Address of the client. */
  readonly nas: string;
  /** User-Name of the first request. */
  readonly user: string;
  readonly note: string;
}

export interface AuthenticationServerOptions {
  readonly clients: ClientTable;
  readonly eap: EapServer;
  readonly findAddressUser: (name: Uint8Array) => AddressUser | undefined | Promise<AddressUser | undefined>;
  readonly counters: ServerCounters;
  readonly strangers: StrangerLog;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Which of the server's threads this is. */
  readonly thread?: number;
  readonly send: (packet: Uint8Array, to: RadiusSource) => void;
  /** What becomes of authentications, for whoever keeps it. No secret in it. */
  readonly note?: (note: AuthenticationNote) => void;
  /** An MSK that was given out, for tests (`dump_msk_file`). */
  readonly onMsk?: (msk: Uint8Array) => void;
}

/** One request, and what answering it takes. */
interface Request {
  readonly packet: RadiusPacket;
  readonly client: KnownClient;
  readonly from: RadiusSource;
}

interface Answer {
  readonly code: RadiusCodeName;
  readonly attributes: readonly RadiusAttribute[];
}

const stateType = typeOf(radius.state);
/** EAP-Failure for a conversation that isn't there. */
const strayFailure = Uint8Array.of(4, 0, 0, 4);
/** WLAN-Reason-Code, RFC 7268, section 2.13: IEEE 802.1X authentication failed. */
const authenticationFailed = 23;

export class AuthenticationServer {
  readonly #duplicates: Duplicates;
  readonly sessions: Sessions;

  constructor(readonly options: AuthenticationServerOptions) {
    const { clock, entropy, thread = 0 } = options;
    this.#duplicates = new Duplicates(clock);
    this.sessions = new Sessions({ clock, entropy, thread });
  }

  /** Never throws, whatever the octets are. */
  receive(octets: Uint8Array, from: RadiusSource): void {
    const { clients, strangers, counters } = this.options;
    const client = clients.find(from);
    if (!client) {
      counters.count("invalidRequests", undefined);
      strangers.hear("unknown", from.address);
      return;
    }
    let packet: RadiusPacket;
    try {
      packet = decodeRadiusPacket(new Reader(octets, ["RADIUS"]));
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
      counters.count("malformedAccessRequests", client.index);
      this.#debug(`malformed packet from ${from.address}:${from.port}: ${thrown.message}`);
      return;
    }
    switch (packet.code) {
      case radiusCodes["Access-Request"]:
        counters.count("accessRequests", client.index);
        if (this.#isAuthentic(octets, client, from)) this.#onAccessRequest({ packet, client, from });
        return;
      case radiusCodes["Status-Server"]:
        if (this.#isAuthentic(octets, client, from)) {
          this.#send({ packet, client, from }, { code: "Access-Accept", attributes: proxyStatesOf(packet) });
        }
        return;
      default:
        counters.count("unknownTypes", client.index);
        this.#debug(`unexpected code ${packet.code} from ${from.address}:${from.port}`);
    }
  }

  close(): void {
    this.sessions.endAll();
  }

  /** Without Message-Authenticator anybody on the way could have changed the request. RFC 3579, section 3.2. */
  #isAuthentic(octets: Uint8Array, client: KnownClient, from: RadiusSource): boolean {
    const verdict = checkMessageAuthenticator(client.secret, octets);
    if (verdict === "right") return true;
    this.options.counters.count("badAuthenticators", client.index);
    this.options.strangers.hear(verdict, from.address);
    return false;
  }

  #onAccessRequest(request: Request): void {
    const { packet, client, from } = request;
    const heard = this.#duplicates.hear(from, packet.identifier, packet.authenticator);
    if (heard.kind === "duplicate") {
      this.options.counters.count("duplicateAccessRequests", client.index);
      this.#debug(`Duplicate message from ${from.address}`);
      if (heard.answer) this.options.send(heard.answer, from);
      return;
    }
    void this.#handle(request, heard.settle);
  }

  /** @param settle has to be told what was answered; undefined where nothing was */
  async #handle(request: Request, settle: (answer: Uint8Array | undefined) => void): Promise<void> {
    const { counters, log } = this.options;
    try {
      const answer = await this.#answerTo(request);
      if (answer === undefined) counters.count("packetsDropped", request.client.index);
      settle(answer && this.#send(request, answer));
    } catch (thrown) {
      settle(undefined);
      counters.count("packetsDropped", request.client.index);
      if (thrown instanceof MalformedError) return this.#debug(`malformed request: ${thrown.message}`);
      log.error(`RADIUS server: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown}`);
    }
  }

  /** @returns undefined where silence is the answer @throws MalformedError */
  #answerTo(request: Request): Answer | Promise<Answer | undefined> {
    const { packet, client, from } = request;
    const { attributes } = packet;
    const eap = joinEapMessage(attributes);
    const states = attributes.filter(({ type }) => type === stateType);
    const [state] = states;
    if (state !== undefined) {
      const session = states.length === 1 ? this.sessions.find(state.value) : undefined;
      if (session?.client !== client.index || eap === undefined) {
        this.#debug(`State attribute included but no session found, from ${from.address}`);
        return this.#rejectStray(packet);
      }
      return this.#goOn(request, session, eap);
    }
    if (eap === undefined) return this.#answerWithoutEap(request);
    const conversation = this.options.eap.converse({
      address: stationOf(attributes),
      log: (text) => this.#say(session, `EAP: ${text}`),
    });
    const user = readable(octetTextOf(firstOf(attributes, radius.userName) ?? new Uint8Array()));
    const session: Session = this.sessions.open({ client: client.index, nas: from.address, user, conversation });
    this.#say(session, "New session created");
    return this.#goOn(request, session, eap);
  }

  async #goOn(request: Request, session: Session, eap: Uint8Array): Promise<Answer | undefined> {
    const { conversation } = session;
    // An empty EAP-Message asks the server to begin. RFC 3579, section 2.1.
    const answer = await (eap.length === 0 ? conversation.begin(0) : conversation.respond(eap));
    return this.#conclude(request, session, answer);
  }

  #conclude(request: Request, session: Session, answer: EapAnswer): Answer | undefined {
    const { packet } = request;
    switch (answer.kind) {
      case "request": {
        this.sessions.await(session);
        const { list } = new AttributeList()
          .add(radius.state, session.state)
          .put(...splitEapMessage(answer.packet))
          .add(radius.sessionTimeout, answer.timeout === undefined ? undefined : Math.ceil(answer.timeout / 1000))
          .put(...proxyStatesOf(packet));
        return { code: "Access-Challenge", attributes: list };
      }
      case "success": {
        this.#say(session, "EAP authentication succeeded");
        this.#say(session, "Sending Access-Accept");
        this.sessions.end(session);
        return { code: "Access-Accept", attributes: this.#acceptance(request, answer) };
      }
      case "failure": {
        this.#say(session, `EAP authentication failed: ${answer.reason}`);
        this.#say(session, "Sending Access-Reject");
        this.sessions.end(session);
        const { list } = new AttributeList()
          .put(...splitEapMessage(answer.packet))
          .put(...proxyStatesOf(packet))
          .add(radius.wlanReasonCode, authenticationFailed);
        return { code: "Access-Reject", attributes: list };
      }
      case "ignored":
        // Where nothing was ever asked for, nobody can go on with it.
        if (this.sessions.find(session.state) !== session) this.sessions.end(session);
        return undefined;
    }
  }

  /** The keys are in its attributes, under the client's secret; nobody needs them any more. */
  #acceptance({ packet, client }: Request, answer: EapAnswer & { kind: "success" }): RadiusAttribute[] {
    const { entropy, onMsk } = this.options;
    const { keys, attributes } = answer;
    const out = new AttributeList().put(...splitEapMessage(answer.packet));
    if (keys !== undefined) {
      onMsk?.(keys.msk);
      out.put(...mppeKeyAttributes(client.secret, packet.authenticator, keys.msk, entropy));
      const name = keys.sessionId;
      if (name !== undefined && name.length <= longestAttributeValue) out.add(radius.eapKeyName, name);
      wipe(keys.msk, keys.emsk);
    }
    return out.put(...proxyStatesOf(packet), ...attributes).list;
  }

  /** The client has asked for an end that nobody remembers the beginning of. */
  #rejectStray(packet: RadiusPacket): Answer {
    const attributes = [...splitEapMessage(strayFailure), ...proxyStatesOf(packet)];
    return { code: "Access-Reject", attributes };
  }

  /** User-Password and CHAP-Password are for addresses of stations only: whoever has a name uses EAP. */
  async #answerWithoutEap({ packet, client, from }: Request): Promise<Answer | undefined> {
    const { attributes, authenticator } = packet;
    const name = firstOf(attributes, radius.userName);
    const user = name && (await this.options.findAddressUser(name));
    const hidden = firstOf(attributes, radius.userPassword);
    const chap = firstOf(attributes, radius.chapPassword);
    if (!user && !hidden && !chap && !hasMsChap(attributes)) {
      // RFC 2865, section 4.1: there is nothing in it to say no to.
      this.#debug(`No EAP-Message in RADIUS packet from ${from.address}`);
      return undefined;
    }
    let isRight = false;
    if (user && hidden) {
      const given = revealPassword(client.secret, authenticator, hidden);
      isRight = given !== undefined && sameSecret(given, user.password);
    } else if (user && chap) {
      isRight = verifyChapPassword(chap, user.password, firstOf(attributes, radius.chapChallenge) ?? authenticator);
    }
    const proxied = proxyStatesOf(packet);
    if (user && isRight) return { code: "Access-Accept", attributes: [...proxied, ...user.attributes] };
    const why = user ? "Incorrect User-Password" : "no EAP-Message, and no MAC ACL user entry";
    this.#debug(`[${from.address}] request rejected: ${why}`);
    return { code: "Access-Reject", attributes: proxied };
  }

  #send({ packet, client, from }: Request, { code, attributes }: Answer): Uint8Array | undefined {
    const contents = { code: radiusCodes[code], identifier: packet.identifier, attributes };
    let octets: Uint8Array;
    try {
      octets = sealAnswer(client.secret, packet.authenticator, contents, true);
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
      // Proxies' states can make it so.
      this.#debug(`no room for the ${code}: ${thrown.message}`);
      this.options.counters.count("packetsDropped", client.index);
      return undefined;
    }
    const count = countOf(code, packet);
    if (count) this.options.counters.count(count, client.index);
    this.options.send(octets, from);
    return octets;
  }

  #say(session: Session, text: string): void {
    const { number, nas, user } = session;
    this.options.note?.({ session: String(number), nas, user, note: text });
    this.#debug(`[0x${session.number.toString(16)} ${session.nas}] ${text}`);
  }

  #debug(text: string): void {
    this.options.log.debug(`RADIUS SRV: ${text}`);
  }
}

function countOf(code: RadiusCodeName, request: RadiusPacket): ServerCount | undefined {
  if (request.code !== radiusCodes["Access-Request"]) return undefined;
  switch (code) {
    case "Access-Accept":
      return "accessAccepts";
    case "Access-Reject":
      return "accessRejects";
    case "Access-Challenge":
      return "accessChallenges";
    default:
      return undefined;
  }
}

/** @throws MalformedError */
const hasMsChap = (attributes: readonly RadiusAttribute[]): boolean =>
  firstOf(attributes, radius.msChapResponse) !== undefined || firstOf(attributes, radius.msChap2Response) !== undefined;

/** Calling-Station-Id as an address, whatever stands behind it. @throws MalformedError */
function stationOf(attributes: readonly RadiusAttribute[]): MacAddress | undefined {
  const octets = attributes.find(({ type }) => type === typeOf(radius.callingStationId))?.value;
  return octets && parseMacAddress(textOf(octets.subarray(0, 17)));
}
