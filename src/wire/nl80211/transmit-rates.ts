/** Which rates to use in a band. linux/nl80211.h, enum nl80211_tx_rate_attributes. */

import { attr, attributes, bytes, indexed, nested } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { transmitRateAttributes as rate } from "./generated/nested.ts";

/** A missing attribute means all rates of that kind, an empty one none. */
const rateSet = attributes({
  /** 500 kb/s each. */
  legacy: attr(rate.LEGACY, bytes),
  /** MCS indices. */
  ht: attr(rate.HT, bytes),
  /** struct nl80211_txrate_vht and _he: for each of eight numbers of streams a bit map of MCS, 16 bits. */
  vht: attr(rate.VHT, bytes),
  he: attr(rate.HE, bytes),
});

/** By the band's number. */
export const transmitRates = attr(ids.TX_RATES, indexed(nested(rateSet)));
