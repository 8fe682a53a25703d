import fc from "fast-check";
import { macAddressOf } from "../../src/base/mac-address.ts";
import { decodeEapol, type EapolPdu, type EapolType, encodeEapol } from "../../src/wire/eapol/eapol.ts";
import { decodeEapolKey, type EapolKey, encodeEapolKey } from "../../src/wire/eapol/eapol-key.ts";
import { decodeKeyData, encodeKeyData, type KeyDataItem, padKeyData } from "../../src/wire/eapol/kde.ts";
import { codecProperties, octets, unsigned } from "./codec-properties.ts";

const bool = fc.boolean();

codecProperties<EapolPdu>({
  name: "EAPOL PDU",
  encode: (pdu) => encodeEapol({ ...pdu, type: pdu.type === "unknown" ? "start" : pdu.type }),
  decode: (r) => {
    const pdu = decodeEapol(r);
    return pdu.type === "unknown" ? { ...pdu, type: "start" } : pdu;
  },
  values: fc.record({
    version: unsigned(8),
    type: fc.constantFrom<EapolType>("eap-packet", "start", "logoff", "key", "encapsulated-asf-alert"),
    body: fc.uint8Array({ maxLength: 120 }),
  }),
});

const eapolKey = (micLength: number): fc.Arbitrary<EapolKey> =>
  fc.record({
    descriptorType: fc.constantFrom<2 | 254>(2, 254),
    descriptorVersion: unsigned(3),
    keyType: fc.constantFrom<"pairwise" | "group">("pairwise", "group"),
    index: unsigned(2),
    install: bool,
    ack: bool,
    hasMic: bool,
    secure: bool,
    error: bool,
    request: bool,
    encryptedKeyData: bool,
    smkMessage: bool,
    keyLength: unsigned(16),
    replayCounter: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    nonce: octets(32),
    iv: octets(16),
    rsc: octets(8),
    mic: octets(micLength),
    keyData: fc.uint8Array({ maxLength: 120 }),
  });
for (const micLength of [0, 16, 24]) {
  codecProperties({
    name: `EAPOL-Key with a MIC of ${micLength} octets`,
    encode: (key) => encodeEapolKey(key, micLength),
    decode: (r) => decodeEapolKey(r, micLength),
    values: eapolKey(micLength),
  });
}

const managementKey = { keyId: unsigned(16), packetNumber: octets(6), key: fc.uint8Array({ maxLength: 32 }) };
const item: fc.Arbitrary<KeyDataItem> = fc.oneof(
  fc.record({ kind: fc.constant("gtk"), keyId: unsigned(2), tx: bool, key: fc.uint8Array({ maxLength: 32 }) }),
  fc.record({ kind: fc.constantFrom("igtk", "bigtk"), ...managementKey }),
  fc.record({ kind: fc.constant("mac-address"), address: octets(6).map(macAddressOf) }),
  fc.record({ kind: fc.constant("pmkid"), pmkid: octets(16) }),
  fc.record({ kind: fc.constant("lifetime"), seconds: unsigned(32) }),
  fc.record({ kind: fc.constant("key-id"), keyId: unsigned(2) }),
  fc.record({ kind: fc.constant("oci"), oci: fc.uint8Array({ maxLength: 5 }) }),
  fc.record({
    kind: fc.constant("sae-password-identifiers"),
    identifiers: fc.array(fc.uint8Array({ minLength: 1, maxLength: 50 }), { maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant("element"),
    element: fc.record({ id: fc.constantFrom(48, 54, 55, 244), data: fc.uint8Array({ maxLength: 60 }) }),
  }),
  fc.record({
    kind: fc.constant("unknown-kde"),
    type: fc.constantFrom(0, 2, 16, 17, 200),
    data: fc.uint8Array({ maxLength: 30 }),
  }),
);
const items = fc.array(item, { maxLength: 6 });

codecProperties({ name: "Key Data", encode: encodeKeyData, decode: decodeKeyData, values: items });
codecProperties({
  name: "padded Key Data",
  encode: (value) => padKeyData(encodeKeyData(value)),
  decode: decodeKeyData,
  values: items,
});
