/**
 * Files of VLANs (vlan_file): a line for each, `ID INTERFACE [BRIDGE]`. `*` in place of the ID stands for all others, and
 * `#` in its interface's name for the ID. `#` in the first column starts a comment.
 */

import { interfaceName, isRefused } from "./kinds.ts";
import { fileLines, mostProblems } from "./lines.ts";
import { namedFile } from "./named-file.ts";
import { type OctetText, readable } from "./octets.ts";
import type { Problem } from "./problem.ts";

export interface VlanEntry {
  /** With `#` in place of the ID where it is for all VLANs. */
  readonly interfaceName: string;
  /** undefined for one that is named after the VLAN. */
  readonly bridge: string | undefined;
}

export interface VlanFile {
  /** The file that was read last. */
  readonly path: string;
  /** By VLAN ID. */
  readonly entries: ReadonlyMap<number, VlanEntry>;
  /** For all others. */
  readonly wildcard: VlanEntry | undefined;
}

export interface ParsedVlanFile extends Omit<VlanFile, "path"> {
  readonly problems: readonly Problem[];
}

/** IEEE Std 802.1Q-2018, 9.6: 4095 is reserved, and 0 says that there is no VLAN. */
export const highestVlanId = 4094;

/** Linux's limit for the name of an interface. */
export const longestInterfaceName = 15;

/** @param previous what was known before; the file's lines add to that */
export function parseVlanFile(
  text: Uint8Array,
  file: string,
  previous?: Pick<VlanFile, "entries" | "wildcard">,
): ParsedVlanFile {
  const entries = new Map(previous?.entries);
  let wildcard = previous?.wildcard;
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { line, text: source, cut } of fileLines(text)) {
    if (source === "" || source.startsWith("#")) continue;
    if (problems.length >= mostProblems) break;
    const [, id = "", gap = "", name = "", gap2 = "", bridge = "", rest = ""] =
      /^(\*|[ \t]*[+-]?\d*)([ \t]*)([^ \t]*)([ \t]*)([^ \t]*)[ \t]*(.*)$/s.exec(source) ?? [];
    const found = (severity: Problem["severity"], at: number, length: number, message: string, hostapd?: string) => {
      // At the end of a line there is still a place to point at.
      const column = Math.min(at, source.length) + 1;
      problems.push({
        severity,
        file,
        line,
        column,
        length: Math.max(1, Math.min(length, source.length - column + 1)),
        source,
        message,
        ...(hostapd === undefined ? {} : { hostapd: `${hostapd} at line ${line} in '${file}'` }),
      });
    };
    if (cut === "too-long") {
      found("error", 0, 1, "this line has no end", "Invalid VLAN ifname");
      continue;
    }
    const vlanId = id === "*" ? "*" : idOf(id);
    if (vlanId === undefined) {
      const given = /^\S*/.exec(source.trimStart())?.[0] ?? "";
      const at = source.length - source.trimStart().length;
      found(
        "error",
        at,
        given.length,
        `'${readable(given)}' is neither a VLAN ID (1..${highestVlanId}) nor *`,
        "Invalid VLAN ID",
      );
      continue;
    }
    const nameAt = id.length + gap.length;
    const wrongName = name === "" ? { error: "the name of the VLAN's interface is missing" } : nameProblem(name);
    if (wrongName) {
      found(
        "error",
        nameAt + (wrongName.at ?? 0),
        wrongName.length ?? name.length,
        wrongName.error,
        "Invalid VLAN ifname",
      );
      continue;
    }
    const bridgeAt = nameAt + name.length + gap2.length;
    const wrongBridge = bridge === "" ? undefined : nameProblem(bridge);
    if (wrongBridge) {
      found("error", bridgeAt + (wrongBridge.at ?? 0), wrongBridge.length ?? bridge.length, wrongBridge.error);
      continue;
    }
    if (gap === "") found("warning", nameAt, name.length, `a blank is missing between ${id} and '${name}'`);
    if (rest !== "")
      found("warning", source.length - rest.length, rest.length, "nothing more is read after the bridge");
    if (seen.has(String(vlanId))) {
      found("warning", 0, id.length, `VLAN ${vlanId} stands here twice; the later line counts`);
    }
    seen.add(String(vlanId));
    const entry: VlanEntry = { interfaceName: name, bridge: bridge === "" ? undefined : bridge };
    if (vlanId !== "*") {
      entries.set(vlanId, entry);
      continue;
    }
    const wrongWildcard = wildcardProblem(name);
    if (wrongWildcard) found("warning", nameAt, name.length, wrongWildcard);
    wildcard = entry;
  }
  return { entries, wildcard, problems };
}

function idOf(text: OctetText): number | undefined {
  const value = /\d/.test(text) ? Number.parseInt(text, 10) : 0;
  return value >= 1 && value <= highestVlanId ? value : undefined;
}

interface WrongName {
  readonly error: string;
  readonly at?: number;
  readonly length?: number;
}

function nameProblem(name: OctetText): WrongName | undefined {
  const blank = /\s/.exec(name);
  if (blank) return { error: "a blank can't stand in the name of an interface", at: blank.index, length: 1 };
  const parsed = interfaceName.parse(name, { files: () => new Uint8Array(), previous: undefined });
  return isRefused(parsed) ? parsed : undefined;
}

function wildcardProblem(name: string): string | undefined {
  if (!name.includes("#"))
    return `without # in '${name}' there is no name for a VLAN's interface: nobody gets into one`;
  const longest = nameOfVlan(name, highestVlanId);
  if (longest.length <= longestInterfaceName) return undefined;
  return `'${longest}' would be longer than the ${longestInterfaceName} characters that Linux allows: there are no such VLANs`;
}

/** A wildcard's name for one VLAN. */
export const nameOfVlan = (pattern: string, id: number): string => pattern.replace("#", () => String(id));

/** The value is the file's name; its contents come along. */
export const vlanFileKind = namedFile<VlanFile>(
  (contents, path, previous) => {
    const { entries, wildcard, problems } = parseVlanFile(contents, path, previous);
    return { value: { path, entries, wildcard }, problems };
  },
  { addsUp: true },
);
