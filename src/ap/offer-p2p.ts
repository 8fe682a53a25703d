/** What Wi-Fi Direct devices are told. */

import type { Element } from "../wire/ieee80211/element.ts";
import { encodeManageability, p2pAttributeId, p2pElement } from "../wire/ieee80211/p2p.ts";
import type { Offer } from "./offer.ts";

export function p2pElements({ settings }: Offer): Element[] {
  if (!settings.manage_p2p) return [];
  const data = encodeManageability({
    crossConnectionPermitted: settings.allow_cross_connection,
    coexistenceOptional: true,
  });
  return [p2pElement([{ id: p2pAttributeId.manageability, data }])];
}
