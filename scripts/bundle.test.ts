/** The loader, the code cache and koffi, with programs of a line. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../testing/repository.ts";

const root = repositoryRoot();
const { bundle }: { bundle(dist: string): void } = await import(pathToFileURL(join(root, "scripts/bundle.mjs")).href);

const run = (...args: string[]): string => execFileSync(process.execPath, args, { encoding: "utf8" }).trim();

test("a bundle runs, knows its arguments, its modules and koffi, and V8 takes what was compiled for it", () => {
  // Below the checkout, where koffi is found.
  const dist = mkdtempSync(join(root, "dist-bundle-test-"));
  try {
    for (const [folder, name, main] of [
      ["daemon", "beacond", "main"],
      ["cli", "beacon", "main"],
      ["daemon", "sae-worker", "sae-worker"],
      ["daemon", "eap-worker", "eap-worker"],
      ["cli", "sae-pk-worker", "sae-pk-worker"],
      ["daemon/radius-server", "radius-worker", "worker"],
    ] as const) {
      mkdirSync(join(dist, "src", folder), { recursive: true });
      writeFileSync(join(dist, "src", folder, `${name}-part.js`), `export const name = "${name} \\u00fc";`);
      writeFileSync(
        join(dist, "src", folder, `${main}.js`),
        `import koffi from "koffi"; import { name } from "./${name}-part.js";
         import("node:path").then(({ basename }) =>
           console.log([name, ...process.argv.slice(2), basename("/a/b"), typeof koffi.load(null).func].join(" ")));`,
      );
    }
    bundle(dist);
    for (const name of ["beacond", "beacon", "sae-worker", "eap-worker", "sae-pk-worker", "radius-worker"]) {
      const file = join(dist, "bundle", name);
      assert.equal(run(`${file}.cjs`, "-x"), `${name} ü -x b function`);
      const question = `
        const { readFileSync } = require("node:fs"), file = ${JSON.stringify(file)};
        const script = new (require("node:vm").Script)(readFileSync(file + ".code", "latin1"),
          { filename: file + ".code", cachedData: readFileSync(file + ".cache") });
        console.log(script.cachedDataRejected);`;
      assert.equal(run("-e", question), "false");
    }
  } finally {
    rmSync(dist, { recursive: true });
  }
});
