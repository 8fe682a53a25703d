/**
 * A station of one's own making that joins and costs next to nothing: open or SAE authentication, association, 4-way handshake. Whoever has
 * it brings its frames to the access point and the answers back.
 */

import { concat, Reader } from "../src/base/bytes.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { type CyclicGroup, elementNumber, numeral } from "../src/crypto/groups/cyclic-group.ts";
import { deriveSaeConfirm, deriveSaeKeys, type SaeCommitValues, type SaeKeys } from "../src/crypto/sae/exchange.ts";
import { encodeAssociationRequest } from "../src/wire/ieee80211/association-request.ts";
import { decodeAuthentication, encodeAuthentication } from "../src/wire/ieee80211/authentication.ts";
import { dataHeader, decodeDataHeader, encodeDataHeader } from "../src/wire/ieee80211/data-frame.ts";
import { type Element, elementId } from "../src/wire/ieee80211/element.ts";
import { encodeManagementFrame, frameKind, managementHeaderLength } from "../src/wire/ieee80211/frame.ts";
import { decodeMsdu, encodeMsdu, etherType } from "../src/wire/ieee80211/llc-snap.ts";
import { encodeRsne, type RsnCapability, rsneDefaults } from "../src/wire/ieee80211/rsne.ts";
import { antiCloggingTokenElement, encodeSaeCommit, encodeSaeConfirm } from "../src/wire/ieee80211/sae.ts";
import { statusCode } from "../src/wire/ieee80211/status-code.ts";
import { akmSuite } from "../src/wire/ieee80211/suites.ts";
import { ScriptedSupplicant, type SupplicantTerms } from "./scripted-supplicant.ts";

/** The password element of SAE for one station, and how it came about. */
export interface SaeKnowledge {
  readonly group: CyclicGroup;
  readonly pwe: Uint8Array;
  readonly method: "looping" | "hash-to-element";
}

export interface ScriptedStationOptions {
  readonly address: MacAddress;
  readonly bssid: MacAddress;
  readonly ssid: Uint8Array;
  readonly secret: SaeKnowledge | { readonly psk: Uint8Array };
  /** It goes on after the authentication, up to message 4. */
  readonly associates: boolean;
  readonly send: (frame: Uint8Array) => void;
  readonly random: (length: number) => Uint8Array;
  /** Milliseconds, from whenever. */
  readonly now: () => number;
}

/** Milliseconds: what mac80211 gives an access point that says nothing. */
export const patience = 1000;

/** How a join went, in milliseconds. */
export interface Joined {
  readonly began: number;
  /** Undefined where it only authenticated. */
  readonly message2: number | undefined;
  readonly message3: number | undefined;
  /** It was asked to show that it hears. */
  readonly wasAskedForToken: boolean;
}

export class ScriptedStation {
  readonly #options: ScriptedStationOptions;
  #last: Uint8Array = new Uint8Array(0);
  #lastSent = 0;
  #began = 0;
  #message2: number | undefined;
  #message3: number | undefined;
  #wasAskedForToken = false;
  #exchange: { readonly mask: Uint8Array; readonly own: SaeCommitValues } | undefined;
  #keys: SaeKeys | undefined;
  #supplicant: ScriptedSupplicant | undefined;
  #snonce: Uint8Array = new Uint8Array(32);
  #done: ((joined: Joined) => void) | undefined;

  constructor(options: ScriptedStationOptions) {
    this.#options = options;
  }

  join(): Promise<Joined> {
    this.#began = this.#options.now();
    this.#message2 = undefined;
    this.#message3 = undefined;
    this.#keys = undefined;
    this.#supplicant = undefined;
    this.#wasAskedForToken = false;
    const joined = new Promise<Joined>((resolve) => {
      this.#done = resolve;
    });
    const { secret } = this.#options;
    if ("psk" in secret) {
      this.#sendManagement(
        "authentication",
        encodeAuthentication({ algorithm: 0, transaction: 1, status: 0, elements: [] }),
      );
    } else {
      this.#exchange = begin(secret, this.#options.random);
      this.#sendCommit(secret, undefined);
    }
    return joined;
  }

  /** Time has passed. */
  tick(now: number): void {
    if (this.#done === undefined || now - this.#lastSent < patience) return;
    this.#transmit(this.#last);
  }

  receive(frame: Uint8Array): void {
    if (this.#done === undefined) return;
    switch (frameKind(frame)) {
      case "management":
        return this.#onManagement((frame[0] ?? 0) >> 4, frame.subarray(managementHeaderLength));
      case "data":
        return this.#onData(frame);
      default:
        return;
    }
  }

  #onManagement(subtype: number, body: Uint8Array): void {
    if (subtype === 11) this.#onAuthentication(body);
    if (subtype === 1 && ((body[2] ?? 0) | (body[3] ?? 0)) !== 0) throw new Error("a scripted station is refused");
  }

  #onAuthentication(body: Uint8Array): void {
    const { secret } = this.#options;
    const {
      status,
      transaction,
      fields = new Uint8Array(0),
    } = decodeAuthentication(new Reader(body, ["Authentication"]));
    if ("psk" in secret) return this.#associate();
    if (status === statusCode["anti-clogging-token-required"]) {
      this.#wasAskedForToken = true;
      // An element has an identifier, a length and an extension before its octets.
      return this.#sendCommit(secret, fields.slice(secret.method === "looping" ? 2 : 5));
    }
    if (transaction === 1) {
      if (status !== 0 && status !== statusCode["sae-hash-to-element"]) return;
      return this.#onCommit(secret, fields);
    }
    const exchange = this.#exchange;
    if (status !== 0 || this.#keys === undefined || exchange === undefined) return;
    if (this.#options.associates) return this.#associate();
    this.#finish();
  }

  #onCommit(secret: SaeKnowledge, fields: Uint8Array): void {
    const exchange = this.#exchange;
    if (exchange === undefined || this.#keys !== undefined) return;
    const { group, method } = secret;
    const scalar = fields.slice(2, 2 + group.scalarLength);
    const peer = {
      scalar,
      element: fields.slice(2 + group.scalarLength, 2 + group.scalarLength + group.elementLength),
    };
    const { own } = exchange;
    const keys = deriveSaeKeys(group, sharedSecret(secret, peer), own.scalar, peer.scalar, {
      pwe: method,
      extendedKey: false,
      rejectedGroups: new Uint8Array(0),
      withKek: false,
    });
    this.#keys = keys;
    const confirm = encodeSaeConfirm({
      sendConfirm: 1,
      confirm: deriveSaeConfirm(keys, 1, own, peer),
      rest: new Uint8Array(0),
    });
    this.#sendManagement(
      "authentication",
      encodeAuthentication({ algorithm: 3, transaction: 2, status: 0, fields: confirm, elements: [] }),
    );
  }

  #sendCommit({ group, method }: SaeKnowledge, token: Uint8Array | undefined): void {
    const { own } = this.#exchange ?? { own: { scalar: new Uint8Array(0), element: new Uint8Array(0) } };
    const isLooping = method === "looping";
    const fields = encodeSaeCommit({
      group: group.number,
      ...own,
      token: isLooping ? token : undefined,
      elements: token === undefined || isLooping ? [] : [antiCloggingTokenElement(token)],
    });
    this.#sendManagement(
      "authentication",
      encodeAuthentication({
        algorithm: 3,
        transaction: 1,
        status: isLooping ? 0 : statusCode["sae-hash-to-element"],
        fields,
        elements: [],
      }),
    );
  }

  #associate(): void {
    const { ssid, secret, bssid, address } = this.#options;
    const isSae = !("psk" in secret);
    const rsne: Element = {
      id: elementId.rsn,
      data: encodeRsne({
        ...rsneDefaults,
        akm: [isSae ? akmSuite.SAE : akmSuite["WPA-PSK"]],
        capabilities: new Set<RsnCapability>(isSae ? ["mfpCapable"] : []),
      }),
    };
    const common = { protocol: "rsn", tkLength: 16, aa: bssid, spa: address, element: rsne } as const;
    const terms: SupplicantTerms = isSae
      ? {
          ...common,
          hash: "sha256",
          protection: "aes-cmac-aes",
          descriptorVersion: 0,
          pmk: this.#keys?.pmk ?? secret.pwe,
        }
      : { ...common, hash: "sha1", protection: "hmac-sha1-aes", descriptorVersion: 2, pmk: secret.psk };
    this.#supplicant = new ScriptedSupplicant(terms);
    this.#snonce = this.#options.random(32);
    this.#sendManagement(
      "association-request",
      encodeAssociationRequest({
        capabilities: new Set(["ess", "privacy", "shortSlotTime"]),
        listenInterval: 5,
        elements: [{ id: elementId.ssid, data: ssid }, { id: elementId.supportedRates, data: rates }, rsne],
      }),
    );
  }

  #onData(frame: Uint8Array): void {
    const r = new Reader(frame, ["data"]);
    if (decodeDataHeader(r).protected || this.#supplicant === undefined) return;
    const { etherType: type, payload } = decodeMsdu(r);
    if (type !== etherType.eapol) return;
    const supplicant = this.#supplicant;
    // Key Information's second octet: MIC.
    const isMessage3 = ((payload[5] ?? 0) & 1) !== 0;
    if (!isMessage3) {
      // Where message 1 comes again, so does the answer.
      this.#sendEapol(supplicant.message2(payload, this.#snonce));
      this.#message2 ??= this.#options.now();
      return;
    }
    this.#message3 = this.#options.now();
    this.#sendEapol(supplicant.message4(payload));
    this.#finish();
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.({
      began: this.#began,
      message2: this.#message2,
      message3: this.#message3,
      wasAskedForToken: this.#wasAskedForToken,
    });
  }

  #sendEapol(pdu: Uint8Array): void {
    const { address, bssid } = this.#options;
    const header = encodeDataHeader(dataHeader({ direction: "to-ap", bssid, source: address, destination: bssid }));
    this.#transmit(concat(header, encodeMsdu({ etherType: etherType.eapol, payload: pdu })));
  }

  #sendManagement(subtype: "authentication" | "association-request", body: Uint8Array): void {
    const { address: transmitter, bssid } = this.#options;
    this.#transmit(encodeManagementFrame({ subtype, receiver: bssid, transmitter, bssid }, body));
  }

  #transmit(frame: Uint8Array): void {
    this.#last = frame;
    this.#lastSent = this.#options.now();
    this.#options.send(frame);
  }
}

/** 802.11b's and g's. */
const rates = Uint8Array.of(0x82, 0x84, 0x8b, 0x96, 0x0c, 0x12, 0x18, 0x24);

/** With rand = 2, the shared secret takes one multiplication instead of two. Good for nothing but measuring. */
const rand = 2;

function begin({ group, pwe }: SaeKnowledge, random: (length: number) => Uint8Array) {
  const mask = group.scalars.reduce(random(group.scalarLength));
  const masked = group.multiply(mask, pwe);
  if (masked === undefined) throw new Error("0 was drawn");
  const scalar = group.scalars.add(mask, numeral(rand, mask.length));
  return { mask, own: { scalar, element: group.invert(masked) } };
}

function sharedSecret({ group, pwe }: SaeKnowledge, peer: SaeCommitValues): Uint8Array {
  const lifted = group.multiply(group.scalars.add(peer.scalar, peer.scalar), pwe);
  const doubled = group.combine(peer.element, peer.element);
  const shared = lifted && doubled && group.combine(lifted, doubled);
  if (shared === undefined) throw new Error("the access point's values cancel out");
  return elementNumber(group, shared);
}
