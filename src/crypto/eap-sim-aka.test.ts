import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf, utf8 } from "../base/bytes.ts";
import { bindToNetwork, deriveAkaPrimeKeys, deriveSimAkaKeys, deriveSimMasterKey } from "./eap-sim-aka.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text.replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
};

test("EAP-SIM's keys: RFC 4186, appendix A.5", () => {
  const masterKey = deriveSimMasterKey({
    identity: utf8("1244070100000001@eapsim.foo"),
    kc: [hex("a0a1a2a3a4a5a6a7"), hex("b0b1b2b3b4b5b6b7"), hex("c0c1c2c3c4c5c6c7")],
    nonceMt: hex("0123456789abcdeffedcba9876543210"),
    versionList: hex("0001"),
    selectedVersion: 1,
  });
  assert.equal(hexOf(masterKey), "e576d5ca332e9930018bf1baee2763c795b3c712");
  const keys = deriveSimAkaKeys(masterKey);
  assert.equal(hexOf(keys.kEncr), "536e5ebc4465582aa6a8ec9986ebb620");
  assert.equal(hexOf(keys.kAut), "25af1942efcbf4bc72b3943421f2a974");
  assert.equal(
    hexOf(keys.msk),
    "39d45aeaf4e30601983e972b6cfd46d1c363773365690d09cd44976b525f47d3a60a985e955c53b090b2e4b73719196a402542968fd14a888f46b9a7886e4488",
  );
  assert.equal(
    hexOf(keys.emsk),
    "5949eab0fff69d52315c6c634fd14a7f0d52023d56f79698fa6596abeed4f93fbb48eb534d985414ceed0d9a8ed33c387c9dfdab92ffbdf240fcecf65a2c93b9",
  );
});

test("keys of EAP-AKA': RFC 9048, appendix D (RFC 5448, appendix C)", () => {
  const cases12 = {
    ckIn: "5349fbe098649f948f5d2e973a81c00f",
    ikIn: "9744871ad32bf9bbd1dd5ce54e3e2e5a",
    autn: "bb52e91c747ac3ab2a5c23d15ee351d5",
  };
  const cases34 = { ckIn: "c0".repeat(16), ikIn: "b0".repeat(16), autn: "a0".repeat(16) };
  const cases = [
    {
      ...cases12,
      network: "WLAN",
      ck: "0093962d0dd84aa5684b045c9edffa04",
      ik: "ccfc230ca74fcc96c0a5d61164f5a76c",
      keys: {
        kEncr: "766fa0a6c317174b812d52fbcd11a179",
        kAut: "0842ea722ff6835bfa2032499fc3ec23c2f0e388b4f07543ffc677f1696d71ea",
        kRe: "cf83aa8bc7e0aced892acc98e76a9b2095b558c7795c7094715cb3393aa7d17a",
        msk: "67c42d9aa56c1b79e295e3459fc3d187d42be0bf818d3070e362c5e967a4d544e8ecfe19358ab3039aff03b7c930588c055babee58a02650b067ec4e9347c75a",
        emsk: "f861703cd775590e16c7679ea3874ada866311de290764d760cf76df647ea01c313f69924bdd7650ca9bac141ea075c4ef9e8029c0e290cdbad5638b63bc23fb",
      },
    },
    {
      ...cases12,
      network: "HRPD",
      ck: "3820f0277fa5f77732b1fb1d90c1a0da",
      ik: "db94a0ab557ef6c9ab48619ca05b9a9f",
      keys: {
        kEncr: "05ad73ac915fce89ac77e1520d82187b",
        kAut: "5b4acaef62c6ebb8882b2f3d534c4b35277337a00184f20ff25d224c04be2afd",
        kRe: "3f90bf5c6e5ef325ff04eb5ef6539fa8cca8398194fbd00be425b3f40dba10ac",
        msk: "87b321570117cd6c95ab6c436fb5073ff15cf85505d2bc5bb7355fc21ea8a75757e8f86a2b138002e05752913bb43b82f868a96117e91a2d95f526677d572900",
        emsk: "c891d5f20f148a1007553e2dea555c9cb672e9675f4a66b4bafa027379f93aee539a5979d0a0042b9d2ae28bed3b17a31dc8ab75072b80bd0c1da612466e402c",
      },
    },
    {
      ...cases34,
      network: "WLAN",
      ck: "cd4c8e5c68f57dd1d7d7dfd0c538e577",
      ik: "3ece6b705dbbf7dfc459a11280c65524",
      keys: {
        kEncr: "897d302fa2847416488c28e20dcb7be4",
        kAut: "c40700e7722483ae3dc7139eb0b88bb558cb3081eccd057f9207d1286ee7dd53",
        kRe: "0a591a22dd8b5b1cf29e3d508c91dbbdb4aee23051892c42b6a2de66ea504473",
        msk: "9f7dca9e37bb22029ed986e7cd09d4a70d1ac76d95535c5cac40a7504699bb8961a29ef6f3e90f183de5861ad1bedc81ce9916391b401aa006c98785a5756df7",
        emsk: "724de00bdb9e568187be3fe746114557d5018779537ee37f4d3c6c738cb97b9dc651bc19bfadc344ffe2b52ca78bd8316b51dacc5f2b1440cb9515521cc7ba23",
      },
    },
    {
      ...cases34,
      network: "HRPD",
      ck: "8310a71ce6f754889613da8f64d5fb46",
      ik: "5adf14360ae838192db23f6fcb7f8c76",
      keys: {
        kEncr: "745e7439ba238f50fcac4d15d47cd1d9",
        kAut: "3e1d2aa4e677025cfd862a4be18361a13a645765571463df833a9759e8099879",
        kRe: "99da835e2ae82462576fe6516fad1f802f0fa1191655dd0a273da96d04e0fcd3",
        msk: "c6d3a6e0ceea951eb20d74f32c3061d0680a04b0b086ee8700ace3e0b95fa02683c287beee44432294ff98af26d2cc783bace75c4b0af7fdfeb5511ba8e4cbd0",
        emsk: "7fb56813838adafa99d140c2f198f6dacebfb6afee444961105402b508c7f363352cb2919644b50463e6a69354150147ae09cbc54b8a651d8787a6893ed8536d",
      },
    },
  ];
  for (const { network, ckIn, ikIn, autn, ck, ik, keys } of cases) {
    const bound = bindToNetwork(hex(ckIn), hex(ikIn), utf8(network), hex(autn));
    assert.equal(hexOf(bound.ck), ck);
    assert.equal(hexOf(bound.ik), ik);
    const derived = deriveAkaPrimeKeys(utf8("0555444333222111"), bound.ik, bound.ck);
    const { kEncr, kAut, kRe, msk, emsk } = derived;
    assert.deepEqual(
      [kEncr, kAut, kRe, msk, emsk].map((octets) => hexOf(octets)),
      Object.values(keys),
    );
  }
});
