import type { MacAddress } from "../base/mac-address.ts";
import type { PmkTest } from "../crypto/pmk-test.ts";
import type { ReasonName } from "../wire/ieee80211/reason-code.ts";
import type { AkmName, CipherName, ManagementCipherName } from "../wire/ieee80211/suites.ts";
import type { ValidatedFrame } from "./channel-validation.ts";
import type { GroupKey } from "./group-key.ts";
import type { OperatingChannel, TransmitWidth } from "./operating-channel.ts";

/** A pairwise master key that may be a station's, and what comes with it. */
export interface PmkCandidate {
  /** 32 octets. */
  readonly pmk: Uint8Array;
  /** Name of the entry in wpa_psk_file. */
  readonly keyId?: string;
  readonly vlanId?: number;
}

/** A master key that is there before the handshake: from SAE, from OWE, from IEEE 802.1X, or remembered. */
export interface KnownPmk {
  /** 32, 48 or 64 octets. */
  readonly pmk: Uint8Array;
  /** 16 octets; undefined where the handshake itself makes it. */
  readonly pmkid: Uint8Array | undefined;
  readonly vlanId?: number;
  /** What the station's password for SAE is called in the configuration, where it was just proved. */
  readonly passwordIdentifier?: Uint8Array;
}

/** By which somebody else may find the key that a station has proved. */
export interface HandshakeEvidence {
  readonly akm: AkmName;
  readonly anonce: Uint8Array;
  /** The whole PDU of message 2. */
  readonly message2: Uint8Array;
}

/** A search for a master key that may take its time. */
export interface PmkSearch {
  /** Nobody waits for it any more. Harmless when it is over. */
  cancel(): void;
}

export interface PairwiseKey {
  readonly cipher: CipherName;
  readonly key: Uint8Array;
  readonly index: number;
  /** Beside the key in use, which is still the one to send with. */
  readonly receiveOnly?: boolean;
}

/** Of a group key and of those that go with it. */
export interface GroupCiphers {
  readonly group: CipherName;
  /** undefined where management frames are not protected. */
  readonly management: ManagementCipherName | undefined;
}

/** What the authenticator asks of the access point around it. None of these throws. */
export interface AuthenticatorPort {
  sendEapol(station: MacAddress, pdu: Uint8Array, options: { readonly encrypt: boolean }): void;
  /** @returns whether the radio took it */
  installPairwiseKey(station: MacAddress, key: PairwiseKey): boolean;
  /** Changes over to a key that was for receiving only. @returns whether the radio did */
  sendWithKey(station: MacAddress, index: number): boolean;
  /** @param vlanId 0 where it is for those who are in no VLAN */
  installGroupKey(key: GroupKey, ciphers: GroupCiphers, vlanId: number): void;
  /** The receive sequence counter to tell a station that gets this group key, IGTK or BIGTK. */
  groupKeySequence(index: number, vlanId: number): Uint8Array;
  /**
   * Looks for the master key that fits, of those that may be this station's.
   * @param found is called once, possibly before this returns, with the caller's own copy; undefined where none fits
   */
  findPmk(
    station: MacAddress,
    fits: PmkTest,
    found: (pmk: PmkCandidate | undefined) => void,
    evidence: HandshakeEvidence,
  ): PmkSearch;
  /**
   * Message 2 proves this key: what goes with it, such as a VLAN, is settled before the station gets a group key.
   * @returns false where the station can't be in
   */
  onKeyProved(station: MacAddress, by: PmkCandidate): boolean;
  /** The handshake is done and the keys are in place: open the port. */
  authorize(station: MacAddress, by: PmkCandidate): void;
  deauthenticate(station: MacAddress, reason: ReasonName): void;
  /** undefined where it can't be told. */
  operatingChannel(): OperatingChannel | undefined;
  transmitWidth(station: MacAddress): TransmitWidth;
  report(event: RsnEvent): void;
}

export type RsnEvent =
  | { readonly type: "handshake-completed"; readonly station: MacAddress; readonly protocol: "wpa" | "rsn" }
  /** Message 2 fits none of the keys: most likely a wrong passphrase. */
  | { readonly type: "psk-mismatch"; readonly station: MacAddress }
  /** The time is over, and the answer to our last message has not come; `acknowledged` where the radio told that it arrived, or not. */
  | {
      readonly type: "handshake-stalled";
      readonly station: MacAddress;
      readonly awaited: "message 2" | "message 4";
      readonly acknowledged: boolean | undefined;
    }
  /** Message 2 repeats other elements than the request for association had. */
  | { readonly type: "element-mismatch"; readonly station: MacAddress; readonly explanation: string }
  | { readonly type: "group-key-changed" }
  /** For tests: a message that only its last attempt sends. */
  | { readonly type: "sending-delayed"; readonly station: MacAddress; readonly attempt: number }
  /** The station tells another operating channel than ours, or none: somebody may relay its frames. */
  | {
      readonly type: "channel-mismatch";
      readonly station: MacAddress;
      readonly frame: ValidatedFrame;
      /** In hostapd's words. */
      readonly fault: string;
    }
  /** The station reports a Michael MIC failure in a frame of ours. */
  | { readonly type: "michael-mic-failure"; readonly station: MacAddress };
