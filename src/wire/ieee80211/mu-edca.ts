import { type Reader, Writer } from "../../base/bytes.ts";

/** MU AC Parameter Record. IEEE Std 802.11ax-2021, 9.4.2.251. */
export interface MuEdcaCategory {
  /** 0 to 15; 0 keeps a station from contending while the timer runs. */
  readonly aifsn: number;
  readonly acm: boolean;
  /** Access Category Index, 0 to 3. */
  readonly aci: number;
  readonly cwMinExponent: number;
  readonly cwMaxExponent: number;
  /** In units of 8 time units. */
  readonly timer: number;
}

/** MU EDCA Parameter Set element. IEEE Std 802.11ax-2021, 9.4.2.251. */
export interface MuEdca {
  /** QoS Info field: EDCA parameter set update count. */
  readonly updateCount: number;
  readonly qAck: boolean;
  readonly queueRequest: boolean;
  readonly txopRequest: boolean;
  readonly bestEffort: MuEdcaCategory;
  readonly background: MuEdcaCategory;
  readonly video: MuEdcaCategory;
  readonly voice: MuEdcaCategory;
}

export function encodeMuEdca(edca: MuEdca): Uint8Array {
  const qosInfo = edca.updateCount | bit(4, edca.qAck) | bit(5, edca.queueRequest) | bit(6, edca.txopRequest);
  const w = new Writer().u8(qosInfo);
  for (const category of [edca.bestEffort, edca.background, edca.video, edca.voice]) {
    w.u8(category.aifsn | bit(4, category.acm) | (category.aci << 5))
      .u8(category.cwMinExponent | (category.cwMaxExponent << 4))
      .u8(category.timer);
  }
  return w.finish();
}

/** @param r the body after the extension ID @throws MalformedError when it is cut */
export function decodeMuEdca(r: Reader): MuEdca {
  const qosInfo = r.u8();
  return {
    updateCount: qosInfo & 15,
    qAck: (qosInfo & (1 << 4)) !== 0,
    queueRequest: (qosInfo & (1 << 5)) !== 0,
    txopRequest: (qosInfo & (1 << 6)) !== 0,
    bestEffort: decodeCategory(r),
    background: decodeCategory(r),
    video: decodeCategory(r),
    voice: decodeCategory(r),
  };
}

function decodeCategory(r: Reader): MuEdcaCategory {
  const first = r.u8();
  const window = r.u8();
  return {
    aifsn: first & 15,
    acm: (first & (1 << 4)) !== 0,
    aci: (first >>> 5) & 3,
    cwMinExponent: window & 15,
    cwMaxExponent: window >>> 4,
    timer: r.u8(),
  };
}

const bit = (at: number, on: boolean): number => (on ? 1 << at : 0);
