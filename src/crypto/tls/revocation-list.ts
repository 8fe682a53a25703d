/** When a revocation list was made and when the next one is due. RFC 5280, section 5.1. */

import { MalformedError, Reader } from "../../base/bytes.ts";

export interface RevocationListTimes {
  /** Seconds of UNIX time. */
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
}

const tag = { integer: 0x02, sequence: 0x30, utcTime: 0x17, generalizedTime: 0x18 } as const;

/** @param der CertificateList @returns undefined where it is none */
export function revocationListTimes(der: Uint8Array): RevocationListTimes | undefined {
  try {
    const signed = element(new Reader(der, ["CRL"]), tag.sequence);
    const list = element(signed, tag.sequence);
    if (list.bytes[0] === tag.integer) element(list, tag.integer);
    element(list, tag.sequence);
    element(list, tag.sequence);
    const thisUpdate = time(list);
    const next = list.remaining === 0 ? undefined : list.bytes[list.bytes.length - list.remaining];
    const hasNext = next === tag.utcTime || next === tag.generalizedTime;
    return { thisUpdate, nextUpdate: hasNext ? time(list) : undefined };
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

/** The contents of the next element. */
function element(r: Reader, ...tags: readonly number[]): Reader {
  const found = r.u8();
  if (!tags.includes(found)) r.fail(`tag ${found}`);
  const first = r.u8();
  if (first < 0x80) return r.field("element", first);
  let length = 0;
  for (const octet of r.take(first & 0x7f)) length = length * 256 + octet;
  return r.field("element", length);
}

/** UTCTime or GeneralizedTime, to the second and in UTC as DER has them. RFC 5280, section 4.1.2.5. */
function time(r: Reader): number {
  const text = String.fromCharCode(...element(r, tag.utcTime, tag.generalizedTime).bytes);
  const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] =
    /^(\d{2}|\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? r.fail(`'${text}' is no time`);
  const century = year.length === 4 ? "" : Number(year) < 50 ? "20" : "19";
  return (
    Date.UTC(Number(century + year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)) /
    1000
  );
}
