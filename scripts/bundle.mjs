/**
 * Makes one file of each program's modules: Node finds, reads and compiles it in a third of the time. Beside it lies what
 * V8 has compiled of it (NAME.cache), which another version of V8 passes over.
 */

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../", import.meta.url));
const loader = fileURLToPath(new URL("bundle-loader.cjs", import.meta.url));

/** A configuration that comes as far as the radio, which isn't there. */
const rehearsal = `
interface=no-such-radio
driver=nl80211
ssid=rehearsal
channel=1
hw_mode=g
ieee80211n=1
wpa=2
wpa_key_mgmt=WPA-PSK
rsn_pairwise=CCMP
wpa_passphrase=rehearsal
`;

/** What each is made of, and what it is asked for the first time, so that V8 compiles what is always needed. */
const programs = [
  { name: "beacond", main: "src/daemon/main.js", rehearse: (/** @type {string} */ file) => [file] },
  { name: "beacon", main: "src/cli/main.js", rehearse: () => ["help"] },
];

/** @param {string} dist */
export const isBundled = (dist) => existsSync(join(dist, "bundle"));

/** @param {string} dist the compiler's output folder, which gets a folder `bundle` */
export function bundle(dist) {
  // Loaded when npm's packages are there, which isn't so when this file is.
  const { buildSync } = createRequire(import.meta.url)("esbuild");
  const folder = join(dist, "bundle");
  rmSync(folder, { recursive: true, force: true });
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  for (const { name, main } of programs) {
    buildSync({
      entryPoints: [join(dist, main)],
      outfile: join(making, `${name}.code`),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      external: ["koffi"],
      // The loader calls it as Node calls a module.
      banner: { js: "(function (exports, require, module, __filename, __dirname) {" },
      footer: { js: "})" },
      logLevel: "warning",
    });
    copyFileSync(loader, join(making, `${name}.cjs`));
  }
  renameSync(making, folder);
  for (const { name, rehearse } of programs) compile(dist, name, rehearse);
}

/**
 * Started as users start it: what was compiled under other options than those is of no use to V8.
 * @param {string} dist
 * @param {string} name
 * @param {(configuration: string) => string[]} rehearse
 */
function compile(dist, name, rehearse) {
  const temporary = mkdtempSync(join(tmpdir(), "beacond-build-"));
  try {
    const configuration = join(temporary, "rehearsal.conf");
    writeFileSync(configuration, rehearsal);
    spawnSync(join(repository, "bin", name), rehearse(configuration), {
      stdio: "ignore",
      env: {
        ...process.env,
        PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
        BEACOND_DIST: dist,
        BEACOND_WRITE_CODE_CACHE: join(dist, "bundle", `${name}.cache`),
      },
      timeout: 30_000,
    });
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
