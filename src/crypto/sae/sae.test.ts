import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { saeHashToElementVector, saeLoopingVector } from "../../../test/vectors/sae.ts";
import { FixedEntropy } from "../../../testing/fixed-entropy.ts";
import { bytesOfHex, concat, hexOf, utf8 } from "../../base/bytes.ts";
import { nobleGroups } from "../backend/noble-groups.ts";
import { opensslGroups } from "../backend/openssl-groups.ts";
import { type CyclicGroup, CyclicGroups, coordinates, groupNumbers, numeral } from "../groups/cyclic-group.ts";
import type { GroupArithmetic } from "../groups/port.ts";
import {
  deriveSaeConfirm,
  deriveSaeKeys,
  drawSaeSecrets,
  isAcceptableCommit,
  multiplyPasswordElement,
  type PasswordElement,
  saeCommit,
  saeSharedSecret,
  verifySaeConfirm,
} from "./exchange.ts";
import { derivePt, derivePweFromPt } from "./hash-to-element.ts";
import { bothAddresses, derivePweByLooping } from "./looping.ts";

const octets = (hex: string): Uint8Array =>
  bytesOfHex(hex.replaceAll(":", "")) ?? assert.fail(`not hexadecimal: ${hex}`);

/** PWE by itself. */
const elementOf = (group: CyclicGroup, pwe: PasswordElement): Uint8Array =>
  multiplyPasswordElement(group, numeral(1, group.scalarLength), pwe) ?? assert.fail("the neutral element");

const openssl = opensslGroups() ?? assert.fail("this Node's OpenSSL can't be called");
const backends: readonly GroupArithmetic[] = [openssl, nobleGroups];

for (const arithmetic of backends) {
  describe(`SAE on ${arithmetic.name}`, () => {
    const groups = new CyclicGroups(arithmetic);

    test("the example of IEEE Std 802.11-2020, J.10, by looping", () => {
      const v = saeLoopingVector;
      const group = groups.get(19);
      const addresses = bothAddresses(octets(v.addresses[0]), octets(v.addresses[1]));
      const pwe = {
        base: derivePweByLooping(group, utf8(v.password), addresses, new FixedEntropy()),
        factor: undefined,
      };
      const secrets = { rand: octets(v.rand), mask: octets(v.mask) };
      const own = saeCommit(group, pwe, secrets);
      assert.equal(`1300${hexOf(own.scalar)}${hexOf(own.element)}`, v.commit);
      const peerOctets = octets(v.peerCommit);
      const peer = { scalar: peerOctets.slice(2, 34), element: peerOctets.slice(34) };
      assert.ok(isAcceptableCommit(group, peer));
      const k = saeSharedSecret(group, pwe, secrets, peer) ?? assert.fail("no shared secret");
      const keys = deriveSaeKeys(group, k, own.scalar, peer.scalar, {
        pwe: "looping",
        extendedKey: false,
        rejectedGroups: new Uint8Array(0),
        withKek: false,
      });
      assert.equal(hexOf(keys.kck), v.kck);
      assert.equal(hexOf(keys.pmk), v.pmk);
      assert.equal(hexOf(keys.pmkid), v.pmkid);
    });

    test("the examples of IEEE Std 802.11-2020, J.10, by hashing to the group", () => {
      const v = saeHashToElementVector;
      const addresses = bothAddresses(octets(v.addresses[0]), octets(v.addresses[1]));
      for (const number of [19, 15] as const) {
        const group = groups.get(number);
        const pt = derivePt(group, utf8(v.ssid), utf8(v.password), utf8(v.identifier));
        assert.equal(hexOf(elementOf(group, derivePweFromPt(group, pt, addresses))), v.pwe[number], `group ${number}`);
      }
    });
  });
}

for (const number of groupNumbers) {
  // The longest primes take JavaScript seconds; what differs between them is their length only.
  const arithmetics = number > 15 && number < 19 ? [openssl] : backends;

  test(`group ${number}: both backends and both ends come to the same keys`, () => {
    const addresses = bothAddresses(octets("020000000001"), octets("020000000100"));
    const results = arithmetics.map((arithmetic) => {
      const group = new CyclicGroups(arithmetic).get(number);
      const pt = derivePt(group, utf8("Müller"), utf8("secret"), undefined);
      const pwes = [
        derivePweFromPt(group, pt, addresses),
        { base: derivePweByLooping(group, utf8("secret"), addresses, new FixedEntropy()), factor: undefined },
      ];
      return pwes.map((pwe, i) => {
        assert.ok(group.contains(elementOf(group, pwe)));
        const [a, b] = [drawSaeSecrets(group, new FixedEntropy(1)), drawSaeSecrets(group, new FixedEntropy(2))];
        const [commitA, commitB] = [saeCommit(group, pwe, a), saeCommit(group, pwe, b)];
        assert.ok(isAcceptableCommit(group, commitA) && isAcceptableCommit(group, commitB));
        const kA = saeSharedSecret(group, pwe, a, commitB) ?? assert.fail();
        const kB = saeSharedSecret(group, pwe, b, commitA) ?? assert.fail();
        assert.equal(hexOf(kA), hexOf(kB));
        const options = {
          pwe: i === 0 ? "hash-to-element" : "looping",
          extendedKey: true,
          rejectedGroups: Uint8Array.of(22, 0),
          withKek: true,
        } as const;
        const keys = deriveSaeKeys(group, kA, commitA.scalar, commitB.scalar, options);
        const confirm = deriveSaeConfirm(keys, 7, commitA, commitB);
        assert.ok(verifySaeConfirm(keys, 7, commitA, commitB, confirm));
        assert.ok(!verifySaeConfirm(keys, 8, commitA, commitB, confirm));
        assert.ok(!verifySaeConfirm(keys, 7, commitB, commitA, confirm));
        return (
          hexOf(elementOf(group, pwe)) +
          hexOf(keys.kck) +
          hexOf(keys.pmk) +
          hexOf(keys.pmkid) +
          hexOf(keys.kek ?? assert.fail())
        );
      });
    });
    for (const result of results) assert.deepEqual(result, results[0]);
  });

  for (const arithmetic of arithmetics) {
    test(`group ${number} on ${arithmetic.name}: what a peer may not send`, () => {
      const group = new CyclicGroups(arithmetic).get(number);
      const pwe = derivePweFromPt(group, derivePt(group, utf8("a"), utf8("b"), undefined), new Uint8Array(12));
      const good = saeCommit(group, pwe, drawSaeSecrets(group, new FixedEntropy()));
      assert.ok(isAcceptableCommit(group, good));
      const ones = new Uint8Array(group.scalarLength).fill(255);
      const [zero, one] = [0, 1].map((value) => numeral(value, group.scalarLength));
      assert.ok(zero && one);
      for (const scalar of [zero, one, group.scalars.prime, ones, good.scalar.subarray(1), new Uint8Array(0)]) {
        assert.ok(!isAcceptableCommit(group, { ...good, scalar }), `scalar ${hexOf(scalar)}`);
      }
      for (const element of wrongElements(group, good.element)) {
        assert.ok(!isAcceptableCommit(group, { ...good, element }), `element ${hexOf(element)}`);
      }
    });
  }
}

/** No numbers of the field, not on the curve, neutral, of small order, too short. */
function wrongElements(group: CyclicGroup, good: Uint8Array): readonly Uint8Array[] {
  const { elementLength: length, field } = group;
  const always = [numeral(0, length), numeral(1, length), new Uint8Array(length).fill(255), good.subarray(1)];
  if (group.kind === "ecc") {
    const [x, y] = coordinates(good);
    return [...always, good.with(-1, (y.at(-1) ?? 0) ^ 1), concat(field.prime, y), concat(x, field.prime), x];
  }
  // p - 1 is of order 2.
  return [...always, field.subtract(numeral(0, length), numeral(1, length)), field.prime];
}

for (const arithmetic of backends) {
  test(`a peer that sends what cancels out gets no key, on ${arithmetic.name}`, () => {
    const group = new CyclicGroups(arithmetic).get(19);
    const pwe = derivePweFromPt(group, derivePt(group, utf8("a"), utf8("b"), undefined), new Uint8Array(12));
    const scalar = numeral(5, 32);
    const element = group.invert(multiplyPasswordElement(group, scalar, pwe) ?? assert.fail());
    const secrets = drawSaeSecrets(group, new FixedEntropy());
    assert.equal(saeSharedSecret(group, pwe, secrets, { scalar, element }), undefined);
  });
}
