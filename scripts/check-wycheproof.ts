/**
 * Runs Project Wycheproof's vectors for ECDH against what OWE stands on. They are not part of this repository:
 *
 *   git clone https://github.com/C2SP/wycheproof
 *   node dist/scripts/check-wycheproof.js wycheproof/testvectors_v1/ecdh_secp{256,384,521}r1_ecpoint_test.json
 */

import { readFileSync } from "node:fs";
import { bytesOfHex, hexOf } from "../src/base/bytes.ts";
import { ecdhKeyPair } from "../src/crypto/backend/node.ts";

interface Vectors {
  readonly testGroups: readonly {
    readonly curve: string;
    readonly tests: readonly {
      readonly tcId: number;
      readonly comment: string;
      /** A point: with both coordinates (04), or compressed (02, 03). */
      readonly public: string;
      readonly private: string;
      readonly shared: string;
      readonly result: "valid" | "acceptable" | "invalid";
    }[];
  }[];
}

const curves = {
  secp256r1: { name: "prime256v1", length: 32 },
  secp384r1: { name: "secp384r1", length: 48 },
  secp521r1: { name: "secp521r1", length: 66 },
} as const;

let [run, left, wrong] = [0, 0, 0];
for (const file of process.argv.slice(2)) {
  const { testGroups } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  for (const { curve, tests } of testGroups) {
    if (!(curve in curves)) continue;
    const { name, length } = curves[curve as keyof typeof curves];
    for (const { tcId, comment, public: point, private: own, shared, result } of tests) {
      const x = bytesOfHex(point.slice(2, 2 + 2 * length));
      const isWhole = point.startsWith("04") && point.length === 2 + 4 * length;
      const isCompressed = /^0[23]/.test(point) && point.length === 2 + 2 * length;
      // Of a point that is wrong in y alone there is nothing left to see in x; other encodings don't occur.
      if (x === undefined || !(isCompressed || (isWhole && result !== "invalid"))) {
        left += 1;
        continue;
      }
      run += 1;
      const key = own.padStart(2 * length, "0").slice(-2 * length);
      const secret = ecdhKeyPair(name, bytesOfHex(key) ?? new Uint8Array(0))?.agree(x);
      if (hexOf(secret ?? new Uint8Array(0)) === (result === "invalid" ? "" : shared)) continue;
      wrong += 1;
      process.stdout.write(`${file}: ${tcId} (${comment}) came out wrong\n`);
    }
  }
}
process.stdout.write(`${run} run, ${left} not about x coordinates, ${wrong} wrong\n`);
process.exitCode = wrong === 0 && run > 0 ? 0 : 1;
