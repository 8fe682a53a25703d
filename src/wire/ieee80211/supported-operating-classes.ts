import { concat, type Reader } from "../../base/bytes.ts";

/** Supported Operating Classes element, without its extensions. IEEE Std 802.11-2020, 9.4.2.53. */
export interface SupportedOperatingClasses {
  readonly current: number;
  readonly others: readonly number[];
}

export const encodeSupportedOperatingClasses = ({ current, others }: SupportedOperatingClasses): Uint8Array =>
  concat(Uint8Array.of(current), Uint8Array.from(others));

/** @throws MalformedError when it is empty */
export const decodeSupportedOperatingClasses = (r: Reader): SupportedOperatingClasses => ({
  current: r.u8(),
  others: [...r.rest()],
});
