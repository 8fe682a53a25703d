/** A SIM and USIM card that computes by Milenage, in the words of wpa_supplicant's requests to an external SIM. */

import { bytesOfHex, concat, hexOf, sameBytes } from "../src/base/bytes.ts";
import { milenageGsm, milenageMacs, milenageResults } from "../src/crypto/milenage.ts";

export interface UsimOptions {
  readonly k: Uint8Array;
  readonly opc: Uint8Array;
  /** The highest sequence number that it has seen; a challenge below is answered with AUTS. */
  readonly sqn: bigint;
}

export class Usim {
  readonly #options: UsimOptions;
  #sqn: bigint;

  constructor(options: UsimOptions) {
    this.#options = options;
    this.#sqn = options.sqn;
  }

  /** @param request `GSM-AUTH:RAND:RAND...` or `UMTS-AUTH:RAND:AUTN` @returns what it says to it; undefined where it refuses */
  answer(request: string): string | undefined {
    const [kind, ...fields] = request.split(":");
    const values = fields.map((field) => bytesOfHex(field) ?? new Uint8Array(0));
    if (kind === "GSM-AUTH") {
      const results = values.map((rand) => milenageGsm(this.#options, rand));
      return ["GSM-AUTH", ...results.flatMap(({ kc, sres }) => [hexOf(kc), hexOf(sres)])].join(":");
    }
    const [rand, autn] = values;
    return rand && autn && this.#umts(rand, autn);
  }

  #umts(rand: Uint8Array, autn: Uint8Array): string | undefined {
    const { res, ck, ik, ak, akStar } = milenageResults(this.#options, rand);
    const sqn = xor(autn.subarray(0, 6), ak);
    const { macA } = milenageMacs(this.#options, rand, sqn, autn.subarray(6, 8));
    if (!sameBytes(macA, autn.subarray(8))) return undefined;
    const number = sqn.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
    if (number <= this.#sqn) {
      const own = Uint8Array.from({ length: 6 }, (_, i) => Number((this.#sqn >> BigInt(40 - 8 * i)) & 0xffn));
      const { macS } = milenageMacs(this.#options, rand, own, new Uint8Array(2));
      return `UMTS-AUTS:${hexOf(concat(xor(own, akStar), macS))}`;
    }
    this.#sqn = number;
    return `UMTS-AUTH:${hexOf(ik)}:${hexOf(ck)}:${hexOf(res)}`;
  }
}

const xor = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((octet, i) => octet ^ (b[i] ?? 0));
