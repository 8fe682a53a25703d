/** Rules of the kernel's firewall, by nft(8). */

import { spawnSync } from "node:child_process";
import { ConfigurationError } from "../base/errors.ts";

/** All of it or nothing. @throws ConfigurationError in nft's words */
export function applyRuleset(text: string): void {
  const { status, stderr, error } = spawnSync("nft", ["-f", "-"], { input: text, encoding: "utf8", timeout: 10_000 });
  if (error !== undefined) throw new ConfigurationError("nft is not there: install the package nftables");
  if (status !== 0) throw new ConfigurationError(`nft refuses the rules: ${stderr.trim()}`);
}

/** Harmless where it isn't there. */
export function deleteTable(family: "ip" | "inet", name: string): void {
  // Made first, so that there is one to delete.
  applyRuleset(`table ${family} ${name}\ndelete table ${family} ${name}\n`);
}

/** What a program says; undefined where it isn't there or fails. */
export function outputOf(program: string, args: readonly string[]): string | undefined {
  const { status, stdout, error } = spawnSync(program, args, { encoding: "utf8", timeout: 10_000 });
  return error !== undefined || status !== 0 ? undefined : stdout;
}
