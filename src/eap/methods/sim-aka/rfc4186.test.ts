/** The packets of RFC 4186, appendix A, octet by octet: what a server sends is made, what a peer sends is read. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesOfHex, concat, hexOf, Reader, textOf, utf8 } from "../../../base/bytes.ts";
import type { Entropy } from "../../../base/entropy.ts";
import { deriveSimAkaKeys, deriveSimAkaReauthenticationKeys, deriveSimMasterKey } from "../../../crypto/eap-sim-aka.ts";
import { decodeEap, encodeEap } from "../../../wire/eap/packet.ts";
import { eapIdentity } from "../../../wire/eap/types.ts";
import type { MethodCall } from "../../method.ts";
import { attribute, decodeMessage, encodeHeader, octetsAttribute, sizedAttribute } from "./attributes.ts";
import { simFamily as family } from "./family.ts";
import {
  counterAttribute,
  decryptAttributes,
  encryptAttributes,
  isAuthentic,
  sealMessage,
  userNameAttribute,
} from "./message.ts";
import { commonSubtype } from "./session.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text.replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
};

const identity = "1244070100000001@eapsim.foo";
const nonceMt = hex("0123456789abcdef fedcba9876543210");
const nonceS = nonceMt;
const triplets = [
  { rand: "10111213 14151617 18191a1b 1c1d1e1f", sres: "d1d2d3d4", kc: "a0a1a2a3 a4a5a6a7" },
  { rand: "20212223 24252627 28292a2b 2c2d2e2f", sres: "e1e2e3e4", kc: "b0b1b2b3 b4b5b6b7" },
  { rand: "30313233 34353637 38393a3b 3c3d3e3f", sres: "f1f2f3f4", kc: "c0c1c2c3 c4c5c6c7" },
];
const allOf = (part: "rand" | "sres"): Uint8Array => concat(...triplets.map((triplet) => hex(triplet[part])));
const pseudonym = "w8w49PexCazWJ&xCIARmxuMKht5S1sxRDqXSEFBEg3DcZP9cIxTe5J4OyIwNGVzxeJOU1G";
const reauthId = "Y24fNSrz8BP274jOJaF17WfxI8YO7QX00pMXk9XMMVOw7broaNhTczuFq53aEpOkk3L0dm@eapsim.foo";
const nextReauthId = "uta0M0iyIsMwWp5TTdSdnOLvg2XDVf21OYt1vnfiMcs5dnIDHOIFVavIRzMRyzW6vFzdHW@eapsim.foo";
const masterKey = deriveSimMasterKey({
  identity: utf8(identity),
  kc: triplets.map(({ kc }) => hex(kc)),
  nonceMt,
  versionList: hex("0001"),
  selectedVersion: 1,
});
const { kEncr, kAut } = deriveSimAkaKeys(masterKey);

/** Of the packets with this identifier. @param iv what the server draws */
const callOf = (identifier: number, iv = ""): MethodCall => {
  const entropy: Entropy = { bytes: () => hex(iv) };
  return { identifier, nextIdentifier: identifier, entropy } as unknown as MethodCall;
};

const request = (identifier: number, data: Uint8Array): string =>
  hexOf(encodeEap({ code: "request", identifier, type: { vendor: 0, type: family.type }, expanded: false, data }));

/** Type-Data of a packet of the peer's. */
const dataOf = (packet: string): Uint8Array => {
  const decoded = decodeEap(new Reader(hex(packet), ["RFC 4186"]));
  assert.ok(decoded.code === "response" && decoded.type.type === family.type);
  return decoded.data;
};

describe("RFC 4186, appendix A", () => {
  test("A.1, A.2: identity", () => {
    const asked = encodeEap({
      code: "request",
      identifier: 0,
      type: eapIdentity,
      expanded: false,
      data: new Uint8Array(),
    });
    assert.equal(hexOf(asked), "0100000501");
    const told = decodeEap(
      new Reader(hex("02000020 01 31323434 30373031 30303030 30303031 40656170 73696d2e 666f6f"), ["A.2"]),
    );
    assert.ok(told.code === "response");
    assert.equal(textOf(told.data), identity);
  });

  test("A.3, A.4: Start", () => {
    const start = concat(encodeHeader(10), sizedAttribute(attribute.versionList, hex("0001")));
    assert.equal(request(1, start), "01010010120a00000f02000200010000");
    const { subtype, attributes } = decodeMessage(
      new Reader(dataOf("02010020 12 0a 0000 07 05 0000 01234567 89abcdef fedcba98 76543210 10 01 0001"), ["A.4"]),
    );
    assert.equal(subtype, 10);
    assert.deepEqual(attributes.octets(attribute.nonceMt, 16), nonceMt);
    assert.equal(attributes.number(attribute.selectedVersion), 1);
  });

  test("A.5, A.6: Challenge, with a pseudonym and an identity for fast reauthentication", () => {
    const call = callOf(2, "9e18b0c2 9a652263 c06efb54 dd00a895");
    const data = sealMessage(
      call,
      family,
      kAut,
      11,
      [
        octetsAttribute(attribute.rand, allOf("rand")),
        encryptAttributes(call, kEncr, [
          userNameAttribute(attribute.nextPseudonym, pseudonym),
          userNameAttribute(attribute.nextReauthId, reauthId),
        ]),
      ],
      nonceMt,
    );
    assert.equal(
      request(2, data),
      hexOf(
        hex(`01020118 12 0b 0000
          01 0d 0000 10111213 14151617 18191a1b 1c1d1e1f 20212223 24252627 28292a2b 2c2d2e2f
                     30313233 34353637 38393a3b 3c3d3e3f
          81 05 0000 9e18b0c2 9a652263 c06efb54 dd00a895
          82 2d 0000 55f2939bbdb1b19ea1b47fc0b3e0be4c ab2cf7372d98e3023c6bb92415723d58
                     bad66ce084e101b60f5358354bd42182 78aea7bf2cbace33106aeddc625b0c1d
                     5aa67a41739ae5b57950973fc7ff8301 073c6f953150fc303ea152d1e10a2d1f
                     4f5226daa1ee9005472252bdb3b71d6f 0c3a3490316c46929871bd45cdfdbca6
                     112f07f8be717990d25f6dd7f2b7b320 bf4d5a992e880331d729945aec75ae5d
                     43c8eda5fe6233fcac494ee67a0d504d
          0b 05 0000 fef324ac 3962b59f 3bd78253 ae4dcb6a`),
      ),
    );
    const answer = dataOf("0202001c 12 0b 0000 0b 05 0000 f56d6433 e68ed297 6ac11937 fc3d1154");
    const message = decodeMessage(new Reader(answer, ["A.6"]));
    assert.equal(message.subtype, 11);
    assert.ok(isAuthentic(call, family, kAut, message, answer, allOf("sres")));
    assert.ok(!isAuthentic(call, family, kAut, message, answer, allOf("rand")));
  });

  test("A.8 to A.10: fast reauthentication", () => {
    const told = decodeEap(new Reader(concat(hex("0200005601"), utf8(reauthId)), ["A.8"]));
    assert.ok(told.code === "response");
    const call = callOf(1, "d585ac77 86b90336 657c77b4 6575b9c4");
    const inside = encryptAttributes(call, kEncr, [
      counterAttribute(1),
      octetsAttribute(attribute.nonceS, nonceS),
      userNameAttribute(attribute.nextReauthId, nextReauthId),
    ]);
    const data = sealMessage(call, family, kAut, commonSubtype.reauthentication, [inside], new Uint8Array());
    assert.equal(
      request(1, data),
      hexOf(
        hex(`010100a4 12 0d 0000
          81 05 0000 d585ac77 86b90336 657c77b4 6575b9c4
          82 1d 0000 686291a9d2abc58caa3294b6e85b4484 6c44e5dcb2de8b9e80d69d49858a5db8
                     4cdc1c9bc95c01b96b6eca313474aea6 d31416e19daa9df70f05008841ca8014
                     964d3b30a49bcf43e4d3f18e86295a4a 2b38d96c9705c2bbb05c4aace97d5eaf
                     f564046c8bd30bc39be5e17ace2b10a6
          0b 05 0000 483a1799 b83d7cd3 d0a1e401 d9ee4770`),
      ),
    );
    const keys = deriveSimAkaReauthenticationKeys(masterKey, { identity: told.data, counter: 1, nonceS });
    assert.equal(
      hexOf(keys.msk),
      hexOf(
        hex(`6263f614 973895e1 335f7e30 cff028ee 2176f519 002c9abe 732fe0ef 00cf167c
             756d9e4c ed6d5ed6 40eb3fe3 8565ca07 6e7fb8a8 17cfe8d9 adbce441 d47c4f5e`),
      ),
    );
    assert.equal(
      hexOf(keys.emsk),
      hexOf(
        hex(`3d8ff786 3a630b2b 06e2cf20 9684c13f 6b82f992 f2b06f1b 54bf51ef 237f2a40
             1ef5e0d7 e098a34c 533eaebf 34578854 b7721526 20a777f0 e0340884 a294fb73`),
      ),
    );
    const answer = dataOf(`02010044 12 0d 0000
      81 05 0000 cdf7ffa6 5de04c02 6b56c86b 76b102ea
      82 05 0000 b6edd382 79e2a142 3c1afc5c 455c7d56
      0b 05 0000 faf76b71 fbe2d255 b96a3566 c915c617`);
    const message = decodeMessage(new Reader(answer, ["A.10"]));
    assert.ok(isAuthentic(call, family, kAut, message, answer, nonceS));
    assert.equal(decryptAttributes(kEncr, message.attributes)?.number(attribute.counter), 1);
  });

  test("A.7: success", () => {
    assert.equal(hexOf(encodeEap({ code: "success", identifier: 2 })), "03020004");
  });
});
