/** Sends the frames of both handshakes to one station, each under a counter of its own. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Ptk } from "../crypto/ptk.ts";
import type { AuthenticatorContext } from "./context.ts";
import { buildGroupMessage1, buildMessage1, buildMessage3, type Framing, type Message3 } from "./eapol-key-frames.ts";
import { spoilGroupMic, twistMessage3 } from "./misbehaviour.ts";
import type { Negotiated } from "./negotiated.ts";
import { isWpaElement } from "./received-key.ts";

interface Sending {
  readonly replay: bigint;
  /** Which transmission of the message it is; undefined for one outside of any handshake. */
  readonly attempt?: number;
  /** There is a pairwise key in use to encrypt it with. */
  readonly encrypt: boolean;
}

export interface SendMessage3 extends Sending {
  readonly ptk: Ptk;
  readonly anonce: Uint8Array;
  /** Receive sequence counter of the group key, 6 octets. */
  readonly rsc: Uint8Array;
  /** ID of the key that is being agreed on. */
  readonly keyId: number;
  /** The station set Secure in message 2. */
  readonly secureInMessage2: boolean;
}

export class HandshakeFrames {
  #replay: bigint;

  /** @param replayBefore the last counter that an earlier association sent, where the station may remember it */
  constructor(
    readonly station: MacAddress,
    readonly agreed: Negotiated,
    readonly context: AuthenticatorContext,
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

  sendMessage1({ anonce, secure, ...sending }: Sending & { anonce: Uint8Array; secure: boolean }): void {
    const { misbehaviour } = this.context.policy;
    const message = buildMessage1(this.#framing(), {
      replay: sending.replay,
      anonce,
      secure,
      ...(misbehaviour?.message1KeyData ? { moreKeyData: misbehaviour.message1KeyData } : {}),
    });
    this.#send(message, sending);
  }

  sendMessage3({ ptk, keyId, ...sending }: SendMessage3): void {
    const { agreed, context } = this;
    const { misbehaviour } = context.policy;
    const fields: Message3 = {
      ...sending,
      elements: context.elements.filter((element) => isWpaElement(element) === (agreed.protocol === "wpa")),
      group: context.groupKey(),
      keyId: agreed.extendedKeyId ? keyId : undefined,
    };
    const twisted = misbehaviour ? twistMessage3(fields, misbehaviour) : fields;
    this.#send(buildMessage3(this.#framing(), this.#sealing(ptk), twisted), sending);
  }

  sendGroupMessage1({ ptk, rsc, ...sending }: Sending & { ptk: Ptk; rsc: Uint8Array }): void {
    const { context } = this;
    const { misbehaviour } = context.policy;
    const message = buildGroupMessage1(this.#framing(), this.#sealing(ptk), {
      replay: sending.replay,
      rsc: misbehaviour?.groupCounter ?? rsc,
      group: context.groupKey(),
      nonce: context.entropy.bytes(32),
    });
    this.#send(misbehaviour ? spoilGroupMic(message, misbehaviour, context.entropy) : message, sending);
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
