/** Debian's eapol_test: wpa_supplicant's EAP peer, with RADIUS for an access point. */

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bytesOfHex, textOf, utf8 } from "../src/base/bytes.ts";
import { Reactor } from "../src/linux/reactor.ts";
import { connectUnixDatagram } from "../src/linux/unix-datagram.ts";
import { radiusSecret } from "./eap-radius-server.ts";
import type { Usim } from "./usim.ts";

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
  /** The card that it asks over its control socket: Debian's has no simulated one inside. */
  readonly usim?: Usim | undefined;
}

export async function runEapolTest(options: EapolTestOptions): Promise<EapolTestResult> {
  const folder = mkdtempSync(join(tmpdir(), "eapol-test-"));
  const file = join(folder, "network.conf");
  const network = ["network={", "  key_mgmt=WPA-EAP", ...options.network.map((line) => `  ${line}`), "}"];
  const control = join(folder, "control");
  const global = [...(options.global ?? [])];
  if (options.usim !== undefined) global.push(`ctrl_interface=${control}`, "external_sim=1");
  writeFileSync(file, `${[...global, ...network].join("\n")}\n`);
  const args = ["-c", file, "-a", "127.0.0.1", "-p", `${options.port}`, "-s", radiusSecret];
  args.push("-t", `${options.timeout ?? 10}`, "-r", `${options.reauthentications ?? 0}`, ...(options.arguments ?? []));
  if (options.usim !== undefined) args.push("-i", "eapol", "-W");
  const card = options.usim && serveCard(options.usim, join(control, "eapol"), join(folder, "card"));
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(process.env["EAPOL_TEST"] ?? "eapol_test", args, { stdio: ["ignore", "pipe", "pipe"] });
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
    card?.close();
    rmSync(folder, { recursive: true });
  }
}

/** Waits for eapol_test's control socket, and answers what it asks there. @param own where the answers come from */
function serveCard(usim: Usim, peer: string, own: string): { close(): void } {
  let close = (): void => undefined;
  const attach = (): void => {
    if (!existsSync(peer)) return;
    clearInterval(waiting);
    const connection = connectUnixDatagram(new Reactor(), { peer, path: own, maxLength: 4096 });
    close = () => connection.close();
    connection.onReadable(() => {
      for (let event = receive(); event !== undefined; event = receive()) {
        const [, network, request] = /CTRL-REQ-SIM-(\d+):(\S+) needed/.exec(textOf(event)) ?? [];
        if (request === undefined) continue;
        connection.send(utf8(`CTRL-RSP-SIM-${network}:${usim.answer(request) ?? "UMTS-FAIL"}`));
      }
    });
    const receive = (): Uint8Array | undefined => {
      try {
        return connection.receive();
      } catch {
        // It has ended.
        return undefined;
      }
    };
    connection.send(utf8("ATTACH"));
  };
  const waiting = setInterval(attach, 5);
  return {
    close: () => {
      clearInterval(waiting);
      close();
    },
  };
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
