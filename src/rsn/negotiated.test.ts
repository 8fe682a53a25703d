import assert from "node:assert/strict";
import { test } from "node:test";
import type { AkmName } from "../wire/ieee80211/suites.ts";
import { formatOf, hashOf, pmkidKeyOf, pmkOfMsk } from "./negotiated.ts";

const suites = (akm: AkmName) => ({ akm, pairwise: "GCMP-256" }) as const;
const [pmk, kck] = [Uint8Array.of(1), Uint8Array.of(2)];

/** IEEE Std 802.11-2020, tables 9-151 and 12-10, 12.7.1.3. */
const enterprise: readonly {
  readonly akm: AkmName;
  readonly hash: string;
  readonly protection: string;
  readonly descriptorVersion: number;
  readonly pmkLength: number;
  /** What a PMKID is made with. */
  readonly namedBy: "pmk" | "kck";
}[] = [
  { akm: "WPA-EAP", hash: "sha1", protection: "hmac-sha1-aes", descriptorVersion: 2, pmkLength: 32, namedBy: "pmk" },
  {
    ...{ akm: "WPA-EAP-SHA256", hash: "sha256", protection: "aes-cmac-aes", descriptorVersion: 3 },
    ...{ pmkLength: 32, namedBy: "pmk" },
  },
  {
    ...{ akm: "WPA-EAP-SUITE-B", hash: "sha256", protection: "hmac-sha256-aes", descriptorVersion: 0 },
    ...{ pmkLength: 32, namedBy: "kck" },
  },
  {
    ...{ akm: "WPA-EAP-SUITE-B-192", hash: "sha384", protection: "hmac-sha384-aes", descriptorVersion: 0 },
    ...{ pmkLength: 48, namedBy: "kck" },
  },
  {
    ...{ akm: "WPA-EAP-SHA384", hash: "sha384", protection: "hmac-sha384-aes", descriptorVersion: 0 },
    ...{ pmkLength: 48, namedBy: "pmk" },
  },
];

for (const { akm, hash, protection, descriptorVersion, pmkLength, namedBy } of enterprise) {
  test(`${akm}: its hash, how its frames are protected, what it takes of the MSK`, () => {
    assert.equal(hashOf(suites(akm)), hash);
    assert.deepEqual(formatOf(suites(akm)), { protection, descriptorVersion });
    const msk = Uint8Array.from({ length: 64 }, (_, i) => i);
    assert.deepEqual(pmkOfMsk(akm, msk), msk.slice(0, pmkLength));
    assert.equal(pmkOfMsk(akm, msk.subarray(0, pmkLength - 1)), undefined);
    assert.equal(pmkidKeyOf(akm, pmk, kck), namedBy === "pmk" ? pmk : kck);
  });
}
