import assert from "node:assert/strict";
import { test } from "node:test";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { bytesOfHex, hexOf } from "../base/bytes.ts";
import { ecdhKeyPair } from "./backend/node.ts";
import { deriveOweKeys, isOweGroup, oweGroupNumbers, oweKeysOf } from "./owe.ts";
import { hkdfExpand } from "./prf.ts";

const octets = (hex: string): Uint8Array =>
  bytesOfHex(hex.replaceAll(/\s/g, "")) ?? assert.fail(`not hexadecimal: ${hex}`);

test("Diffie-Hellman with x coordinates alone: RFC 5903, sections 8.1 and 8.2", () => {
  const vectors = [
    {
      curve: "prime256v1",
      i: "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
      gix: "DAD0B65394221CF9B051E1FECA5787D098DFE637FC90B9EF945D0C3772581180",
      r: "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
      grx: "D12DFB5289C8D4F81208B70270398C342296970A0BCCB74C736FC7554494BF63",
      girx: "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE",
    },
    {
      curve: "secp384r1",
      i: "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655E35B538041E649EE3FAEF896783AB194",
      gix: "667842D7D180AC2CDE6F74F37551F55755C7645C20EF73E31634FE72B4C55EE6DE3AC808ACB4BDB4C88732AEE95F41AA",
      r: "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942E0308312916B8ED2960E4BD55A7448FC",
      grx: "E558DBEF53EECDE3D3FCCFC1AEA08A89A987475D12FD950D83CFA41732BC509D0D1AC43A0336DEF96FDA41D0774A3571",
      girx: "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4D603135569B9E9D09CF5D4A270F59746",
    },
  ] as const;
  for (const { curve, i, gix, r, grx, girx } of vectors) {
    const pair = ecdhKeyPair(curve, octets(i)) ?? assert.fail();
    assert.equal(hexOf(pair.publicX).toUpperCase(), gix);
    assert.equal(hexOf(pair.agree(octets(grx)) ?? assert.fail()).toUpperCase(), girx);
    const other = ecdhKeyPair(curve, octets(r)) ?? assert.fail();
    assert.equal(hexOf(other.agree(octets(gix)) ?? assert.fail()).toUpperCase(), girx);
  }
});

test("HKDF-Expand: RFC 5869, appendix A.1", () => {
  const prk = octets("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  const okm = hkdfExpand("sha256", prk, octets("f0f1f2f3f4f5f6f7f8f9"), 42);
  assert.equal(hexOf(okm), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
});

for (const group of oweGroupNumbers) {
  test(`group ${group}: station and access point come to the same keys, anew each time`, () => {
    const curve = ({ 19: "prime256v1", 20: "secp384r1", 21: "secp521r1" } as const)[group];
    const length = { 19: 32, 20: 48, 21: 66 }[group];
    const station = ecdhKeyPair(curve, new Uint8Array(length).fill(1, 1)) ?? assert.fail();
    const ours = deriveOweKeys(group, station.publicX, new FixedEntropy()) ?? assert.fail();
    const shared = station.agree(ours.publicKey) ?? assert.fail();
    const theirs = oweKeysOf(group, station.publicX, ours.publicKey, shared);
    assert.deepEqual({ pmk: ours.pmk, pmkid: ours.pmkid }, theirs);
    assert.equal(ours.pmk.length, { 19: 32, 20: 48, 21: 64 }[group]);
    const again = deriveOweKeys(group, station.publicX, new FixedEntropy(1)) ?? assert.fail();
    assert.notDeepEqual(again.pmk, ours.pmk);
  });

  test(`group ${group}: what is no public key`, () => {
    const length = { 19: 32, 20: 48, 21: 66 }[group];
    for (const key of [
      new Uint8Array(0),
      new Uint8Array(length - 1),
      new Uint8Array(length + 1),
      new Uint8Array(length).fill(255),
    ]) {
      assert.equal(deriveOweKeys(group, key, new FixedEntropy()), undefined);
    }
  });
}

test("half of all numbers are the x coordinate of no point", () => {
  const results = Array.from({ length: 64 }, (_, x) =>
    deriveOweKeys(19, new Uint8Array(32).with(-1, x), new FixedEntropy()),
  );
  const refused = results.filter((keys) => keys === undefined).length;
  assert.ok(refused > 16 && refused < 48, `${refused} of 64`);
});

test("groups of OWE", () => {
  assert.ok(isOweGroup(21));
  assert.ok(!isOweGroup(22));
});
