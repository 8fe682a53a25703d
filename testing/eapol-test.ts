/** Debian's eapol_test: wpa_supplicant's EAP peer, with RADIUS for an access point. */

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOfHex } from "../src/base/bytes.ts";
import { radiusSecret } from "./eap-radius-server.ts";

export interface EapolTestResult {
  readonly succeeded: boolean;
  readonly output: string;
}

export interface EapolTestOptions {
  /** Fields of the network block: `identity="user"`. */
  readonly network: readonly string[];
  /** Lines before the network block. */
  readonly global?: readonly string[];
  readonly port: number;
  /** How often it authenticates again after the first time. */
  readonly reauthentications?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly arguments?: readonly string[];
}

export async function runEapolTest(options: EapolTestOptions): Promise<EapolTestResult> {
  const folder = mkdtempSync(join(tmpdir(), "eapol-test-"));
  const file = join(folder, "network.conf");
  const network = ["network={", "  key_mgmt=WPA-EAP", ...options.network.map((line) => `  ${line}`), "}"];
  writeFileSync(file, `${[...(options.global ?? []), ...network].join("\n")}\n`);
  const args = ["-c", file, "-a", "127.0.0.1", "-p", `${options.port}`, "-s", radiusSecret];
  args.push("-t", `${options.timeout ?? 10}`, "-r", `${options.reauthentications ?? 0}`, ...(options.arguments ?? []));
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn("eapol_test", args, { stdio: ["ignore", "pipe", "pipe"] });
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
      child.once("error", reject);
      child.once("close", (status) => resolve({ succeeded: status === 0, output }));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Octets of a line like `EAP-PSK: MSK - hexdump(len=64): 01 02 ...`, the last of those with that name. */
export function hexDump(output: string, name: string): Uint8Array | undefined {
  let found: string | undefined;
  for (const line of output.split("\n")) {
    const at = line.indexOf(`${name} - hexdump(`);
    if (at >= 0) found = line.slice(line.indexOf("):", at) + 2);
  }
  return found === undefined ? undefined : bytesOfHex(found.replaceAll(/\s/g, ""));
}
