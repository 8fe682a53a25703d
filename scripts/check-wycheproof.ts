/**
 * Runs Project Wycheproof's vectors for ECDH against what OWE stands on, and against both backends of the groups that SAE stands on. They are
 * not part of this repository:
 *
 *   git clone https://github.com/C2SP/wycheproof
 *   node dist/scripts/check-wycheproof.js wycheproof/testvectors_v1/ecdh_secp{224,256,384,521}r1_ecpoint_test.json
 */

import { readFileSync } from "node:fs";
import { bytesOfHex, hexOf } from "../src/base/bytes.ts";
import { nobleGroups } from "../src/crypto/backend/noble-groups.ts";
import { ecdhKeyPair } from "../src/crypto/backend/node.ts";
import { opensslGroups } from "../src/crypto/backend/openssl-groups.ts";
import type { Curve } from "../src/crypto/groups/port.ts";

interface Case {
  readonly tcId: number;
  readonly comment: string;
  /** A point: with both coordinates (04), or compressed (02, 03). */
  readonly public: string;
  readonly private: string;
  readonly shared: string;
  readonly result: "valid" | "acceptable" | "invalid";
}

interface Vectors {
  readonly testGroups: readonly { readonly curve: string; readonly tests: readonly Case[] }[];
}

const curves = {
  secp224r1: { name: "secp224r1", length: 28 },
  secp256r1: { name: "prime256v1", length: 32 },
  secp384r1: { name: "secp384r1", length: 48 },
  secp521r1: { name: "secp521r1", length: 66 },
} as const;
type Known = (typeof curves)[keyof typeof curves];

/** What comes out, in hexadecimal and empty where it is refused; undefined where the case is not about this. */
type Check = (test: Case, own: Uint8Array) => string | undefined;

/** OWE has x coordinates only: of a point that is wrong in y alone there is nothing left to see. */
function owe({ name, length }: Known): Check {
  return ({ public: point, result }, own) => {
    if (name === "secp224r1") return undefined;
    const x = bytesOfHex(point.slice(2, 2 + 2 * length));
    const isWhole = point.startsWith("04") && point.length === 2 + 4 * length;
    const isCompressed = /^0[23]/.test(point) && point.length === 2 + 2 * length;
    if (x === undefined || !(isCompressed || (isWhole && result !== "invalid"))) return undefined;
    return hexOf(ecdhKeyPair(name, own)?.agree(x) ?? new Uint8Array(0));
  };
}

/** SAE has both coordinates, and takes no others than the curve's. */
function group(curve: Curve, length: number): Check {
  return ({ public: point }, own) => {
    if (!point.startsWith("04")) return undefined;
    const both = bytesOfHex(point.slice(2));
    if (both === undefined) return undefined;
    if (!curve.contains(both)) return "";
    return hexOf(curve.multiply(own, both)?.subarray(0, length) ?? new Uint8Array(0));
  };
}

let wrong = 0;
const done = new Map<string, number>();
for (const file of process.argv.slice(2)) {
  const { testGroups } = JSON.parse(readFileSync(file, "utf8")) as Vectors;
  for (const { curve, tests } of testGroups) {
    if (!(curve in curves)) continue;
    const known = curves[curve as keyof typeof curves];
    const checks = new Map<string, Check>([["OWE", owe(known)]]);
    for (const backend of [opensslGroups(), nobleGroups]) {
      if (backend) checks.set(`SAE by ${backend.name}`, group(backend.curve(known.name), known.length));
    }
    for (const test of tests) {
      const own =
        bytesOfHex(test.private.padStart(2 * known.length, "0").slice(-2 * known.length)) ?? new Uint8Array(0);
      for (const [what, check] of checks) {
        const came = check(test, own);
        if (came === undefined) continue;
        done.set(what, (done.get(what) ?? 0) + 1);
        if (came === (test.result === "invalid" ? "" : test.shared)) continue;
        wrong += 1;
        process.stdout.write(`${file}: ${test.tcId} (${test.comment}) came out wrong for ${what}\n`);
      }
    }
  }
}
for (const [what, count] of done) process.stdout.write(`${what}: ${count} cases\n`);
process.stdout.write(`${wrong} wrong\n`);
process.exitCode = wrong === 0 && done.size > 0 ? 0 : 1;
