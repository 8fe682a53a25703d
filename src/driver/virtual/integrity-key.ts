import { concat, MalformedError, Reader } from "../../base/bytes.ts";
import { type BipCipher, bipMicLength, computeBipMic } from "../../crypto/bip.ts";
import { sameSecret, wipe } from "../../crypto/secret.ts";
import { elementId, encodeElement } from "../../wire/ieee80211/element.ts";
import { managementHeaderLength } from "../../wire/ieee80211/frame.ts";
import { decodeManagementMic, encodeManagementMic, type ManagementMic } from "../../wire/ieee80211/management-mic.ts";
import { cipherSuite } from "../../wire/ieee80211/suites.ts";

const names: readonly BipCipher[] = ["AES-128-CMAC", "BIP-GMAC-128", "BIP-GMAC-256", "BIP-CMAC-256"];

/** @param suite a suite selector @returns undefined where it is none of BIP's */
export const bipCipher = (suite: number): BipCipher | undefined => names.find((name) => cipherSuite[name] === suite);

/** An IGTK or BIGTK in use, with its packet numbers. IEEE Std 802.11-2020, 12.5.4. */
export class IntegrityKey {
  readonly #cipher: BipCipher;
  readonly #key: Uint8Array;
  #sent = 0n;
  #received: bigint;

  /** @param key copied @param packetNumber to start receiving from, 6 octets, least significant first */
  constructor(
    cipher: BipCipher,
    key: Uint8Array,
    readonly index: number,
    packetNumber: Uint8Array = new Uint8Array(6),
  ) {
    this.#cipher = cipher;
    this.#key = key.slice();
    this.#received = numberOf(packetNumber);
  }

  /** The transmit packet number, 6 octets, least significant first. */
  get sequence(): Uint8Array {
    return octetsOf(this.#sent);
  }

  /** @param frame whole @returns it with a Management MIC element at its end */
  protect(frame: Uint8Array): Uint8Array {
    this.#sent += 1n;
    const packetNumber = octetsOf(this.#sent);
    const mic = this.#mic(frame, { keyId: this.index, packetNumber, mic: this.#noMic() });
    return concat(frame, managementMicElement({ keyId: this.index, packetNumber, mic }));
  }

  /** @returns the frame without its last element; undefined where that is not right, or has been there before */
  verify(frame: Uint8Array): Uint8Array | undefined {
    const length = managementMicElement({ keyId: 0, packetNumber: octetsOf(0n), mic: this.#noMic() }).length;
    if (frame.length < managementHeaderLength + length) return undefined;
    const plain = frame.subarray(0, -length);
    const told = managementMicOf(frame.subarray(-length));
    if (!told || told.keyId !== this.index || told.mic.length !== this.#noMic().length) return undefined;
    const number = numberOf(told.packetNumber);
    if (number <= this.#received || !sameSecret(this.#mic(plain, { ...told, mic: this.#noMic() }), told.mic)) {
      return undefined;
    }
    this.#received = number;
    return plain;
  }

  wipe(): void {
    wipe(this.#key);
  }

  #noMic(): Uint8Array {
    return new Uint8Array(bipMicLength(this.#cipher));
  }

  #mic(frame: Uint8Array, masked: ManagementMic): Uint8Array {
    const header = frame.subarray(0, managementHeaderLength);
    const body = concat(frame.subarray(managementHeaderLength), managementMicElement(masked));
    return computeBipMic(this.#cipher, this.#key, { header, body }, masked.packetNumber);
  }
}

const managementMicElement = (mic: ManagementMic): Uint8Array =>
  encodeElement(elementId.managementMic, encodeManagementMic(mic));

function managementMicOf(element: Uint8Array): ManagementMic | undefined {
  if (element[0] !== elementId.managementMic || element[1] !== element.length - 2) return undefined;
  try {
    return decodeManagementMic(new Reader(element.subarray(2), ["Management MIC"]));
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

function octetsOf(number: bigint): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, number, true);
  return octets.slice(0, 6);
}

function numberOf(octets: Uint8Array): bigint {
  const whole = new Uint8Array(8);
  whole.set(octets.subarray(0, 6));
  return new DataView(whole.buffer).getBigUint64(0, true);
}
