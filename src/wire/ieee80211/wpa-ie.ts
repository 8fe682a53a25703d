import { type Reader, Writer } from "../../base/bytes.ts";
import { oui } from "./element.ts";
import { type Suite, wpaAkmSuite, wpaCipherSuite } from "./suites.ts";

/** Vendor type of the WPA element below Microsoft's OUI. */
export const wpaIeType = 1;
const version = 1;

/** WPA element of the first WPA, a vendor-specific one. Wi-Fi Protected Access, version 3.1, 8.3.2. */
export interface WpaIe {
  readonly group: Suite;
  readonly pairwise: readonly Suite[];
  readonly akm: readonly Suite[];
  /** Undefined where the element ends before. */
  readonly capabilities: number | undefined;
}

/** The element's body, from the OUI on. */
export function encodeWpaIe(ie: WpaIe): Uint8Array {
  const w = new Writer().u24be(oui.microsoft).u8(wpaIeType).u16le(version).u32be(ie.group);
  w.u16le(ie.pairwise.length);
  for (const suite of ie.pairwise) w.u32be(suite);
  w.u16le(ie.akm.length);
  for (const suite of ie.akm) w.u32be(suite);
  if (ie.capabilities !== undefined) w.u16le(ie.capabilities);
  return w.finish();
}

/** From the OUI on. @throws MalformedError when a field is cut, a list is empty, or it is another element or version */
export function decodeWpaIe(r: Reader): WpaIe {
  if (r.u24be() !== oui.microsoft || r.u8() !== wpaIeType) r.fail("no WPA element");
  if (r.u16le() !== version) r.fail("unknown WPA version");
  return {
    group: r.remaining ? r.u32be() : wpaCipherSuite.TKIP,
    pairwise: r.remaining ? suites("pairwise ciphers") : [wpaCipherSuite.TKIP],
    akm: r.remaining ? suites("AKMs") : [wpaAkmSuite["WPA-EAP"]],
    capabilities: r.remaining >= 2 ? r.u16le() : undefined,
  };

  function suites(what: string): Suite[] {
    const count = r.u16le();
    if (count === 0) r.fail(`no ${what}`);
    return Array.from({ length: count }, () => r.u32be());
  }
}
