import type { Reader } from "../../base/bytes.ts";

/** ERP element. IEEE Std 802.11-2020, 9.4.2.11. */
export interface Erp {
  readonly nonErpPresent: boolean;
  readonly useProtection: boolean;
  /** Long preambles only. */
  readonly barkerPreamble: boolean;
}

export const encodeErp = (erp: Erp): Uint8Array =>
  Uint8Array.of((erp.nonErpPresent ? 1 : 0) | (erp.useProtection ? 2 : 0) | (erp.barkerPreamble ? 4 : 0));

/** @throws MalformedError when it is empty */
export function decodeErp(r: Reader): Erp {
  const bits = r.u8();
  return { nonErpPresent: (bits & 1) !== 0, useProtection: (bits & 2) !== 0, barkerPreamble: (bits & 4) !== 0 };
}
