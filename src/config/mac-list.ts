/**
 * Files of MAC addresses (accept_mac_file, deny_mac_file): one a line, `-` before it takes it out of the list again, a
 * VLAN ID may follow. `#` in the first column starts a comment.
 */

import { type MacAddress, parseMacAddress } from "../base/mac-address.ts";
import { fileLines, longestLine, mostProblems } from "./lines.ts";
import { namedFile } from "./named-file.ts";
import { leadingInteger } from "./numbers.ts";
import { readable } from "./octets.ts";
import { isError, type Problem } from "./problem.ts";

export interface MacList {
  /** The file that was read last. */
  readonly path: string;
  /** VLAN ID of each address, 0 for none. */
  readonly entries: ReadonlyMap<MacAddress, number>;
}

export interface ParsedMacList {
  readonly entries: ReadonlyMap<MacAddress, number>;
  readonly problems: readonly Problem[];
}

/** @param previous what the list holds before; the file's lines change that */
export function parseMacList(
  text: Uint8Array,
  file: string,
  previous: ReadonlyMap<MacAddress, number> = new Map(),
): ParsedMacList {
  const entries = new Map(previous);
  const seen = new Set<MacAddress>();
  const problems: Problem[] = [];
  let hasErrors = false;
  // Whoever reads a thousand of them has understood; the list itself is not to be cut short for a warning.
  const tell = (problem: Problem): void => {
    if (isError(problem)) hasErrors = true;
    if (problems.length < mostProblems || (isError(problem) && !problems.some(isError))) problems.push(problem);
  };
  for (const { line, text: source, cut } of fileLines(text)) {
    if (hasErrors && problems.length >= mostProblems) break;
    if (source === "" || source.startsWith("#")) continue;
    if (cut === "too-long") {
      const place = { file, line, column: longestLine, length: 1 };
      tell({ ...place, severity: "error", message: `the line is longer than ${longestLine} octets` });
      continue;
    }
    const [, sign = "", given = "", gap = "", vlan = ""] = /^(-?)([^ \t]*)([ \t]*)([^ \t]*)/.exec(source) ?? [];
    const at = { file, line, column: sign.length + 1, length: Math.max(1, given.length), source };
    // hostapd reads an address and doesn't mind what follows it at once
    const address = given[2] === ":" ? parseMacAddress(given.slice(0, 17)) : undefined;
    if (address === undefined) {
      const hostapd = `Invalid MAC address '${readable(source.slice(sign.length))}' at line ${line} in '${file}'`;
      const pairs = /^([0-9a-f]{2})([-.])(?:[0-9a-f]{2}\2){4}[0-9a-f]{2}$/i.test(given)
        ? given.split(/[-.]/)
        : undefined;
      const fix = pairs === undefined ? {} : { fix: pairs.join(":") };
      tell({ ...at, severity: "error", message: `'${readable(given)}' is not a MAC address`, ...fix, hostapd });
      continue;
    }
    if (sign === "-") {
      entries.delete(address);
      seen.delete(address);
      continue;
    }
    if (seen.has(address) && problems.length < mostProblems) {
      tell({ ...at, severity: "warning", message: `${address} stands here twice; the later line counts` });
    }
    seen.add(address);
    const vlanId = leadingInteger(vlan);
    if (vlan !== "" && (!vlanId.clean || vlanId.value < 0 || vlanId.value > 4094)) {
      const column = sign.length + given.length + gap.length + 1;
      const message = `'${readable(vlan)}' is not a VLAN ID (1..4094)`;
      tell({ ...at, column, length: vlan.length, severity: "error", message });
      continue;
    }
    entries.set(address, vlanId.value);
  }
  return { entries, problems };
}

/** The value is the file's name; its contents come along. */
export const macListKind = namedFile<MacList>(
  (contents, path, previous) => {
    const { entries, problems } = parseMacList(contents, path, previous?.entries);
    return { value: { path, entries }, problems };
  },
  { addsUp: true },
);
