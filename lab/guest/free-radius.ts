/** FreeRADIUS, as the server that an access point asks and tells. */

import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Program, run, startProgram } from "./process.ts";

export interface FreeRadiusOptions {
  /** Lines of its file of users. */
  readonly users: readonly string[];
  readonly secret: string;
  /** Over TLS on port 2083 too, for whoever has a certificate of {@link FreeRadius.certificates}' authority. */
  readonly tls?: boolean;
}

/** Files in PEM. */
export interface Certificates {
  readonly authority: string;
  readonly client: string;
  readonly clientKey: string;
}

export interface FreeRadius extends Program {
  /** What it was told in accounting: attributes of each record, by name, as its `detail` module writes them. */
  records(): readonly Readonly<Record<string, string>>[];
  readonly certificates: Certificates;
}

/** On 127.0.0.1, ports 1812 and 1813, with PAP, and EAP-PWD for IEEE 802.1X. */
export async function startFreeRadius(
  t: TestContext,
  { users, secret, tls = false }: FreeRadiusOptions,
): Promise<FreeRadius> {
  const folder = await mkdtemp(join(tmpdir(), "freeradius-"));
  await writeFile(join(folder, "users"), `${users.join("\n")}\n`);
  await writeFile(join(folder, "radiusd.conf"), `${configuration(folder, secret)}${tls ? overTls(folder) : ""}`);
  if (tls) await makeCertificates(folder);
  const program = await startProgram(t, {
    name: "freeradius",
    command: ["freeradius", "-f", "-l", "stdout", "-d", folder],
  });
  await program.log.waitFor(/Ready to process requests/);
  const detail = join(folder, "detail");
  return Object.assign(program, {
    certificates: {
      authority: join(folder, "ca.pem"),
      client: join(folder, "client.pem"),
      clientKey: join(folder, "client.key"),
    },
    records: () => (existsSync(detail) ? recordsOf(readFileSync(detail, "utf8")) : []),
  });
}

/** A line with the time, then a line for each attribute, then an empty one. */
const recordsOf = (text: string): Record<string, string>[] =>
  text
    .split("\n\n")
    .filter((record) => record.trim() !== "")
    .map((record) =>
      Object.fromEntries(
        [...record.matchAll(/^\t(\S+) = "?(.*?)"?$/gm)].map(([, name = "", value = ""]) => [name, value]),
      ),
    );

const configuration = (folder: string, secret: string): string => `
prefix = /usr
libdir = /usr/lib/freeradius
logdir = ${folder}
run_dir = ${folder}
confdir = ${folder}
pidfile = ${folder}/pid
thread pool {
}
client access_points {
  ipaddr = 127.0.0.1
  secret = "${secret}"
  require_message_authenticator = yes
}
modules {
  files {
    filename = ${folder}/users
  }
  pap {
  }
  eap {
    default_eap_type = pwd
    pwd {
      group = 19
      server_id = radius.example.org
    }
  }
  detail {
    filename = ${folder}/detail
  }
}
server default {
  listen {
    type = auth
    ipaddr = 127.0.0.1
    port = 1812
  }
  listen {
    type = acct
    ipaddr = 127.0.0.1
    port = 1813
  }
  authorize {
    files
    eap
    pap
  }
  authenticate {
    Auth-Type PAP {
      pap
    }
    eap
  }
  post-auth {
    update reply {
      &Message-Authenticator := 0x00
    }
    Post-Auth-Type REJECT {
      update reply {
        &Message-Authenticator := 0x00
      }
    }
  }
  accounting {
    detail
  }
}
`;

const overTls = (folder: string): string => `
clients radsec {
  client over_tls {
    ipaddr = 127.0.0.1
    proto = tls
    secret = radsec
  }
}
listen {
  type = auth+acct
  ipaddr = 127.0.0.1
  port = 2083
  proto = tcp
  virtual_server = default
  clients = radsec
  tls {
    private_key_file = ${folder}/server.key
    certificate_file = ${folder}/server.pem
    ca_file = ${folder}/ca.pem
    require_client_cert = yes
    tls_min_version = "1.2"
    tls_max_version = "1.2"
  }
}
`;

/** An authority, and a certificate of it for each end. */
async function makeCertificates(folder: string): Promise<void> {
  const file = (name: string): string => join(folder, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  await run([
    "openssl",
    "req",
    "-x509",
    ...key,
    "-keyout",
    file("ca.key"),
    "-out",
    file("ca.pem"),
    "-subj",
    "/CN=authority",
    "-days",
    "3650",
  ]);
  for (const name of ["server", "client"]) {
    await run([
      "openssl",
      "req",
      ...key,
      "-keyout",
      file(`${name}.key`),
      "-out",
      file(`${name}.csr`),
      "-subj",
      `/CN=${name}`,
    ]);
    await run([
      "openssl",
      "x509",
      "-req",
      "-in",
      file(`${name}.csr`),
      "-CA",
      file("ca.pem"),
      "-CAkey",
      file("ca.key"),
      "-CAcreateserial",
      "-out",
      file(`${name}.pem`),
      "-days",
      "3650",
    ]);
  }
}
