/** What the machine shows of each link in the chain, as plain data: the checks only look at this. */

import type { Configuration } from "../../config/registry.ts";
import type { StatusAnswer } from "../../control/live-answers.ts";
import type { SurveyedRadio } from "../../driver/nl80211/survey.ts";
import type { InterfaceUser } from "../../linux/interface-users.ts";
import type { PortHolder } from "../../linux/port-holders.ts";
import type { Link } from "../../linux/rtnetlink.ts";
import type { Switch, UsbDevice, WirelessDevice } from "../../linux/wireless-devices.ts";
import type { AddressMessage, RouteMessage } from "../../wire/netlink/address.ts";

export interface Evidence {
  readonly isRoot: boolean;
  /** `uname -r` */
  readonly kernel: string;
  /** Of the machine, where it says so: `Raspberry Pi 3 Model B Rev 1.2`. */
  readonly model: string | undefined;
  /** The interface that it is all about; undefined where there is none. */
  readonly interfaceName: string | undefined;
  readonly devices: readonly WirelessDevice[];
  readonly usb: readonly UsbDevice[];
  /** Of Realtek's private module, where it is loaded. */
  readonly realtekParameters: ReadonlyMap<string, string> | undefined;
  /** undefined where nl80211 can't be asked, and why. */
  readonly radios: readonly SurveyedRadio[] | undefined;
  readonly radiosWhy: string | undefined;
  readonly switches: readonly Switch[];
  readonly users: readonly InterfaceUser[];
  /** Names of the processes that manage networks: NetworkManager, iwd, wpa_supplicant. */
  readonly managers: readonly string[];
  /** Of the regulatory domain in force: `00` for the world's. */
  readonly country: string | undefined;
  readonly hasRegulatoryDatabase: boolean;
  /** getrandom(2) gives something without waiting. */
  readonly hasEntropy: boolean | undefined;
  readonly configuration:
    | { readonly path: string; readonly kind: "missing" }
    | {
        readonly path: string;
        readonly kind: "read";
        readonly errors: readonly string[];
        readonly interfaceName: string | undefined;
        /** Where it has no errors. */
        readonly wanted: Configuration | undefined;
      };
  readonly control: { readonly path: string; readonly state: "answers" | "silent" | "missing" | "forbidden" };
  /** What the access point on the interface says of its stations; undefined where none of ours answers. */
  readonly stations: (StatusAnswer["troubles"] & { readonly present: number }) | undefined;
  /** Which of NetworkManager and its kind says over D-Bus that it has the interface. */
  readonly hold: string | undefined;
  /** The access point's: what systemctl says; undefined without systemd. */
  readonly service: { readonly name: string; readonly enabled: string; readonly active: string } | undefined;
  readonly links: readonly Link[];
  readonly addresses: readonly AddressMessage[];
  readonly routes: readonly RouteMessage[];
  readonly dhcpPort: readonly PortHolder[];
  readonly isForwarding: boolean;
  /** Output of `nft list ruleset`; undefined where it can't be had. */
  readonly ruleset: string | undefined;
  readonly nameServers: readonly string[];
  /** Whether one of them answers; undefined where nobody was asked. */
  readonly resolves: boolean | undefined;
}
