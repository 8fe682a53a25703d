/** FreeRADIUS as a proxy in front of other servers. */

import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { radiusSecret } from "./eap-radius-server.ts";
import { freePort } from "./radius-daemon.ts";

export interface FreeradiusProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** The configuration that docs/radius.md shows, for these servers. @param template a file with places to be filled in */
export async function startFreeradiusProxy(
  folder: string,
  template: string,
  homes: readonly number[],
): Promise<FreeradiusProxy> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  writeFileSync(join(folder, "dictionary"), "$INCLUDE /usr/share/freeradius/dictionary\n");
  const servers = homes.map((home, i) =>
    [
      `home_server beacond${i} {`,
      "  type = auth",
      "  ipaddr = 127.0.0.1",
      `  port = ${home}`,
      `  secret = ${radiusSecret}`,
      "  require_message_authenticator = yes",
      "  status_check = status-server",
      "}",
    ].join("\n"),
  );
  const text = readFileSync(template, "utf8")
    .replaceAll("@FOLDER@", folder)
    .replaceAll("@PORT@", String(port))
    .replaceAll("@SECRET@", radiusSecret)
    .replaceAll("@HOME_SERVERS@", servers.join("\n"))
    .replaceAll("@POOL@", homes.map((_, i) => `  home_server = beacond${i}`).join("\n"));
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
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
