/** Regulatory domains. */

import { attr, text, u8, u32 } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { messageType } from "./message.ts";

const wiphy = attr(ids.WIPHY, u32);
/** Two letters; `00` is the world. */
const alpha2 = attr(ids.REG_ALPHA2, text);

/** The user's hint; the kernel works on it after it has answered. */
export const requestRegulatory = messageType("REQ_SET_REG", { alpha2 }, ["alpha2"]);

/** With a radio its own domain where it manages that itself, else the machine's. */
export const getRegulatory = messageType("GET_REG", { wiphy });
export const regulatoryDescription = messageType("GET_REG", { wiphy, alpha2 });

/** All radios', or (`WIPHY_REG_CHANGE`) one's. No letters where it is of no country. */
export const regulatoryChange = messageType("REG_CHANGE", {
  wiphy,
  alpha2,
  initiator: attr(ids.REG_INITIATOR, u8),
  type: attr(ids.REG_TYPE, u8),
});
