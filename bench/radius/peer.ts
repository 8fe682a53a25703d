/** EAP peers for loads: TLS, PEAPv0 with MSCHAPv2, TTLS with PAP. They speak the real protocol, and believe any server. */

import { concat, utf8, Writer } from "../../src/base/bytes.ts";
import { ntPasswordHash, ntResponse } from "../../src/crypto/mschap.ts";
import type { TlsClient } from "./tls-client.ts";

export const methods = ["tls", "peap-mschapv2", "ttls-pap"] as const;
export type Method = (typeof methods)[number];

const types = { tls: 13, "peap-mschapv2": 25, "ttls-pap": 21 } as const;
const [identityType, nakType, mschapV2, extensions] = [1, 3, 26, 33] as const;
const [lengthIncluded, moreFragments, start] = [0x80, 0x40, 0x20] as const;
const fragment = 1200;

export interface PeerOptions {
  readonly method: Method;
  readonly identity: string;
  readonly password: string;
  readonly tls: () => TlsClient;
}

export class Peer {
  readonly #type: number;
  readonly #tls: TlsClient;
  #received: Uint8Array[] = [];
  /** Of our message, what the server has not got yet. */
  #left = new Uint8Array();
  #hasSentAvps = false;
  #hasBegun = false;

  constructor(readonly options: PeerOptions) {
    this.#type = types[options.method];
    this.#tls = options.tls();
  }

  /** The answer to a request. @param request an EAP packet @throws Error where there is none */
  respond(request: Uint8Array): Uint8Array {
    const identifier = request[1] ?? 0;
    const reply = (type: number, data: Uint8Array): Uint8Array =>
      new Writer()
        .u8(2)
        .u8(identifier)
        .u16be(5 + data.length)
        .u8(type)
        .put(data)
        .finish();
    const type = request[4];
    if (type === identityType) return reply(identityType, utf8(this.options.identity));
    if (type !== this.#type) return reply(nakType, Uint8Array.of(this.#type));
    return reply(type, this.#onData(request.subarray(5)));
  }

  /** Whether the server has got a message of TLS. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  #onData(data: Uint8Array): Uint8Array {
    const flags = data[0] ?? 0;
    const body = data.subarray((flags & lengthIncluded) !== 0 ? 5 : 1);
    if ((flags & start) !== 0) {
      this.#hasBegun = true;
      return this.#send(this.#tls.feed(new Uint8Array()));
    }
    if (body.length === 0 && this.#left.length > 0) return this.#send(this.#left);
    this.#received.push(body);
    if ((flags & moreFragments) !== 0) return Uint8Array.of(0);
    const whole = concat(...this.#received);
    this.#received = [];
    const wasEstablished = this.#tls.isEstablished;
    const out = this.#tls.feed(whole);
    if (!this.#tls.isEstablished) return this.#send(out);
    return this.#send(concat(out, this.#inside(wasEstablished)));
  }

  /** What goes through the tunnel. */
  #inside(wasEstablished: boolean): Uint8Array {
    const { method } = this.options;
    if (method === "ttls-pap") {
      if (this.#hasSentAvps) return new Uint8Array();
      this.#hasSentAvps = true;
      return this.#tls.write(this.#avps());
    }
    if (method === "tls" || !wasEstablished) return new Uint8Array();
    const request = this.#tls.read();
    return request.length === 0 ? new Uint8Array() : this.#tls.write(this.#innerResponse(request));
  }

  /** Without EAP's header, but for the result. draft-kamath-pppext-peapv0-00. */
  #innerResponse(request: Uint8Array): Uint8Array {
    const { identity, password } = this.options;
    if (request[0] === 1 && request[4] === extensions) {
      const result = Uint8Array.of(0x80, 3, 0, 2, 0, 1);
      return new Writer()
        .u8(2)
        .u8(request[1] ?? 0)
        .u16be(11)
        .u8(extensions)
        .put(result)
        .finish();
    }
    if (request[0] === identityType) return concat(Uint8Array.of(identityType), utf8(identity));
    if (request[0] === mschapV2) {
      if (request[1] === 3) return Uint8Array.of(mschapV2, 3);
      if (request[1] !== 1) throw new Error("MSCHAPv2 failed");
      const peerChallenge = Uint8Array.from({ length: 16 }, () => Math.floor(Math.random() * 256));
      const response = ntResponse(
        { authenticatorChallenge: request.subarray(6, 22), peerChallenge, user: utf8(identity) },
        ntPasswordHash(utf8(password)) ?? new Uint8Array(16),
      );
      const name = utf8(identity);
      return new Writer()
        .u8(mschapV2)
        .u8(2)
        .u8(request[2] ?? 0)
        .u16be(54 + name.length)
        .u8(49)
        .put(peerChallenge)
        .zeros(8)
        .put(response)
        .u8(0)
        .put(name)
        .finish();
    }
    return Uint8Array.of(nakType, mschapV2);
  }

  /** User-Name and User-Password. RFC 5281, section 11.2.5. */
  #avps(): Uint8Array {
    const password = utf8(this.options.password);
    const padded = new Uint8Array(Math.ceil(password.length / 16) * 16);
    padded.set(password);
    return concat(avp(1, utf8(this.options.identity)), avp(2, padded));
  }

  #send(message: Uint8Array): Uint8Array {
    const isFirst = message.length > fragment && this.#left.length === 0;
    const part = message.subarray(0, fragment);
    this.#left = message.slice(part.length);
    const flags = (isFirst ? lengthIncluded : 0) | (this.#left.length > 0 ? moreFragments : 0);
    const w = new Writer().u8(flags);
    if (isFirst) w.u32be(message.length);
    return w.put(part).finish();
  }
}

function avp(code: number, data: Uint8Array): Uint8Array {
  const padding = (4 - (data.length % 4)) % 4;
  return new Writer()
    .u32be(code)
    .u8(0x40)
    .u24be(8 + data.length)
    .put(data)
    .zeros(padding)
    .finish();
}
