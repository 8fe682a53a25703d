import { type Reader, Writer } from "../../base/bytes.ts";
import { eapolHeaderLength } from "./eapol.ts";

/** Descriptor Type field: which document's EAPOL-Key frame it is. IEEE Std 802.11-2020, 12.7.2. */
export const keyDescriptor = { rsn: 2, wpa: 254 } as const;
export type KeyDescriptor = (typeof keyDescriptor)[keyof typeof keyDescriptor];

/** What protects the frame; 0 leaves it to the AKM. IEEE Std 802.11-2020, 12.7.2, item b. */
export const keyDescriptorVersion = { akmDefined: 0, hmacMd5Rc4: 1, hmacSha1Aes: 2, aesCmac: 3 } as const;

/** An EAPOL PDU's body of type key. IEEE Std 802.11-2020, 12.7.2, figures 12-35 and 12-36. */
export interface EapolKey {
  readonly descriptorType: KeyDescriptor;
  /** 0 to 7, see {@link keyDescriptorVersion}. */
  readonly descriptorVersion: number;
  readonly keyType: "pairwise" | "group";
  /** Group key's index; of WPA only, RSN sends 0. */
  readonly index: number;
  /** Install, or with a WPA group key, Tx. */
  readonly install: boolean;
  readonly ack: boolean;
  /** Key MIC is set: {@link mic} means something. */
  readonly hasMic: boolean;
  readonly secure: boolean;
  readonly error: boolean;
  readonly request: boolean;
  readonly encryptedKeyData: boolean;
  readonly smkMessage: boolean;
  /** Octets of the pairwise temporal key. */
  readonly keyLength: number;
  readonly replayCounter: bigint;
  /** 32 octets. */
  readonly nonce: Uint8Array;
  /** 16 octets. */
  readonly iv: Uint8Array;
  /** 8 octets. */
  readonly rsc: Uint8Array;
  /** 8 octets; zeros where absent, and ignored when received. */
  readonly reserved?: Uint8Array;
  /** 16 octets; 24 or none with some AKMs. */
  readonly mic: Uint8Array;
  readonly keyData: Uint8Array;
}

export const defaultMicLength = 16;

const flagBits = {
  install: 1 << 6,
  ack: 1 << 7,
  hasMic: 1 << 8,
  secure: 1 << 9,
  error: 1 << 10,
  request: 1 << 11,
  encryptedKeyData: 1 << 12,
  smkMessage: 1 << 13,
} as const;
const pairwiseBit = 1 << 3;
const noReserved = new Uint8Array(8);

/** The PDU's body. `key.mic` goes out as it is: {@link withMic} puts the right one in. */
export function encodeEapolKey(key: EapolKey, micLength = key.mic.length): Uint8Array {
  if (key.mic.length !== micLength) throw new RangeError(`MIC of ${key.mic.length} octets instead of ${micLength}`);
  let information = key.descriptorVersion | (key.index << 4);
  if (key.keyType === "pairwise") information |= pairwiseBit;
  for (const [name, bit] of Object.entries(flagBits) as [keyof typeof flagBits, number][]) {
    if (key[name]) information |= bit;
  }
  return new Writer()
    .u8(key.descriptorType)
    .u16be(information)
    .u16be(key.keyLength)
    .u64be(key.replayCounter)
    .put(key.nonce)
    .put(key.iv)
    .put(key.rsc)
    .put(key.reserved ?? noReserved)
    .put(key.mic)
    .u16be(key.keyData.length)
    .put(key.keyData)
    .finish();
}

/**
 * Octets after the Key Data are ignored, as by others.
 * @throws MalformedError when a field is cut, or the descriptor is neither RSN's nor WPA's
 */
export function decodeEapolKey(r: Reader, micLength = defaultMicLength): EapolKey {
  const descriptorType = r.u8();
  if (descriptorType !== keyDescriptor.rsn && descriptorType !== keyDescriptor.wpa) {
    r.fail(`descriptor type ${descriptorType}`);
  }
  const information = r.u16be();
  const has = (name: keyof typeof flagBits): boolean => (information & flagBits[name]) !== 0;
  const keyLength = r.u16be();
  const replayCounter = r.u64be();
  const nonce = r.take(32).slice();
  const iv = r.take(16).slice();
  const rsc = r.take(8).slice();
  r.take(8); // reserved
  const mic = r.take(micLength).slice();
  const keyData = r.take(r.u16be()).slice();
  return {
    descriptorType,
    descriptorVersion: information & 7,
    keyType: information & pairwiseBit ? "pairwise" : "group",
    index: (information >>> 4) & 3,
    install: has("install"),
    ack: has("ack"),
    hasMic: has("hasMic"),
    secure: has("secure"),
    error: has("error"),
    request: has("request"),
    encryptedKeyData: has("encryptedKeyData"),
    smkMessage: has("smkMessage"),
    keyLength,
    replayCounter,
    nonce,
    iv,
    rsc,
    mic,
    keyData,
  };
}

/** Where the Key MIC lies in a whole PDU. */
export const micField = (length = defaultMicLength): { readonly start: number; readonly end: number } => ({
  start: eapolHeaderLength + micOffset,
  end: eapolHeaderLength + micOffset + length,
});
const micOffset = 77;

/** A copy of a whole PDU with `mic` in its Key MIC field. */
export function withMic(pdu: Uint8Array, mic: Uint8Array): Uint8Array {
  const { start, end } = micField(mic.length);
  if (end > pdu.length) throw new RangeError(`EAPOL-Key PDU of ${pdu.length} octets`);
  const out = pdu.slice();
  out.set(mic, start);
  return out;
}

/** A copy with the Key MIC field zeroed: what a MIC is computed over. */
export const withoutMic = (pdu: Uint8Array, micLength = defaultMicLength): Uint8Array =>
  withMic(pdu, new Uint8Array(micLength));
