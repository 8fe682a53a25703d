/**
 * The lab's kernel: User Mode Linux with simulated Wi-Fi radios (mac80211_hwsim), built once from Debian's
 * linux-source-6.12 into the user's cache directory. Everything that decides what comes out is part of its place there,
 * so a changed fragment or a new source gives a new kernel, and an old one is never taken for it.
 */

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { availableParallelism, homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Progress } from "./progress.ts";

/** The kernel can't be had; the message is for the user and says what would do. */
export class KernelUnavailable extends Error {
  override readonly name = "KernelUnavailable";
}

const sourcePackage = "linux-source-6.12";
const sourceArchive = `/usr/src/${sourcePackage}.tar.xz`;

/** Debian's packages that the build needs. */
export const kernelBuildPackages = [
  sourcePackage,
  "bc",
  "bison",
  "flex",
  "gcc",
  "libc6-dev",
  "libelf-dev",
  "make",
  "patch",
  "xz-utils",
] as const;

// Both dist/lab and a build directory of another name lie two levels below the repository.
const repository = fileURLToPath(new URL("../../", import.meta.url));
const fragment = join(repository, "lab", "uml.config");
const fixes = ["uml-fp-size.patch", "uml-sched-clock.patch"].map((name) => join(repository, "lab", name));

/** Roughly what one build compiles and links; it only serves to say how far the build is. */
const expectedSteps = 1580;

/** Whether this machine can run the lab kernel at all; if not, why. */
export function whyNoLabKernel(): string | undefined {
  if (process.platform === "linux" && process.arch === "x64") return undefined;
  return `User Mode Linux runs on x86-64 Linux only, and this is ${process.arch} ${process.platform}`;
}

/** Where the kernel of the present fragment, fixes and source lies, or is going to. @throws KernelUnavailable */
export async function kernelPath(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of [fragment, ...fixes]) hash.update(await readFile(file));
  hash.update(sourceVersion());
  return join(cacheDirectory(), hash.digest("hex").slice(0, 16), "linux");
}

/**
 * The kernel's path; builds it first where it isn't there yet, which takes some minutes. Of several processes that want
 * it at once one builds and the others wait.
 * @throws KernelUnavailable when this machine can't run it, or the build fails
 */
export async function findOrBuildKernel(progress: Progress): Promise<string> {
  const why = whyNoLabKernel();
  if (why !== undefined) throw new KernelUnavailable(why);
  const path = await kernelPath();
  if (existsSync(path)) return path;

  const place = join(path, "..");
  await mkdir(join(place, ".."), { recursive: true });
  const lock = await takeLock(`${place}.lock`, () =>
    progress.say("Another process builds the lab kernel; waiting for it."),
  );
  try {
    if (!existsSync(path)) await build(place, progress);
  } finally {
    lock.release();
  }
  return path;
}

function cacheDirectory(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "beacond", "lab");
}

function sourceVersion(): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's placeholders, not ours
  const format = "${db:Status-Status} ${Version}";
  const { status, stdout } = spawnSync("dpkg-query", ["-W", "-f", format, sourcePackage], { encoding: "utf8" });
  const version = status === 0 ? /^installed (.+)$/.exec(stdout)?.[1] : undefined;
  if (version === undefined || !existsSync(sourceArchive)) {
    throw new KernelUnavailable(
      `the lab kernel is built from ${sourceArchive}: apt-get install ${kernelBuildPackages.join(" ")}`,
    );
  }
  return version;
}

/** Everything happens in a directory beside the final one, which then takes its name: a kernel that is there is whole. */
async function build(place: string, progress: Progress): Promise<void> {
  const started = Date.now();
  const work = `${place}.building`;
  const result = join(work, "result");
  await rm(work, { recursive: true, force: true });
  await mkdir(result, { recursive: true });
  progress.say(`Building the lab kernel, once, into ${place}: some minutes and 3 GB of disk meanwhile.`);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  try {
    let steps = 0;
    const run = (command: string, args: readonly string[], onLine: (line: string) => void = () => undefined) =>
      step({ cwd: work, signal: interrupted.signal }, command, args, onLine);
    const report = (what: string): void => {
      const seconds = Math.round((Date.now() - started) / 1000);
      progress.update(`lab kernel: ${what}, ${seconds} s`);
    };
    const ticking = setInterval(() => report(steps === 0 ? "unpacking" : compiled(steps)), 1000);
    try {
      await run("tar", ["-xJf", sourceArchive, "--strip-components=1", "-C", work]);
      for (const fix of fixes) await run("patch", ["-p1", "-i", fix]);
      await copyFile(fragment, join(work, ".config"));
      await run("make", ["ARCH=um", "olddefconfig"]);
      await run("make", ["ARCH=um", `-j${availableParallelism()}`, "linux"], (line) => {
        if (/^\s+(CC|AS|AR|LD|HOSTCC|HOSTLD)\s/.test(line)) report(compiled(++steps));
      });
      await run("strip", ["-o", join(result, "linux"), join(work, "linux")]);
    } finally {
      clearInterval(ticking);
    }
    await chmod(join(result, "linux"), 0o755);
    await copyFile(join(work, ".config"), join(result, "config"));
    await rm(place, { recursive: true, force: true });
    await rename(result, place);
    progress.say(`The lab kernel is built: ${Math.round((Date.now() - started) / 1000)} s, ${steps} files.`);
  } finally {
    progress.end();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    await rm(work, { recursive: true, force: true });
  }
}

const compiled = (steps: number): string =>
  `${steps} files compiled, about ${Math.min(99, Math.round((100 * steps) / expectedSteps))} %`;

/** Runs a command with idle priority. @throws KernelUnavailable with the last lines it said, when it fails */
async function step(
  where: { readonly cwd: string; readonly signal: AbortSignal },
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  // Were this process killed, its lock would be free while the build went on.
  const child = spawn("setpriv", ["--pdeathsig", "TERM", "nice", "-n", "19", command, ...args], {
    ...where,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C", KBUILD_BUILD_USER: "beacond", KBUILD_BUILD_HOST: "lab" },
  });
  const tail: string[] = [];
  const keep = (line: string): void => {
    tail.push(line);
    if (tail.length > 30) tail.shift();
  };
  createInterface(child.stdout).on("line", (line) => {
    keep(line);
    onLine(line);
  });
  createInterface(child.stderr).on("line", keep);
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : (signal ?? `exit status ${code}`)));
  });
  if (where.signal.aborted) throw new KernelUnavailable("building the lab kernel was interrupted");
  if (problem !== undefined) {
    throw new KernelUnavailable(`building the lab kernel: ${command} failed (${problem})\n${tail.join("\n")}`);
  }
}

interface Lock {
  release(): void;
}

/**
 * An exclusive lock that ends with this process, however it ends: a child holds it until its standard input closes.
 * Node itself has no flock(2).
 */
async function takeLock(file: string, onWait: () => void): Promise<Lock> {
  const holder = spawn("flock", [file, "sh", "-c", "echo taken; exec cat"], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = setTimeout(onWait, 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => resolve());
      holder.once("error", (error) => reject(new KernelUnavailable(`flock: ${error.message}`)));
      holder.once("close", () => reject(new KernelUnavailable(`no lock on ${file}`)));
    });
  } finally {
    clearTimeout(waiting);
  }
  return { release: () => holder.stdin.end() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { progressOn } = await import("./progress.ts");
  try {
    process.stdout.write(`${await findOrBuildKernel(progressOn(process.stderr))}\n`);
  } catch (error) {
    if (!(error instanceof KernelUnavailable)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
