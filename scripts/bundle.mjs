/**
 * Makes one file of each program's modules, so that Node finds, reads and compiles them in a third of the time. Beside it
 * lies what V8 has compiled of it (NAME.cache), which another version of V8 passes over.
 */

import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const programs = [
  { name: "beacond", main: "src/daemon/main.js" },
  { name: "beacon", main: "src/cli/main.js" },
  { name: "sae-worker", main: "src/daemon/sae-worker.js" },
  { name: "eap-worker", main: "src/daemon/eap-worker.js" },
  { name: "sae-pk-worker", main: "src/cli/sae-pk-worker.js" },
  { name: "radius-worker", main: "src/daemon/radius-server/worker.js" },
];

/** @param {string} file */
const beside = (file) => fileURLToPath(new URL(file, import.meta.url));

/** @param {string} dist */
export const isBundled = (dist) => existsSync(join(dist, "bundle"));

/**
 * Loads npm's packages, which need not be there when this module is loaded.
 * @param {string} dist the compiler's output folder, which gets a folder `bundle`
 */
export function bundle(dist) {
  const require = createRequire(import.meta.url);
  const folder = join(dist, "bundle");
  const making = `${folder}.making`;
  for (const old of [folder, making]) rmSync(old, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const koffi = relative(folder, koffiBinary(require)).split(sep).join("/");
  for (const { name, main } of programs) {
    const code = join(making, `${name}.code`);
    require("esbuild").buildSync({
      entryPoints: [join(dist, main)],
      outfile: code,
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      alias: { koffi: beside("bundle-koffi.cjs") },
      define: { KOFFI_BINARY: JSON.stringify(koffi) },
      external: [koffi],
      // A script of the `vm` module has no import().
      supported: { "dynamic-import": false },
      // The loader calls it as Node calls a module.
      banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
      footer: { js: "})" },
      logLevel: "silent",
    });
    writeFileSync(join(making, `${name}.cache`), compile(readFileSync(code, "latin1"), join(folder, `${name}.code`)));
    copyFileSync(beside("bundle-loader.cjs"), join(making, `${name}.cjs`));
  }
  renameSync(making, folder);
}

/**
 * The binary that koffi takes on this machine.
 * @param {NodeJS.Require} require
 */
function koffiBinary(require) {
  require("koffi");
  const found = Object.keys(require.cache).find((file) => file.endsWith("koffi.node"));
  if (found === undefined) throw new Error("koffi has loaded no koffi.node");
  return found;
}

/**
 * All functions, not only those that run at once. V8 takes this only under the options that it was made under: the same
 * as here, so none.
 * @param {string} code
 * @param {string} filename as stack traces name it
 */
function compile(code, filename) {
  setFlagsFromString("--no-lazy");
  const script = new Script(code, { filename });
  setFlagsFromString("--lazy");
  return script.createCachedData();
}
