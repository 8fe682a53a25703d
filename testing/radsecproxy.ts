/** radsecproxy on this machine: asked over UDP or over TLS, it asks a server over TLS. */

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Issued } from "./certificates.ts";
import { radiusSecret } from "./eap-radius-server.ts";
import { freePort } from "./radius-daemon.ts";

export interface Radsecproxy {
  /** Authentication and accounting, for {@link radiusSecret}. */
  readonly udpPort: number;
  /** For whoever has a certificate of the authority. */
  readonly tlsPort: number;
  log(): string;
  stop(): Promise<void>;
}

export interface RadsecproxyOptions {
  readonly folder: string;
  /** PEM: of everybody's certificates. */
  readonly authority: string;
  /** What it shows at both of its ends. */
  readonly identity: Issued;
  /** TCP port of the server behind it. */
  readonly server: number;
}

export async function startRadsecproxy(options: RadsecproxyOptions): Promise<Radsecproxy> {
  const { folder, authority, identity, server } = options;
  mkdirSync(folder, { recursive: true });
  const [udpPort, tlsPort] = [await freePort(), await freePort()];
  const file = join(folder, "radsecproxy.conf");
  writeFileSync(
    file,
    `
ListenUDP 127.0.0.1:${udpPort}
ListenTLS 127.0.0.1:${tlsPort}
LogLevel 2
tls default {
  CACertificateFile ${authority}
  CertificateFile ${identity.certificate}
  CertificateKeyFile ${identity.key}
}
client by-udp {
  host 127.0.0.1
  type udp
  secret ${radiusSecret}
}
client by-tls {
  host 127.0.0.1
  type tls
  secret radsec
  certificateNameCheck off
}
server beacond {
  host 127.0.0.1
  port ${server}
  type tls
  secret radsec
  certificateNameCheck off
  statusServer on
}
realm * {
  server beacond
  accountingServer beacond
}
`,
  );
  const child = spawn("radsecproxy", ["-f", "-c", file], { stdio: ["ignore", "ignore", "pipe"] });
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  for (let i = 0; i < 200 && !/listening for tls/i.test(output); i++) {
    if (child.exitCode !== null) throw new Error(`radsecproxy does not start:\n${output}`);
    await sleep(25);
  }
  return {
    udpPort,
    tlsPort,
    log: () => output,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}
