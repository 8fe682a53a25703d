/** What kind of network it is and where, for stations that choose between networks. IEEE Std 802.11-2020, 9.4.2.91. */

import { ofBss } from "../entry.ts";
import { boolean, integer, macAddress } from "../kinds.ts";

const octet = integer(0, 255);
export const interworkingElementKeys = {
  interworking: ofBss({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell what kind of network this is (Interworking element).",
    yet: "Questions about it (GAS, ANQP) are not answered yet.",
  }),
  access_network_type: ofBss({
    kind: integer(0, 15),
    initial: 0,
    cost: "beacon",
    doc: "Kind of network: 0 private, 1 private with guests, 2 chargeable, 3 free, 4 personal device, 5 emergency, 14 test, 15 any.",
    inHostapd: () => "invalid access_network_type",
  }),
  internet: ofBss({ kind: boolean, initial: false, cost: "beacon", doc: "Whether the network leads to the Internet." }),
  asra: ofBss({ kind: boolean, initial: false, cost: "beacon", doc: "Further steps are needed for access." }),
  esr: ofBss({ kind: boolean, initial: false, cost: "beacon", doc: "Emergency services can be reached." }),
  uesa: ofBss({ kind: boolean, initial: false, cost: "beacon", doc: "Emergency services without authentication." }),
  venue_group: ofBss({
    kind: octet,
    initial: undefined,
    cost: "beacon",
    doc: "Group of the venue: 1 assembly, 2 business, 3 educational ... IEEE Std 802.11-2020, table 9-62.",
  }),
  venue_type: ofBss({
    kind: octet,
    initial: undefined,
    cost: "beacon",
    doc: "Type of the venue within its group. IEEE Std 802.11-2020, table 9-63.",
  }),
  hessid: ofBss({
    kind: macAddress,
    initial: undefined,
    cost: "beacon",
    doc: "Homogeneous ESS identifier: one of its access points' BSSID.",
    inHostapd: () => "invalid hessid",
  }),
} as const;
