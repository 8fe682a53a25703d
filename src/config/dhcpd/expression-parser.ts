/** Expressions of dhcp-eval(5), as far as they ask for what a client says of itself. */

import type { OptionDefinition } from "../../wire/dhcp/option-names.ts";
import type { Cursor } from "./cursor.ts";
import type { Condition, DataExpression } from "./expressions.ts";
import { integer, octets } from "./option-values.ts";

export interface OptionNames {
  /** Notes a name that is not known. @throws Abandoned */
  option(cursor: Cursor): OptionDefinition;
}

/** `and` binds more strongly than `or`. @throws Abandoned */
export function condition(cursor: Cursor, names: OptionNames): Condition {
  const parts = [conjunction(cursor, names)];
  while (cursor.skips("or")) parts.push(conjunction(cursor, names));
  return single(parts) ?? { kind: "or", parts };
}

function conjunction(cursor: Cursor, names: OptionNames): Condition {
  const parts = [comparison(cursor, names)];
  while (cursor.skips("and")) parts.push(comparison(cursor, names));
  return single(parts) ?? { kind: "and", parts };
}

const single = (parts: readonly Condition[]): Condition | undefined => (parts.length === 1 ? parts[0] : undefined);

const comparison = (cursor: Cursor, names: OptionNames): Condition =>
  cursor.within(() => readComparison(cursor, names));

function readComparison(cursor: Cursor, names: OptionNames): Condition {
  if (cursor.skips("not")) return { kind: "not", of: comparison(cursor, names) };
  if (cursor.skips("known")) return { kind: "known" };
  if (cursor.skips("(")) {
    const inner = condition(cursor, names);
    cursor.expect(")");
    return inner;
  }
  if (cursor.skips("exists")) return { kind: "exists", code: names.option(cursor).code };
  const left = data(cursor, names);
  const differs = cursor.skips("!");
  cursor.expect("=");
  const equal: Condition = { kind: "equal", left, right: data(cursor, names) };
  return differs ? { kind: "not", of: equal } : equal;
}

/** @throws Abandoned */
export const data = (cursor: Cursor, names: OptionNames): DataExpression =>
  cursor.within(() => readData(cursor, names));

function readData(cursor: Cursor, names: OptionNames): DataExpression {
  if (cursor.skips("hardware")) return { kind: "hardware" };
  if (cursor.skips("option")) return { kind: "option", code: names.option(cursor).code };
  if (cursor.skips("substring")) {
    cursor.expect("(");
    const of = data(cursor, names);
    cursor.expect(",");
    const offset = integer(cursor, 0, 0xffff);
    cursor.expect(",");
    const length = integer(cursor, 0, 0xffff);
    cursor.expect(")");
    return { kind: "substring", of, offset, length };
  }
  if (cursor.skips("suffix")) {
    cursor.expect("(");
    const of = data(cursor, names);
    cursor.expect(",");
    const length = integer(cursor, 0, 0xffff);
    cursor.expect(")");
    return { kind: "suffix", of, length };
  }
  for (const kind of ["lcase", "ucase"] as const) {
    if (!cursor.skips(kind)) continue;
    cursor.expect("(");
    const of = data(cursor, names);
    cursor.expect(")");
    return { kind, of };
  }
  if (cursor.skips("concat")) {
    cursor.expect("(");
    const parts = [data(cursor, names)];
    while (cursor.skips(",")) parts.push(data(cursor, names));
    cursor.expect(")");
    return { kind: "concat", parts };
  }
  return { kind: "octets", octets: octets(cursor) };
}
