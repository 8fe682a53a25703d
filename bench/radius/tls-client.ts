/**
 * TLS 1.2, the client's end, by as little as a server can be put to the whole work with: RFC 5246 with X25519 (RFC 8422), AES-256-GCM
 * (RFC 5289) and extended master secret (RFC 7627), which is what OpenSSL's client and server agree on. For loads, not for trust: it
 * believes any certificate, and has the same key share in every handshake.
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  constants as flags,
  generateKeyPairSync,
  type KeyObject,
  randomFillSync,
  sign,
  X509Certificate,
} from "node:crypto";
import { readFileSync } from "node:fs";
import { concat, Reader, sameBytes, Writer } from "../../src/base/bytes.ts";
import { tlsPrf } from "../../src/crypto/tls/prf.ts";
import { RecordKeys } from "./tls-records.ts";

export interface TlsClient {
  /** @returns what the server is to get @throws Error where the server does not go on */
  feed(octets: Uint8Array): Uint8Array;
  readonly isEstablished: boolean;
  /** What the server has written since the last time. */
  read(): Uint8Array;
  write(plain: Uint8Array): Uint8Array;
}

const version = 0x0303;
export const contentTypes = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
const messages = {
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
} as const;
const suites = { ecdsa: 0xc02c, rsa: 0xc030 } as const;
const [x25519, p256] = [29, 23] as const;
const [ecdsaSha256, pssSha256, pkcs1Sha256] = [0x0403, 0x0804, 0x0401] as const;
const finishedLength = 12;

/** What all clients have in common. */
interface Common {
  readonly certificate: Uint8Array | undefined;
  readonly key: KeyObject | undefined;
  readonly share: KeyObject;
  readonly publicShare: Uint8Array;
}

/** @param certificate path of a PEM file, as the key; undefined where the client has none @returns makes a client */
export function tlsClients(certificate: string | undefined, key: string | undefined): () => TlsClient {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  const common: Common = {
    certificate: certificate === undefined ? undefined : new X509Certificate(readFileSync(certificate)).raw,
    key: key === undefined ? undefined : createPrivateKey(readFileSync(key)),
    share: privateKey,
    publicShare: Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"),
  };
  return () => new Client(common);
}

class Client implements TlsClient {
  readonly #common: Common;
  readonly #random = random(32);
  #serverRandom: Uint8Array = new Uint8Array();
  /** All messages of the handshake so far. */
  #transcript: Uint8Array[] = [];
  #serverShare: Uint8Array = new Uint8Array();
  #wantsCertificate = false;
  #signsWithPss = false;
  #masterSecret: Uint8Array = new Uint8Array();
  #ours: RecordKeys | undefined;
  #theirs: RecordKeys | undefined;
  #isTheirsOn = false;
  #read: Uint8Array[] = [];
  #hasBegun = false;
  isEstablished = false;

  constructor(common: Common) {
    this.#common = common;
  }

  feed(octets: Uint8Array): Uint8Array {
    const out = new Writer();
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      this.#say(out, clientHello(this.#random));
    }
    const r = new Reader(octets, ["TLS"]);
    while (r.remaining > 0) {
      const type = r.u8();
      r.skip(2);
      this.#onRecord(type, r.take(r.u16be()), out);
    }
    return out.finish();
  }

  read(): Uint8Array {
    const all = concat(...this.#read);
    this.#read = [];
    return all;
  }

  write(plain: Uint8Array): Uint8Array {
    const out = new Writer();
    putRecord(out, contentTypes.applicationData, this.#keysOf(this.#ours).seal(contentTypes.applicationData, plain));
    return out.finish();
  }

  #onRecord(type: number, payload: Uint8Array, out: Writer): void {
    if (type === contentTypes.changeCipherSpec) {
      this.#isTheirsOn = true;
      return;
    }
    const plain = this.#isTheirsOn ? this.#keysOf(this.#theirs).open(type, payload) : payload;
    switch (type) {
      case contentTypes.handshake: {
        const r = new Reader(plain, ["TLS", "handshake"]);
        while (r.remaining > 0) {
          const begin = r.offset;
          const message = r.u8();
          const body = r.take(r.u24be());
          this.#onMessage(message, body, plain.slice(begin, r.offset), out);
        }
        return;
      }
      case contentTypes.applicationData:
        this.#read.push(plain);
        return;
      default:
        throw new Error(`the server sends a record of type ${type}: ${plain[1]}`);
    }
  }

  #onMessage(message: number, body: Uint8Array, whole: Uint8Array, out: Writer): void {
    const r = new Reader(body, ["TLS", `message ${message}`]);
    switch (message) {
      case messages.serverHello:
        r.skip(2);
        this.#serverRandom = r.take(32).slice();
        break;
      case messages.certificate:
        break;
      case messages.serverKeyExchange: {
        r.skip(1);
        const group = r.u16be();
        if (group !== x25519) throw new Error(`the server wants group ${group}`);
        // Its signature is the server's work; nobody doubts it here.
        this.#serverShare = r.take(r.u8()).slice();
        break;
      }
      case messages.certificateRequest: {
        this.#wantsCertificate = true;
        r.skip(r.u8());
        const algorithms = new Reader(r.take(r.u16be()), []);
        while (algorithms.remaining > 0) if (algorithms.u16be() === pssSha256) this.#signsWithPss = true;
        break;
      }
      case messages.serverHelloDone:
        this.#transcript.push(whole);
        this.#answer(out);
        return;
      case messages.finished: {
        const expected = this.#prf("server finished", this.#hashed(), finishedLength);
        if (!sameBytes(body, expected)) throw new Error("the server's Finished is wrong");
        this.isEstablished = true;
        return;
      }
      default:
        throw new Error(`the server sends message ${message}`);
    }
    this.#transcript.push(whole);
  }

  /** From Certificate, or ClientKeyExchange, to Finished. */
  #answer(out: Writer): void {
    const { certificate, key, share, publicShare } = this.#common;
    if (this.#wantsCertificate) this.#say(out, message(messages.certificate, certificateList(certificate)));
    this.#say(out, message(messages.clientKeyExchange, new Writer().u8(publicShare.length).put(publicShare).finish()));
    const publicKey = createPublicKey({
      key: { kty: "OKP", crv: "X25519", x: Buffer.from(this.#serverShare).toString("base64url") },
      format: "jwk",
    });
    const secret = diffieHellman({ privateKey: share, publicKey });
    this.#masterSecret = tlsPrf("sha384", secret, "extended master secret", this.#hashed(), 48);
    const [keyLength, saltLength] = [32, 4] as const;
    const block = new Reader(
      this.#prf("key expansion", concat(this.#serverRandom, this.#random), 2 * (keyLength + saltLength)),
      ["key block"],
    );
    const [ourKey, theirKey] = [block.take(keyLength), block.take(keyLength)];
    this.#ours = new RecordKeys(ourKey, block.take(saltLength));
    this.#theirs = new RecordKeys(theirKey, block.take(saltLength));
    if (this.#wantsCertificate && certificate && key) {
      this.#say(out, message(messages.certificateVerify, this.#signed(key)));
    }
    putRecord(out, contentTypes.changeCipherSpec, Uint8Array.of(1));
    const finished = message(messages.finished, this.#prf("client finished", this.#hashed(), finishedLength));
    this.#transcript.push(finished);
    putRecord(out, contentTypes.handshake, this.#ours.seal(contentTypes.handshake, finished));
  }

  /** Of CertificateVerify: algorithm and signature. */
  #signed(key: KeyObject): Uint8Array {
    const data = concat(...this.#transcript);
    const of = (algorithm: number, signature: Uint8Array): Uint8Array =>
      new Writer().u16be(algorithm).u16be(signature.length).put(signature).finish();
    if (key.asymmetricKeyType === "ec") return of(ecdsaSha256, sign("sha256", data, key));
    if (!this.#signsWithPss) return of(pkcs1Sha256, sign("sha256", data, key));
    const padding = { padding: flags.RSA_PKCS1_PSS_PADDING, saltLength: flags.RSA_PSS_SALTLEN_DIGEST };
    return of(pssSha256, sign("sha256", data, { key, ...padding }));
  }

  #say(out: Writer, whole: Uint8Array): void {
    this.#transcript.push(whole);
    putRecord(out, contentTypes.handshake, whole);
  }

  #hashed(): Uint8Array {
    const hash = createHash("sha384");
    for (const each of this.#transcript) hash.update(each);
    return hash.digest();
  }

  #prf(label: string, seed: Uint8Array, length: number): Uint8Array {
    return tlsPrf("sha384", this.#masterSecret, label, seed, length);
  }

  #keysOf(keys: RecordKeys | undefined): RecordKeys {
    if (keys === undefined) throw new Error("there are no keys yet");
    return keys;
  }
}

const putRecord = (out: Writer, type: number, payload: Uint8Array): void =>
  void out.u8(type).u16be(version).u16be(payload.length).put(payload);

const message = (type: number, body: Uint8Array): Uint8Array =>
  new Writer().u8(type).u24be(body.length).put(body).finish();

const certificateList = (certificate: Uint8Array | undefined): Uint8Array => {
  if (certificate === undefined) return Uint8Array.of(0, 0, 0);
  const { length } = certificate;
  return new Writer()
    .u24be(length + 3)
    .u24be(length)
    .put(certificate)
    .finish();
};

const randomAt = 6;
const hello = message(1, helloBody());

function clientHello(own: Uint8Array): Uint8Array {
  const whole = hello.slice();
  whole.set(own, randomAt);
  return whole;
}

function helloBody(): Uint8Array {
  const list = (...values: readonly number[]): Uint8Array => {
    const w = new Writer().u16be(2 * values.length);
    for (const value of values) w.u16be(value);
    return w.finish();
  };
  const extension = (type: number, data: Uint8Array): Uint8Array =>
    new Writer().u16be(type).u16be(data.length).put(data).finish();
  const extensions = concat(
    extension(0xff01, Uint8Array.of(0)),
    extension(11, Uint8Array.of(1, 0)),
    // P-256 is there for certificates with it.
    extension(10, list(x25519, p256)),
    extension(13, list(ecdsaSha256, pssSha256, pkcs1Sha256)),
    extension(23, new Uint8Array()),
  );
  return new Writer()
    .u16be(version)
    .zeros(32)
    .u8(0)
    .put(list(suites.ecdsa, suites.rsa))
    .u8(1)
    .u8(0)
    .u16be(extensions.length)
    .put(extensions)
    .finish();
}

const pool = new Uint8Array(8192);
let used = pool.length;

/** A system call for each would cost more than the rest of a message. */
export function random(length: number): Uint8Array {
  if (used + length > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += length;
  return pool.slice(used - length, used);
}
