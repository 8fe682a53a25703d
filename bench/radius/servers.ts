/** The RADIUS servers that are compared, each with the same certificates and users, on a port of its own. */

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { debianHostapd } from "../../lab/guest/daemon.ts";
import { utf8 } from "../../src/base/bytes.ts";
import { sealAccessRequest } from "../../src/radius/sealing.ts";
import type { Authority, Issued } from "../../testing/certificates.ts";
import { repositoryRoot } from "../../testing/repository.ts";

export const subjects = ["beacond", "hostapd", "freeradius"] as const;
export type Subject = (typeof subjects)[number];

export const secret = "bench-secret";
export const password = "bench-password";

export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Milliseconds from the program's start to its first answer. */
  readonly startedIn: number;
  stop(): Promise<void>;
}

export interface Place {
  readonly folder: string;
  readonly authority: Authority;
  readonly server: Issued;
  readonly users: number;
  readonly port: number;
  /** Of Beacond and of FreeRADIUS, which have their own choice else. */
  readonly threads?: number | undefined;
}

export async function startServer(subject: Subject, place: Place): Promise<Server> {
  const folder = join(place.folder, `${subject}-${place.port}`);
  mkdirSync(folder, { recursive: true });
  const command = subject === "freeradius" ? freeradius(folder, place) : hostapdLike(subject, folder, place);
  const [program = "", ...args] = command;
  const began = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} does not start`);
  try {
    await answers(child, place.port);
  } catch (thrown) {
    child.kill("SIGKILL");
    throw thrown;
  }
  const startedIn = performance.now() - began;
  return { pid, port: place.port, startedIn, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** Until somebody says no to an identity that isn't there, or goes on with it. */
async function answers(child: ChildProcess, port: number): Promise<void> {
  const socket = createSocket("udp4");
  let hasAnswered = false;
  socket.on("message", () => {
    hasAnswered = true;
  });
  const eap = Uint8Array.of(2, 0, 0, 10, 1, ...utf8("user0"));
  const attributes = [
    { type: 1, value: utf8("user0") },
    { type: 79, value: eap },
  ];
  const request = sealAccessRequest(utf8(secret), new Uint8Array(16).fill(7), { code: 1, identifier: 0, attributes });
  try {
    for (let i = 0; i < 6000 && !hasAnswered; i++) {
      if (child.exitCode !== null) throw new Error(`the server on port ${port} has ended with ${child.exitCode}`);
      socket.send(request, port, "127.0.0.1");
      await sleep(5);
    }
    if (!hasAnswered) throw new Error(`no answer on port ${port}`);
  } finally {
    socket.close();
  }
}

/** Every user has all methods; the password is everybody's. */
function userFile(folder: string, users: number): string {
  const path = join(folder, "users");
  const lines = Array.from({ length: users }, (_, i) => `"user${i}" MSCHAPV2,TTLS-PAP "${password}" [2]\n`);
  writeFileSync(path, ["* TLS,PEAP,TTLS [ver=0]\n", ...lines].join(""));
  return path;
}

function hostapdLike(subject: Subject, folder: string, { authority, server, users, port, threads }: Place): string[] {
  writeFileSync(join(folder, "clients"), `127.0.0.1 ${secret}\n`);
  const configuration = join(folder, "as.conf");
  writeFileSync(
    configuration,
    [
      "driver=none",
      "interface=as",
      `radius_server_clients=${folder}/clients`,
      `radius_server_auth_port=${port}`,
      "eap_server=1",
      `eap_user_file=${userFile(folder, users)}`,
      `ca_cert=${authority.certificate}`,
      `server_cert=${server.certificate}`,
      `private_key=${server.key}`,
      ...(subject === "beacond" && threads !== undefined ? [`radius_server_workers=${threads}`] : []),
      "",
    ].join("\n"),
  );
  return [subject === "hostapd" ? debianHostapd : join(repositoryRoot(), "bin", "beacond"), configuration];
}

function freeradius(folder: string, { authority, server, users, port, threads }: Place): string[] {
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("users", Array.from({ length: users }, (_, i) => `user${i} Cleartext-Password := "${password}"\n`).join(""));
  write("dictionary", "$INCLUDE /usr/share/freeradius/dictionary\n");
  write(
    "radiusd.conf",
    `
prefix = /usr
sysconfdir = ${folder}
localstatedir = ${folder}
logdir = ${folder}
run_dir = ${folder}
libdir = /usr/lib/freeradius
pidfile = ${folder}/pid
max_requests = 65536
max_request_time = 30
cleanup_delay = 5
hostname_lookups = no
log {
  destination = files
  file = ${folder}/log
}
security {
  max_attributes = 200
  reject_delay = 0
  status_server = no
}
thread pool {
  start_servers = ${threads ?? 4}
  max_servers = ${threads ?? 8}
  min_spare_servers = ${Math.min(2, threads ?? 2)}
  max_spare_servers = ${threads ?? 4}
  max_requests_per_server = 0
}
client bench {
  ipaddr = 127.0.0.1
  secret = ${secret}
  require_message_authenticator = yes
}
modules {
  files {
    filename = ${folder}/users
  }
  pap {
  }
  mschap {
    use_mppe = yes
  }
  eap {
    default_eap_type = tls
    timer_expire = 60
    ignore_unknown_eap_types = no
    max_sessions = 65536
    tls-config tls-common {
      private_key_file = ${server.key}
      certificate_file = ${server.certificate}
      ca_file = ${authority.certificate}
      tls_min_version = "1.2"
      tls_max_version = "1.2"
      ecdh_curve = ""
      fragment_size = 1398
      cache {
        enable = no
      }
    }
    tls {
      tls = tls-common
    }
    ttls {
      tls = tls-common
      default_eap_type = mschapv2
      virtual_server = inner
    }
    peap {
      tls = tls-common
      default_eap_type = mschapv2
      virtual_server = inner
    }
    mschapv2 {
    }
  }
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = ${port}
  }
  authorize {
    eap {
      ok = return
    }
  }
  authenticate {
    eap
  }
}
server inner {
  authorize {
    mschap
    eap {
      ok = return
    }
    files
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    Auth-Type MS-CHAP {
      mschap
    }
    mschap
    eap
  }
}
`,
  );
  execFileSync("chmod", ["-R", "go-rwx", folder]);
  return ["freeradius", "-f", "-d", folder];
}
