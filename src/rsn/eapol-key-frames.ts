/** The EAPOL-Key frames that an authenticator sends. IEEE Std 802.11-2020, 12.7.2, 12.7.6, 12.7.7. */

import { concat } from "../base/bytes.ts";
import { computeMic, encryptKeyData, micLengths } from "../crypto/eapol-key-protection.ts";
import type { Ptk } from "../crypto/ptk.ts";
import { encodeEapol } from "../wire/eapol/eapol.ts";
import { type EapolKey, encodeEapolKey, keyDescriptor, withMic } from "../wire/eapol/eapol-key.ts";
import { encodeKeyData, type KeyDataItem, padKeyData } from "../wire/eapol/kde.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { GroupKey } from "./group-key.ts";
import { formatOf, type Negotiated, temporalKeyLength } from "./negotiated.ts";

const none32 = new Uint8Array(32);
const none16 = new Uint8Array(16);
const none8 = new Uint8Array(8);

/** What every frame of one station's handshakes has in common. */
export interface Framing {
  readonly agreed: Negotiated;
  readonly eapolVersion: number;
  /** For tests: octets for the reserved field. */
  readonly reserved?: Uint8Array;
}

interface Sealing {
  readonly ptk: Ptk;
  /** Fresh for each frame where the protection is RC4; ignored otherwise. */
  readonly iv: Uint8Array;
}

/** Message 1 of the 4-way handshake. `secure` where a pairwise key is in use already. */
export function buildMessage1(
  framing: Framing,
  fields: {
    readonly replay: bigint;
    readonly anonce: Uint8Array;
    readonly secure: boolean;
    readonly pmkid?: Uint8Array;
    /** Octets after the KDEs. */
    readonly moreKeyData?: Uint8Array;
  },
): Uint8Array {
  const items: KeyDataItem[] = fields.pmkid ? [{ kind: "pmkid", pmkid: fields.pmkid }] : [];
  const keyData = concat(encodeKeyData(items), fields.moreKeyData ?? new Uint8Array());
  return pdu(framing, {
    ...common(framing, "pairwise", fields.replay),
    ack: true,
    secure: fields.secure && framing.agreed.protocol === "rsn",
    nonce: fields.anonce,
    keyData,
  });
}

export interface Message3 {
  readonly replay: bigint;
  readonly anonce: Uint8Array;
  /** Our RSNE or WPA element, and RSNXE, exactly as in the beacon. */
  readonly elements: readonly Element[];
  readonly group: GroupKey;
  /** Receive sequence counter of the group key, 6 octets. */
  readonly rsc: Uint8Array;
  /** IGTK, BIGTK and OCI, for whom they concern. */
  readonly extras: readonly KeyDataItem[];
  /** Where extended key IDs are in use: the ID of the key being agreed on. */
  readonly keyId: number | undefined;
  /** WPA only: the station set Secure in message 2 and expects it back. */
  readonly secureInMessage2: boolean;
  /** For tests: octets after the KDEs, and none of it encrypted. */
  readonly moreKeyData?: Uint8Array;
  readonly unencrypted?: boolean;
}

export function buildMessage3(framing: Framing, sealing: Sealing, fields: Message3): Uint8Array {
  const { agreed } = framing;
  const items: KeyDataItem[] = fields.elements.map((element) => ({ kind: "element", element }));
  const base = {
    ...common(framing, "pairwise", fields.replay),
    ack: true,
    install: true,
    hasMic: true,
    nonce: fields.anonce,
  };
  if (agreed.protocol === "wpa") {
    // WPA brings the group key in a handshake of its own.
    return sealed(framing, sealing, { ...base, secure: fields.secureInMessage2, keyData: encodeKeyData(items) });
  }
  if (fields.keyId !== undefined) items.push({ kind: "key-id", keyId: fields.keyId });
  items.push(gtkItem(fields.group), ...fields.extras);
  return sealed(framing, sealing, {
    ...base,
    secure: true,
    encryptedKeyData: !fields.unencrypted,
    rsc: rsc8(fields.rsc),
    keyData: concat(encodeKeyData(items), fields.moreKeyData ?? new Uint8Array()),
  });
}

/** Message 1 of the group key handshake. */
export function buildGroupMessage1(
  framing: Framing,
  sealing: Sealing,
  fields: Pick<Message3, "replay" | "group" | "rsc" | "extras"> & { readonly nonce: Uint8Array },
): Uint8Array {
  const { agreed } = framing;
  const base = {
    ...common(framing, "group", fields.replay),
    ack: true,
    hasMic: true,
    secure: true,
    encryptedKeyData: agreed.protocol === "rsn",
    rsc: rsc8(fields.rsc),
  };
  if (agreed.protocol === "rsn") {
    const keyData = encodeKeyData([gtkItem(fields.group), ...fields.extras]);
    return sealed(framing, sealing, { ...base, keyLength: 0, keyData });
  }
  const keyLength = temporalKeyLength(agreed.group);
  return sealed(
    framing,
    sealing,
    { ...base, index: fields.group.index, keyLength, nonce: fields.nonce, keyData: fields.group.key },
    "encrypt",
  );
}

const gtkItem = ({ index, key }: GroupKey): KeyDataItem => ({ kind: "gtk", keyId: index, tx: false, key });

function common(framing: Framing, keyType: "pairwise" | "group", replayCounter: bigint): EapolKey {
  const { agreed } = framing;
  const { descriptorVersion, protection } = formatOf(agreed);
  return {
    descriptorType: keyDescriptor[agreed.protocol],
    descriptorVersion,
    keyType,
    index: 0,
    install: false,
    ack: false,
    hasMic: false,
    secure: false,
    error: false,
    request: false,
    encryptedKeyData: false,
    smkMessage: false,
    keyLength: temporalKeyLength(agreed.pairwise),
    replayCounter,
    nonce: none32,
    iv: none16,
    rsc: none8,
    mic: new Uint8Array(micLengths[protection]),
    keyData: new Uint8Array(),
    ...(framing.reserved ? { reserved: framing.reserved } : {}),
  };
}

const pdu = (framing: Framing, key: EapolKey): Uint8Array =>
  encodeEapol({ version: framing.eapolVersion, type: "key", body: encodeEapolKey(key) });

/** Encrypts the Key Data where the frame says so (WPA's group message does it without saying), and adds the MIC. */
function sealed(
  framing: Framing,
  { ptk, iv }: Sealing,
  key: EapolKey,
  keyData: "as-marked" | "encrypt" = "as-marked",
): Uint8Array {
  const { protection } = formatOf(framing.agreed);
  const encrypts = key.encryptedKeyData || keyData === "encrypt";
  const padded = protection === "hmac-md5-rc4" ? key.keyData : padKeyData(key.keyData);
  const ready: EapolKey = encrypts
    ? {
        ...key,
        iv: protection === "hmac-md5-rc4" ? iv : none16,
        keyData: encryptKeyData(protection, ptk.kek, iv, padded),
      }
    : key;
  const bytes = pdu(framing, ready);
  return withMic(bytes, computeMic(protection, ptk.kck, bytes));
}

function rsc8(counter: Uint8Array): Uint8Array {
  const out = new Uint8Array(8);
  out.set(counter.subarray(0, 8));
  return out;
}
