/** Sends the frames of both handshakes to one station, each under a counter of its own. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Ptk } from "../crypto/ptk.ts";
import { sealPasswordIdentifier } from "../crypto/sae/password-identifier.ts";
import type { KeyDataItem } from "../wire/eapol/kde.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { claimedRsnExtensions } from "../wire/ieee80211/rsnxe.ts";
import type { ChannelValidation, ClaimingFrame } from "./channel-validation.ts";
import type { AuthenticatorContext, ManagementKeyItem } from "./context.ts";
import { buildGroupMessage1, buildMessage1, buildMessage3, type Framing, type Message3 } from "./eapol-key-frames.ts";
import { spoilGroupMic, twistMessage3 } from "./misbehaviour.ts";
import type { Negotiated } from "./negotiated.ts";
import { isOverrideElement } from "./override.ts";
import { isWpaElement } from "./received-key.ts";
import { transitionDisableKde } from "./transition-disable.ts";

/** The receive sequence counters of the group keys: those in force, or zero as a test wants them. */
export type ReceiveCounters = "present" | "zero";

interface Sending {
  readonly replay: bigint;
  /** Which transmission of the message it is; undefined for one outside of any handshake. */
  readonly attempt?: number;
  /** There is a pairwise key in use to encrypt it with. */
  readonly encrypt: boolean;
}

export interface SendMessage1 extends Sending {
  readonly anonce: Uint8Array;
  /** There is a pairwise key in use already. */
  readonly secure: boolean;
  /** Names the PMK, where it is known before the handshake. */
  readonly pmkid?: Uint8Array | undefined;
}

export interface SendMessage3 extends Sending {
  readonly ptk: Ptk;
  readonly anonce: Uint8Array;
  readonly counters: ReceiveCounters;
  /** ID of the key that is being agreed on. */
  readonly keyId: number;
  /** The station set Secure in message 2. */
  readonly secureInMessage2: boolean;
  /** Others are told in its place, to a station that takes them. */
  readonly passwordIdentifier?: Uint8Array | undefined;
}

/** Octets of a KDE for identifiers, after its selector and flags. */
const identifiersRoom = 255 - 4 - 1;

const zeroCounter = new Uint8Array(6);

export class HandshakeFrames {
  #replay: bigint;

  /** @param replayBefore the last counter that an earlier association sent, where the station may remember it */
  constructor(
    readonly station: MacAddress,
    readonly agreed: Negotiated,
    readonly context: AuthenticatorContext,
    readonly channel: ChannelValidation,
    replayBefore: bigint,
  ) {
    this.#replay = replayBefore;
  }

  get lastReplay(): bigint {
    return this.#replay;
  }

  nextReplay(): bigint {
    this.#replay += 1n;
    return this.#replay;
  }

  sendMessage1({ anonce, secure, pmkid, ...sending }: SendMessage1): void {
    const { misbehaviour } = this.context.policy;
    const message = buildMessage1(this.#framing(), {
      replay: sending.replay,
      anonce,
      secure,
      ...(pmkid ? { pmkid } : {}),
      ...(misbehaviour?.message1KeyData ? { moreKeyData: misbehaviour.message1KeyData } : {}),
    });
    this.#send(message, sending);
  }

  sendMessage3({ ptk, keyId, counters, passwordIdentifier, ...sending }: SendMessage3): void {
    const { agreed, context } = this;
    const { misbehaviour } = context.policy;
    const group = this.#groupFields("message3", counters);
    const fields: Message3 = {
      ...sending,
      elements: this.#elements(),
      ...group,
      extras: [...group.extras, ...this.#protectedSsid(), ...this.#otherIdentifiers(passwordIdentifier)],
      keyId: agreed.extendedKeyId ? keyId : undefined,
    };
    const twisted = misbehaviour ? twistMessage3(fields, misbehaviour) : fields;
    this.#send(buildMessage3(this.#framing(), this.#sealing(ptk), twisted), sending);
  }

  sendGroupMessage1({ ptk, counters, ...sending }: Sending & { ptk: Ptk; counters: ReceiveCounters }): void {
    const { context } = this;
    const { misbehaviour } = context.policy;
    const { rsc, ...fields } = this.#groupFields("group-message1", counters);
    const message = buildGroupMessage1(this.#framing(), this.#sealing(ptk), {
      ...fields,
      replay: sending.replay,
      rsc: misbehaviour?.groupCounter ?? rsc,
      nonce: context.entropy.bytes(32),
    });
    this.#send(misbehaviour ? spoilGroupMic(message, misbehaviour, context.entropy) : message, sending);
  }

  /** Ours of the protocol that was agreed on, and what is told with them. */
  #elements(): readonly Element[] {
    const { elements, policy } = this.context;
    const isWpa = this.agreed.protocol === "wpa";
    const knowsOverriding = this.agreed.rsnSelection !== undefined;
    const own = elements.filter(
      (element) => isWpaElement(element) === isWpa && (knowsOverriding || !isOverrideElement(element)),
    );
    return isWpa ? own : [...own, ...transitionDisableKde(policy.transitionDisable)];
  }

  /** IEEE Std 802.11-2024, 12.7.6.4. */
  #protectedSsid(): KeyDataItem[] {
    const { protectedSsid: data } = this.context.policy;
    if (data === undefined || !claimedRsnExtensions(this.agreed.rsnxe).has("ssidProtection")) return [];
    return [{ kind: "element", element: { id: elementId.ssid, data } }];
  }

  /** Identifiers that nobody outside knows for the same one, so that the station isn't recognized by it. */
  #otherIdentifiers(identifier: Uint8Array | undefined): KeyDataItem[] {
    const { clock, entropy, policy } = this.context;
    const { changingIdentifiers: changing } = policy;
    if (identifier === undefined || changing === undefined) return [];
    if (!claimedRsnExtensions(this.agreed.rsnxe).has("saePasswordIdentifierChange")) return [];
    const identifiers: Uint8Array[] = [];
    for (let room = identifiersRoom; identifiers.length < changing.count; ) {
      const sealed = sealPasswordIdentifier(changing.key, identifier, clock.unixTime(), entropy);
      room -= 1 + sealed.length;
      if (room < 0) break;
      identifiers.push(sealed);
    }
    return identifiers.length === 0 ? [] : [{ kind: "sae-password-identifiers", identifiers }];
  }

  #framing(): Framing {
    const { agreed, context } = this;
    const { eapolVersion, misbehaviour } = context.policy;
    return {
      agreed,
      eapolVersion,
      ...(misbehaviour?.randomReserved ? { reserved: context.entropy.bytes(8) } : {}),
    };
  }

  #groupFields(frame: ClaimingFrame, counters: ReceiveCounters) {
    const { agreed, context, channel } = this;
    const isZero = counters === "zero";
    const managementKeys = agreed.managementFrameProtection ? context.managementKeys() : [];
    return {
      group: context.groupKey(),
      rsc: isZero ? zeroCounter : context.groupKeySequence(),
      extras: [
        ...managementKeys.map((item) => (isZero ? { ...item, packetNumber: zeroCounter } : this.#claimed(item))),
        ...channel.claimInKeyData(frame),
      ],
    };
  }

  #claimed(item: ManagementKeyItem): ManagementKeyItem {
    const counter = this.context.policy.misbehaviour?.managementCounter;
    return item.kind === "igtk" && counter ? { ...item, packetNumber: counter } : item;
  }

  #sealing(ptk: Ptk) {
    return { ptk, iv: this.context.entropy.bytes(16) };
  }

  #send(message: Uint8Array, { attempt, encrypt }: Sending): void {
    const { port, policy } = this.context;
    if (policy.misbehaviour?.lastAttemptOnly && attempt !== undefined && attempt !== policy.pairwiseAttempts) {
      return port.report({ type: "sending-delayed", station: this.station, attempt });
    }
    port.sendEapol(this.station, message, { encrypt });
  }
}
