import { concat } from "../../base/bytes.ts";
import { type Element, elementId, findElement } from "./element.ts";

/** Not rates but demands on who may join, in a rate's place. IEEE Std 802.11-2020, table 9-94; EHT from 802.11be-2024. */
export const bssMembershipSelector = {
  ht: 127,
  vht: 126,
  glk: 125,
  epd: 124,
  saeHashToElementOnly: 123,
  he: 122,
  eht: 121,
} as const;

export type BssMembershipSelector = keyof typeof bssMembershipSelector;

export interface SupportedRate {
  /** In units of 500 kb/s. */
  readonly rate: number;
  /** In the BSS's basic rate set: whoever joins must have it. */
  readonly basic: boolean;
}

/** What the Supported Rates and Extended Supported Rates elements say together. IEEE Std 802.11-2020, 9.4.2.3 and 9.4.2.13. */
export interface SupportedRates {
  readonly rates: readonly SupportedRate[];
  readonly selectors: readonly BssMembershipSelector[];
}

const basicBit = 0x80;
const inFirstElement = 8;

const selectorNames = new Map<number, BssMembershipSelector>(
  Object.entries(bssMembershipSelector).map(([name, value]) => [value, name as BssMembershipSelector]),
);

/** The first eight go into Supported Rates, the others into Extended Supported Rates; selectors come last. */
export function splitRates({ rates, selectors }: SupportedRates): Element[] {
  const octets = Uint8Array.from([
    ...rates.map(({ rate, basic }) => (basic ? rate | basicBit : rate)),
    ...selectors.map((name) => bssMembershipSelector[name] | basicBit),
  ]);
  const first: Element = { id: elementId.supportedRates, data: octets.slice(0, inFirstElement) };
  if (octets.length <= inFirstElement) return [first];
  return [first, { id: elementId.extendedSupportedRates, data: octets.slice(inFirstElement) }];
}

/** Both elements joined; each may be missing. */
export function joinRates(elements: readonly Element[]): SupportedRates {
  const octets = concat(
    findElement(elements, elementId.supportedRates)?.data ?? new Uint8Array(),
    findElement(elements, elementId.extendedSupportedRates)?.data ?? new Uint8Array(),
  );
  const rates: SupportedRate[] = [];
  const selectors: BssMembershipSelector[] = [];
  for (const octet of octets) {
    const rate = octet & ~basicBit;
    const basic = (octet & basicBit) !== 0;
    const selector = basic ? selectorNames.get(rate) : undefined;
    if (selector) selectors.push(selector);
    else rates.push({ rate, basic });
  }
  return { rates, selectors };
}
