// lab: radios=4
/** A network of WPA-Enterprise by `beacon pki` alone: its lines in hostapd.conf, its profiles in wpa_supplicant, on the air. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../lab/guest/process.ts";
import { type Network, station } from "../../lab/guest/station.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import { accessPoint, apAddress, joined, openConfig } from "./networks.ts";

const beacon = join(repositoryRoot(), "bin", "beacon");

/** What stands in the network block of a profile, with the places of its files. */
function profile(folder: string): Network {
  const block = readFileSync(join(folder, "wpa_supplicant.conf"), "utf8");
  const fields = [...block.matchAll(/^\t(\w+)="?(.*?)"?$/gm)].map(([, key = "", value = ""]) => [
    key,
    /^(ca_cert|client_cert|private_key)$/.test(key) ? join(folder, value) : value,
  ]);
  return { ssid: "", ...Object.fromEntries(fields), scan_freq: 2412 };
}

test("who has a profile joins; who was revoked doesn't any more; the server's certificate is renewed unnoticed", async (t) => {
  const folder = join(await mkdtemp(join(tmpdir(), "pki-")), "pki");
  const pki = (...args: string[]) => run([beacon, "pki", ...args, "-d", folder]);
  await run([beacon, "pki", "init", folder, "--domain", "radius.example.org", "--ssid", "castle"]);
  await pki("client", "anna");
  await pki("client", "carl");
  const lines = readFileSync(join(folder, "network.conf"), "utf8").split("\n");
  const config = openConfig("castle", ...lines.filter((line) => /^(?!ssid)\w+=/.test(line)));
  const daemon = await accessPoint(t, config);
  const anna = await joined(t, 1, profile(join(folder, "clients", "anna")));
  await anna.ping(apAddress);
  const carl = await station(t, { radio: 2, network: profile(join(folder, "clients", "carl")) });
  await carl.connected();

  await pki("renew");
  await pki("revoke", "carl");
  await run([beacon, "reload"]);
  await anna.ping(apAddress);
  const [old = ""] = (await readdir(join(folder, "old"))).filter((name) => name.startsWith("carl-"));
  const again = await station(t, { radio: 3, network: profile(join(folder, "old", old)) });
  await again.log.waitFor(/CTRL-EVENT-EAP-FAILURE/);
  await daemon.log.waitFor(/certificate revoked/i);
  await anna.ping(apAddress);
  assert.match(await anna.cli("reassociate"), /OK/);
  await anna.connected();
  await anna.ping(apAddress);
});
