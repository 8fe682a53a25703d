import { MalformedError, type Reader, Writer } from "../../base/bytes.ts";
import { actionCategory } from "./action.ts";
import { decodeElements, elementId, encodeElement, findVendor, oui } from "./element.ts";
import { decodeWmmTspec, encodeWmmTspec, type WmmTspec, wmmSubtype, wmmType } from "./wmm.ts";

/** Wi-Fi WMM Specification, table 5. */
export const wmmActionCode = { addtsRequest: 0, addtsResponse: 1, delts: 2 } as const;

/** Status codes of ADDTS responses. Wi-Fi WMM Specification, table 11. */
export const wmmAddtsStatus = { accepted: 0, invalidParameters: 1, refused: 3 } as const;

/** WMM Action frame's body, from the category on: asks for time of an access category, or gives it back. */
export interface WmmAction {
  readonly code: number;
  readonly dialogToken: number;
  readonly status: number;
  readonly tspec: WmmTspec;
}

export const encodeWmmAction = ({ code, dialogToken, status, tspec }: WmmAction): Uint8Array =>
  new Writer()
    .u8(actionCategory.wmm)
    .u8(code)
    .u8(dialogToken)
    .u8(status)
    .put(encodeElement(elementId.vendorSpecific, encodeWmmTspec(tspec)))
    .finish();

/** @throws MalformedError when it is cut, of another category, or has no TSPEC */
export function decodeWmmAction(r: Reader): WmmAction {
  if (r.u8() !== actionCategory.wmm) r.fail("another category's action");
  const code = r.u8();
  const dialogToken = r.u8();
  const status = r.u8();
  const element = findVendor(decodeElements(r), oui.microsoft, wmmType, wmmSubtype.tspec);
  if (!element) throw new MalformedError(r.path, r.offset, "there is no TSPEC");
  return { code, dialogToken, status, tspec: decodeWmmTspec(r.inside("TSPEC", element.data)) };
}
