import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { after, test } from "node:test";
import { beacon } from "./beacon.ts";

const outer = mkdtempSync(join(tmpdir(), "check-"));
after(() => rmSync(outer, { recursive: true }));

async function run(...args: string[]) {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  const status = await beacon(["check", ...args], terminal);
  return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
}

let count = 0;
function file(text: string): string {
  const path = join(outer, `${count++}.conf`);
  writeFileSync(path, text);
  return path;
}

test("--fix writes what is certain, shows it, keeps what was, and says what is left", async () => {
  const accept = file("AA-BB-CC-DD-EE-01\n02:00:00:00:00:01\n");
  const path = file(
    `interface=wlan0\nssid = home\nhw_mode=G\nchannel=1\nchannel=6\nchanel=3\naccept_mac_file=${accept}\n`,
  );
  chmodSync(path, 0o640);
  const before = readFileSync(path, "utf8");
  const dry = await run("--fix", "--dry-run", path);
  assert.equal(readFileSync(path, "utf8"), before);
  assert.match(dry.output, /^-ssid = home\n\+ssid=home$/m);

  const { status, output } = await run("--fix", path);
  assert.equal(status, 1);
  assert.match(output, /^-hw_mode=G\n\+hw_mode=g$/m);
  assert.match(output, /^-channel=1\n\+#channel=1$/m);
  assert.match(output, /: mended; as it was: .*\.before-fix$/m);
  assert.match(output, /error: there is no key 'chanel'/);
  assert.equal(
    readFileSync(path, "utf8"),
    before.replace("ssid = home", "ssid=home").replace("=G", "=g").replace("channel=1", "#channel=1"),
  );
  assert.equal(readFileSync(accept, "utf8"), "AA:BB:CC:DD:EE:01\n02:00:00:00:00:01\n");
  assert.equal(statSync(path).mode & 0o777, 0o640);
  assert.equal(readFileSync(`${path}.before-fix`, "utf8"), before);
  assert.equal(statSync(`${path}.before-fix`).mode & 0o777, 0o640);
  assert.doesNotMatch((await run("--fix", path)).output, /mended/, "there is nothing more to mend");
});

test("secrets are in no diff; as JSON it is told what was mended", async () => {
  const path = file(
    "interface=wlan0\r\nssid=home\r\nhw_mode=g\r\nchannel=1\r\nwpa=2\r\nwpa_passphrase=correct horse\r\n",
  );
  const { output } = await run("--fix", "--dry-run", path);
  assert.match(output, /^-wpa_passphrase=\[REMOVED\]\n\+wpa_passphrase=\[REMOVED\]$/m);
  assert.doesNotMatch(output, /correct/);
  const json = await run("--fix", "--json", path);
  const lines = json.output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.ok(lines.some(({ mended, severity }) => mended === true && severity === "warning"));
  assert.equal(
    readFileSync(path, "utf8"),
    "interface=wlan0\nssid=home\nhw_mode=g\nchannel=1\nwpa=2\nwpa_passphrase=correct horse\n",
  );
});

test("behind a symbolic link the file itself is mended; a further copy has a number", async () => {
  const path = file("interface=wlan0\nssid=x\nhw_mode=G\nchannel=1\n");
  const link = join(outer, "link.conf");
  symlinkSync(path, link);
  writeFileSync(`${path}.before-fix`, "mine");
  assert.equal((await run("--fix", link)).status, 0);
  assert.match(readFileSync(path, "utf8"), /hw_mode=g/);
  assert.equal(readFileSync(`${path}.before-fix`, "utf8"), "mine");
  assert.match(readFileSync(`${path}.before-fix.1`, "utf8"), /hw_mode=G/);
  assert.deepEqual(
    readdirSync(outer).filter((name) => name.endsWith(".new")),
    [],
  );
});

test("certificates are judged as at the start", async () => {
  const pki = join(outer, "pki");
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  assert.equal(await beacon(["pki", "init", pki, "--domain", "radius.example.org", "--ssid", "castle"], terminal), 0);
  const network = `interface=wlan0\nhw_mode=g\nchannel=1\n${readFileSync(join(pki, "network.conf"), "utf8")}`;
  const good = await run(file(network));
  assert.deepEqual([good.status, good.output.endsWith(": good\n")], [0, true], good.output);
  execFileSync("openssl", [
    "genpkey",
    "-algorithm",
    "EC",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-out",
    join(outer, "other.key"),
  ]);
  const path = file(network.replace(/private_key=.*/, `private_key=${join(outer, "other.key")}`));
  const { status, output } = await run(path);
  assert.equal(status, 1);
  assert.match(output, /:\d+:\d+: error: .*is not that of the certificate/);
  const missing = await run(file(network.replace(/server_cert=.*/, "server_cert=/nowhere.pem")));
  assert.match(missing.output, /error: .*\/nowhere\.pem/);
});

test("--dry-run alone says nothing", async () => {
  assert.equal((await run("--dry-run", "/x")).status, 2);
});
