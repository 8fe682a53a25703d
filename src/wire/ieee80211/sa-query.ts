import { concat, type Reader, Writer } from "../../base/bytes.ts";
import { actionCategory } from "./action.ts";
import { decodeElements, type Element, encodeElements } from "./element.ts";

/** SA Query Action frame's body. IEEE Std 802.11-2020, 9.6.9. */
export interface SaQuery {
  readonly kind: "request" | "response";
  /** Transaction Identifier, 2 octets read as one little-endian number. */
  readonly transaction: number;
  /** OCI, where operating channel validation is in use. */
  readonly elements: readonly Element[];
}

const kinds = ["request", "response"] as const;

/** With the category: a whole Action frame body. */
export const encodeSaQuery = (frame: SaQuery): Uint8Array =>
  concat(
    new Writer().u8(actionCategory.saQuery).u8(kinds.indexOf(frame.kind)).u16le(frame.transaction).finish(),
    encodeElements(frame.elements),
  );

/** From the category on. @throws MalformedError when it is cut, of another category, or of an unknown action */
export function decodeSaQuery(r: Reader): SaQuery {
  const category = r.u8();
  if (category !== actionCategory.saQuery) r.fail(`category ${category}`);
  const kind = kinds[r.u8()] ?? r.fail("unknown SA Query action");
  return { kind, transaction: r.u16le(), elements: decodeElements(r) };
}
