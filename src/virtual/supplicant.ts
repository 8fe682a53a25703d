/**
 * The supplicant's side of the 4-way and group key handshakes. IEEE Std 802.11-2020, 12.7.6, 12.7.7, with WPA2-PSK's two
 * AKMs and CCMP. A pure function over verified and unverified frames alike: nothing changes before a MIC is right, but
 * for message 1, which has none.
 */

import { Reader, sameBytes } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { computeMic, decryptKeyData } from "../crypto/eapol-key-protection.ts";
import { type AkmHash, derivePtk, type Ptk } from "../crypto/ptk.ts";
import { sameSecret } from "../crypto/secret.ts";
import { decodeEapol, encodeEapol } from "../wire/eapol/eapol.ts";
import { decodeEapolKey, type EapolKey, encodeEapolKey, withMic, withoutMic } from "../wire/eapol/eapol-key.ts";
import { decodeKeyData, encodeKeyData, type KeyDataItem } from "../wire/eapol/kde.ts";
import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { cipherKeyLengths, cipherSuite } from "../wire/ieee80211/suites.ts";
import type { KeyMessage } from "./station-event.ts";

/** What was agreed on at association, and stays. */
export interface Terms {
  readonly akm: "WPA-PSK" | "WPA-PSK-SHA256";
  readonly pmk: Uint8Array;
  readonly aa: MacAddress;
  readonly spa: MacAddress;
  /** To send in message 2. */
  readonly rsne: Element;
  /** As beaconed. */
  readonly apRsne: Element | undefined;
}

export interface State {
  /** The last replay counter of a frame whose MIC was right. */
  readonly replay: bigint | undefined;
  /** From message 1 until message 3 confirms it. */
  readonly tentative: { readonly ptk: Ptk; readonly anonce: Uint8Array; readonly snonce: Uint8Array } | undefined;
  /** In use. */
  readonly ptk: Ptk | undefined;
}

export const initial: State = { replay: undefined, tentative: undefined, ptk: undefined };

export interface Input {
  /** A whole EAPOL PDU. */
  readonly pdu: Uint8Array;
  /** 32 unpredictable octets, used if this frame needs them. */
  readonly snonce: Uint8Array;
}

export type Effect =
  | { readonly type: "received"; readonly message: KeyMessage }
  | { readonly type: "send"; readonly pdu: Uint8Array }
  /** Only where it is another one than before: a key that is put in again would start its counters anew. */
  | { readonly type: "installPairwise"; readonly tk: Uint8Array }
  | { readonly type: "installGroup"; readonly index: number; readonly key: Uint8Array; readonly rsc: Uint8Array }
  | {
      readonly type: "installIntegrity";
      readonly index: number;
      readonly key: Uint8Array;
      readonly packetNumber: Uint8Array;
    }
  | { readonly type: "secured" }
  | { readonly type: "insecure"; readonly why: string }
  | { readonly type: "ignored"; readonly why: string };

export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

const protections = {
  "WPA-PSK": { hash: "sha1", protection: "hmac-sha1-aes", descriptorVersion: 2 },
  "WPA-PSK-SHA256": { hash: "sha256", protection: "aes-cmac-aes", descriptorVersion: 3 },
} as const satisfies Record<Terms["akm"], { hash: AkmHash; protection: string; descriptorVersion: number }>;

const tkLength = cipherKeyLengths.get(cipherSuite.CCMP) ?? 16;
const eapolVersion = 1;
const none = (length: number): Uint8Array => new Uint8Array(length);

/** @throws MalformedError */
export function step(terms: Terms, state: State, input: Input): Step {
  const pdu = decodeEapol(new Reader(input.pdu, ["EAPOL"]));
  if (pdu.type !== "key") return ignore(state, `EAPOL PDU of type ${pdu.type}`);
  const key = decodeEapolKey(new Reader(pdu.body, ["EAPOL", "EAPOL-Key"]));
  const { descriptorVersion } = protections[terms.akm];
  if (!key.ack || key.request || key.descriptorVersion !== descriptorVersion) {
    return ignore(state, "EAPOL-Key that no authenticator of this network sends");
  }
  if (state.replay !== undefined && key.replayCounter <= state.replay) return ignore(state, "replayed EAPOL-Key");
  if (!key.hasMic) return onMessage1(terms, state, key, input.snonce);

  const whole = input.pdu.subarray(0, 4 + pdu.body.length);
  if (key.keyType === "group") return onGroupMessage1(terms, state, key, whole);
  return onMessage3(terms, state, key, whole);
}

function onMessage1(terms: Terms, state: State, key: EapolKey, fresh: Uint8Array): Step {
  if (key.keyType !== "pairwise") return ignore(state, "group key message without MIC");
  // A repeated message 1 gets the same nonce, so that either answer fits.
  const isRepeated = state.tentative !== undefined && sameBytes(state.tentative.anonce, key.nonce);
  const snonce = isRepeated && state.tentative ? state.tentative.snonce : fresh;
  const ptk = derivePtk({
    hash: protections[terms.akm].hash,
    pmk: terms.pmk,
    aa: terms.aa,
    spa: terms.spa,
    anonce: key.nonce,
    snonce,
    tkLength,
  });
  const keyData = encodeKeyData([{ kind: "element", element: terms.rsne }]);
  const answer = answerTo(terms, ptk, key, { nonce: snonce, keyData, secure: false });
  return {
    state: { ...state, tentative: { ptk, anonce: key.nonce, snonce } },
    effects: [
      { type: "received", message: "4-way 1" },
      { type: "send", pdu: answer },
    ],
  };
}

function onMessage3(terms: Terms, state: State, key: EapolKey, pdu: Uint8Array): Step {
  const { tentative } = state;
  if (!tentative) return ignore(state, "message 3 before message 1");
  const { ptk, anonce } = tentative;
  if (!sameBytes(anonce, key.nonce)) return ignore(state, "message 3 of another ANonce than message 1");
  const items = openVerified(terms, ptk, key, pdu);
  if (typeof items === "string") return ignore(state, `message 3: ${items}`);

  const rsne = items.find((item) => item.kind === "element" && item.element.id === elementId.rsn);
  const beaconed = terms.apRsne;
  if (rsne?.kind !== "element" || !beaconed || !sameBytes(rsne.element.data, beaconed.data)) {
    return { state, effects: [{ type: "insecure", why: "the RSNE of message 3 is not the beacon's" }] };
  }
  const isNew = state.ptk === undefined || !sameSecret(state.ptk.tk, ptk.tk);
  return {
    state: { ...state, replay: key.replayCounter, ptk },
    effects: [
      { type: "received", message: "4-way 3" },
      { type: "send", pdu: answerTo(terms, ptk, key, { nonce: none(32), keyData: none(0), secure: true }) },
      ...(isNew ? [{ type: "installPairwise", tk: ptk.tk } as const] : []),
      ...groupKeysOf(items, key),
      { type: "secured" },
    ],
  };
}

function onGroupMessage1(terms: Terms, state: State, key: EapolKey, pdu: Uint8Array): Step {
  const { ptk } = state;
  if (!ptk) return ignore(state, "group key message before the 4-way handshake");
  const items = openVerified(terms, ptk, key, pdu);
  if (typeof items === "string") return ignore(state, `group key message: ${items}`);
  return {
    state: { ...state, replay: key.replayCounter },
    effects: [
      { type: "received", message: "group 1" },
      { type: "send", pdu: answerTo(terms, ptk, key, { nonce: none(32), keyData: none(0), secure: true }) },
      ...groupKeysOf(items, key),
    ],
  };
}

/** @returns the Key Data's items, or what is wrong */
function openVerified(terms: Terms, ptk: Ptk, key: EapolKey, pdu: Uint8Array): KeyDataItem[] | string {
  const { protection } = protections[terms.akm];
  if (!sameSecret(computeMic(protection, ptk.kck, withoutMic(pdu)), key.mic)) return "wrong MIC";
  if (!key.encryptedKeyData) return "its Key Data is not encrypted";
  const plain = decryptKeyData(protection, ptk.kek, key.iv, key.keyData);
  return plain ? decodeKeyData(new Reader(plain, ["EAPOL-Key", "Key Data"])) : "its Key Data can't be decrypted";
}

function groupKeysOf(items: readonly KeyDataItem[], { rsc }: EapolKey): Effect[] {
  return items.flatMap((item): Effect[] => {
    if (item.kind === "gtk") return [{ type: "installGroup", index: item.keyId, key: item.key, rsc }];
    if (item.kind !== "igtk" && item.kind !== "bigtk") return [];
    const { keyId: index, key, packetNumber } = item;
    return [{ type: "installIntegrity", index, key, packetNumber }];
  });
}

function answerTo(
  terms: Terms,
  ptk: Ptk,
  asked: EapolKey,
  answer: Pick<EapolKey, "nonce" | "keyData" | "secure">,
): Uint8Array {
  const { protection, descriptorVersion } = protections[terms.akm];
  const body = encodeEapolKey({
    descriptorType: asked.descriptorType,
    descriptorVersion,
    keyType: asked.keyType,
    index: 0,
    install: false,
    ack: false,
    hasMic: true,
    error: false,
    request: false,
    encryptedKeyData: false,
    smkMessage: false,
    keyLength: 0,
    replayCounter: asked.replayCounter,
    iv: none(16),
    rsc: none(8),
    mic: none(16),
    ...answer,
  });
  const pdu = encodeEapol({ version: eapolVersion, type: "key", body });
  return withMic(pdu, computeMic(protection, ptk.kck, pdu));
}

const ignore = (state: State, why: string): Step => ({ state, effects: [{ type: "ignored", why }] });
