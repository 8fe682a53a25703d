/** Keys whose value is a list of flags in brackets: `[LDPC][GF]`. */

import type { Kind } from "../kinds.ts";
import { nearest } from "../nearest.ts";
import { readable } from "../octets.ts";

/**
 * Flags add up over several lines, as in hostapd.
 * @param noun what a flag is: `HT capability`
 * @param replaced the flags of the lines before that those of this one take the place of
 */
export const flagList = <const F extends string>(
  noun: string,
  flags: readonly F[],
  replaced: (named: readonly F[]) => readonly F[] = () => [],
): Kind<ReadonlySet<F>> => ({
  shape: `list of ${flags.map((flag) => `[${flag}]`).join("")}`,
  addsUp: true,
  parse(octets, { previous }) {
    const named = flags.filter((flag) => octets.includes(`[${flag}]`));
    const dropped = new Set(replaced(named));
    const value = new Set([...[...(previous ?? [])].filter((flag) => !dropped.has(flag)), ...named]);

    for (const match of octets.matchAll(/\[([^\][]*)\]|[^\][\s]+/g)) {
      if (flags.some((flag) => match[0] === `[${flag}]`)) continue;
      const close = nearest((match[1] ?? match[0]).toUpperCase(), flags);
      const meant = close === undefined ? "" : `; did you mean [${close}]?`;
      return {
        value,
        at: match.index,
        length: match[0].length,
        warning: `'${readable(match[0])}' is no ${noun} and is left out${meant}`,
      };
    }
    return { value };
  },
  format: (value) =>
    flags
      .filter((flag) => value.has(flag))
      .map((flag) => `[${flag}]`)
      .join(""),
});
