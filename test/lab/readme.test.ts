// lab: radios=2
/** What the README tells people to type, typed. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cleanup } from "../../lab/guest/cleanup.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { run, startProgram, tryRun } from "../../lab/guest/process.ts";
import { station } from "../../lab/guest/station.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import { sleep } from "./networks.ts";

const root = repositoryRoot();

/** The only block that is a configuration file. */
function configurationInReadme(): string {
  const text = readFileSync(join(root, "README.md"), "utf8");
  const block = [...text.matchAll(/^ *```\n([\s\S]*?)^ *```$/gm)]
    .map(([, content = ""]) => content)
    .find((content) => content.includes("interface="));
  assert.ok(block);
  return block.replace(/^ +/gm, "");
}

test("the quick start's file, under hostapd's names: in the background, a client joins, hostapd_cli answers", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  const file = join(folder, "hostapd.conf");
  const pidFile = join(folder, "hostapd.pid");
  const hostapd = join(folder, "hostapd");
  const client = join(folder, "hostapd_cli");
  await writeFile(file, configurationInReadme());
  await symlink(join(root, "bin", "beacond"), hostapd);
  await symlink(join(root, "bin", "beacon"), client);

  const said = await run([hostapd, "-B", "-P", pidFile, file], { timeout: 60 });
  assert.match(said, /AP-ENABLED/);
  const pid = readFileSync(pidFile, "utf8").trim();
  cleanup(t, async () => void (await tryRun(["kill", "-9", pid])));
  assert.equal(readFileSync(`/proc/${pid}/comm`, "utf8").trim(), "hostapd");

  await setAddress("wlan0", "192.168.2.1/24");
  const phone = await station(t, { radio: 1, network: { ssid: "somename", psk: "somepassword", scan_freq: 2437 } });
  await phone.connected();
  await phone.setAddress("192.168.2.100/24");
  await phone.ping("192.168.2.1");
  assert.match(await run([client, "all_sta"]), new RegExp(`^${phone.address}$`, "m"));
  assert.match(await run(["hostapd_cli", "all_sta"]), new RegExp(`^${phone.address}$`, "m"));

  await run(["kill", pid]);
  assert.equal(await phone.disconnected(), 3);
  while (existsSync(`/proc/${pid}`)) await sleep(50);
  assert.ok(!existsSync(pidFile));
});

/** What isn't the same each time: moments, and the prefix that is this machine's own. */
const unfixed = (line: string): string => line.replace(/\d+\.\d{3} s/, "T").replace(/fd[0-9a-f:]+::/, "P");

test("a network in one line, as the transcript has it", async (t) => {
  const [transcript] = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/^```\n([\s\S]*?)^```$/gm)]
    .map(([, content = ""]) => content)
    .filter((content) => content.includes("beacon up"));
  assert.ok(transcript);
  await run(["ip", "netns", "add", "internet"]);
  cleanup(t, async () => {
    await run(["ip", "link", "del", "eth0"]);
    await run(["ip", "netns", "del", "internet"]);
  });
  await run(["ip", "link", "add", "eth0", "type", "veth", "peer", "name", "far", "netns", "internet"]);
  for (const address of ["203.0.113.1/24", "2001:db8:1::1/64"])
    await run(["ip", "addr", "add", address, "dev", "eth0"]);
  await run(["ip", "link", "set", "eth0", "up"]);
  for (const router of ["203.0.113.9", "2001:db8:1::9"]) await run(["ip", "route", "add", "default", "via", router]);
  const secret = join(await mkdtemp(join(tmpdir(), "secret-")), "secret");
  await writeFile(secret, "correct horse\n", { mode: 0o600 });

  const command = [join(root, "bin", "beacon"), "up", "--ssid", "meadow", "--passphrase-file", secret];
  const program = await startProgram(t, { name: "up", command });
  await program.log.waitFor(/ends it/);
  const network = { ssid: "meadow", psk: "correct horse", key_mgmt: "WPA-PSK", scan_freq: 2412 };
  const phone = await station(t, { radio: 1, network });
  await phone.connected();
  await phone.run("udhcpc", "-i", phone.interface, "-n", "-q", "-f", "-s", "/bin/true", "-x", "hostname:phone");
  await program.stop("SIGINT");

  const said = program.log.text.split("\n").map(unfixed);
  let at = 0;
  for (const line of transcript.split("\n").filter((each) => each !== "" && !/^[$^]/.test(each))) {
    const found = said.indexOf(unfixed(line), at);
    assert.ok(found >= at, `'${line}' is not in the rest of\n${said.slice(at).join("\n")}`);
    at = found + 1;
  }
});
