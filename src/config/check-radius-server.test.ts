import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "./parser.ts";

const contents: Readonly<Record<string, string>> = { v4: "10.0.0.1 secret", v6: "::1 secret", nobody: "# none" };
const files = (path: string): Uint8Array => utf8(contents[path] ?? "");
const problems = (...lines: string[]): string[] =>
  parseConfiguration(utf8(["driver=none", "interface=as", ...lines].join("\n")), "as.conf", files).problems.map(
    ({ severity, message }) => `${severity}: ${message}`,
  );

test("a server without a radio needs no network: no SSID, no channel", () => {
  assert.deepEqual(problems("radius_server_clients=v4"), []);
  assert.deepEqual(problems("radius_server_clients=v6", "radius_server_ipv6=1", "radius_server_acct_port=1813"), []);
});

test("what of a server's settings doesn't go together", () => {
  assert.deepEqual(problems("radius_server_clients=nobody"), [
    "error: there are no clients in 'nobody': the RADIUS server would hear nobody",
  ]);
  assert.deepEqual(problems("radius_server_clients=v4", "radius_server_acct_port=1812"), [
    "error: port 1812 is for authentication already",
  ]);
  assert.deepEqual(problems("radius_server_clients=v6", "radius_server_acct_file=x"), [
    "warning: 'v6' has clients of IPv6, and without radius_server_ipv6=1 none of them is heard",
    "warning: without radius_server_acct_port there is no accounting to write down",
  ]);
  assert.deepEqual(problems("radius_server_acct_port=1813"), [
    "warning: without radius_server_clients there is no RADIUS server",
  ]);
});

test("keys of sessions in a file are warned of", () => {
  assert.deepEqual(problems("radius_server_clients=v4", "dump_msk_file=/tmp/keys"), [
    "warning: the keys of all sessions go into '/tmp/keys': whoever reads it can decrypt what these stations send; it is for tests",
  ]);
  assert.deepEqual(problems("dump_msk_file=/tmp/keys"), [
    "warning: without radius_server_clients no keys are written: dump_msk_file is the RADIUS server's",
  ]);
});

test("over TLS both ends have certificates", () => {
  const of = (...lines: string[]) => problems("radius_server_clients=v4", "radius_server_tls_port=2083", ...lines);
  assert.deepEqual(of(), [
    "error: RADIUS over TLS wants certificates at both ends: radius_server_tls_cert and radius_server_tls_ca_cert missing",
  ]);
  assert.deepEqual(of("radius_server_tls_private_key=both.p12"), [
    "error: RADIUS over TLS wants certificates at both ends: radius_server_tls_ca_cert missing",
  ]);
  assert.deepEqual(of("radius_server_tls_private_key=both.p12", "radius_server_tls_ca_cert=ca.pem"), []);
});
