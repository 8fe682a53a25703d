/** `beacon qr`: a code by which a phone's camera joins. */

import { textOf } from "../../base/bytes.ts";
import { ConfigurationError } from "../../base/errors.ts";
import { parseConfiguration } from "../../config/parser.ts";
import { describe, isError } from "../../config/problem.ts";
import type { BssSettings } from "../../config/registry.ts";
import { files } from "../../daemon/read-configuration.ts";
import { exitStatus, wrongCommandLine } from "../command.ts";
import { type OptionValues, parseCommandLine } from "../command-line/parse.ts";
import { qrDescription } from "../descriptions/qr.ts";
import { writeSecretFile } from "../secret-file.ts";
import type { Terminal } from "../terminal.ts";
import { complaintOfPassphrase } from "../up/options.ts";
import { firstLineOf, lineOf } from "../up/passphrase.ts";
import { modulesOf, pngOctets, svgText, terminalText } from "./drawing.ts";
import { networkOf } from "./network.ts";
import { type WifiNetwork, wifiUri } from "./wifi-uri.ts";

const usualConfiguration = "/etc/hostapd/hostapd.conf";

type Options = OptionValues<typeof qrDescription>;

/** @returns the exit status */
export async function qr(args: readonly string[], terminal: Terminal): Promise<number> {
  const parsed = parseCommandLine(qrDescription, args);
  if ("refused" in parsed) return wrongCommandLine(qrDescription, parsed.refused, terminal);
  const { options } = parsed;
  const refused = complaintOf(options, parsed.rest[0]);
  if (refused !== undefined) return wrongCommandLine(qrDescription, refused, terminal);
  try {
    const network = await chosenNetwork(options, parsed.rest[0], terminal);
    await show(network, options, terminal);
    return exitStatus.done;
  } catch (thrown) {
    if (!(thrown instanceof ConfigurationError)) throw thrown;
    terminal.errors.write(`${thrown.message}\n`);
    return exitStatus.failed;
  }
}

function complaintOf(options: Options, config: string | undefined): string | undefined {
  const { ssid, open, type } = options;
  const file = options["passphrase-file"];
  const only = options["wpa3-only"];
  if (ssid !== undefined && (ssid === "" || Buffer.byteLength(ssid) > 32)) return "an SSID has 1 to 32 octets";
  if (open && file !== undefined) return "--passphrase-file and --open exclude each other";
  if (type !== undefined && only) return "--type and --wpa3-only exclude each other";
  if (open && (type !== undefined || only)) return "an open network has no WPA3";
  if (ssid !== undefined && config === undefined && !open && file === undefined)
    return "--ssid wants the passphrase too: --passphrase-file FILE, or --open";
  return undefined;
}

/** @throws ConfigurationError */
async function chosenNetwork(options: Options, config: string | undefined, terminal: Terminal): Promise<WifiNetwork> {
  const { ssid, open, hidden } = options;
  const password = await passwordOf(options["passphrase-file"], terminal);
  const isWhole = ssid !== undefined && config === undefined;
  const bss = isWhole ? undefined : bssOf(config ?? usualConfiguration, options.interface);
  const known = { transitionDisable: 0, passwordIdentifier: undefined, publicKey: undefined };
  const joining: WifiNetwork =
    bss !== undefined && !open && password === undefined
      ? networkOf(bss)
      : {
          ssid: ssid ?? textOf(bss?.ssid ?? new Uint8Array()),
          isHidden: bss !== undefined && bss.ignore_broadcast_ssid !== "no",
          ...(password === undefined ? { type: "nopass" } : { type: "WPA", password, ...known }),
        };
  const network = { ...joining, ssid: ssid ?? joining.ssid, isHidden: hidden || joining.isHidden };
  if (network.type !== "WPA") return network;
  if (options.type === "SAE")
    return { type: "SAE", ssid: network.ssid, isHidden: network.isHidden, password: network.password };
  return options["wpa3-only"] ? { ...network, transitionDisable: network.transitionDisable | 1 } : network;
}

async function passwordOf(file: string | undefined, terminal: Terminal): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const password = file === "-" ? await lineOf(terminal) : firstLineOf(file);
  if (password === undefined || password === "") throw new ConfigurationError("no passphrase came in");
  const complaint = /^[0-9a-f]{64}$/i.test(password) ? undefined : complaintOfPassphrase(password);
  if (complaint !== undefined) throw new ConfigurationError(complaint);
  return password;
}

function bssOf(path: string, interfaceName: string | undefined): BssSettings {
  const { configuration, problems } = parseConfiguration(files(path), path, files);
  if (configuration === undefined) throw new ConfigurationError(problems.filter(isError).map(describe).join("\n"));
  const { bsses } = configuration;
  const bss = interfaceName === undefined ? bsses[0] : bsses.find((each) => each.interface === interfaceName);
  if (bss !== undefined) return bss;
  const names = bsses.map((each) => each.interface).join(", ");
  throw new ConfigurationError(`'${path}' has no network on ${interfaceName}; it has ${names}`);
}

async function show(network: WifiNetwork, options: Options, { output, errors }: Terminal): Promise<void> {
  const uri = wifiUri(network);
  const { png, svg, json } = options;
  if (json && png === undefined && svg === undefined) {
    output.write(shape(network, uri, []));
    return;
  }
  const modules = await modulesOf(uri);
  if (png !== undefined) writeSecretFile(png, pngOctets(modules));
  if (svg !== undefined) writeSecretFile(svg, svgText(modules));
  const written = [png, svg].filter((file) => file !== undefined);
  if (json) {
    output.write(shape(network, uri, written));
    return;
  }
  if (written.length > 0) {
    for (const file of written) output.write(`${file}: joins '${network.ssid}'; it holds the passphrase\n`);
    return;
  }
  const isTerminal = output.isTTY === true && process.env["TERM"] !== "dumb";
  output.write(terminalText(modules, isTerminal));
  errors.write(`joins '${network.ssid}'\n`);
}

const shape = ({ ssid, type, isHidden }: WifiNetwork, uri: string, written: readonly string[]): string =>
  `${JSON.stringify({ ssid, type, isHidden, uri, files: written })}\n`;
