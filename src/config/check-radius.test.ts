import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../base/bytes.ts";
import { parseConfiguration } from "./parser.ts";

const problems = (...lines: string[]): string[] => {
  const text = utf8(["interface=wlan0", "ssid=office", "channel=1", "hw_mode=g", ...lines].join("\n"));
  const { problems } = parseConfiguration(text, "ap.conf", () => new Uint8Array());
  return problems.map(({ severity, message }) => `${severity}: ${message}`);
};

test("a server that nobody could recognise is refused, one that shares no secret is not asked", () => {
  assert.deepEqual(problems("auth_server_addr=192.0.2.1"), [
    "warning: 192.0.2.1 is not asked: auth_server_shared_secret is missing",
  ]);
  const overTls = ["acct_server_addr=192.0.2.1", "acct_server_type=TLS"];
  const unrecognisable =
    "error: over TLS anybody could say to be 192.0.2.1, and would be believed: acct_server_ca_cert has to name the authority of its certificate";
  assert.deepEqual(problems(...overTls), [unrecognisable]);
  assert.deepEqual(problems(...overTls, "acct_server_shared_secret=radsec"), [unrecognisable]);
  assert.deepEqual(problems(...overTls, "acct_server_shared_secret=our own"), [
    "warning: without acct_server_ca_cert the certificate of 192.0.2.1 is not checked: only the shared secret says who it is",
  ]);
  assert.deepEqual(problems(...overTls, "acct_server_ca_cert=/etc/ca.pem"), []);
  assert.deepEqual(problems(...overTls, "acct_server_ca_cert=/etc/ca.pem", "radius_client_dev=eth1"), [
    "warning: to 192.0.2.1, over TLS, messages leave by the interface that the routes say",
  ]);
});
