import { Reader } from "../../base/bytes.ts";
import { ccmpDecrypt, ccmpEncrypt } from "../../crypto/ccmp.ts";
import { wipe } from "../../crypto/secret.ts";

const sequenceLength = 6;

/** A CCMP-128 key in use, with its packet numbers. IEEE Std 802.11-2020, 12.5.3. */
export class CipherKey {
  readonly #key: Uint8Array;
  #sent = 0n;
  /** Highest packet number received, by traffic identifier. */
  readonly #received = new Map<number, bigint>();
  readonly #receivedBefore: bigint;

  /** @param key copied @param sequence receive sequence counter to start from, 6 octets, least significant first */
  constructor(
    key: Uint8Array,
    readonly index: number,
    sequence?: Uint8Array,
  ) {
    this.#key = key.slice();
    this.#receivedBefore = sequence ? packetNumberOf(sequence) : 0n;
  }

  /** The transmit sequence counter, 6 octets, least significant first. */
  get sequence(): Uint8Array {
    const octets = new Uint8Array(8);
    new DataView(octets.buffer).setBigUint64(0, this.#sent, true);
    return octets.subarray(0, sequenceLength);
  }

  /** @returns the body as it goes over the air */
  seal(header: Uint8Array, body: Uint8Array): Uint8Array {
    this.#sent += 1n;
    return ccmpEncrypt(this.#key, this.index, this.#sent, { header, body });
  }

  /** @returns undefined where the MIC is wrong, or the packet number has been there before */
  open(header: Uint8Array, body: Uint8Array, tid = -1): Uint8Array | undefined {
    const opened = ccmpDecrypt(this.#key, { header, body });
    if (!opened || opened.packetNumber <= (this.#received.get(tid) ?? this.#receivedBefore)) return undefined;
    this.#received.set(tid, opened.packetNumber);
    return opened.body;
  }

  wipe(): void {
    wipe(this.#key);
  }
}

function packetNumberOf(sequence: Uint8Array): bigint {
  const octets = new Uint8Array(8);
  octets.set(sequence.subarray(0, sequenceLength));
  return new Reader(octets, ["sequence"]).u64le();
}
