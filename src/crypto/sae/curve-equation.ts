/** From an x coordinate to a point: what both ways to a password element have in common. */

import { type EccGroup, numeral } from "../groups/cyclic-group.ts";
import type { PrimeField } from "../groups/port.ts";
import { isOdd, select } from "./without-branches.ts";

/** The root whose lowest bit is that of the other number. */
export function withParityOf(field: PrimeField, root: Uint8Array, other: Uint8Array): Uint8Array {
  const negative = field.subtract(numeral(0, root.length), root);
  return select(isOdd(root) ^ isOdd(other), negative, root);
}

/** x^3 + ax + b. */
export function squareOfY(group: EccGroup, x: Uint8Array): Uint8Array {
  const { field, curve } = group;
  return field.add(field.multiply(field.add(field.multiply(x, x), curve.a), x), curve.b);
}
