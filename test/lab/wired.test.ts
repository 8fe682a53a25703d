// lab: radios=1
/** IEEE 802.1X on a wire (driver=wired), with wpa_supplicant's wired driver at the other end of the cable. */

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { type Program, run, startProgram } from "../../lab/guest/process.ts";
import { fileWith, sleep } from "./networks.ts";

const address = "02:00:00:00:0a:01";

/** A cable between a port of ours and a machine of its own. */
async function cable(t: TestContext): Promise<void> {
  await run(["ip", "netns", "add", "desk"]);
  t.after(() => run(["ip", "netns", "del", "desk"]));
  await run(["ip", "link", "add", "port0", "type", "veth", "peer", "name", "eth0", "netns", "desk"]);
  await run(["ip", "link", "set", "eth0", "address", address], { namespace: "desk" });
  await run(["ip", "link", "set", "eth0", "up"], { namespace: "desk" });
}

async function port(t: TestContext, ...lines: readonly string[]): Promise<Daemon> {
  const users = await fileWith("users", `"anna" MD5 "anna's own"\n"bert" GPSK "abcdefghijklmnop0123456789abcdef"\n`);
  const eap = ["ieee8021x=1", "eap_server=1", `eap_user_file=${users}`];
  const config = ["interface=port0", "driver=wired", ...eap, ...lines, ""].join("\n");
  return startDaemon(t, { config, args: ["-dd"] });
}

async function desk(t: TestContext, network: Readonly<Record<string, string>>): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "desk-"));
  const config = join(folder, "wpa_supplicant.conf");
  const lines = Object.entries({ key_mgmt: "IEEE8021X", eapol_flags: "0", ...network });
  const block = lines.map(([key, value]) => `\t${key}=${value}\n`).join("");
  await writeFile(config, `ctrl_interface=${folder}/control\nap_scan=0\nnetwork={\n${block}}\n`);
  const command = ["wpa_supplicant", "-D", "wired", "-i", "eth0", "-c", config];
  return startProgram(t, { name: "desk", command, namespace: "desk" });
}

const anna = { eap: "MD5", identity: '"anna"', password: '"anna\'s own"' };

for (const lines of [[], ["use_pae_group_addr=1"]]) {
  test(`a machine proves itself, and again; ${lines[0] ?? "by its address"}`, async (t) => {
    await cable(t);
    const daemon = await port(t, "eap_reauth_period=30", ...lines);
    const machine = await desk(t, anna);
    await machine.log.waitFor(/CTRL-EVENT-CONNECTED/);
    await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${address}`));
    const shown = await daemon.cli("sta", address);
    assert.match(shown, /^dot1xAuthSessionUserName=anna$/m);
    assert.match(shown, /^flags=.*\[AUTHORIZED\]/m);
    await sleep(100_000);
    const successes = daemon.log.lines.filter((line) => line.includes("CTRL-EVENT-EAP-SUCCESS")).length;
    assert.ok(successes >= 4, `${successes} times`);
    assert.ok(!daemon.log.lines.some((line) => line.includes("AP-STA-DISCONNECTED")));
    await machine.stop();
    await run(["ip", "link", "set", "eth0", "down"], { namespace: "desk" });
    await daemon.log.waitFor(new RegExp(`AP-STA-DISCONNECTED ${address}`));
    await run(["ip", "link", "set", "eth0", "up"], { namespace: "desk" });
    const again = await desk(t, { eap: "GPSK", identity: '"bert"', password: '"abcdefghijklmnop0123456789abcdef"' });
    await again.log.waitFor(/CTRL-EVENT-CONNECTED/);
    assert.match(await daemon.cli("sta", address), /^last_eap_type_as=51 \(GPSK\)$/m);
  });
}

test("whoever doesn't prove itself is told so, and stays out", async (t) => {
  await cable(t);
  const daemon = await port(t);
  const machine = await desk(t, { ...anna, password: '"another one"' });
  await daemon.log.waitFor(new RegExp(`CTRL-EVENT-EAP-FAILURE ${address}`));
  await machine.log.waitFor(/CTRL-EVENT-EAP-FAILURE/);
  assert.ok(!daemon.log.lines.some((line) => line.includes("AP-STA-CONNECTED")));
  assert.doesNotMatch(await daemon.cli("all_sta"), /AUTHORIZED/);
});
