import { concat, type Reader, textOf, utf8, Writer } from "../../base/bytes.ts";

export type CountryTriplet =
  | {
      readonly kind: "channels";
      readonly firstChannel: number;
      readonly count: number;
      readonly maxPowerDbm: number;
    }
  | {
      readonly kind: "operating";
      /** Operating Extension Identifier, 201 and up. */
      readonly extension: number;
      readonly operatingClass: number;
      readonly coverageClass: number;
    };

/** Country element. IEEE Std 802.11-2020, 9.4.2.9. */
export interface Country {
  /** Two letters. */
  readonly alpha2: string;
  /** Third octet of the country string: space for any environment, `O` outdoors, `I` indoors, or a table of annex E. */
  readonly environment: number;
  readonly triplets: readonly CountryTriplet[];
}

const firstExtension = 201;

/** Padded to an even length. */
export function encodeCountry(country: Country): Uint8Array {
  const w = new Writer().put(utf8(country.alpha2).subarray(0, 2)).u8(country.environment);
  for (const triplet of country.triplets) {
    if (triplet.kind === "channels")
      w.u8(triplet.firstChannel)
        .u8(triplet.count)
        .u8(triplet.maxPowerDbm & 0xff);
    else w.u8(triplet.extension).u8(triplet.operatingClass).u8(triplet.coverageClass);
  }
  const body = w.finish();
  return body.length % 2 === 0 ? body : concat(body, Uint8Array.of(0));
}

/** @throws MalformedError when it is cut, or the country is no ASCII text */
export function decodeCountry(r: Reader): Country {
  const alpha2 = textOf(r.take(2));
  if (!/^[ -~]{2}$/.test(alpha2)) r.fail("a country that is no ASCII");
  const environment = r.u8();
  const triplets: CountryTriplet[] = [];
  while (r.remaining > 1) {
    const first = r.u8();
    triplets.push(
      first >= firstExtension
        ? { kind: "operating", extension: first, operatingClass: r.u8(), coverageClass: r.u8() }
        : { kind: "channels", firstChannel: first, count: r.u8(), maxPowerDbm: r.i8() },
    );
  }
  return { alpha2, environment, triplets };
}
