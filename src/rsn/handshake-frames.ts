/** Sends the frames of both handshakes to one station, each under a counter of its own. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Ptk } from "../crypto/ptk.ts";
import type { AuthenticatorContext } from "./context.ts";
import { buildGroupMessage1, buildMessage1, buildMessage3, type Framing } from "./eapol-key-frames.ts";
import type { Negotiated } from "./negotiated.ts";
import { isWpaElement } from "./received-key.ts";

interface Sending {
  readonly replay: bigint;
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
  readonly #framing: Framing;
  #replay: bigint;

  /** @param replayBefore the last counter that an earlier association sent, where the station may remember it */
  constructor(
    readonly station: MacAddress,
    readonly agreed: Negotiated,
    readonly context: AuthenticatorContext,
    replayBefore: bigint,
  ) {
    this.#framing = { agreed, eapolVersion: context.policy.eapolVersion };
    this.#replay = replayBefore;
  }

  get lastReplay(): bigint {
    return this.#replay;
  }

  nextReplay(): bigint {
    this.#replay += 1n;
    return this.#replay;
  }

  sendMessage1({ replay, encrypt, anonce, secure }: Sending & { anonce: Uint8Array; secure: boolean }): void {
    this.#send(buildMessage1(this.#framing, { replay, anonce, secure }), encrypt);
  }

  sendMessage3({ ptk, encrypt, keyId, ...fields }: SendMessage3): void {
    const { agreed, context } = this;
    const message = buildMessage3(this.#framing, this.#sealing(ptk), {
      ...fields,
      elements: context.elements.filter((element) => isWpaElement(element) === (agreed.protocol === "wpa")),
      group: context.groupKey(),
      keyId: agreed.extendedKeyId ? keyId : undefined,
    });
    this.#send(message, encrypt);
  }

  sendGroupMessage1({ ptk, replay, rsc, encrypt }: Sending & { ptk: Ptk; rsc: Uint8Array }): void {
    const { context } = this;
    const fields = { replay, rsc, group: context.groupKey(), nonce: context.entropy.bytes(32) };
    this.#send(buildGroupMessage1(this.#framing, this.#sealing(ptk), fields), encrypt);
  }

  #sealing(ptk: Ptk) {
    return { ptk, iv: this.context.entropy.bytes(16) };
  }

  #send(message: Uint8Array, encrypt: boolean): void {
    this.context.port.sendEapol(this.station, message, { encrypt });
  }
}
