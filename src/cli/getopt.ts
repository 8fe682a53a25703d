/** Options of one letter, as getopt(3) of glibc reads them: also behind other arguments, until `--`. */

export interface Flags {
  /** Letters that stand alone. */
  readonly alone: string;
  /** Letters that a value follows, in the same argument or the next. */
  readonly withValue: string;
}

export interface Parsed {
  /** In order; the last of a kind counts. */
  readonly options: readonly { readonly letter: string; readonly value: string }[];
  readonly rest: readonly string[];
}

/**
 * A letter that isn't known is refused only before the first other argument: what comes later may be an argument of a
 * command, such as a negative number.
 * @returns what is wrong, in getopt's words, where something is
 */
export function parseFlags(
  args: readonly string[],
  { alone, withValue }: Flags,
): Parsed | { readonly refused: string } {
  const options: { letter: string; value: string }[] = [];
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    if (arg === "--") return { options, rest: [...rest, ...args.slice(i + 1)] };
    if (!arg.startsWith("-") || arg === "-") {
      rest.push(arg);
      continue;
    }
    const found: { letter: string; value: string }[] = [];
    let unknown: string | undefined;
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at);
      if (alone.includes(letter)) {
        found.push({ letter, value: "" });
        continue;
      }
      if (!withValue.includes(letter)) {
        unknown = letter;
        break;
      }
      const value = at + 1 < arg.length ? arg.slice(at + 1) : args[++i];
      if (value === undefined) return { refused: `option requires an argument -- '${letter}'` };
      found.push({ letter, value });
      break;
    }
    if (unknown === undefined) options.push(...found);
    else if (rest.length === 0) return { refused: `invalid option -- '${unknown}'` };
    else rest.push(arg);
  }
  return { options, rest };
}
