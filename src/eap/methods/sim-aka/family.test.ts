import assert from "node:assert/strict";
import { constants, generateKeyPairSync, publicEncrypt } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { concat, textOf, utf8 } from "../../../base/bytes.ts";
import { rsaDecryptionKeyOf } from "../../../crypto/backend/node.ts";
import { akaFamily, imsiOf, namedAs, openIdentity, simFamily, userNameOf, withoutTrailingZeros } from "./family.ts";

test("an identity that was encrypted for the server", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = rsaDecryptionKeyOf(utf8(privateKey.export({ format: "pem", type: "pkcs8" }).toString()));
  assert.ok(key);
  const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const sealed = publicEncrypt({ key: publicKey, ...padding }, utf8("1232010000000000@wlan")).toString("base64");
  const open = (text: string): string | undefined => {
    const opened = openIdentity(key, concat(Uint8Array.of(0), utf8(text)));
    return opened && textOf(opened);
  };
  assert.equal(open(sealed), "1232010000000000@wlan");
  assert.equal(open(`${sealed},CertificateSerialNumber=1`), "1232010000000000@wlan");
  assert.equal(open(`${sealed.startsWith("A") ? "B" : "A"}${sealed.slice(1)}`), undefined);
  assert.equal(open("???"), undefined);
  assert.equal(open(""), undefined);
  assert.equal(openIdentity(undefined, concat(Uint8Array.of(0), utf8(sealed))), undefined);
  assert.equal(rsaDecryptionKeyOf(utf8("no key")), undefined);
});

test("what an identity is", () => {
  assert.equal(namedAs(simFamily, utf8("1232010000000000@realm")), "permanent");
  assert.equal(namedAs(simFamily, utf8("0232010000000000")), "unknown");
  assert.equal(namedAs(akaFamily, utf8("2abc")), "pseudonym");
  assert.equal(namedAs(akaFamily, utf8("4abc")), "reauthentication");
  assert.equal(namedAs(simFamily, Uint8Array.of(0, 65)), "encrypted");
  assert.equal(namedAs(simFamily, new Uint8Array(0)), "unknown");
  assert.equal(userNameOf(utf8("1232010000000000@realm")), "1232010000000000");
  assert.equal(userNameOf(Uint8Array.of(0x31, 0x32, 0, 0x33)), "12");
  assert.equal(textOf(withoutTrailingZeros(Uint8Array.of(0x31, 0, 0))), "1");
});

test("nothing but digits gets into a look-up", () => {
  assert.equal(imsiOf("1232010000000000"), "232010000000000");
  for (const wrong of ["1", "1 2", "1a", "1232010000000000'; --", `1${"9".repeat(19)}`]) {
    assert.equal(imsiOf(wrong), undefined, wrong);
  }
});

test("any identity: nothing thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (identity) => {
      namedAs(simFamily, identity);
      userNameOf(identity);
      openIdentity(undefined, identity);
    }),
  );
});
