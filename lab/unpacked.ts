/**
 * Debian's packages that are only unpacked, not installed: programs that would take charge of the machine's own network. The lab runs them from the
 * user's cache directory.
 */

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

export const unpackedPackages = ["iwd", "network-manager"] as const;

/** What they are linked to: nothing but libraries, which are installed. */
export const unpackedNeeds = [
  "libcurl3-gnutls",
  "libell0",
  "libglib2.0-0",
  "libndp0",
  "libpsl5",
  "libudev1",
  "libuuid1",
] as const;

/** Where they lie, or are going to: `/usr/sbin/NetworkManager` is below it. */
export const unpackedRoot = (): string =>
  // The guest has a home of its own.
  process.env["LAB_UNPACKED"] ??
  join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "beacond", "debian", unpackedPackages.join("+"));

/** Downloads and unpacks them where they aren't there yet. @returns what speaks against it, in apt's and dpkg's words */
export async function unpackPackages(): Promise<string | undefined> {
  const root = unpackedRoot();
  if (existsSync(root)) return undefined;
  const beside = join(root, "..");
  await mkdir(beside, { recursive: true });
  const work = await mkdtemp(join(beside, "unpacking-"));
  try {
    const downloaded = tried("apt-get", ["-qq", "download", ...unpackedPackages], work);
    if (downloaded !== undefined) return downloaded;
    const archives = (await readdir(work)).filter((name) => name.endsWith(".deb"));
    for (const archive of archives) {
      const unpacked = tried("dpkg-deb", ["-x", archive, "root"], work);
      if (unpacked !== undefined) return unpacked;
    }
    // Whole, or not there; who came second leaves it.
    if (!existsSync(root)) await rename(join(work, "root"), root);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function tried(program: string, args: readonly string[], directory: string): string | undefined {
  const { status, stderr, error } = spawnSync(program, args, { cwd: directory, encoding: "utf8" });
  return status === 0 ? undefined : `${program} ${args.join(" ")}: ${error?.message ?? stderr.trim()}`;
}
