/** FreeRADIUS as a proxy in front of other servers. */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { radiusSecret } from "./eap-radius-server.ts";
import { freePort } from "./radius-daemon.ts";

export interface FreeradiusProxy {
  readonly port: number;
  readonly accountingPort: number;
  stop(): Promise<void>;
}

/** The configuration that docs/radius.md shows, for these servers. @param template a file with places to be filled in */
export async function startFreeradiusProxy(
  folder: string,
  template: string,
  homes: readonly { readonly port: number; readonly accountingPort: number }[],
): Promise<FreeradiusProxy> {
  mkdirSync(folder, { recursive: true });
  const [port, accountingPort] = [await freePort(), await freePort()];
  writeFileSync(join(folder, "dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
  const server = (name: string, type: "auth" | "acct", home: number): string =>
    [
      `home_server ${name} {`,
      `  type = ${type}`,
      "  ipaddr = 127.0.0.1",
      `  port = ${home}`,
      `  secret = ${radiusSecret}`,
      ...(type === "auth" ? ["  require_message_authenticator = yes"] : []),
      "  status_check = status-server",
      "}",
    ].join("\n");
  const servers = homes.flatMap((home, i) => [
    server(`authentication${i}`, "auth", home.port),
    server(`accounting${i}`, "acct", home.accountingPort),
  ]);
  const pool = (name: string): string => homes.map((_, i) => `  home_server = ${name}${i}`).join("\n");
  const text = readFileSync(template, "utf8")
    .replaceAll("@FOLDER@", folder)
    .replaceAll("@PORT@", String(port))
    .replaceAll("@ACCOUNTING_PORT@", String(accountingPort))
    .replaceAll("@SECRET@", radiusSecret)
    .replaceAll("@HOME_SERVERS@", servers.join("\n"))
    .replaceAll("@AUTHENTICATION_POOL@", pool("authentication"))
    .replaceAll("@ACCOUNTING_POOL@", pool("accounting"));
  writeFileSync(join(folder, "radiusd.conf"), text, { mode: 0o600 });
  const child = spawn("freeradius", ["-f", "-l", "stdout", "-d", folder], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  for (let i = 0; i < 300 && !output.includes("Ready to process requests"); i++) {
    if (child.exitCode !== null) throw new Error(`FreeRADIUS does not start:\n${output}`);
    await sleep(50);
  }
  return {
    port,
    accountingPort,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
