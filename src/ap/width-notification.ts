/** Tells stations how wide we receive from now on, without another channel. IEEE Std 802.11-2020, 9.6.11.2, 9.6.22.4. */

import { Reader } from "../base/bytes.ts";
import { actionCategory } from "../wire/ieee80211/action.ts";
import { encodeOperatingMode, type OperatingMode } from "../wire/ieee80211/operating-mode.ts";
import { decodeVhtCapabilities } from "../wire/ieee80211/vht-capabilities.ts";
import type { Bss } from "./bss.ts";

const notifyChannelWidth = 0;
const operatingModeNotification = 2;

/** To VHT stations an Operating Mode Notification, to HT stations a Notify Channel Width. */
export function notifyWidth(bss: Bss, width: OperatingMode["width"]): void {
  for (const { address, isAssociated, association } of bss.stations.values()) {
    if (!isAssociated || !association?.htCapabilities) continue;
    const { vhtCapabilities: vht } = association;
    const body = vht
      ? Uint8Array.of(
          actionCategory.vht,
          operatingModeNotification,
          encodeOperatingMode({ width, spatialStreams: streamsOf(vht), noLdpc: false, beamforming: false }),
        )
      : Uint8Array.of(actionCategory.ht, notifyChannelWidth, width === "20" ? 0 : 1);
    bss.sendManagement({ subtype: "action", receiver: address }, body);
  }
}

/** Streams that a station receives VHT-MCSs on. */
function streamsOf(vht: Uint8Array): number {
  const [low = 255, high = 255] = decodeVhtCapabilities(new Reader(vht, ["VHT Capabilities"])).mcsSet;
  const map = low | (high << 8);
  const last = [7, 6, 5, 4, 3, 2, 1].find((stream) => ((map >>> (2 * stream)) & 3) !== 3) ?? 0;
  return last + 1;
}
