/** The methods that the EAP server has: one file or folder each in methods/. */

import type { EapMethod } from "./method.ts";
import { gpskMethod } from "./methods/gpsk.ts";
import { gtcMethod } from "./methods/gtc.ts";
import { md5Method } from "./methods/md5.ts";
import { mschapV2Method } from "./methods/mschapv2.ts";
import { paxMethod } from "./methods/pax.ts";
import { pskMethod } from "./methods/psk.ts";
import { sakeMethod } from "./methods/sake.ts";
import { tncMethod } from "./methods/tnc.ts";
import { vendorTestMethod } from "./methods/vendor-test.ts";

/** Those that need to know nothing but the user. */
export const plainMethods: readonly EapMethod<unknown>[] = [
  md5Method,
  mschapV2Method,
  gtcMethod,
  pskMethod,
  gpskMethod,
  paxMethod,
  sakeMethod,
  tncMethod,
  vendorTestMethod,
];
