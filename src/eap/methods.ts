/** The methods that the EAP server has: one file or folder each in methods/. */

import type { EapMethod } from "./method.ts";
import { gtcMethod } from "./methods/gtc.ts";
import { md5Method } from "./methods/md5.ts";
import { mschapV2Method } from "./methods/mschapv2.ts";

/** Those that need to know nothing but the user. */
export const plainMethods: readonly EapMethod<unknown>[] = [md5Method, mschapV2Method, gtcMethod];
