import type { Kind } from "./kinds.ts";
import { octetsOf, octetTextOf } from "./octets.ts";

/** What an EAP Identity request says to people, and behind the first `\0` options for their device. RFC 3748, section 5.1; RFC 4284. */
export const eapMessageKind: Kind<Uint8Array> = {
  shape: "text, perhaps with \\0 and options behind it",
  freeText: true,
  parse: (text) => ({ value: octetsOf(text.replace("\\0", "\0")) }),
  format: (value) => octetTextOf(value).replace("\0", "\\0"),
};
