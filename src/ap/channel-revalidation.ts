/**
 * After a channel switch, stations that validate the channel show where they are by an SA Query. Whoever doesn't may have
 * been led astray by a forged announcement, and somebody may stand between. IEEE Std 802.11-2020, 11.8.8.4.2, 11.9.3.2.
 */

import { seconds } from "../base/duration.ts";
import type { Bss } from "./bss.ts";
import { sendAway } from "./leaving.ts";

/** hostapd's. */
const queryTime = seconds(15);

/** The BSS is on another channel now. */
export function expectSaQueries(bss: Bss): void {
  if (bss.settings.ocv === "no") return;
  for (const station of bss.stations.values()) {
    if (!station.isAssociated || !station.authenticator?.channel.isOn) continue;
    station.timers.arm("SA Query after switch", queryTime, () => {
      bss.log.station(station.address, "IEEE 802.11", "info", "no SA Query after the channel switch");
      sendAway(bss, station.address, "invalid-authentication", "deauthentication");
    });
  }
}
