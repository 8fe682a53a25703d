/** Attribute-value pairs inside EAP-TTLS, in the form of Diameter's. RFC 5281, section 10. */

import { type Reader, Writer } from "../../base/bytes.ts";

const flag = { vendor: 0x80, mandatory: 0x40 } as const;

export interface TtlsAvp {
  readonly code: number;
  /** SMI number; 0 for RADIUS's own attributes. */
  readonly vendor: number;
  readonly mandatory: boolean;
  readonly value: Uint8Array;
}

export const microsoft = 311;

/** Codes by the names of RADIUS's attributes, and of Microsoft's (RFC 2548). */
export const avpCodes = {
  userName: 1,
  userPassword: 2,
  chapPassword: 3,
  chapChallenge: 60,
  eapMessage: 79,
} as const;

export const microsoftAvpCodes = {
  response: 1,
  error: 2,
  challenge: 11,
  response2: 25,
  success2: 26,
} as const;

/** Padded to four octets. */
export function encodeAvp({ code, vendor, mandatory, value }: TtlsAvp): Uint8Array {
  const length = 8 + (vendor === 0 ? 0 : 4) + value.length;
  const w = new Writer()
    .u32be(code)
    .u8((vendor === 0 ? 0 : flag.vendor) | (mandatory ? flag.mandatory : 0))
    .u24be(length);
  if (vendor !== 0) w.u32be(vendor);
  return w
    .put(value)
    .zeros(-length & 3)
    .finish();
}

/** The last one may be without its padding. @throws MalformedError when one is cut */
export function decodeAvps(r: Reader): TtlsAvp[] {
  const avps: TtlsAvp[] = [];
  while (r.remaining > 0) {
    const code = r.u32be();
    const flags = r.u8();
    const [high, low] = [r.u8(), r.u16be()];
    const length = high * 0x1_0000 + low;
    const header = flags & flag.vendor ? 12 : 8;
    if (length < header) r.fail(`an AVP of ${length} octets`);
    const vendor = flags & flag.vendor ? r.u32be() : 0;
    const value = r.take(length - header).slice();
    r.skip(Math.min(-length & 3, r.remaining));
    avps.push({ code, vendor, mandatory: (flags & flag.mandatory) !== 0, value });
  }
  return avps;
}
