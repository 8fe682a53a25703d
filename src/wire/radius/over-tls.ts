import { utf8 } from "../../base/bytes.ts";

/** The secret that everybody has where the connection is the protection. RFC 6614, section 2.3. */
export const secretOverTls: Uint8Array = utf8("radsec");
