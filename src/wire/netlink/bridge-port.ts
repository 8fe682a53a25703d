/** How a bridge treats one of its ports. linux/if_link.h, IFLA_PROTINFO with IFLA_BRPORT_*. */

import { concat, Writer } from "../../base/bytes.ts";
import { attr, attributes, nested, u8 } from "./attributes.ts";

export interface BridgePortSettings {
  /** Frames may go back out where they came in. */
  readonly hairpin?: boolean;
  /** Multicast goes to each member of its group by itself. */
  readonly multicastToUnicast?: boolean;
}

/** AF_BRIDGE: messages of bridges about their ports. */
const family = 7;

const portAttributes = attributes({ hairpin: attr(4, u8), multicastToUnicast: attr(28, u8) });
const linkAttributes = attributes({ protocol: attr(12, nested(portAttributes)) });

const number = (on: boolean | undefined): number | undefined => (on === undefined ? undefined : Number(on));

/** For RTM_SETLINK; what isn't named stays. */
export const encodeBridgePort = (index: number, { hairpin, multicastToUnicast }: BridgePortSettings): Uint8Array =>
  concat(
    new Writer().u8(family).u8(0).u16le(0).u32le(index).u32le(0).u32le(0).finish(),
    linkAttributes.encode({ protocol: { hairpin: number(hairpin), multicastToUnicast: number(multicastToUnicast) } }),
  );
