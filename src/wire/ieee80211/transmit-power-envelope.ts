import { type Reader, Writer } from "../../base/bytes.ts";

/** Whose power is meant, and total or per MHz. IEEE Std 802.11ax-2021, 9.4.2.161. */
const interpretations = [
  "local-eirp",
  "local-eirp-psd",
  "regulatory-client-eirp",
  "regulatory-client-eirp-psd",
] as const;

/** Transmit Power Envelope element. IEEE Std 802.11-2020, 9.4.2.161, as 802.11ax-2021 has it. */
export interface TransmitPowerEnvelope {
  readonly interpretation: (typeof interpretations)[number] | number;
  /** Maximum Transmit Power Category: 0 default, 1 subordinate. 6 GHz only. */
  readonly category: number;
  /** Maximum Transmit Power Count, 0 to 7: what it means hangs on the interpretation. */
  readonly count: number;
  /** In halves of a dBm (or dBm per MHz), -128 to 127, at least one. */
  readonly powers: readonly number[];
}

export function encodeTransmitPowerEnvelope(envelope: TransmitPowerEnvelope): Uint8Array {
  const { interpretation } = envelope;
  const number = typeof interpretation === "number" ? interpretation : interpretations.indexOf(interpretation);
  const w = new Writer().u8(envelope.count | (number << 3) | (envelope.category << 6));
  for (const power of envelope.powers) w.u8(power & 0xff);
  return w.finish();
}

/** @throws MalformedError when it is cut */
export function decodeTransmitPowerEnvelope(r: Reader): TransmitPowerEnvelope {
  const information = r.u8();
  const number = (information >>> 3) & 7;
  const powers = [r.u8(), ...r.rest()].map((octet) => (octet << 24) >> 24);
  return {
    interpretation: interpretations[number] ?? number,
    category: information >>> 6,
    count: information & 7,
    powers,
  };
}
