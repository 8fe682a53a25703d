/** IEEE 802.1X by RADIUS: EAP packets in Access-Requests, and what the answers grant. RFC 3579, 3580, 2548. */

import { concat, MalformedError } from "../../base/bytes.ts";
import { wipe } from "../../crypto/secret.ts";
import type { BackendAnswer, BackendExchange, Granted, Supplicant } from "../../dot1x/port.ts";
import type { PendingRequest, RadiusAnswer } from "../../radius/client/request.ts";
import { type Grants, grantsOf, replyText } from "../../radius/grants.ts";
import { mppeKeysOf } from "../../radius/hiding.ts";
import { eapHeaderLength } from "../../wire/eap/packet.ts";
import { eapCodeOf, eapLengthOf } from "../../wire/eap/peek.ts";
import { eapIdentity } from "../../wire/eap/types.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { longestAttributeValue, type RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList, firstOf, joinEapMessage, splitEapMessage, typeOf } from "../../wire/radius/values.ts";
import type { OpenBackend } from "../backend.ts";
import type { Bss } from "../bss.ts";
import { inTime, intervalOf, isTooShort } from "./identity.ts";
import { commonAttributes } from "./request-attributes.ts";

/** As hostapd's: whoever sends EAP leaves room for what is around it. RFC 3579, section 2.4. */
const framedMtu = 1400;

/** Which servers there are, the client knows, which is told when that changes. */
export const openRadiusBackend: OpenBackend = (bss) => ({
  begin: (supplicant, answer) => new Exchange(bss, supplicant, answer),
  use: () => undefined,
  close: () => undefined,
});

class Exchange implements BackendExchange {
  /** User-Name: what the supplicant calls itself, on the outside. */
  #identity: Uint8Array | undefined;
  /** State attributes of the last challenge, to be handed back. RFC 2865, section 5.24. */
  #state: readonly RadiusAttribute[] = [];
  #pending: PendingRequest | undefined;

  constructor(
    readonly bss: Bss,
    readonly supplicant: Supplicant,
    readonly answer: (answer: BackendAnswer) => void,
  ) {}

  respond(packet: Uint8Array): void {
    this.abandon();
    this.#learnIdentity(packet);
    const { bss, supplicant } = this;
    const length = this.#identity?.length ?? 0;
    if (length > longestAttributeValue) {
      const reason = `its identity of ${length} octets does not fit into User-Name, which has ${longestAttributeValue} at most`;
      return this.answer({ kind: "refused", packet: undefined, reason });
    }
    const { database } = bss.radius;
    if (!database) return this.#send(packet, []);
    const waiting = { cancel: () => undefined };
    this.#pending = waiting;
    void database.attributesFor(supplicant.address, "auth").then((more) => {
      // Another response may have come meanwhile, or nobody waits any more.
      if (this.#pending === waiting) this.#send(packet, more);
    });
  }

  #send(packet: Uint8Array, more: readonly RadiusAttribute[]): void {
    const { bss, supplicant } = this;
    const { settings } = bss;
    const { association, sessionId = 0n } = bss.stations.get(supplicant.address) ?? {};
    const [identity, state] = [this.#identity, this.#state];
    const configured = settings.radius_auth_req_attr;
    const attributes = (): readonly RadiusAttribute[] => {
      const list = new AttributeList().add(radius.userName, identity);
      list.put(...commonAttributes(bss, configured, { ...supplicant, association, sessionId }), ...more);
      if (!configured.some(({ type }) => type === typeOf(radius.framedMtu))) list.add(radius.framedMtu, framedMtu);
      list.put(...splitEapMessage(packet), ...state);
      if (settings.radius_request_cui) {
        // A NUL asks for one. RFC 4372, section 2.1.
        list.add(radius.chargeableUserIdentity, supplicant.chargeableUserIdentity ?? Uint8Array.of(0));
      }
      return list.list;
    };
    this.#pending = bss.radius.authentication.send({
      station: supplicant.address,
      persistence: "one-round",
      carriesEap: true,
      isBound: state.length > 0,
      attributes,
      answered: (answer) => this.#onAnswer(answer),
      failed: (reason) => this.answer({ kind: "unreachable", reason }),
    });
  }

  abandon(): void {
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  #learnIdentity(packet: Uint8Array): void {
    if (eapCodeOf(packet) !== "response" || packet[eapHeaderLength] !== eapIdentity.type) return;
    this.#identity = packet.slice(eapHeaderLength + 1);
    // A conversation that begins anew has no State from before.
    this.#state = [];
  }

  #onAnswer(answer: RadiusAnswer): void {
    const { attributes } = answer;
    const grants = grantsOf(attributes);
    const packet = this.#eapOf(attributes);
    switch (answer.code) {
      case "Access-Challenge":
        this.#state = attributes
          .filter(({ type }) => type === typeOf(radius.state))
          .map(({ type, value }) => ({ type, value: value.slice() }));
        return this.#challenge(packet, grants);
      case "Access-Accept":
        return this.#accept(answer, packet, grants);
      case "Access-Reject": {
        const reason = `the RADIUS server refuses it${replyText(grants)}`;
        this.#log("info", reason);
        const { reasonCode } = grants;
        return this.answer({ kind: "refused", packet, reason, ...(reasonCode === undefined ? {} : { reasonCode }) });
      }
      case "Accounting-Response":
        return;
    }
  }

  #challenge(packet: Uint8Array | undefined, { sessionTimeout }: Grants): void {
    if (!packet) return this.answer({ kind: "refused", packet: undefined, reason: "a challenge without EAP" });
    if (sessionTimeout !== undefined) {
      this.#log("debug", `using EAP timeout of ${sessionTimeout} seconds (from RADIUS)`);
    }
    this.answer({ kind: "request", packet, timeout: inTime(sessionTimeout) });
  }

  #accept({ attributes, secret, authenticator }: RadiusAnswer, packet: Uint8Array | undefined, grants: Grants): void {
    if (isTooShort(grants.interimInterval)) {
      this.#log("info", `ignored too small Acct-Interim-Interval ${grants.interimInterval}`);
    }
    this.answer({
      kind: "accepted",
      packet,
      msk: mskOf(secret, authenticator, attributes),
      sessionId: firstOf(attributes, radius.eapKeyName),
      granted: grantedOf(grants),
    });
  }

  /** @returns undefined where there is none, or something that is none */
  #eapOf(attributes: readonly RadiusAttribute[]): Uint8Array | undefined {
    const packet = joinEapMessage(attributes);
    if (packet && packet.length >= eapHeaderLength && eapLengthOf(packet) === packet.length) return packet;
    const text = packet
      ? "too short EAP packet received from authentication server"
      : "could not extract EAP-Message from RADIUS message";
    this.#log("warning", text);
    return undefined;
  }

  #log(level: "debug" | "info" | "warning", text: string): void {
    this.bss.log.station(this.supplicant.address, "IEEE 802.1X", level, text);
  }
}

/** Send and receive are the server's words: the receive key is the first half. RFC 2548, section 2.4; RFC 3748, section 7.10. */
function mskOf(
  secret: Uint8Array,
  authenticator: Uint8Array,
  attributes: readonly RadiusAttribute[],
): Uint8Array | undefined {
  try {
    const keys = mppeKeysOf(secret, authenticator, attributes);
    if (!keys) return undefined;
    const msk = concat(keys.receive, keys.send);
    wipe(keys.receive, keys.send);
    return msk;
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return undefined;
  }
}

function grantedOf(grants: Grants): Granted {
  const { interimInterval, sessionTimeout, idleTimeout } = grants;
  return {
    identity: grants.identity,
    sessionTimeout: inTime(sessionTimeout),
    terminationAction: grants.terminationAction ?? "end",
    idleTimeout: inTime(idleTimeout),
    interimInterval: intervalOf(interimInterval),
    vlan: grants.vlan,
    classes: grants.classes,
    chargeableUserIdentity: grants.chargeableUserIdentity,
  };
}
