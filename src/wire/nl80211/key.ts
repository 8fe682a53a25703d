/** Keys of an interface. */

import { attr, attributes, bytes, flag, flagSet, macAddress, nested, u8, u32 } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { keyAttributes as key } from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

const keySet = attributes({
  data: attr(key.DATA, bytes),
  /** Suite selector. */
  cipher: attr(key.CIPHER, u32),
  index: attr(key.IDX, u8),
  /** Receive counter, in the cipher's order of octets. */
  sequence: attr(key.SEQ, bytes),
  default: attr(key.DEFAULT, flag),
  defaultManagement: attr(key.DEFAULT_MGMT, flag),
  defaultBeacon: attr(key.DEFAULT_BEACON, flag),
  /** enum nl80211_key_default_types */
  defaultTypes: attr(key.DEFAULT_TYPES, flagSet),
  /** enum nl80211_key_type */
  type: attr(key.TYPE, u32),
  /** enum nl80211_key_mode */
  mode: attr(key.MODE, u8),
});

const shape = { ifIndex, station: attr(ids.MAC, macAddress), key: attr(ids.KEY, nested(keySet)) } as const;

export const newKey = messageType("NEW_KEY", shape, ["ifIndex", "key"]);
export const setKey = messageType("SET_KEY", shape, ["ifIndex", "key"]);
export const delKey = messageType("DEL_KEY", shape, ["ifIndex", "key"]);

export const getKey = messageType(
  "GET_KEY",
  { ifIndex, station: attr(ids.MAC, macAddress), index: attr(ids.KEY_IDX, u8) },
  ["ifIndex", "index"],
);

/** The answer to {@link getKey}. */
export const keyDescription = messageType("NEW_KEY", { ifIndex, sequence: attr(ids.KEY_SEQ, bytes) }, ["ifIndex"]);

export const michaelMicFailure = messageType(
  "MICHAEL_MIC_FAILURE",
  { ifIndex, station: attr(ids.MAC, macAddress), keyType: attr(ids.KEY_TYPE, u32) },
  ["ifIndex", "station", "keyType"],
);
