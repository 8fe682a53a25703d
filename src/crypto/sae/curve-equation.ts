/** From an x coordinate to a point: what both ways to a password element have in common. */

import { type EccGroup, numeral } from "../groups/cyclic-group.ts";
import type { PrimeField } from "../groups/port.ts";
import { wipe } from "../secret.ts";
import { isOdd, select } from "./without-branches.ts";

/** The root whose lowest bit is that of the other number. */
export function withParityOf(field: PrimeField, root: Uint8Array, other: Uint8Array): Uint8Array {
  const negative = field.subtract(numeral(0, root.length), root);
  const chosen = select(isOdd(root) ^ isOdd(other), negative, root);
  wipe(negative);
  return chosen;
}

/** x^3 + ax + b. */
export function squareOfY(group: EccGroup, x: Uint8Array): Uint8Array {
  const { field, curve } = group;
  const square = field.multiply(x, x);
  const sum = field.add(square, curve.a);
  const product = field.multiply(sum, x);
  const result = field.add(product, curve.b);
  // Each of them tells the point, and the point the password.
  wipe(square, sum, product);
  return result;
}
