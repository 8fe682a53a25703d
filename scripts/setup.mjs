/**
 * What has to be there before anything of Beacond runs in a checkout: npm's packages, the build, and for the tests
 * Debian's packages and the lab kernel. Each step looks first and does, and says, nothing when there is nothing to do.
 * Plain JavaScript without dependencies: it runs before they are there.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundle, isBundled } from "./bundle.mjs";

export const repository = fileURLToPath(new URL("../", import.meta.url));
export const dist = join(repository, "dist");

/** Something is missing that the user has to do something about; the message says what. */
export class SetupError extends Error {
  name = "SetupError";
}

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/** Folders whose TypeScript is built, as tsconfig.json says. */
const sources = ["src", "testing", "lab", "test", "bench", "scripts"];

/** Debian's packages that the tests use, beside those that the lab kernel's build needs. */
const testPackages = [
  "busybox",
  "dbus",
  "hostapd",
  "iproute2",
  "iputils-ping",
  "iw",
  "fish",
  "groff-base",
  "mandoc",
  "openssl",
  "freeradius",
  "freeradius-utils",
  "tcpdump",
  "tshark",
  "util-linux",
  "wireless-regdb",
  "eapoltest",
  "radsecproxy",
  "sqlite3",
  "systemd",
  "wpasupplicant",
  "isc-dhcp-client",
  "nftables",
  "procps",
  "udhcpc",
  "zbar-tools",
  "zsh",
];

/** Installs npm's packages as the lock file has them, when they are missing or others. */
export function setUpPackages() {
  if (packagesAreCurrent()) return;
  say("Installing npm packages (npm ci).");
  run("npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]);
}

function packagesAreCurrent() {
  const installedLock = join(repository, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const wanted = packagesOf(join(repository, "package-lock.json"));
  const installed = packagesOf(installedLock);
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      // Binaries for other systems are in the lock only.
      path === "" || (path in installed ? installed[path]?.version === version : optional === true),
  );
}

/**
 * @param {string} lockFile
 * @returns {Record<string, { version: string, optional?: boolean }>}
 */
const packagesOf = (lockFile) => JSON.parse(readFileSync(lockFile, "utf8")).packages;

/**
 * Compiles what is newer than the last build, removes what was compiled from files that are gone, and bundles the rest.
 * @returns whether the compiler is content; it has shown what it is not content with
 */
export function build() {
  const stamp = join(dist, ".built");
  const files = sources
    .flatMap((folder) => filesBelow(join(repository, folder)))
    .filter((file) => file.endsWith(".ts"));
  const inputs = [...files, join(repository, "tsconfig.json"), join(repository, "package-lock.json")];
  const builtAt = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const stale = outputsWithoutSource(new Set(files));
  if (stale.length === 0 && inputs.every((file) => statSync(file).mtimeMs < builtAt) && isBundled(dist)) return true;

  say("Building (tsc).");
  const started = new Date();
  for (const file of stale) rmSync(file);
  const { status } = spawnSync(
    process.execPath,
    [join(repository, "node_modules", "typescript", "bin", "tsc"), "-p", "."],
    {
      cwd: repository,
      stdio: "inherit",
    },
  );
  let content = status === 0;
  if (content) {
    try {
      bundle(dist);
      writeManualPages();
    } catch (error) {
      // esbuild has shown where.
      say(
        `The bundle or the manual pages can't be made: ${error instanceof Error ? error.message.split("\n", 1)[0] : error}`,
      );
      content = false;
    }
  }
  if (content) {
    // The time of the start: a file that was saved while the compiler ran may not be in the build.
    writeFileSync(stamp, `${started.toISOString()}\n`);
    utimesSync(stamp, started, started);
  } else {
    rmSync(stamp, { force: true });
  }
  return content;
}

/** Where package.json has them. The program that was built has them all, and writes them. */
function writeManualPages() {
  const folder = join(dist, "man");
  rmSync(folder, { recursive: true, force: true });
  const { status, stderr } = spawnSync(process.execPath, [
    join(dist, "bundle", "beacon.cjs"),
    "man",
    "--write",
    folder,
  ]);
  if (status !== 0) throw new Error(`the manual pages can't be written: ${stderr}`);
}

/** @param {Set<string>} present the source files */
function outputsWithoutSource(present) {
  return sources
    .flatMap((folder) => filesBelow(join(dist, folder)))
    .filter((file) => /\.js(\.map)?$/.test(file))
    .filter((file) => !present.has(join(repository, relative(dist, file)).replace(/\.js(\.map)?$/, ".ts")));
}

/**
 * @param {string} folder
 * @returns {string[]} paths of the files in it and in its folders
 */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}

/** Installs the Debian packages that the tests need, as root; otherwise says how. Needs the build. */
export async function setUpDebianPackages() {
  const { kernelBuildPackages, whyNoLabKernel } = await load("lab/kernel.js");
  const { unpackedNeeds } = await load("lab/unpacked.js");
  const wanted = [...testPackages, ...unpackedNeeds, ...(whyNoLabKernel() === undefined ? kernelBuildPackages : [])];
  const missing = wanted.filter((name) => !isInstalled(name));
  if (missing.length === 0) return setUpUnpackedPackages();
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...missing];
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).error !== undefined) {
    throw new SetupError(`The tests need packages that are not installed:\n  sudo ${install.join(" ")}`);
  }
  say(`Installing Debian packages: ${missing.join(" ")}.`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const [program = "", ...args] = install;
  // The lists of a fresh machine are missing or old.
  run("apt-get", ["update", "-qq"], env);
  run(program, ["-qq", ...args], env);
  await setUpUnpackedPackages();
}

/** Programs that would take charge of this machine's network, were they installed: they are unpacked, for the lab alone. */
async function setUpUnpackedPackages() {
  const { unpackPackages } = await load("lab/unpacked.js");
  let why = await unpackPackages();
  if (why !== undefined && process.getuid?.() === 0) {
    run("apt-get", ["update", "-qq"]);
    why = await unpackPackages();
  }
  if (why !== undefined) throw new SetupError(`The tests need packages that can't be had:\n  ${why}`);
}

/** @param {string} name */
function isInstalled(name) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's placeholder, not ours
  const { status, stdout } = spawnSync("dpkg-query", ["-W", "-f", "${db:Status-Status}", name], { encoding: "utf8" });
  return status === 0 && stdout === "installed";
}

/** Builds the lab kernel if it isn't in the cache. Needs the build. */
export async function setUpLabKernel() {
  const { findOrBuildKernel, KernelUnavailable, whyNoLabKernel } = await load("lab/kernel.js");
  // The tests then run on the machine's own kernel, or say why they can't.
  if (whyNoLabKernel() !== undefined) return;
  const { progressOn } = await load("lab/progress.js");
  try {
    await findOrBuildKernel(progressOn(process.stderr));
  } catch (error) {
    throw error instanceof KernelUnavailable ? new SetupError(error.message) : error;
  }
}

/** All of it. */
export async function setUp() {
  setUpPackages();
  mustBuild();
  await setUpDebianPackages();
  await setUpLabKernel();
}

export function mustBuild() {
  if (!build()) throw new SetupError("The build failed; the compiler's messages are above.");
}

/**
 * A module of the build.
 * @param {string} path below dist
 */
export function load(path) {
  const file = join(dist, path);
  if (!existsSync(file)) throw new SetupError(`${relative(repository, file)} is not in the build`);
  return import(pathToFileURL(file).href);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, { cwd: repository, stdio: ["ignore", 2, 2], env });
  if (status === 0) return;
  throw new SetupError(`${command} ${args.join(" ")} failed${error === undefined ? "" : `: ${error.message}`}`);
}

/**
 * Runs a script to its end and sets the exit status.
 * @param {() => Promise<number>} main
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
