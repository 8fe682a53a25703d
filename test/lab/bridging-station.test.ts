// lab: radios=3
/** Stations that bridge (wds_sta): what is behind them is reached by frames with four addresses. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { cleanup } from "../../lab/guest/cleanup.ts";
import { startDaemon } from "../../lab/guest/daemon.ts";
import { ping, setAddress } from "../../lab/guest/network.ts";
import { run } from "../../lab/guest/process.ts";
import { type Network, type Station, station } from "../../lab/guest/station.ts";
import { addressOf, apAddress, cidr, openConfig, openNetwork, wpa2Config, wpa2Network } from "./networks.ts";

const behindAddress = "192.168.7.77";

/** A client in a bridge, and a host on a wire behind that. */
async function bridgingClient(t: TestContext, network: Network): Promise<Station> {
  await run(["ip", "netns", "add", "lab-behind"]);
  t.after(() => run(["ip", "netns", "del", "lab-behind"]));
  const client = await station(t, {
    radio: 1,
    network,
    args: ["-b", "br-home"],
    async prepare({ interface: name }, namespace) {
      const inside = (...command: string[]): Promise<string> => run(command, { namespace });
      await inside("iw", "dev", name, "set", "4addr", "on");
      cleanup(t, async () => {
        await inside("ip", "link", "set", name, "nomaster");
        await inside("iw", "dev", name, "set", "4addr", "off");
      });
      await inside("ip", "link", "add", "br-home", "type", "bridge");
      await inside("ip", "link", "set", "br-home", "up");
      await inside("ip", "link", "set", name, "master", "br-home");
      await inside("ip", "link", "add", "port", "type", "veth", "peer", "name", "eth0", "netns", "lab-behind");
      await inside("ip", "link", "set", "port", "master", "br-home", "up");
    },
  });
  await run(["ip", "link", "set", "eth0", "up"], { namespace: "lab-behind" });
  await setAddress("eth0", cidr(behindAddress), { namespace: "lab-behind" });
  await setAddress("br-home", cidr(addressOf(1)), { namespace: client.namespace });
  await client.connected();
  return client;
}

for (const [kind, config, network] of [
  ["WPA2", wpa2Config("mill", "wds_sta=1", "bridge=br0", "wpa_group_rekey=10"), wpa2Network("mill")],
  ["open", openConfig("mill", "wds_sta=1", "wds_bridge=br0"), openNetwork("mill")],
] as const) {
  test(`${kind}: the host behind it is reached, and the interface comes and goes with the station`, async (t) => {
    await run(["ip", "addr", "flush", "dev", "wlan0"]);
    const daemon = await startDaemon(t, { config });
    const client = await bridgingClient(t, network);
    const [, name = ""] = await daemon.log.waitFor(
      new RegExp(`^wlan0: WDS-STA-INTERFACE-ADDED ifname=(wlan0\\.sta1) sta_addr=${client.address}$`),
    );
    assert.match(await run(["ip", "-br", "link", "show", "master", "br0"]), new RegExp(`^${name}[@ ]`, "m"));
    const described = await daemon.cli("sta", client.address);
    assert.match(described, new RegExp(`^wds_sta_ifname=${name}$`, "m"));
    assert.match(described, /^flags=.*\[WDS\]/m);
    await setAddress("br0", cidr(apAddress));
    await ping(behindAddress);
    await ping(apAddress, { namespace: "lab-behind" });
    await client.ping(apAddress);
    if (kind === "WPA2") {
      await client.log.waitFor(/WPA: Group rekeying completed/);
      await ping(behindAddress);
    }

    // Whoever only associates anew keeps the interface.
    daemon.log.skip();
    await client.cli("set", "reassoc_same_bss_optim", "1");
    await client.cli("reattach");
    await client.connected();
    await daemon.log.waitFor(new RegExp(`AP-STA-CONNECTED ${client.address}`));
    await ping(behindAddress);
    assert.ok(!daemon.log.lines.some((line) => line.includes("WDS-STA-INTERFACE-REMOVED")));

    await client.stop();
    await daemon.log.waitFor(/WDS-STA-INTERFACE-REMOVED ifname=wlan0\.sta1 /);
    assert.doesNotMatch(await run(["ip", "-br", "link"]), /wlan0\.sta1/);
    await daemon.stop();
    assert.doesNotMatch(await run(["ip", "-br", "link"]), /br0/);
  });
}

test("without wds_sta there is no interface for it", async (t) => {
  const daemon = await startDaemon(t, { config: wpa2Config("mill", "bridge=br0") });
  await bridgingClient(t, wpa2Network("mill"));
  await daemon.log.staysWithout(/WDS-STA/, 3);
  await daemon.stop();
});
