import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { repositoryRoot } from "../testing/repository.ts";

describe("bin/", () => {
  const folder = mkdtempSync(join(tmpdir(), "bin-test-"));
  const built = join(folder, "dist with a space");
  for (const part of ["daemon", "cli"]) {
    mkdirSync(join(built, "src", part), { recursive: true });
    const says = `import { readFileSync } from "node:fs";
      const comm = readFileSync("/proc/self/comm", "utf8").trim();
      console.log(JSON.stringify({ part: "${part}", title: process.title, comm, args: process.argv.slice(2) }));
      process.exitCode = 7;`;
    writeFileSync(join(built, "src", part, "main.js"), says);
  }
  writeFileSync(join(built, "package.json"), '{ "type": "module" }');
  process.once("exit", () => rmSync(folder, { recursive: true }));

  const bin = (name: string): string => join(repositoryRoot(), "bin", name);
  const start = (file: string, args: string[], dist = built) =>
    spawnSync(file, args, { cwd: "/", encoding: "utf8", env: { ...process.env, BEACOND_DIST: dist } });

  const cases = [
    { name: "beacond", target: "beacond", part: "daemon" },
    { name: "hostapd", target: "beacond", part: "daemon" },
    { name: "beacon", target: "beacon", part: "cli" },
    { name: "hostapd_cli", target: "beacon", part: "cli" },
    { name: "hostapd_cli", target: "beacond", part: "cli" },
    { name: "hostapd_cli", target: "hostapd_cli", part: "cli" },
  ];
  for (const { name, target, part } of cases) {
    test(`${name}, a link to ${target}, is the ${part} under that name`, () => {
      const place = mkdtempSync(join(folder, "links-"));
      symlinkSync(bin(target), join(place, "once"));
      symlinkSync("once", join(place, name));
      const { status, stdout, stderr } = start(join(place, name), ["-x", "a b", "*"]);
      assert.equal(stderr, "");
      assert.deepEqual(JSON.parse(stdout), { part, title: name, comm: name, args: ["-x", "a b", "*"] });
      assert.equal(status, 7);
    });
  }

  test("without a build it says the command that makes one", () => {
    const { status, stderr } = start(bin("beacond"), [], join(folder, "nothing"));
    assert.equal(status, 1);
    assert.match(stderr, /^beacond: not built yet; .*npm run build --prefix '.+'\n$/);
  });
});
