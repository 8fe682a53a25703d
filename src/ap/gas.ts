/** Questions before association. No protocol for them is served yet, and whoever asks is told, instead of waiting. */

import type { Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { actionCategory, encodeAction } from "../wire/ieee80211/action.ts";
import { decodeGasInitialRequest, encodeGasInitialResponse } from "../wire/ieee80211/gas.ts";
import { statusCode } from "../wire/ieee80211/status-code.ts";
import type { Bss } from "./bss.ts";

/** IEEE Std 802.11-2020, 11.22.3.3. Without interworking there is nobody to ask. @throws MalformedError */
export function onGasRequest(bss: Bss, receiver: MacAddress, reader: Reader): void {
  if (!bss.settings.interworking) return;
  const { dialogToken, protocol } = decodeGasInitialRequest(reader);
  const rest = encodeGasInitialResponse({
    dialogToken,
    status: statusCode["gas-advertisement-protocol-not-supported"],
    comebackDelay: 0,
    protocol,
    response: new Uint8Array(0),
  });
  bss.sendManagement({ subtype: "action", receiver }, encodeAction({ category: actionCategory.public, rest }));
}
