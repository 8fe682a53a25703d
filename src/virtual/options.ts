import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { CipherName, ManagementCipherName } from "../wire/ieee80211/suites.ts";
import type { StationEvent } from "./station-event.ts";

export interface StationOptions {
  readonly ssid: Uint8Array;
  /** undefined joins open networks. */
  readonly security?: StationSecurity;
  /** Its address; a random one where undefined. */
  readonly address?: MacAddress;
  /** An access point to stay with; else the first that answers. */
  readonly bssid?: MacAddress;
  /** Where to look for the network, MHz; channels 1 to 13 and 36 to 48 where undefined. */
  readonly frequencies?: readonly number[];
  /** IPv4 address under which it answers pings. */
  readonly ip?: string;
  /** Listen interval, in beacon intervals. */
  readonly listenInterval?: number;
  readonly wmm?: boolean;
  readonly ht?: boolean;
  /** Further attempts when one has failed or a connection has ended; none where undefined. */
  readonly retries?: number;
  readonly retryDelay?: Duration;
  readonly listener?: (event: StationEvent) => void;
}

export interface StationSecurity {
  readonly secret: { readonly passphrase: string } | { readonly psk: Uint8Array };
  readonly akm?: "WPA-PSK" | "WPA-PSK-SHA256";
  /** Ciphers to offer. What is not CCMP it can offer, and be refused for, but not use. */
  readonly pairwise?: readonly CipherName[];
  readonly group?: CipherName;
  /** Protection of management frames, where the access point offers it. */
  readonly managementProtection?: "capable" | "required";
  /** Its cipher for frames to all; BIP-CMAC-128 where undefined. */
  readonly managementCipher?: ManagementCipherName;
  /** An RSNE's body to send instead of what the above makes. */
  readonly rsne?: Uint8Array;
  /** An RSNE's body for message 2 of the handshake, other than that of the association. */
  readonly rsneInMessage2?: Uint8Array;
}
