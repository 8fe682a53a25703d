/** A TEAP peer, small and pliable: Node's own TLS, and keys derived here anew. RFC 9930. */

import { createHmac } from "node:crypto";
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { concat, Reader, utf8, Writer } from "../src/base/bytes.ts";
import type { EapAnswer, EapConversation } from "../src/eap/contract.ts";
import { decodeTlvs, type EapTlv } from "../src/wire/eap/tlv.ts";

const teap = 55;
const flag = { length: 0x80, more: 0x40, start: 0x20, outer: 0x10 } as const;
const cipher = "ECDHE-ECDSA-AES128-GCM-SHA256";

export interface TeapPeerOptions {
  readonly identity: string;
  readonly ca: Uint8Array;
  /** What it says to TLVs; undefined for nothing at all. */
  readonly reply: (tlvs: readonly EapTlv[], peer: TeapPeer) => Uint8Array | undefined;
}

const prf = (secret: Uint8Array, label: string, seed: Uint8Array, length: number): Uint8Array => {
  const labelled = concat(utf8(label), seed);
  const mac = (...data: readonly Uint8Array[]): Uint8Array => {
    const hmac = createHmac("sha256", secret);
    for (const part of data) hmac.update(part);
    return Uint8Array.from(hmac.digest());
  };
  let out: Uint8Array = new Uint8Array();
  for (let a = mac(labelled); out.length < length; a = mac(a)) out = concat(out, mac(a, labelled));
  return out.slice(0, length);
};

export class TeapPeer {
  readonly #options: TeapPeerOptions;
  readonly #conversation: EapConversation;
  readonly #socket: TLSSocket;
  readonly #wire: Duplex;
  #sent: Uint8Array[] = [];
  #received: Buffer[] = [];
  #isSecure = false;
  #outer: Uint8Array = new Uint8Array();
  #chain: Uint8Array | undefined;

  constructor(conversation: EapConversation, options: TeapPeerOptions) {
    this.#conversation = conversation;
    this.#options = options;
    this.#wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        this.#sent.push(Uint8Array.from(chunk));
        done();
      },
    });
    this.#socket = connect({
      socket: this.#wire,
      ca: Buffer.from(options.ca),
      maxVersion: "TLSv1.2",
      ciphers: cipher,
      checkServerIdentity: () => undefined,
    });
    this.#socket.on("secureConnect", () => {
      this.#isSecure = true;
    });
    this.#socket.on("data", (data: Buffer) => this.#received.push(data));
    this.#socket.on("error", () => undefined);
  }

  /** S-IMCK, the seed before the first method. */
  get chain(): Uint8Array {
    const exporter = this.#socket.exportKeyingMaterial as (length: number, label: string) => Buffer;
    this.#chain ??= Uint8Array.from(exporter.call(this.#socket, 40, "EXPORTER: teap session key seed"));
    return this.#chain;
  }

  /** Goes on to the next link, of a method without keys. @returns CMK */
  link(): Uint8Array {
    const imck = prf(this.chain, "Inner Methods Compound Keys", new Uint8Array(32), 60);
    this.#chain = imck.slice(0, 40);
    return imck.slice(40);
  }

  msk(): Uint8Array {
    return prf(this.chain, "Session Key Generating Function", new Uint8Array(), 64);
  }

  /** A Crypto-Binding TLV in answer to one. @param request value of the server's @throws Error where the server's MAC is wrong */
  binding(cmk: Uint8Array, request: Uint8Array): Uint8Array {
    const mac = (tlv: Uint8Array): Uint8Array =>
      Uint8Array.from(
        createHmac("sha256", cmk).update(tlv).update(Uint8Array.of(teap)).update(this.#outer).digest().subarray(0, 20),
      );
    const head = Uint8Array.of(0x80, 12, 0, 76);
    const asked = concat(head, request.subarray(0, 36), new Uint8Array(40));
    if (Buffer.compare(mac(asked), request.subarray(56)) !== 0) throw new Error("the server's MAC is wrong");
    const tlv = asked.slice();
    tlv[7] = (tlv[7] ?? 0) | 1;
    tlv[39] = (tlv[39] ?? 0) | 1;
    tlv.set(mac(tlv), 60);
    return tlv;
  }

  /** Until the end, or until somebody has nothing to say. */
  async run(): Promise<EapAnswer> {
    let answer = await this.#conversation.begin(1);
    while (answer.kind === "request") {
      const { packet } = answer;
      const data =
        packet[4] === 1 ? concat(Uint8Array.of(1), utf8(this.#options.identity)) : await this.#answer(packet);
      if (data === undefined) return answer;
      answer = await this.#conversation.respond(
        new Writer()
          .u8(2)
          .u8(packet[1] ?? 0)
          .u16be(4 + data.length)
          .put(data)
          .finish(),
      );
    }
    this.#socket.destroy();
    return answer;
  }

  async #answer(packet: Uint8Array): Promise<Uint8Array | undefined> {
    const r = new Reader(packet.subarray(4), ["TEAP"]);
    if (r.u8() !== teap) return undefined;
    const flags = r.u8();
    if (flags & flag.length) r.u32be();
    const outerLength = flags & flag.outer ? r.u32be() : 0;
    const records = r.take(r.remaining - outerLength);
    if (flags & flag.start) this.#outer = r.rest().slice();
    if (records.length > 0) this.#wire.push(Buffer.from(records));
    const acknowledgement = Uint8Array.of(teap, 1);
    if (flags & flag.more) return acknowledgement;
    await this.#settle();
    if (this.#isSecure && this.#received.length > 0) {
      const tlvs = decodeTlvs(new Reader(Uint8Array.from(Buffer.concat(this.#received)), ["TLVs"]));
      this.#received = [];
      const reply = this.#options.reply(tlvs, this);
      if (reply === undefined) return undefined;
      this.#socket.write(reply);
      await this.#settle();
    }
    const out = concat(...this.#sent);
    this.#sent = [];
    return concat(acknowledgement, out);
  }

  async #settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
