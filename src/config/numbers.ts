import type { OctetText } from "./octets.ts";

export interface LeadingInteger {
  readonly value: number;
  /** Nothing but blanks follows. */
  readonly clean: boolean;
}

/** What C's atoi reads: blanks, a sign, digits; 0 where there is none. Values past 32 bits stay at its ends. */
export function leadingInteger(text: OctetText): LeadingInteger {
  const match = /^[ \t\n\v\f\r]*([+-]?\d+)/.exec(text);
  if (!match) return { value: 0, clean: false };
  // "+ 0" makes zero of minus zero
  const value = Math.max(-0x8000_0000, Math.min(0x7fff_ffff, Number(match[1]))) + 0;
  return { value, clean: /^[ \t\r]*$/.test(text.slice(match[0].length)) };
}
