/** Looking for other networks. linux/nl80211.h, NL80211_CMD_TRIGGER_SCAN and what follows it. */

import { attr, attributes, bytes, list, macAddress, nested, u32 } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { scanResultAttributes as result } from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

const wiphy = attr(ids.WIPHY, u32);

/** Refused with EBUSY while another scan runs. */
export const triggerScan = messageType(
  "TRIGGER_SCAN",
  {
    ifIndex,
    /** MHz. */
    frequencies: attr(ids.SCAN_FREQUENCIES, list(u32)),
    /** Those to ask for; an empty one is the wildcard. Without any the scan is passive. */
    ssids: attr(ids.SCAN_SSIDS, list(bytes)),
    /** enum nl80211_scan_flags, bits. */
    flags: attr(ids.SCAN_FLAGS, u32),
  },
  ["ifIndex"],
);

/** The events at the end of a scan. */
export const scanDone = messageType("NEW_SCAN_RESULTS", { ifIndex, wiphy }, ["ifIndex"]);
export const scanAborted = messageType("SCAN_ABORTED", { ifIndex, wiphy }, ["ifIndex"]);

/** Dumped. */
export const getScan = messageType("GET_SCAN", { ifIndex }, ["ifIndex"]);

const resultSet = attributes(
  {
    bssid: attr(result.BSSID, macAddress),
    /** MHz. */
    frequency: attr(result.FREQUENCY, u32),
    /** Of its probe response, else of its beacon. */
    elements: attr(result.INFORMATION_ELEMENTS, bytes),
    beaconElements: attr(result.BEACON_IES, bytes),
    /** ms. */
    seenAgo: attr(result.SEEN_MS_AGO, u32),
  },
  ["bssid", "frequency"],
);

/** One of the answers to {@link getScan}. */
export const scanResult = messageType("NEW_SCAN_RESULTS", { ifIndex, bss: attr(ids.BSS, nested(resultSet)) });
