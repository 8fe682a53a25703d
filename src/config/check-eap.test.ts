import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "./parser.ts";

const contents: Readonly<Record<string, string>> = {
  users: '"anna" PEAP,MD5 "secret"\n"0"* AKA\n* TTLS,TLS,FAST\n"inner" MSCHAPV2 "secret" [2]\n',
  plain: '"anna" MD5,PWD "secret"\n',
};
const files = (path: string): Uint8Array => utf8(contents[path] ?? "");
const warnings = (...lines: string[]): string[] =>
  parseConfiguration(utf8(["driver=wired", "interface=lan", ...lines].join("\n")), "as.conf", files).problems.map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
const server = ["ieee8021x=1", "eap_server=1"] as const;
const certificate = ["server_cert=cert.pem", "private_key=key.pem"] as const;

test("methods for which something is missing are named, and what that is", () => {
  const withoutCertificate =
    "warning: users in 'users' have TLS, PEAP, TTLS, by which nobody gets in without a certificate (server_cert and private_key)";
  const withoutKey =
    "warning: users in 'users' have FAST, by which nobody gets in without eap_fast_a_id and pac_opaque_encr_key";
  const withoutCentre =
    "warning: users in 'users' have AKA, by which nobody gets in without an authentication centre (eap_sim_db)";
  assert.deepEqual(
    warnings(...server, "eap_user_file=users").filter((text) => text.includes("nobody gets in")),
    [withoutCertificate, withoutKey, withoutCentre],
  );
  const fast = ["eap_fast_a_id=101112131415161718191a1b1c1d1e1f", `pac_opaque_encr_key=${"00".repeat(16)}`];
  const sim = "eap_sim_db=unix:/tmp/gateway";
  const text = (...lines: string[]) => warnings(...server, "eap_user_file=users", ...lines).join("\n");
  assert.doesNotMatch(text(...certificate, ...fast, sim), /nobody gets in/);
  assert.match(text(...certificate, ...fast), /have AKA/);
  assert.match(text(...certificate, sim), /have FAST/);
  assert.match(text(...fast, sim), /have TLS, PEAP, TTLS/);
});

test("nothing is said where the methods need nothing, or the file is nobody's", () => {
  assert.doesNotMatch(warnings(...server, "eap_user_file=plain").join("\n"), /nobody gets in/);
  const elsewhere = ["ieee8021x=1", "auth_server_addr=192.0.2.1", "auth_server_shared_secret=x", "eap_user_file=users"];
  assert.doesNotMatch(warnings(...elsewhere).join("\n"), /nobody gets in/);
});
