/** What the parts of one station's authenticator share. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { ChannelValidation } from "./channel-validation.ts";
import type { AuthenticatorContext, Drop } from "./context.ts";
import type { HandshakeFrames } from "./handshake-frames.ts";
import type { Negotiated } from "./negotiated.ts";
import type { KnownPmk } from "./port.ts";

export interface StationScope {
  readonly station: MacAddress;
  readonly agreed: Negotiated;
  /** The RSNE or WPA element of the (re)association request. */
  readonly element: Element;
  /** The PMK, where it is there before the handshake. The scope's own; another one where the station has proved itself anew. */
  known: KnownPmk | undefined;
  readonly context: AuthenticatorContext;
  readonly channel: ChannelValidation;
  readonly frames: HandshakeFrames;
  readonly notes: StationNotes;
}

/** What is logged of one station, and what of it was thrown away. */
export class StationNotes {
  readonly drops = new Map<Drop, number>();

  constructor(
    readonly station: MacAddress,
    readonly context: Pick<AuthenticatorContext, "log">,
  ) {}

  debug(text: string): void {
    this.context.log.station(this.station, "WPA", "debug", text);
  }

  info(text: string): void {
    this.context.log.station(this.station, "WPA", "info", text);
  }

  drop(drop: Drop, text: string): void {
    const count = (this.drops.get(drop) ?? 0) + 1;
    this.drops.set(drop, count);
    // Powers of two keep a flood from filling the log.
    if ((count & (count - 1)) !== 0) return;
    const line = count > 1 ? `${text} (${count} times)` : text;
    if (drop === "mic") this.info(line);
    else this.debug(line);
  }
}
