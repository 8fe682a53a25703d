/** A TLS session inside EAP: its fragments, its handshake, its keys. What methods over TLS have in common. */

import { concat, type Reader } from "../../base/bytes.ts";
import { wipe } from "../../crypto/secret.ts";
import type { TlsSession } from "../../crypto/tls/port.ts";
import type { EapKeys } from "../contract.ts";
import type { MethodCall } from "../method.ts";
import { decodeTlsFrame, noFragments, sendMessage, type TlsFrame, takeFrame } from "./framing.ts";
import type { TlsService } from "./service.ts";

export type ChannelArrival =
  /** A message of the peer's, all of it. */
  | { readonly kind: "message"; readonly message: Uint8Array }
  /** @property data Type-Data, to be sent: there is more to come, or to go */
  | { readonly kind: "reply"; readonly data: Uint8Array }
  | { readonly kind: "refused"; readonly reason: string };

export type HandshakeProgress =
  | { readonly kind: "goes-on"; readonly output: Uint8Array }
  /** @property output the last records of the server's; none where the peer's were the last */
  | { readonly kind: "established"; readonly output: Uint8Array }
  /** @property output an alert, where the peer is to hear why */
  | { readonly kind: "failed"; readonly output: Uint8Array; readonly reason: string };

const materialLength = 128;

/** Inside another tunnel, fragments have to leave room for what that puts around them. */
const innerRoom = 100;

export class TlsChannel {
  /** Of the method, as the flags tell it. */
  version: number;
  readonly #limit: number;
  #fragments = noFragments;

  constructor(
    service: TlsService,
    { phase }: Pick<MethodCall, "phase">,
    readonly session: TlsSession,
    version = 0,
    readonly hasOuter = false,
  ) {
    this.version = version;
    const room = phase === 2 && service.fragmentLimit > innerRoom ? innerRoom : 0;
    this.#limit = service.fragmentLimit - room;
  }

  /** @throws MalformedError */
  decode(data: Reader): TlsFrame {
    return decodeTlsFrame(data, this.hasOuter);
  }

  take(frame: TlsFrame): ChannelArrival {
    const arrival = takeFrame(this.#fragments, frame, this.#limit, this.version);
    if (arrival.kind !== "refused") this.#fragments = arrival.fragments;
    return arrival;
  }

  /** @param message records @returns Type-Data of the request that they begin with */
  send(message: Uint8Array): Uint8Array {
    const { data, fragments } = sendMessage(this.#fragments, message, this.#limit, this.version);
    this.#fragments = fragments;
    return data;
  }

  handshake(message: Uint8Array): HandshakeProgress {
    const { output, state } = this.session.feed(message);
    switch (state.kind) {
      case "handshaking":
        return { kind: "goes-on", output };
      case "established":
        return { kind: "established", output };
      case "failed":
        return { kind: "failed", output, reason: state.reason };
    }
  }

  /** Application data of the peer's. @returns undefined, and why, where TLS refuses them; wipe it */
  open(message: Uint8Array): Uint8Array | { readonly refused: string } {
    const { state } = this.session.feed(message);
    const plain = this.session.read();
    if (state.kind !== "failed") return plain;
    wipe(plain);
    return { refused: state.reason };
  }

  /** Type-Data of a request with these application data, behind records that are to be sent too; wipes them. */
  seal(plain: Uint8Array, before: Uint8Array = new Uint8Array()): Uint8Array {
    const records = this.session.write(plain);
    wipe(plain);
    // A session that seals nothing has failed; what it has to say instead is nothing.
    if (records === undefined) return this.send(before);
    return this.send(before.length === 0 ? records : concat(before, records));
  }

  get isTls13(): boolean {
    return this.session.version === "TLSv1.3";
  }

  /**
   * Keying material of the method, 128 octets: in TLS 1.3 the first octets of fewer would be others. RFC 5216, section 2.3; RFC 9190,
   * section 2.3; RFC 9427, section 2.
   * @param label of TLS up to 1.2
   */
  exportKeys(type: number, label: string): Uint8Array {
    return this.isTls13
      ? this.session.export("EXPORTER_EAP_TLS_Key_Material", Uint8Array.of(type), materialLength)
      : this.session.export(label, undefined, materialLength);
  }

  sessionId(type: number): Uint8Array {
    if (this.isTls13) {
      const methodId = this.session.export("EXPORTER_EAP_TLS_Method-Id", Uint8Array.of(type), 64);
      return concat(Uint8Array.of(type), methodId);
    }
    const { client, server } = this.session.randoms();
    return concat(Uint8Array.of(type), client, server);
  }

  /** MSK and EMSK of a method that takes them from TLS as they are. */
  keys(type: number, label: string): EapKeys {
    const material = this.exportKeys(type, label);
    const [msk, emsk] = [material.slice(0, 64), material.slice(64)];
    wipe(material);
    return { msk, emsk, sessionId: this.sessionId(type) };
  }

  close(): void {
    this.session.close();
  }
}

/** What is kept with a session that may be resumed: for which method, and whose it is. */
export const rememberedData = (type: number, identity: Uint8Array = new Uint8Array()): Uint8Array =>
  concat(Uint8Array.of(type), identity);

/** @returns whose session it is; undefined where it isn't one that may go on with this method */
export function rememberedIdentity(session: TlsSession, type: number): Uint8Array | undefined {
  const data = session.remembered();
  return data?.[0] === type ? data.slice(1) : undefined;
}

/** Label of TLS up to 1.2 that EAP-TLS and PEAP share. RFC 5216, section 2.3. */
export const eapTlsLabel = "client EAP encryption";
