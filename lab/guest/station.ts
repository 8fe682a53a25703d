/** A client: Debian's wpa_supplicant on a radio and in a network namespace of its own. */

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { Log, WaitOptions } from "./log.ts";
import { canPing, type PingOptions, ping, setAddress } from "./network.ts";
import { type Program, run, startProgram } from "./process.ts";
import { isolate, type Radio, radio } from "./radios.ts";

/**
 * A `network` block of wpa_supplicant.conf by its own keys. Text is put in quotes where wpa_supplicant wants them; an
 * SSID or key of arbitrary octets is given as bytes, or as 64 hexadecimal digits for a PSK.
 */
export type Network = { readonly ssid: string | Uint8Array } & Readonly<Record<string, string | number | Uint8Array>>;

export interface StationOptions {
  /** Number of the radio: 1 is phy1 with wlan1. */
  readonly radio: number;
  /** None: it starts without a network, to be told through {@link Station.cli}. */
  readonly network?: Network;
  /** Lines before the network block: `sae_pwe=2`. */
  readonly global?: string;
  /** Of wpa_supplicant: `["-dd"]`. */
  readonly args?: readonly string[];
  /** What is done in its namespace before it starts. */
  readonly prepare?: (own: Radio, namespace: string) => Promise<void>;
}

export interface Station {
  readonly radio: Radio;
  readonly interface: string;
  /** MAC address, lower case with colons. */
  readonly address: string;
  readonly namespace: string;
  readonly supplicant: Program;
  readonly log: Log;
  /** Waits for the next CTRL-EVENT-CONNECTED; the BSSID. */
  connected(options?: WaitOptions): Promise<string>;
  /** Waits for the next CTRL-EVENT-DISCONNECTED; its reason code. */
  disconnected(options?: WaitOptions): Promise<number>;
  /** wpa_cli's answer, without its last line end. */
  cli(...command: string[]): Promise<string>;
  /** What `wpa_cli status` says, by key. */
  status(): Promise<Readonly<Record<string, string>>>;
  /** Runs a command in the station's network namespace. @throws Error when it fails */
  run(...command: string[]): Promise<string>;
  setAddress(address: string): Promise<void>;
  /** @throws Error when an echo request is not answered */
  ping(address: string, options?: PingOptions): Promise<void>;
  canPing(address: string, options?: PingOptions): Promise<boolean>;
  /** Leaves the network and ends. */
  stop(): Promise<void>;
}

/** Starts a station; it joins by itself when it is given a network. */
export async function station(t: TestContext, options: StationOptions): Promise<Station> {
  const own = await radio(options.radio);
  const { interface: interfaceName, address } = own;
  const namespace = await isolate(t, own);
  await options.prepare?.(own, namespace);
  const folder = await mkdtemp(join(tmpdir(), "sta-"));
  const control = join(folder, "control");
  const config = join(folder, "wpa_supplicant.conf");
  await writeFile(config, `ctrl_interface=${control}\n${options.global ?? ""}\n${networkBlock(options.network)}`);
  const supplicant = await startProgram(t, {
    name: interfaceName,
    command: ["wpa_supplicant", "-D", "nl80211", "-i", interfaceName, "-c", config, ...(options.args ?? [])],
    namespace,
  });
  const { log } = supplicant;
  const cli = async (...command: string[]): Promise<string> =>
    (await run(["wpa_cli", "-p", control, "-i", interfaceName, ...command])).replace(/\n$/, "");

  return {
    radio: own,
    interface: interfaceName,
    address,
    namespace,
    supplicant,
    log,
    async connected(wait) {
      const [, bssid = ""] = await log.waitFor(/CTRL-EVENT-CONNECTED - Connection to (\S+) completed/, wait);
      return bssid;
    },
    async disconnected(wait) {
      const [, reason = ""] = await log.waitFor(/CTRL-EVENT-DISCONNECTED .*reason=(\d+)/, wait);
      return Number(reason);
    },
    cli,
    async status() {
      const lines = (await cli("status")).split("\n");
      return Object.fromEntries(lines.map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]));
    },
    run: (...command) => run(command, { namespace }),
    setAddress: (cidr) => setAddress(interfaceName, cidr, { namespace }),
    ping: (to, pingOptions) => ping(to, { ...pingOptions, namespace }),
    canPing: (to, pingOptions) => canPing(to, { ...pingOptions, namespace }),
    async stop() {
      await supplicant.stop();
    },
  };
}

/** Keys whose text wpa_supplicant wants in quotes; without them it is a list of words, or hexadecimal. */
const quoted = new Set(
  (
    "ssid psk sae_password sae_password_id identity anonymous_identity password ca_cert ca_path client_cert " +
    "private_key private_key_passwd dh_file subject_match altsubject_match domain_match domain_suffix_match phase1 " +
    "phase2 pac_file openssl_ciphers wep_key0 wep_key1 wep_key2 wep_key3 id_str"
  ).split(" "),
);

function networkBlock(network: Network | undefined): string {
  if (network === undefined) return "";
  const keyed = ["key_mgmt", "psk", "sae_password"].some((key) => key in network);
  const entries = Object.entries(keyed ? network : { ...network, key_mgmt: "NONE" });
  return `network={\n${entries.map(([key, value]) => `\t${key}=${written(key, value)}\n`).join("")}}\n`;
}

function written(key: string, value: string | number | Uint8Array): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  const plain = typeof value === "number" || !quoted.has(key) || (key === "psk" && /^[0-9a-f]{64}$/i.test(value));
  return plain ? String(value) : `"${value}"`;
}
