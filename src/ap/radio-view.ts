/** What a BSS sees of its radio. */

import type { MacAddress } from "../base/mac-address.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { BssColor, RadioCapabilities } from "../driver/port.ts";
import type { AirtimePolicy } from "./airtime.ts";
import type { Bss } from "./bss.ts";
import type { ChannelPlan } from "./channel-plan.ts";
import type { SwitchAnnouncement } from "./channel-switch-elements.ts";
import type { CoexistenceReport } from "./coexistence.ts";
import type { ColorAnnouncement } from "./color-change-elements.ts";
import type { Neighbourhood } from "./neighbourhood.ts";
import type { ProtectionCounts } from "./protection.ts";
import type { Radio } from "./radio.ts";
import type { Running } from "./running.ts";
import type { SeenStations } from "./seen-stations.ts";

export interface RadioView {
  /** Of its first interface. */
  readonly name: string;
  readonly settings: RadioSettings;
  readonly plan: ChannelPlan;
  readonly capabilities: RadioCapabilities;
  readonly protection: ProtectionCounts;
  /** Two letters, once the country is in force. */
  readonly country: string | undefined;
  readonly airtime: AirtimePolicy;
  /** Whom the radio has heard lately. */
  readonly seen: SeenStations;
  /** The BSSs of all radios. */
  readonly neighbourhood: Neighbourhood;
  readonly parameterSetCount: number;
  /** undefined where the radio isn't in HE. */
  readonly bssColor: BssColor | undefined;
  readonly colorAnnouncement: ColorAnnouncement | undefined;
  /** A channel switch that is on its way. */
  readonly announcement: SwitchAnnouncement | undefined;
  /** What beacons say has changed for all BSSs of the radio. */
  refreshBeacons(): void;
  /** Somebody tells of others that 40 MHz would disturb. */
  onCoexistenceReport(bss: Bss, transmitter: MacAddress, report: CoexistenceReport, isAssociated: boolean): void;
}

/** As it is whenever the BSS looks. */
export function viewOf(radio: Radio, running: Running): RadioView {
  return {
    get name() {
      return radio.name;
    },
    get settings() {
      return radio.settings;
    },
    get plan() {
      return running.plan;
    },
    get capabilities() {
      return running.capabilities;
    },
    airtime: radio.airtime,
    seen: radio.seen,
    neighbourhood: radio.neighbourhood,
    get parameterSetCount() {
      return radio.parameterSet.of(radio.settings.wmm_ac);
    },
    get bssColor() {
      return running.plan.modes.he ? running.bssColor : undefined;
    },
    get colorAnnouncement() {
      return radio.coloring.announcement;
    },
    get announcement() {
      return radio.switching.announcement;
    },
    protection: radio.protection,
    get country() {
      return radio.country;
    },
    refreshBeacons: () => radio.refreshBeacons(),
    onCoexistenceReport: (...report) => radio.coexistence.onReport(...report),
  };
}
