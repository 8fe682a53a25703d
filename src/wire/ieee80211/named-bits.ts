/** Bits of a field by name: a table says which bit (numbered from the least significant) has which name. */
export type BitTable = Readonly<Record<string, number>>;

export type BitName<T extends BitTable> = keyof T & string;

export interface NamedBits<T extends BitTable> {
  readonly names: ReadonlySet<BitName<T>>;
  /** What no name covers, as it came. */
  readonly others: number;
}

/** @param value up to 32 bits, unsigned */
export function decodeBits<T extends BitTable>(table: T, value: number): NamedBits<T> {
  const names = new Set<BitName<T>>();
  let others = value;
  for (const [name, bit] of Object.entries(table)) {
    if (value & (1 << bit)) names.add(name);
    others &= ~(1 << bit);
  }
  return { names, others: others >>> 0 };
}

export function encodeBits<T extends BitTable>(table: T, names: Iterable<BitName<T>>, others = 0): number {
  let value = others;
  for (const name of names) value |= 1 << (table[name] ?? 0);
  return value >>> 0;
}
