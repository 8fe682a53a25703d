/** Wireless interfaces: what there are, what type they have, making and deleting them. */

import { attr, bytes, flag, macAddress, text, u8, u32, u64 } from "../netlink/attributes.ts";
import { channelShape } from "./channel.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { messageType } from "./message.ts";

export const ifIndex = attr(ids.IFINDEX, u32);

const description = {
  ifIndex,
  name: attr(ids.IFNAME, text),
  wiphy: attr(ids.WIPHY, u32),
  type: attr(ids.IFTYPE, u32),
  wdev: attr(ids.WDEV, u64),
  address: attr(ids.MAC, macAddress),
  fourAddress: attr(ids["4ADDR"], u8),
  ssid: attr(ids.SSID, bytes),
  ...channelShape,
} as const;

/** With an index one interface, dumped all of a radio or of the machine. */
export const getInterface = messageType("GET_INTERFACE", { ifIndex, wiphy: description.wiphy });

/** The answer to {@link getInterface} and to making one, and the event. */
export const interfaceDescription = messageType("NEW_INTERFACE", description, ["wiphy", "type"]);

export const newInterface = messageType(
  "NEW_INTERFACE",
  { ...description, socketOwner: attr(ids.SOCKET_OWNER, flag) },
  ["wiphy", "name", "type"],
);

/** The kernel wants it down for most changes of type: EBUSY. */
export const setInterface = messageType(
  "SET_INTERFACE",
  { ifIndex, type: description.type, fourAddress: description.fourAddress },
  ["ifIndex"],
);

export const delInterface = messageType("DEL_INTERFACE", { ifIndex, wiphy: description.wiphy }, ["ifIndex"]);
