/** A TEAP peer, small and pliable: Node's own TLS, and keys derived here anew. RFC 9930; with TLS 1.3, RFC 9427, section 2.2. */

import { createHmac } from "node:crypto";
import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { concat, Reader, utf8, Writer } from "../src/base/bytes.ts";
import type { EapAnswer, EapConversation } from "../src/eap/contract.ts";
import { decodeTlvs, type EapTlv } from "../src/wire/eap/tlv.ts";

const teap = 55;
const flag = { length: 0x80, more: 0x40, start: 0x20, outer: 0x10 } as const;
const cipher12 = "ECDHE-ECDSA-AES128-GCM-SHA256";
const cipher13 = "TLS_AES_128_GCM_SHA256";

export interface TeapPeerOptions {
  readonly identity: string;
  readonly ca: Uint8Array;
  /** 1.2 unless told. */
  readonly tls?: "TLSv1.2" | "TLSv1.3";
  /** Outer TLVs of its first message. */
  readonly outer?: Uint8Array;
  /** A session to go on with. */
  readonly session?: Uint8Array;
  /** What it says to TLVs; undefined for nothing at all. */
  readonly reply: (tlvs: readonly EapTlv[], peer: TeapPeer) => Uint8Array | undefined;
}

/** Keys of the MACs of one link. */
export interface TeapPeerCmks {
  readonly msk: Uint8Array;
  readonly emsk: Uint8Array | undefined;
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
  #hasSpoken = false;
  #outer: Uint8Array = new Uint8Array();
  #chain: Uint8Array | undefined;
  /** The last one that the server gave. */
  session: Uint8Array | undefined;
  /** Of a success. `isResumed`: the server went on with the session that it was asked to. */
  result: { readonly msk: Uint8Array; readonly emsk: Uint8Array; readonly isResumed: boolean } | undefined;

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
      minVersion: options.tls ?? "TLSv1.2",
      maxVersion: options.tls ?? "TLSv1.2",
      ciphers: options.tls === "TLSv1.3" ? cipher13 : cipher12,
      ...(options.session === undefined ? {} : { session: Buffer.from(options.session) }),
      checkServerIdentity: () => undefined,
    });
    this.#socket.on("secureConnect", () => {
      this.#isSecure = true;
    });
    this.#socket.on("data", (data: Buffer) => this.#received.push(data));
    this.#socket.on("error", () => undefined);
    this.#socket.on("session", (session: Buffer) => {
      this.session = Uint8Array.from(session);
    });
  }

  /** S-IMCK, the seed before the first method. */
  get chain(): Uint8Array {
    this.#chain ??= this.#export("EXPORTER: teap session key seed", this.#is13 ? Uint8Array.of(teap) : undefined, 40);
    return this.#chain;
  }

  /** Goes on to the next link. @param keys of the method; none where it has none @returns CMK of each */
  link(keys: { readonly msk?: Uint8Array; readonly emsk?: Uint8Array } = {}): TeapPeerCmks {
    const byMsk = this.#imck(this.#imskOfMsk(keys.msk));
    const byEmsk = keys.emsk && this.#imck(this.#imskOfEmsk(keys.emsk));
    this.#chain = (byEmsk ?? byMsk).slice(0, 40);
    return { msk: byMsk.slice(40), emsk: byEmsk?.slice(40) };
  }

  #imskOfMsk(msk: Uint8Array = new Uint8Array()): Uint8Array {
    if (this.#is13 && msk.length > 0) return this.#export("TEAPbindkey@ietf.org", msk, 32);
    return concat(msk, new Uint8Array(32)).slice(0, 32);
  }

  #imskOfEmsk(emsk: Uint8Array): Uint8Array {
    return this.#is13
      ? this.#export("TEAPbindkey@ietf.org", emsk, 32)
      : prf(emsk, "TEAPbindkey@ietf.org", Uint8Array.of(0, 0, 64), 64).slice(0, 32);
  }

  #imck(imsk: Uint8Array): Uint8Array {
    return this.#is13
      ? this.#export("EXPORTER: Inner Methods Compound Keys", concat(this.chain, imsk), 60)
      : prf(this.chain, "Inner Methods Compound Keys", imsk, 60);
  }

  #key(label: string): Uint8Array {
    return this.#is13
      ? this.#export(`EXPORTER: ${label}`, this.chain, 64)
      : prf(this.chain, label, new Uint8Array(), 64);
  }

  get #is13(): boolean {
    return this.#options.tls === "TLSv1.3";
  }

  #export(label: string, context: Uint8Array | undefined, length: number): Uint8Array {
    const exporter = this.#socket.exportKeyingMaterial as (length: number, label: string, context?: Buffer) => Buffer;
    const arguments_ = context === undefined ? [] : [Buffer.from(context)];
    return Uint8Array.from(exporter.call(this.#socket, length, label, ...arguments_));
  }

  /** A Crypto-Binding TLV in answer to one. @param request value of the server's @throws Error where a MAC of the server's is wrong */
  binding(cmks: TeapPeerCmks, request: Uint8Array): Uint8Array {
    const mac = (cmk: Uint8Array, tlv: Uint8Array): Uint8Array =>
      Uint8Array.from(
        createHmac("sha256", cmk)
          .update(tlv)
          .update(Uint8Array.of(teap))
          .update(this.#outer)
          .update(this.#options.outer ?? new Uint8Array())
          .digest()
          .subarray(0, 20),
      );
    const head = Uint8Array.of(0x80, 12, 0, 76);
    const asked = concat(head, request.subarray(0, 36), new Uint8Array(40));
    const [emskMac, mskMac] = [request.subarray(36, 56), request.subarray(56)];
    if (Buffer.compare(mac(cmks.msk, asked), mskMac) !== 0) throw new Error("the server's MAC by the MSK is wrong");
    if (cmks.emsk !== undefined && Buffer.compare(mac(cmks.emsk, asked), emskMac) !== 0) {
      throw new Error("the server's MAC by the EMSK is wrong");
    }
    const tlv = asked.slice();
    tlv[7] = (cmks.emsk === undefined ? 0x20 : 0x30) | 1;
    tlv[39] = (tlv[39] ?? 0) | 1;
    const blank = tlv.slice();
    if (cmks.emsk !== undefined) tlv.set(mac(cmks.emsk, blank), 40);
    tlv.set(mac(cmks.msk, blank), 60);
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
    if (answer.kind === "success") {
      this.result = {
        msk: this.#key("Session Key Generating Function"),
        emsk: this.#key("Extended Session Key Generating Function"),
        isResumed: this.#socket.isSessionReused(),
      };
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
    const { outer } = this.#options;
    if (outer === undefined || this.#hasSpoken) return concat(acknowledgement, out);
    this.#hasSpoken = true;
    return new Writer()
      .u8(teap)
      .u8(flag.outer | 1)
      .u32be(outer.length)
      .put(out)
      .put(outer)
      .finish();
  }

  async #settle(): Promise<void> {
    for (let i = 0; i < 10; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
