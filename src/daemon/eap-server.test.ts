import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { createPki } from "../../testing/eap-pki.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { Reader, textOf, utf8 } from "../base/bytes.ts";
import { ConfigurationError } from "../base/errors.ts";
import { Log, type LogRecord } from "../base/log.ts";
import { parseConfiguration } from "../config/parser.ts";
import type { BssSettings } from "../config/registry.ts";
import { eapArithmeticHere } from "../crypto/eap-arithmetic.ts";
import type { EapAnswer, EapServer } from "../eap/contract.ts";
import { decodeEap, encodeEap } from "../wire/eap/packet.ts";
import { eapIdentity, eapTypes } from "../wire/eap/types.ts";
import { eapGroups } from "./eap-groups.ts";
import { ConfiguredEapServer } from "./eap-server.ts";
import { files } from "./read-configuration.ts";

const folder = mkdtempSync(join(tmpdir(), "eap-server-"));
after(() => rmSync(folder, { recursive: true }));
const userFile = join(folder, "users");

function settings(...lines: readonly string[]): BssSettings {
  const text = ["interface=wlan0", "driver=nl80211", "ssid=test", ...lines].join("\n");
  const { configuration, problems } = parseConfiguration(utf8(text), "test", files);
  const [bss] = configuration?.bsses ?? [];
  assert.ok(bss, JSON.stringify(problems));
  return bss;
}

const withUsers = (users: string, ...lines: readonly string[]): BssSettings => {
  writeFileSync(userFile, users);
  return settings(`eap_user_file=${userFile}`, ...lines);
};

function open(of: BssSettings) {
  const said: LogRecord[] = [];
  const host = {
    clock: new VirtualClock(),
    entropy: new FixedEntropy(),
    log: new Log((record) => said.push(record)),
    arithmetic: eapArithmeticHere(eapGroups),
  };
  return { server: new ConfiguredEapServer(of, host), said };
}

/** With GTC, whose password goes as it is. */
async function comesIn(server: EapServer, identity: string, password: string): Promise<EapAnswer["kind"]> {
  const conversation = server.converse({ address: undefined });
  const answer = await conversation.respond(
    encodeEap({ code: "response", identifier: 1, type: eapIdentity, expanded: false, data: utf8(identity) }),
  );
  if (answer.kind !== "request") return answer.kind;
  const data = utf8(password);
  const last = await conversation.respond(
    encodeEap({ code: "response", identifier: 2, type: eapTypes.GTC, expanded: false, data }),
  );
  return last.kind;
}

test("users of the file; another file counts as soon as it is read", async () => {
  const { server } = open(withUsers('"user" GTC "one"\n'));
  assert.equal(await comesIn(server, "user", "one"), "success");
  assert.equal(await comesIn(server, "user", "two"), "failure");
  assert.equal(await comesIn(server, "new", "two"), "failure");
  server.use(withUsers('"user" GTC "two"\n"new" GTC "two"\n'));
  assert.equal(await comesIn(server, "user", "one"), "failure");
  assert.equal(await comesIn(server, "user", "two"), "success");
  assert.equal(await comesIn(server, "new", "two"), "success");
  server.close();
});

test("what the settings say: the text of requests, the name, the limits", async () => {
  const first = withUsers('"user" MSCHAPV2,GTC "one"\n', "eap_message=hello\\0networkid=x", "server_id=me.example");
  const { server } = open(first);
  const conversation = server.converse({ address: undefined });
  const dataOf = (answer: EapAnswer): string => {
    assert.ok(answer.kind === "request");
    const packet = decodeEap(new Reader(answer.packet, ["request"]));
    assert.ok(packet.code === "request");
    return textOf(packet.data);
  };
  assert.equal(dataOf(await conversation.begin(1)), "hello\0networkid=x");
  const identity = encodeEap({
    code: "response",
    identifier: 1,
    type: eapIdentity,
    expanded: false,
    data: utf8("user"),
  });
  assert.ok(dataOf(await conversation.respond(identity)).endsWith("me.example"));

  server.use(withUsers('"user" GTC "one"\n', "max_auth_rounds=0"));
  assert.equal(await comesIn(server, "user", "one"), "failure");
  server.close();
});

test("a database behind the file, and its log", async () => {
  const path = join(folder, "users.db");
  const tool = (sql: string): string =>
    execFileSync("sqlite3", ["-cmd", ".timeout 5000", path, sql], { encoding: "utf8" }).trimEnd();
  tool("CREATE TABLE users(identity TEXT PRIMARY KEY, methods TEXT, password TEXT, phase2 INTEGER)");
  tool("CREATE TABLE wildcards(identity TEXT PRIMARY KEY, methods TEXT)");
  tool("CREATE TABLE authlog(timestamp TEXT, session TEXT, nas_ip TEXT, username TEXT, note TEXT)");
  tool("INSERT INTO users VALUES('in database','GTC','one',0), ('user','GTC','hidden',0)");
  const { server, said } = open(withUsers('"user" GTC "one"\n', `eap_user_file=sqlite:${path}`));
  assert.equal(await comesIn(server, "user", "one"), "success");
  assert.equal(await comesIn(server, "in database", "one"), "success");
  tool("UPDATE users SET password = 'two' WHERE identity = 'in database'");
  assert.equal(await comesIn(server, "in database", "one"), "failure");
  assert.equal(await comesIn(server, "in database", "two"), "success");
  server.note({ session: "0x1", nas: "127.0.0.1", user: "in database", note: "New session created" });
  for (let i = 0; i < 100 && tool("SELECT count(*) FROM authlog") !== "1"; i++) await new Promise(setImmediate);
  assert.equal(
    tool("SELECT session, nas_ip, username, note FROM authlog"),
    "0x1|127.0.0.1|in database|New session created",
  );
  assert.deepEqual(
    said.filter(({ level }) => level === "warning"),
    [],
  );
  server.close();
});

test("certificates: other ones count as soon as they are read, wrong ones never", () => {
  const pki = createPki();
  const [certificate, key] = [join(folder, "server.pem"), join(folder, "server.key")];
  const put = (issued: { readonly certificate: string; readonly key: string }): void => {
    copyFileSync(issued.certificate, certificate);
    copyFileSync(issued.key, key);
  };
  put(pki.server);
  const of = withUsers(
    "* TLS\n",
    `server_cert=${certificate}`,
    `private_key=${key}`,
    `ca_cert=${pki.authority.certificate}`,
  );
  const { server, said } = open(of);
  const texts = (): string[] => said.splice(0).map(({ text }) => text);
  texts();
  server.refresh();
  server.use(of);
  assert.deepEqual(texts(), []);
  put(pki.authority.issue("another.example.com"));
  server.refresh();
  assert.match(texts().join("\n"), /read again/);
  copyFileSync(pki.server.certificate, certificate);
  server.refresh();
  assert.match(texts().join("\n"), /stay in use: the private key/);
  server.close();
  pki.remove();
});

test("settings that can't be leave everything as it was", async () => {
  const { server } = open(withUsers('"user" GTC "one"\n'));
  const wrong = withUsers('"user" GTC "two"\n', "server_cert=/nowhere", "private_key=/nowhere");
  assert.throws(() => server.use(wrong), ConfigurationError);
  assert.equal(await comesIn(server, "user", "one"), "success");
  server.close();
});
