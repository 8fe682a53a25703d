/** Later: what is left of RADIUS and EAP. */

import { bssLater } from "../entry.ts";
import { boolean, path } from "../kinds.ts";

const secret = { secret: true } as const;

export const enterpriseKeys = {
  dump_msk_file: bssLater(path, undefined, "File for master session keys (for tests).", secret),

  tnc: bssLater(
    boolean,
    false,
    "Stations are asked for their state (Trusted Network Connect); there is nobody here to judge it.",
  ),
} as const;
