/** FreeRADIUS, as the server that an access point asks and tells. */

import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Program, startProgram } from "./process.ts";

export interface FreeRadiusOptions {
  /** Lines of its file of users. */
  readonly users: readonly string[];
  readonly secret: string;
}

export interface FreeRadius extends Program {
  /** What it was told in accounting: attributes of each record, by name, as its `detail` module writes them. */
  records(): readonly Readonly<Record<string, string>>[];
}

/** On 127.0.0.1, ports 1812 and 1813, with PAP, and EAP-PWD for IEEE 802.1X. */
export async function startFreeRadius(t: TestContext, { users, secret }: FreeRadiusOptions): Promise<FreeRadius> {
  const folder = await mkdtemp(join(tmpdir(), "freeradius-"));
  await writeFile(join(folder, "users"), `${users.join("\n")}\n`);
  await writeFile(join(folder, "radiusd.conf"), configuration(folder, secret));
  const program = await startProgram(t, {
    name: "freeradius",
    command: ["freeradius", "-f", "-l", "stdout", "-d", folder],
  });
  await program.log.waitFor(/Ready to process requests/);
  const detail = join(folder, "detail");
  return Object.assign(program, {
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
