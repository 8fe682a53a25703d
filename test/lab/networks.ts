/** Networks as the tests have them, from both ends: configuration of the access point, network block of a station. */

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type Daemon, type DaemonOptions, startDaemon } from "../../lab/guest/daemon.ts";
import { setAddress } from "../../lab/guest/network.ts";
import { type Network, type Station, type StationOptions, station } from "../../lab/guest/station.ts";
import { startPeer } from "../../lab/guest/traffic.ts";

export const passphrase = "correct horse";

/** Channel 1 unless a line says otherwise: the last line with a key counts. */
export const openConfig = (ssid: string, ...lines: readonly string[]): string =>
  [`interface=wlan0`, "driver=nl80211", `ssid=${ssid}`, "hw_mode=g", "channel=1", ...lines, ""].join("\n");

export const wpa2Config = (ssid: string, ...lines: readonly string[]): string =>
  openConfig(ssid, "wpa=2", "wpa_key_mgmt=WPA-PSK", "rsn_pairwise=CCMP", `wpa_passphrase=${passphrase}`, ...lines);

export const openNetwork = (ssid: string): Network => ({ ssid, scan_freq: 2412 });

export const wpa2Network = (ssid: string): Network => ({ ssid, psk: passphrase, scan_freq: 2412 });

/** The access point's own address in the tests' subnet, and the whole subnet's. */
export const apAddress = "192.168.7.1";
export const broadcastAddress = "192.168.7.255";
export const addressOf = (radio: number): string => `192.168.7.${10 + radio}`;

/** The address for an interface. */
export const cidr = (address: string): string => `${address}/24`;

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds));

/** A daemon that is up on wlan0, which has its address. */
export async function accessPoint(
  t: TestContext,
  config: DaemonOptions["config"],
  ...args: readonly string[]
): Promise<Daemon> {
  const daemon = await startDaemon(t, { config, args });
  await setAddress("wlan0", cidr(apAddress));
  return daemon;
}

/** A station that is in the network and has its address. */
export async function joined(
  t: TestContext,
  radio: number,
  network: Network,
  options: Partial<StationOptions> = {},
): Promise<Station> {
  const client = await station(t, { radio, network, ...options });
  await client.connected();
  await client.setAddress(cidr(addressOf(radio)));
  return client;
}

/**
 * Traffic between a station and the access point, both ways, from now on.
 * @param every seconds between two requests
 * @returns how it is ended: each request has been answered, and so many they were
 */
export async function uninterrupted(t: TestContext, client: Station, every: number): Promise<() => Promise<number>> {
  await startPeer(t, { name: "ap" });
  const traffic = await startPeer(t, {
    name: "client",
    namespace: client.namespace,
    ask: [{ to: apAddress, every }],
  });
  return async () => {
    const { asked, answered } = (await traffic.finish())[apAddress] ?? {};
    assert.ok(asked !== undefined);
    assert.deepEqual(answered, { [apAddress]: asked });
    return asked;
  };
}

export const wasDisturbed = (client: Station): boolean =>
  client.log.lines.some((line) => line.includes("CTRL-EVENT-DISCONNECTED"));

/** A file that the daemon's configuration can name. */
export async function fileWith(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "file-")), name);
  writeFileSync(path, text);
  return path;
}
