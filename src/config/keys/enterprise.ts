/** Later: what is left of RADIUS and EAP. */

import { bssLater } from "../entry.ts";
import { boolean } from "../kinds.ts";

export const enterpriseKeys = {
  tnc: bssLater(
    boolean,
    false,
    "Stations are asked for their state (Trusted Network Connect); there is nobody here to judge it.",
  ),
} as const;
