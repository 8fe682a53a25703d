/** The other end of the handshakes, doing exactly what it is told: right, wrong, twice, or too late. */

import assert from "node:assert/strict";
import { Reader } from "../src/base/bytes.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import {
  computeMic,
  decryptKeyData,
  type EapolKeyProtection,
  encryptKeyData,
  micLengths,
} from "../src/crypto/eapol-key-protection.ts";
import { type AkmHash, derivePtk, type Ptk } from "../src/crypto/ptk.ts";
import { decodeEapol, encodeEapol } from "../src/wire/eapol/eapol.ts";
import { decodeEapolKey, type EapolKey, encodeEapolKey, withMic, withoutMic } from "../src/wire/eapol/eapol-key.ts";
import { decodeKeyData, encodeKeyData, type KeyDataItem, padKeyData } from "../src/wire/eapol/kde.ts";
import type { Element } from "../src/wire/ieee80211/element.ts";

export interface SupplicantTerms {
  readonly protocol: "wpa" | "rsn";
  readonly hash: AkmHash;
  /** What derives its PTK, where that is another hash. */
  readonly derivedWith?: AkmHash;
  readonly protection: EapolKeyProtection;
  /** Key Descriptor Version that goes with it. */
  readonly descriptorVersion: number;
  /** Octets of the temporal key. */
  readonly tkLength: number;
  readonly pmk: Uint8Array;
  readonly aa: MacAddress;
  readonly spa: MacAddress;
  /** The RSNE or WPA element of its association request. */
  readonly element: Element;
}

/** How a message is to differ from what it should be. */
export interface Twist {
  readonly fields?: Partial<EapolKey>;
  readonly element?: Element;
  /** Further items of the Key Data. */
  readonly items?: readonly KeyDataItem[];
  readonly encryptKeyData?: boolean;
  readonly wrongMic?: boolean;
  /** Octets changed once all is done. */
  readonly damage?: (pdu: Uint8Array) => void;
}

/** A message of the authenticator, opened. */
export interface Opened {
  readonly key: EapolKey;
  /** Key Data, decrypted. */
  readonly items: readonly KeyDataItem[];
  /** WPA's group key, which is the Key Data itself. */
  readonly raw: Uint8Array;
}

export class ScriptedSupplicant {
  /** Of the last message 1 that was answered. */
  ptk: Ptk | undefined;

  constructor(readonly terms: SupplicantTerms) {}

  /** Decodes a message without a MIC, or one whose MIC is checked against `ptk`. */
  open(pdu: Uint8Array, ptk = this.ptk): Opened {
    const { body, type } = decodeEapol(new Reader(pdu, ["EAPOL"]));
    assert.equal(type, "key");
    const micLength = micLengths[this.terms.protection];
    const key = decodeEapolKey(new Reader(body, ["EAPOL-Key"]), micLength);
    assert.ok(key.ack, "an authenticator asks for an answer");
    assert.equal(key.descriptorVersion, this.terms.descriptorVersion);
    if (!key.hasMic) return { key, items: decodeKeyData(new Reader(key.keyData, ["Key Data"])), raw: key.keyData };
    assert.ok(ptk, "a MIC before message 1");
    assert.deepEqual(
      key.mic,
      computeMic(this.terms.protection, ptk.kck, withoutMic(pdu, micLength)),
      "its MIC is right",
    );
    // WPA's group key is encrypted without saying so.
    const isEncrypted = key.encryptedKeyData || (this.terms.protocol === "wpa" && key.keyType === "group");
    if (!isEncrypted) return { key, items: decodeKeyData(new Reader(key.keyData, ["Key Data"])), raw: key.keyData };
    const raw = decryptKeyData(this.terms.protection, ptk.kek, key.iv, key.keyData);
    assert.ok(raw, "its Key Data can be decrypted");
    const isItems = this.terms.protocol === "rsn";
    return { key, raw, items: isItems ? decodeKeyData(new Reader(raw, ["Key Data"])) : [] };
  }

  /** Answers message 1 with this SNonce; the PTK that comes of it is in force from now on. */
  message2(message1: Uint8Array, snonce: Uint8Array, twist: Twist = {}): Uint8Array {
    const { key } = this.open(message1, undefined);
    const { hash, derivedWith = hash, pmk, aa, spa, tkLength, element } = this.terms;
    this.ptk = derivePtk({ hash, derivedWith, pmk, aa, spa, anonce: key.nonce, snonce, tkLength });
    const items: KeyDataItem[] = [{ kind: "element", element: twist.element ?? element }, ...(twist.items ?? [])];
    return this.#build({ nonce: snonce, replayCounter: key.replayCounter, secure: key.secure }, items, twist);
  }

  message4(message3: Uint8Array, twist: Twist = {}, ptk = this.ptk): Uint8Array {
    const { key } = this.open(message3, ptk);
    const fields = { replayCounter: key.replayCounter, secure: key.secure };
    return this.#build(fields, twist.items ?? [], twist, ptk);
  }

  groupMessage2(message1: Uint8Array, twist: Twist = {}): Uint8Array {
    const { key } = this.open(message1);
    const { replayCounter, index } = key;
    return this.#build({ keyType: "group", replayCounter, secure: true, index }, twist.items ?? [], twist);
  }

  /** A message of its own accord. */
  request(replayCounter: bigint, fields: Partial<EapolKey> = {}, twist: Twist = {}): Uint8Array {
    return this.#build({ request: true, secure: true, replayCounter, ...fields }, [], twist);
  }

  #build(
    fields: Partial<EapolKey>,
    items: readonly KeyDataItem[],
    twist: Twist,
    ptk: Ptk | undefined = this.ptk,
  ): Uint8Array {
    assert.ok(ptk, "there is a PTK");
    const { protocol, descriptorVersion, protection } = this.terms;
    const plain = encodeKeyData(items);
    const iv = new Uint8Array(16).fill(3);
    const padded = protection === "hmac-md5-rc4" ? plain : padKeyData(plain);
    const key: EapolKey = {
      descriptorType: protocol === "rsn" ? 2 : 254,
      descriptorVersion,
      keyType: "pairwise",
      index: 0,
      install: false,
      ack: false,
      hasMic: true,
      secure: false,
      error: false,
      request: false,
      encryptedKeyData: twist.encryptKeyData ?? false,
      smkMessage: false,
      keyLength: 0,
      replayCounter: 0n,
      nonce: new Uint8Array(32),
      iv: twist.encryptKeyData ? iv : new Uint8Array(16),
      rsc: new Uint8Array(8),
      mic: new Uint8Array(micLengths[protection]),
      keyData: twist.encryptKeyData ? encryptKeyData(protection, ptk.kek, iv, padded) : plain,
      ...fields,
      ...twist.fields,
    };
    const pdu = encodeEapol({ version: 1, type: "key", body: encodeEapolKey(key) });
    const mic = computeMic(protection, ptk.kck, pdu).slice();
    if (twist.wrongMic) mic[0] = (mic[0] ?? 0) ^ 1;
    const whole = key.hasMic ? withMic(pdu, mic) : pdu;
    twist.damage?.(whole);
    return whole;
  }
}
