import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, test } from "node:test";
import type { CommandDescription } from "../../base/command-line/description.ts";
import { beacon, beaconDescription } from "../beacon.ts";

const folder = mkdtempSync(join(tmpdir(), "json-"));
after(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

async function run(args: readonly string[], typed = ""): Promise<string> {
  let output = "";
  const terminal = {
    input: new PassThrough(),
    output: new PassThrough().on("data", (chunk) => {
      output += chunk;
    }),
    errors: new PassThrough().resume(),
  };
  terminal.input.end(typed);
  await beacon(args, terminal);
  await new Promise((resolve) => void setImmediate(resolve));
  return output;
}

function membersOf(name: string): readonly string[] {
  const all = (description: CommandDescription): readonly CommandDescription[] => [
    description,
    ...(description.commands ?? []).flatMap(all),
  ];
  return Object.keys(all(beaconDescription).find((each) => each.name === name)?.json?.members ?? {});
}

for (const [name, ...args] of [
  ["check", at("bad.conf")],
  ["check", "--fix", "--dry-run", at("bad.conf")],
  ["doctor", "nosuch0"],
  ["explain", "--log", at("log")],
  ["start", "--virtual", "--once"],
  ["qr", "--ssid", "m", "--open"],
  ["sae-pk", "m"],
  ["man"],
  ["pki init", at("pki"), "--domain", "radius.example.org", "--ssid", "m"],
  ["pki client", "anna", "-d", at("pki")],
  ["pki renew", "anna", "-d", at("pki")],
  ["pki renew", "-d", at("pki")],
  ["pki show", "-d", at("pki")],
  ["pki revoke", "anna", "-d", at("pki")],
] as const) {
  test(`beacon ${name} ${args.join(" ")} --json: each line is what the manual says, and nothing else comes`, async () => {
    writeFileSync(at("bad.conf"), "interface=wlan0\nssid=x\nhw_mode=G\nchannel=1\nchanel=2\n");
    writeFileSync(at("log"), "Using interface wlan0 with hwaddr 02:00:00:00:00:01 and ssid 'x'\nwlan0: AP-ENABLED\n");
    const known = new Set(membersOf(name));
    const lines = (await run([...name.split(" "), ...args, "--json"])).trimEnd().split("\n");
    assert.ok(known.size > 0 && lines.length > 0);
    for (const line of lines) {
      const members = Object.keys(JSON.parse(line));
      assert.deepEqual(
        members.filter((each) => !known.has(each)),
        [],
        line,
      );
      assert.doesNotMatch(line, new RegExp(String.fromCharCode(27)));
    }
  });
}
