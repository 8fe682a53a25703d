import { type Reader, Writer } from "../../base/bytes.ts";

/** TIM element. IEEE Std 802.11-2020, 9.4.2.5. */
export interface Tim {
  readonly dtimCount: number;
  readonly dtimPeriod: number;
  /** Group addressed frames follow this DTIM beacon. */
  readonly groupTraffic: boolean;
  /** AIDs with frames buffered, 1 to 2007. */
  readonly aids: ReadonlySet<number>;
}

const bitmapLength = 251;

export function encodeTim(tim: Tim): Uint8Array {
  const octets = [...tim.aids].map((aid) => aid >>> 3);
  const start = octets.length === 0 ? 0 : Math.min(...octets) & ~1; // the offset counts pairs of octets
  const bitmap = new Uint8Array(octets.length === 0 ? 1 : Math.max(...octets) + 1 - start);
  for (const aid of tim.aids) {
    const at = (aid >>> 3) - start;
    bitmap[at] = (bitmap[at] ?? 0) | (1 << (aid & 7));
  }
  return new Writer()
    .u8(tim.dtimCount)
    .u8(tim.dtimPeriod)
    .u8(start | (tim.groupTraffic ? 1 : 0)) // Bitmap Offset stands above bit 0
    .put(bitmap)
    .finish();
}

/** @throws MalformedError when it has no bitmap, or one that goes beyond the last AID */
export function decodeTim(r: Reader): Tim {
  const dtimCount = r.u8();
  const dtimPeriod = r.u8();
  const control = r.u8();
  const start = control & 0xfe;
  if (!r.remaining) r.fail("no partial virtual bitmap");
  if (start + r.remaining > bitmapLength) r.fail("bitmap beyond AID 2007");
  const aids = new Set<number>();
  for (const [at, octet] of r.rest().entries()) {
    for (let bit = 0; bit < 8; bit++) {
      const aid = 8 * (start + at) + bit;
      if (octet & (1 << bit) && aid > 0) aids.add(aid);
    }
  }
  return { dtimCount, dtimPeriod, groupTraffic: (control & 1) !== 0, aids };
}
