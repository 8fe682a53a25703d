import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOfHex, hexOf } from "../base/bytes.ts";
import {
  deriveFastEmsk,
  deriveFastMsk,
  fastCompoundMac,
  keysBeyondBlock,
  linkFast,
  pacMasterSecret,
} from "./eap-fast.ts";

const hex = (text: string): Uint8Array => {
  const bytes = bytesOfHex(text.replaceAll(/\s/g, ""));
  assert.ok(bytes);
  return bytes;
};

/** RFC 4851, appendix B: RC4 with SHA-1 is the cipher suite. */
const vectors = {
  pacKey: "0B97390F37517809811EFD9C6E65942B632CE953893808BA360B037CD185E414",
  serverRandom: "3FFB11C46CBFA57A5440DAE822D311D3F76DE41DD933E5937097EBA9B366F42A",
  clientRandom: "000000026A66432A8D14432CEC582D2FC79C3364BA04AD3A5254D6A579AD1E00",
  masterSecret: "4A1A512C0160BC023CCFBC833F03BC6488C1312F0BA9A27716A8D8E8BDC9D229384B7A85BE164D2733D5247987B1C5A2",
  sessionKeySeed: "D64B7D7217592805AFF9B7FF666DA1968F0B5E06467A448464C1C80C96440998FF92A8B4C6422871",
  chain: "16153C3F2155EFD97F34AEC81A4E66804CC376F28AA96F96C2545F8CAB6502E118407B56BEEAA7C5",
  cmk: "765D8F0BC507C6B904D06956728B6BB815EC577B",
  msk: `4D83A9BE6F8A74ED6A02660A634D2C33C2DA6015C637045190386 3DA543E14B9
        2799181E07BF0F5A5E3C3293808C6C4967ED24FE4540A0595E37C2E9D05D0AE3`,
  emsk: `3AD4ABDB76B27F3BEA322C2B74F42855EF2DBA78C9572F0D06CD517C209398A9
         76EA7021D70E255497EDB28AF6EDFD0A2AE7A15890105044B38285DB0614D2F9`,
  tlv: `800C003800010100D86A8C683C3231A85663B64021FE21144EE75420792D4262C9BF537F54FDAC58
        43246E3092176DCFE6E069EB33616ACC05C55BB7`,
};

test("EAP-FAST's keys: RFC 4851, appendix B.1", () => {
  const [clientRandom, serverRandom] = [hex(vectors.clientRandom), hex(vectors.serverRandom)];
  const masterSecret = pacMasterSecret(hex(vectors.pacKey), clientRandom, serverRandom);
  assert.deepEqual(masterSecret, hex(vectors.masterSecret));
  // Two MAC keys of 20 octets and two keys of 16.
  const secret = { masterSecret, clientRandom, serverRandom, keyBlockLength: 72 };
  const seed = keysBeyondBlock("md5-sha1", secret, 40);
  assert.deepEqual(seed, hex(vectors.sessionKeySeed));
  const { chain, cmk } = linkFast(seed, undefined);
  assert.deepEqual([chain, cmk], [hex(vectors.chain), hex(vectors.cmk)]);
  assert.deepEqual(deriveFastMsk(chain), hex(vectors.msk));
  assert.deepEqual(deriveFastEmsk(chain), hex(vectors.emsk));
});

test("EAP-FAST's compound MAC: RFC 4851, appendix B.2", () => {
  const tlv = hex(vectors.tlv);
  const blank = tlv.slice().fill(0, -20);
  assert.equal(hexOf(fastCompoundMac(hex(vectors.cmk), blank)), hexOf(tlv.subarray(-20)));
});
