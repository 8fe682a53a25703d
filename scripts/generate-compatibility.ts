/** Writes docs/compatibility.md from the registry of configuration keys and the table of control commands. `node dist/scripts/generate-compatibility.js` runs it after a build. */

import { realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readable } from "../src/config/octets.ts";
import { type AnyKey, keyGroups } from "../src/config/registry.ts";
import { repositoryRoot } from "../testing/repository.ts";
import { commandSections } from "./compatibility-commands.ts";

export const compatibilityFile = (): string => join(repositoryRoot(), "docs", "compatibility.md");

/** The whole document. */
export function compatibilityDocument(): string {
  const keySections = keyGroups.map(({ title, keys }) => keySection(title, keys));
  return [introduction(), ...keySections, ...commandSections()].join("\n");
}

function introduction(): string {
  const entries = keyGroups.flatMap((group) => Object.values(group.keys));
  const count = (status: string): number => entries.filter((entry) => entry.status === status).length;
  return `# Compatibility with hostapd

Beacond reads hostapd's configuration files as they are. This page is generated from the registry of keys that the
parser itself works with and from the table that control commands are looked up in (\`scripts/generate-compatibility.ts\`), so
it says what the program does. Keys and commands are those of hostapd 2.12 (development version of August 2026), and two keys
of OpenWrt's; the few that are Beacond's own say so.

## How a key is treated

| Status | Keys | What happens |
| --- | --- | --- |
| supported | ${count("supported")} | It does what it says; what is not done yet of its values stands beside it. |
| accepted | ${count("accepted")} | It is taken and has no effect, for the reason given. |
| not yet | ${count("known")} | hostapd has it, Beacond not yet. Its value is checked, and a wrong one is an error. A right one is a warning, in a file and in the log after \`SET\`, unless it asks for what there is anyway; where going on would protect less than was asked for it is an error, and \`SET\` answers \`FAIL\`. |

A key that hostapd doesn't have is an error, with a suggestion. Everything that is wrong in a file is reported at once, with
line and column.

## Where files are read differently from hostapd

- **Comments after a value.** In files, blanks and \`#\` end a value. For free text (SSIDs, passphrases, names) a warning says
  what was taken; of a passphrase only the length. \`inline_comments=0\` before all other keys gives hostapd's reading, in which
  only a \`#\` in the first column is a comment. \`SET\` always takes the value as it stands.
- **\`hw_mode\` left out.** hostapd takes \`b\`, which rules out HT and 5 GHz. Where the channel or \`ieee80211n=1\` needs
  another mode, that one is taken, and a note says so.
- **Private drivers.** \`driver=rtl871xdrv\` and other interfaces of old drivers mean \`nl80211\`, with a warning.
- **\`rsn_pairwise\` left out** follows \`wpa_pairwise\` at any time, not only until it is first looked at.
- **Broken values** that hostapd takes for a number anyway (\`1abc\`, \`yes\`) mean the same here, with a warning.

## Keys

Scope: *radio* keys hold for all BSSs of a radio, wherever they stand; *bss* keys for the \`bss=\` section they stand in. What a change
takes while the access point runs (SIGHUP, \`RELOAD_CONFIG\`, \`beacon reload\`; [reload.md](reload.md) says more):

| Change | What it takes, and whom it concerns |
| --- | --- |
| live | It counts from now on; nobody notices. |
| beacon | The beacon shows it; nobody has to go. |
| socket | The control socket is opened anew. |
| admission | Those who may not be here any more have to go. |
| keys | Those whose key is none any more have to go. |
| bridge | The interface goes into another bridge; nobody has to go, but in a BSS with \`wds_sta\`, which begins anew with its interface. |
| color | Stations are told of another BSS colour; nobody has to go where the driver announces it, else all stations of the radio. |
| country | Other rules; nobody has to go where they allow the channel, and nothing changes where they don't. |
| channel | Where it leads to another channel, the stations are told and come along. |
| stations | The BSS begins anew, and its stations have to go; for a key of the radio, all its BSSs. |
| restart | So does its interface; for a key of the radio, the radio and all its interfaces. |
`;
}

function keySection(title: string, keys: Readonly<Record<string, AnyKey>>): string {
  const rows = Object.entries(keys).map(([name, entry]) => `| ${cells(name, entry).join(" | ")} |`);
  return [
    `### ${title}`,
    "",
    "| Key | Status | Scope | Values | Default | Change | What it does |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

const statusNames = { supported: "supported", accepted: "accepted", known: "not yet" } as const;

function cells(name: string, entry: AnyKey): string[] {
  const values = "kind" in entry ? `${entry.kind.shape}${entry.kind.addsUp ? "; lines add up" : ""}` : entry.shape;
  const change = entry.status === "known" || entry.status === "accepted" ? "" : entry.cost;
  return [`\`${name}\``, statusNames[entry.status], entry.scope, values, defaultOf(entry), change, textOf(entry)].map(
    (cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "),
  );
}

function defaultOf(entry: AnyKey): string {
  if (!("kind" in entry)) return "as hostapd";
  const text = entry.initial === undefined ? "" : readable(entry.kind.format(entry.initial));
  return text === "" ? "" : `\`${text}\``;
}

function textOf({ doc, aliasOf, why, yet }: AnyKey): string {
  const alias = aliasOf === undefined || doc.includes(aliasOf) ? "" : ` The same as ${aliasOf}.`;
  const reason = why === undefined ? "" : ` No effect: ${why}.`;
  return `${doc}${alias}${reason}${yet === undefined ? "" : ` ${yet}`}`;
}

const script = process.argv[1];
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  writeFileSync(compatibilityFile(), compatibilityDocument());
}
