/** What `beacon pki` has made, with others' programs: Debian's eapol_test joins with the files as they were written. */

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { radiusSecret } from "../../testing/eap-radius-server.ts";
import { type RadiusDaemon, startRadiusDaemon } from "../../testing/radius-daemon.ts";
import { repositoryRoot } from "../../testing/repository.ts";

const outer = mkdtempSync(join(tmpdir(), "pki-daemon-"));
const folder = join(outer, "pki");
const beacon = join(repositoryRoot(), "bin", "beacon");
const pki = (...args: string[]): string => execFileSync(beacon, ["pki", ...args, "-d", folder], { encoding: "utf8" });

let daemon: RadiusDaemon;
before(async () => {
  execFileSync(beacon, ["pki", "init", folder, "--domain", "radius.example.org", "--ssid", "castle"]);
  pki("client", "anna");
  pki("client", "carl");
  // All of network.conf that is about the server.
  const lines = readFileSync(join(folder, "network.conf"), "utf8").split("\n");
  daemon = await startRadiusDaemon({
    folder: join(outer, "daemon"),
    users: readFileSync(join(folder, "users"), "utf8"),
    lines: lines.filter((line) =>
      /^(ca_cert|server_cert|private_key|check_crl|crl_reload_interval|tls_flags)=/.test(line),
    ),
  });
});
after(async () => {
  await daemon.kill("SIGKILL");
  rmSync(outer, { recursive: true });
});

/** In the client's own folder, with wpa_supplicant.conf as it is but for what overrides it. */
function join802_1x(name: string, change: (text: string) => string = (text) => text): string {
  const where = join(folder, "clients", name);
  const config = change(readFileSync(join(where, "wpa_supplicant.conf"), "utf8"));
  const file = join(outer, "peer.conf");
  writeFileSync(file, config);
  const args = ["-c", file, "-a", "127.0.0.1", "-p", `${daemon.port}`, "-s", radiusSecret, "-t", "10"];
  const { stdout, error } = spawnSync("eapol_test", args, { cwd: where, encoding: "utf8" });
  assert.ifError(error);
  return stdout;
}

test("whoever has a profile is in; the server is who it says", () => {
  const output = join802_1x("anna");
  assert.match(output, /^SUCCESS$/m);
  assert.match(output, /MPPE keys OK: 1 {2}mismatch: 0/);
});

test("the .p12 file alone will do too", () => {
  const { passphrase } = JSON.parse(pki("client", "dora", "--json"));
  const output = join802_1x("dora", (text) =>
    text
      .replace(/\tclient_cert=.*\n/, "")
      .replace(/private_key=.*/, `private_key="dora.p12"\n\tprivate_key_passwd="${passphrase}"`),
  );
  assert.match(output, /^SUCCESS$/m);
});

test("a server of another name is not taken", () => {
  const output = join802_1x("anna", (text) => text.replace("radius.example.org", "evil.example.org"));
  assert.match(output, /^FAILURE$/m);
  assert.match(output, /TLS: Domain match 'evil\.example\.org' not found/i);
});

test("the server's certificate is renewed: nobody notices; a client is revoked: only that one is refused", async () => {
  pki("renew");
  pki("revoke", "carl");
  await daemon.reload();
  assert.match(join802_1x("anna"), /^SUCCESS$/m);
  const [carl = ""] = execFileSync("ls", [join(folder, "old")], { encoding: "utf8" }).match(/carl-\w+/g) ?? [];
  const output = join802_1x(join("..", "old", carl));
  assert.match(output, /^FAILURE$/m);
  assert.match(output, /certificate revoked/i);
});
