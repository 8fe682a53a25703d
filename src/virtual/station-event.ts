import type { Duration } from "../base/duration.ts";
import type { MacAddress } from "../base/mac-address.ts";

/** The life of a virtual station as it sees it, with what it was told, by name. */
export type StationEvent =
  | { readonly type: "scanning"; readonly frequency: number }
  | { readonly type: "network-found"; readonly bssid: MacAddress; readonly frequency: number }
  | { readonly type: "network-not-found" }
  | { readonly type: "authenticated"; readonly bssid: MacAddress }
  | { readonly type: "authentication-refused"; readonly status: string }
  | { readonly type: "associated"; readonly aid: number; readonly again: boolean }
  | { readonly type: "association-refused"; readonly status: string }
  /** It may come back then: the access point asks it under its old key first. */
  | { readonly type: "association-postponed"; readonly after: Duration }
  /** Nobody who has the keys has sent it. */
  | { readonly type: "unprotected-frame-ignored"; readonly subtype: string }
  /** Nobody answered, however often it was asked. */
  | { readonly type: "unanswered"; readonly request: "authentication" | "association" | "handshake" }
  | { readonly type: "key-message"; readonly message: KeyMessage }
  /** A key message that it did not take. */
  | { readonly type: "key-message-ignored"; readonly why: string }
  /** The port is open on this side. */
  | { readonly type: "connected"; readonly bssid: MacAddress }
  | { readonly type: "group-key-changed"; readonly index: number }
  /** It goes by itself: the access point's message 3 was not what its beacons said. */
  | { readonly type: "handshake-refused"; readonly why: string }
  | { readonly type: "told-to-leave"; readonly by: "deauthentication" | "disassociation"; readonly reason: string }
  /** No beacon for a while. */
  | { readonly type: "lost" }
  | { readonly type: "left" }
  /** The last attempt has failed. */
  | { readonly type: "gave-up" }
  | { readonly type: "received"; readonly source: MacAddress; readonly etherType: number; readonly payload: Uint8Array }
  | { readonly type: "ping-answered"; readonly address: string; readonly by: MacAddress; readonly after: Duration }
  | { readonly type: "ping-unanswered"; readonly address: string };

export type KeyMessage = "4-way 1" | "4-way 3" | "group 1";
