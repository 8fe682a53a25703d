/** What a driver tells, to the listener that was given when the thing was opened. */

import type { MacAddress } from "../base/mac-address.ts";
import type { ChannelDefinition, Frequency } from "./channel.ts";
import type { RegulatoryDomain } from "./regulatory-domain.ts";
import type { StationModeChange } from "./station.ts";

export type BssEvent =
  /** A management frame from the air, MAC header first, without FCS. */
  | {
      readonly type: "management";
      readonly frame: Uint8Array;
      readonly frequency: Frequency;
      readonly signalDbm: number | undefined;
    }
  | {
      readonly type: "management-status";
      readonly cookie: bigint;
      readonly frame: Uint8Array;
      readonly acknowledged: boolean;
    }
  | {
      readonly type: "eapol";
      readonly source: MacAddress;
      readonly payload: Uint8Array;
      readonly encrypted: boolean;
    }
  | {
      readonly type: "eapol-status";
      readonly cookie: bigint;
      readonly station: MacAddress;
      readonly acknowledged: boolean;
    }
  /** A data frame from a station that the driver doesn't know (class 3 error). */
  | { readonly type: "unexpected-frame"; readonly source: MacAddress; readonly fourAddress: boolean }
  /** The answer to {@link BssPort.probeStation}. */
  | { readonly type: "probe-status"; readonly station: MacAddress; readonly acknowledged: boolean }
  | { readonly type: "low-acknowledgement"; readonly station: MacAddress }
  /** The driver heeds it already. */
  | { readonly type: "station-mode-changed"; readonly station: MacAddress; readonly change: StationModeChange }
  | { readonly type: "michael-mic-failure"; readonly station: MacAddress; readonly group: boolean }
  /** With associationOffload: a station is associated already. */
  | {
      readonly type: "station-associated";
      readonly station: MacAddress;
      /** Of its (re)association request, as many as the driver tells; octets as on the air. */
      readonly elements: Uint8Array;
      /** undefined where the driver doesn't tell. */
      readonly reassociation: boolean | undefined;
    }
  /** With associationOffload: it has gone, or the firmware has sent it away; also the echo of our own dismissal. */
  | { readonly type: "station-disassociated"; readonly station: MacAddress }
  /** The driver removed a station by itself. */
  | { readonly type: "station-removed"; readonly station: MacAddress }
  /** The driver stopped beaconing by itself. */
  | { readonly type: "stopped" }
  /** Another BSS has the same colour, and which there are around, each a bit. */
  | { readonly type: "color-collision"; readonly colors: bigint }
  | { readonly type: "color-changed" }
  | { readonly type: "color-change-aborted" }
  /** The driver has begun to count down: as it was told, or on its own account. */
  | { readonly type: "channel-switch-started"; readonly channel: ChannelDefinition }
  | { readonly type: "channel-switched"; readonly channel: ChannelDefinition }
  /** The end of {@link BssPort.scan}. */
  | { readonly type: "scan-finished"; readonly aborted: boolean }
  | { readonly type: "link"; readonly state: "up" | "down" | "removed" | "added" }
  /** The kernel's queue to us overran: what happened meanwhile is unknown, ask anew. */
  | { readonly type: "events-lost" };

export type RadioEvent =
  | { readonly type: "regulatory-changed"; readonly domain: RegulatoryDomain }
  | { readonly type: "rfkill"; readonly blocked: boolean }
  | { readonly type: "radar-detected"; readonly channel: ChannelDefinition }
  /** The beacon of another access point, MAC header first; see {@link RadioPort.watchNeighbours}. */
  | { readonly type: "neighbour-beacon"; readonly frame: Uint8Array; readonly frequency: Frequency };
