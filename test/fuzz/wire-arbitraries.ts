/** Values that frames and elements are made of. */

import fc from "fast-check";
import { macAddressOf } from "../../src/base/mac-address.ts";
import { capabilityBits } from "../../src/wire/ieee80211/capability-information.ts";
import { type Element, elementId } from "../../src/wire/ieee80211/element.ts";
import { namesOf, octets, subset, unsigned } from "./codec-properties.ts";

export const bool = fc.boolean();
export const address = octets(6).map(macAddressOf);
export const suite = unsigned(32);
export const suites = fc.array(suite, { minLength: 1, maxLength: 6 });
export const capabilities = subset(namesOf(capabilityBits));

const element: fc.Arbitrary<Element> = fc.oneof(
  fc.record({ id: fc.integer({ min: 0, max: 254 }), data: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({ id: fc.constant(elementId.vendorSpecific), data: fc.uint8Array({ maxLength: 255 }) }),
  fc.record({ id: fc.constant(elementId.extension), extension: unsigned(8), data: fc.uint8Array({ maxLength: 254 }) }),
);
export const elements = fc.array(element, { maxLength: 8 });
