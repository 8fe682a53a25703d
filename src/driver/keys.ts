/** Keys on their way into a radio. */

import type { MacAddress } from "../base/mac-address.ts";

/** A key and where it goes. Pairwise where `station` is given; the driver copies `key` before it returns. */
export interface KeyInstallation {
  /** Suite selector. */
  readonly cipher: number;
  readonly key: Uint8Array;
  readonly index: number;
  readonly station?: MacAddress;
  /** Receive sequence counter to start from, octets in the cipher's order. */
  readonly sequence?: Uint8Array;
  /** Not for sending yet, beside the key in use; {@link BssPort.sendWithKey} changes over. Needs extendedKeyId. */
  readonly receiveOnly?: boolean;
}

export type DefaultKeyUse = "unicast" | "multicast" | "management" | "beacon";
