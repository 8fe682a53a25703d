/** Conditions of classes: what dhcp-eval(5) calls expressions, as data. */

import { concat, sameBytes } from "../../base/bytes.ts";

export type DataExpression =
  | { readonly kind: "octets"; readonly octets: Uint8Array }
  | { readonly kind: "option"; readonly code: number }
  /** Type and address. */
  | { readonly kind: "hardware" }
  | { readonly kind: "substring"; readonly of: DataExpression; readonly offset: number; readonly length: number }
  | { readonly kind: "suffix"; readonly of: DataExpression; readonly length: number }
  | { readonly kind: "lcase" | "ucase"; readonly of: DataExpression }
  | { readonly kind: "concat"; readonly parts: readonly DataExpression[] };

export type Condition =
  | { readonly kind: "equal"; readonly left: DataExpression; readonly right: DataExpression }
  | { readonly kind: "exists"; readonly code: number }
  /** The client has a `host` of its own. */
  | { readonly kind: "known" }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] };

/** What a client says of itself. */
export interface ClientFacts {
  option(code: number): Uint8Array | undefined;
  /** Type, then the address. */
  readonly hardware: Uint8Array;
  readonly isKnown: boolean;
}

export function holds(condition: Condition, facts: ClientFacts): boolean {
  switch (condition.kind) {
    case "equal": {
      const left = evaluate(condition.left, facts);
      const right = evaluate(condition.right, facts);
      // Nothing equals nothing no more than it equals something.
      return left !== undefined && right !== undefined && sameBytes(left, right);
    }
    case "exists":
      return facts.option(condition.code) !== undefined;
    case "known":
      return facts.isKnown;
    case "not":
      return !holds(condition.of, facts);
    case "and":
      return condition.parts.every((part) => holds(part, facts));
    case "or":
      return condition.parts.some((part) => holds(part, facts));
  }
}

/** @returns undefined where the client has not said it */
export function evaluate(expression: DataExpression, facts: ClientFacts): Uint8Array | undefined {
  switch (expression.kind) {
    case "octets":
      return expression.octets;
    case "option":
      return facts.option(expression.code);
    case "hardware":
      return facts.hardware;
    case "substring": {
      const { offset, length } = expression;
      return evaluate(expression.of, facts)?.subarray(offset, offset + length);
    }
    case "suffix": {
      const whole = evaluate(expression.of, facts);
      return whole?.subarray(Math.max(0, whole.length - expression.length));
    }
    case "lcase":
      return evaluate(expression.of, facts)?.map((octet) => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet));
    case "ucase":
      return evaluate(expression.of, facts)?.map((octet) => (octet >= 0x61 && octet <= 0x7a ? octet & ~0x20 : octet));
    case "concat": {
      const parts = expression.parts.map((part) => evaluate(part, facts));
      return parts.some((part) => part === undefined) ? undefined : concat(...parts.map((part) => part ?? none));
    }
  }
}

const none = new Uint8Array();
