// lab: radios=3
/** Networks of every mode and width that the simulated radios can do: what both ends say of them, and that pings go. */

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { type Daemon, startDaemon } from "../../lab/guest/daemon.ts";
import { run } from "../../lab/guest/process.ts";
import { radio } from "../../lab/guest/radios.ts";
import type { Network } from "../../lab/guest/station.ts";
import {
  accessPoint,
  apAddress,
  joined,
  openConfig,
  passphrase,
  wasDisturbed,
  wpa2Config,
  wpa2Network,
} from "./networks.ts";

interface Mode {
  readonly name: string;
  readonly lines: readonly string[];
  readonly network?: Network;
  readonly frequency: number;
  /** As iw says it. */
  readonly width: RegExp;
  /** Of wpa_cli's status, where it knows such a generation. */
  readonly generation?: string;
  readonly flags: readonly string[];
  readonly status: Readonly<Record<string, string>>;
}

const at24 = ["country_code=DE", "hw_mode=g", "channel=1", "ieee80211n=1"] as const;
const at5 = ["country_code=DE", "hw_mode=a", "channel=36", "ieee80211n=1", "ht_capab=[HT40+]"] as const;
const vht80 = ["ieee80211ac=1", "vht_oper_chwidth=1", "vht_oper_centr_freq_seg0_idx=42"] as const;
const he80 = ["ieee80211ax=1", "he_oper_chwidth=1", "he_oper_centr_freq_seg0_idx=42"] as const;
const eht80 = ["ieee80211be=1", "eht_oper_chwidth=1", "eht_oper_centr_freq_seg0_idx=42"] as const;

const modes: readonly Mode[] = [
  {
    name: "HT, 20 MHz at 2.4 GHz",
    lines: at24,
    frequency: 2412,
    width: /width: 20 MHz/,
    generation: "4",
    flags: ["HT"],
    status: { ieee80211n: "1", ieee80211ac: "0", secondary_channel: "0", num_sta_no_ht: "0" },
  },
  {
    name: "HT, 40 MHz at 2.4 GHz, with nobody near",
    lines: [...at24, "ht_capab=[HT40+][SHORT-GI-20][SHORT-GI-40]"],
    frequency: 2412,
    width: /width: 40 MHz, center1: 2422/,
    generation: "4",
    flags: ["HT"],
    status: { secondary_channel: "1", ht_op_mode: "0x0" },
  },
  {
    name: "VHT, 80 MHz",
    lines: [...at5, ...vht80],
    frequency: 5180,
    width: /width: 80 MHz, center1: 5210/,
    generation: "5",
    flags: ["HT", "VHT"],
    status: { ieee80211ac: "1", vht_oper_chwidth: "1", vht_oper_centr_freq_seg0_idx: "42" },
  },
  {
    name: "HE at 2.4 GHz",
    lines: [...at24, "ieee80211ax=1", "he_bss_color=7"],
    frequency: 2412,
    width: /width: 20 MHz/,
    generation: "6",
    flags: ["HT", "HE"],
    status: { ieee80211ax: "1", ieee80211ac: "0" },
  },
  {
    name: "HE, 80 MHz",
    lines: [...at5, ...vht80, ...he80, "he_su_beamformer=1", "he_twt_responder=1", "he_spr_sr_control=3"],
    frequency: 5180,
    width: /width: 80 MHz, center1: 5210/,
    generation: "6",
    flags: ["HT", "VHT", "HE"],
    status: { ieee80211ax: "1", he_oper_chwidth: "1", he_oper_centr_freq_seg0_idx: "42" },
  },
  {
    name: "EHT, 80 MHz",
    lines: [...at5, ...vht80, ...he80, ...eht80],
    frequency: 5180,
    width: /width: 80 MHz, center1: 5210/,
    flags: ["HT", "VHT", "HE"],
    status: { ieee80211be: "1", eht_oper_chwidth: "1", eht_oper_centr_freq_seg0_idx: "42" },
  },
  {
    name: "HE, 80 MHz at 6 GHz",
    lines: [
      ..."country_code=DE hw_mode=a channel=5 op_class=133 ieee80211ax=1 he_oper_chwidth=1".split(" "),
      ..."he_oper_centr_freq_seg0_idx=7 wpa=2 rsn_pairwise=CCMP wpa_key_mgmt=SAE ieee80211w=2 sae_pwe=1".split(" "),
      `sae_password=${passphrase}`,
    ],
    network: {
      ...{ ssid: "mode", key_mgmt: "SAE", sae_password: passphrase, ieee80211w: 2, pairwise: "CCMP" },
      ...{ group: "CCMP", proto: "RSN", scan_freq: 5975 },
    },
    frequency: 5975,
    width: /width: 80 MHz, center1: 5985/,
    generation: "6",
    flags: ["HE", "6GHZ"],
    status: { ieee80211n: "0", ieee80211ax: "1", he_oper_centr_freq_seg0_idx: "7" },
  },
];

async function statusOf(daemon: Daemon): Promise<Readonly<Record<string, string>>> {
  const lines = (await daemon.cli("status")).split("\n");
  return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
}

for (const mode of modes) {
  test(mode.name, async (t) => {
    t.after(() => run(["iw", "reg", "set", "00"]));
    const config = mode.network
      ? openConfig("mode", ...mode.lines).replace("hw_mode=g\nchannel=1\n", "")
      : wpa2Config("mode", ...mode.lines);
    const daemon = await accessPoint(t, config);
    const network = mode.network ?? { ...wpa2Network("mode"), scan_freq: mode.frequency };
    const client = await joined(t, 1, network, { global: "country=DE\nsae_pwe=2\n" });
    await client.ping(apAddress);

    const info = await run(["iw", "dev", "wlan0", "info"]);
    assert.match(info, new RegExp(`\\(${mode.frequency} MHz\\)`));
    assert.match(info, mode.width);
    assert.match(await client.run("iw", "dev", client.interface, "info"), mode.width);
    assert.match(await client.run("iw", "dev", client.interface, "link"), new RegExp(`freq: ${mode.frequency}`));
    const dumped = await run(["iw", "dev", "wlan0", "station", "dump"]);
    assert.match(dumped, new RegExp(`Station ${client.address}`));
    assert.match(dumped, /authorized:\s+yes/);
    if (mode.generation) assert.equal((await client.status())["wifi_generation"], mode.generation);

    const known = await daemon.cli("sta", client.address);
    for (const flag of mode.flags) assert.ok(known.includes(`[${flag}]`), `${flag} in ${known}`);
    const status = await statusOf(daemon);
    for (const [key, value] of Object.entries(mode.status)) assert.equal(status[key], value, key);
    await daemon.stop();
  });
}

test("a station that saves power by receiving with one chain: the driver heeds it, and monitors are told", async (t) => {
  const daemon = await accessPoint(t, wpa2Config("thrifty", "ieee80211n=1", "wmm_enabled=1"));
  const { phy } = await radio(1);
  const client = await joined(t, 1, wpa2Network("thrifty"));
  const wish = `/sys/kernel/debug/ieee80211/${phy}/netdev:${client.interface}/smps`;
  for (const mode of ["static", "dynamic", "off"]) {
    await writeFile(wish, mode);
    await daemon.log.waitFor(new RegExp(`^wlan0: STA-OPMODE-SMPS-MODE-CHANGED ${client.address} ${mode}$`));
  }
  await client.ping(apAddress);
  assert.ok(!wasDisturbed(client));
});

test("40 MHz is given up beside a network that is 20 MHz wide elsewhere", async (t) => {
  await startDaemon(t, {
    config: openConfig("narrow", "channel=3", "ieee80211n=1").replace("interface=wlan0", "interface=wlan2"),
  });
  const daemon = await accessPoint(t, wpa2Config("mode", "ieee80211n=1", "ht_capab=[HT40+]"));
  const client = await joined(t, 1, wpa2Network("mode"));
  await client.ping(apAddress);
  assert.match(await run(["iw", "dev", "wlan0", "info"]), /channel 1 \(2412 MHz\), width: 20 MHz/);
  assert.equal((await statusOf(daemon))["secondary_channel"], "0");
});
