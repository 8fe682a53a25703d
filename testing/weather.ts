/** Commands of `beacon` in bad weather: all of them, where something is missing, full, read-only or garbage. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { repositoryRoot } from "./repository.ts";
import type { CommandLine, Outcome, RunCommands } from "./run-commands.ts";

const station = "02:00:00:00:00:77";

/** What asks a daemon. @param where the control sockets' directory */
export const askingCommands = (where: string): readonly CommandLine[] =>
  [
    ["status"],
    ["stations"],
    ["kick", station],
    ["ban", station],
    ["unban", station],
    ["rename", station, "tablet"],
    ["reload"],
    ["reload", "--plan"],
    ["explain", station],
    ["explain", "last"],
  ]
    .flatMap((args) => [args, [...args, "--json"]])
    .concat([
      ["cli", "status"],
      ["cli", "all_sta"],
    ])
    .map(([name = "", ...rest]) => ({ args: [name, "-p", where, ...rest] }));

/** What wants a radio. */
export const radioCommands: readonly CommandLine[] = [
  { args: ["up", "--interface", "nosuch0", "--open"] },
  { args: ["up"] },
  { args: ["up", "--json"] },
  { args: ["up", "--print-config"] },
  { args: ["start", "--interface", "nosuch0", "--once"] },
  { args: ["channels"] },
  { args: ["channels", "nosuch0"] },
  { args: ["channels", "--json"] },
];

/** What writes files. @param folder with hostapd.conf, dhcpd.conf and an authority in pki */
export const writingCommands = (folder: string): readonly CommandLine[] => {
  const at = (name: string): string => join(folder, name);
  return [
    { args: ["qr", "--ssid", "m", "--open", "--png", at("m.png")] },
    { args: ["qr", "--ssid", "m", "--passphrase-file", "-", "--svg", at("m.svg")], typed: "correct horse\n" },
    { args: ["man", "--write", at("man")] },
    { args: ["check", "--fix", at("hostapd.conf")] },
    { args: ["pki", "init", at("another"), "--domain", "radius.example.org", "--ssid", "m"] },
    { args: ["pki", "client", "anna", "-d", at("pki")] },
    { args: ["pki", "renew", "-d", at("pki")] },
    { args: ["pki", "renew", "carl", "-d", at("pki")] },
    { args: ["pki", "revoke", "carl", "-d", at("pki")] },
  ];
};

/** Runs them as a program of their own. @param before words in front of it: as who, or where */
export function runCommands(
  commands: readonly CommandLine[],
  { before = [], together = false, watched }: { before?: readonly string[]; together?: boolean; watched?: string } = {},
): Promise<readonly Outcome[]> {
  const program = join(repositoryRoot(), "dist", "testing", "run-commands.js");
  const what: RunCommands = { commands, together, watched };
  const [first = "", ...rest] = [...before, process.execPath, program, JSON.stringify(what)];
  return new Promise((resolve, reject) => {
    const child = spawn(first, rest, { stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      errors += chunk;
    });
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve(JSON.parse(output));
      else reject(new Error(`${status}: ${errors}${output}`));
    });
  });
}

/** No stack trace, a sentence where it failed, and nothing left behind. */
export function assertDecent({ line, status, output, errors, left }: Outcome): void {
  const all = `${output}${errors}`;
  assert.ok(status === 0 || status === 1 || status === 2, `${line}: ${status}\n${all}`);
  assert.doesNotMatch(all, /^\s+at .*:\d+:\d+\)?$/m, line);
  assert.doesNotMatch(all, /\[object |undefined|NaN/, line);
  if (status !== 0) assert.match(errors === "" ? output : errors, /[a-z]{2,}.* .*[a-z]{2,}/, `${line} says nothing`);
  assert.deepEqual(left, [], `${line} leaves something behind`);
}
