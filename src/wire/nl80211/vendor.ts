/** Commands of a driver's vendor, whose data nobody else understands. linux/nl80211.h, NL80211_CMD_VENDOR. */

import { attr, bytes, type Codec, u32 } from "../netlink/attributes.ts";
import { attributes as ids } from "./generated/attributes.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

/** Data that is made of attributes: the kernel checks the flag that says so where the vendor wants attributes. */
const nestedBytes: Codec<Uint8Array> = { ...bytes, nested: true };

const shape = {
  ifIndex,
  /** Organizationally Unique Identifier. */
  vendor: attr(ids.VENDOR_ID, u32),
  command: attr(ids.VENDOR_SUBCMD, u32),
} as const;

export const vendorCommand = messageType("VENDOR", { ...shape, data: attr(ids.VENDOR_DATA, bytes) }, [
  "vendor",
  "command",
]);

export const nestedVendorCommand = messageType("VENDOR", { ...shape, data: attr(ids.VENDOR_DATA, nestedBytes) }, [
  "vendor",
  "command",
]);

export const vendorAnswer = messageType("VENDOR", { data: attr(ids.VENDOR_DATA, bytes) });
