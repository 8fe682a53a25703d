/** Records of TLS 1.2 by AES-256-GCM, one direction. RFC 5288, section 3; RFC 5246, section 6.2.3.3. */

import { createCipheriv, createDecipheriv } from "node:crypto";
import { concat } from "../../src/base/bytes.ts";

const algorithm = "aes-256-gcm";
const [explicitLength, tagLength] = [8, 16] as const;

export class RecordKeys {
  readonly #key: Uint8Array;
  readonly #nonce = new Uint8Array(12);
  /** Sequence number, type, version, length. */
  readonly #header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0);
  #sequence = 0;

  constructor(key: Uint8Array, salt: Uint8Array) {
    this.#key = key;
    this.#nonce.set(salt);
  }

  /** The explicit nonce is the sequence number. */
  seal(type: number, plain: Uint8Array): Uint8Array {
    const explicit = this.#next(type, plain.length).slice();
    this.#nonce.set(explicit, 4);
    const cipher = createCipheriv(algorithm, this.#key, this.#nonce).setAAD(this.#header);
    const sealed = cipher.update(plain);
    cipher.final();
    return concat(explicit, sealed, cipher.getAuthTag());
  }

  /** @throws Error where it is not the server's */
  open(type: number, payload: Uint8Array): Uint8Array {
    const length = payload.length - explicitLength - tagLength;
    this.#next(type, length);
    this.#nonce.set(payload.subarray(0, explicitLength), 4);
    const decipher = createDecipheriv(algorithm, this.#key, this.#nonce).setAAD(this.#header);
    decipher.setAuthTag(payload.subarray(explicitLength + length));
    const plain = decipher.update(payload.subarray(explicitLength, explicitLength + length));
    decipher.final();
    return plain;
  }

  /** @returns the sequence number's octets, within the header */
  #next(type: number, length: number): Uint8Array {
    const header = this.#header;
    header[6] = this.#sequence >>> 8;
    header[7] = this.#sequence;
    header[8] = type;
    header[11] = length >>> 8;
    header[12] = length;
    this.#sequence += 1;
    return header.subarray(0, explicitLength);
  }
}
