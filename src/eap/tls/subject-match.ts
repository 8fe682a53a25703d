/** check_cert_subject: what a client's certificate has to have in its subject's name. */

const fields = new Set(["CN", "C", "L", "ST", "O", "OU", "emailAddress"]);

interface Wanted {
  readonly field: string;
  /** Which of several with the same name, in the order of the certificate. */
  readonly index: number;
  readonly value: string;
  readonly isBeginning: boolean;
}

/**
 * @param pattern `C=US/O=XX/OU=A*`; `*` for anything
 * @returns whether a subject's attributes (`CN=user`) match; where the pattern is none, nothing does, as in hostapd
 */
export function subjectMatcher(pattern: string): (subject: readonly string[]) => boolean {
  const counts = new Map<string, number>();
  const wanted: Wanted[] = [];
  for (const part of pattern.split("/")) {
    if (part === "*" || part === "") continue;
    const [field = "", value] = splitOnce(part);
    if (value === undefined || value === "" || !fields.has(field)) return () => false;
    const index = counts.get(field) ?? 0;
    counts.set(field, index + 1);
    const isBeginning = value.endsWith("*");
    wanted.push({ field, index, value: isBeginning ? value.slice(0, -1) : value, isBeginning });
  }
  return (subject) => {
    const values = subject.map(splitOnce);
    return wanted.every(({ field, index, value, isBeginning }) => {
      const text = values.filter(([name]) => name === field)[index]?.[1];
      if (text === undefined) return false;
      const found = text.replaceAll(/\\(.)/g, "$1");
      return isBeginning ? found.startsWith(value) : found === value;
    });
  };
}

function splitOnce(text: string): [string, string | undefined] {
  const at = text.indexOf("=");
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
