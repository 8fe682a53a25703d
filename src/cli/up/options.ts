import type { BandName } from "../../driver/port.ts";
import { parseCommandLine, type Refused } from "../command-line/parse.ts";
import { upDescription } from "../descriptions/up.ts";

export interface UpOptions {
  readonly ssid: string | undefined;
  /** `-` for a line of standard input. */
  readonly passphrase: string | undefined;
  /** Its first line is the passphrase. */
  readonly passphraseFile: string | undefined;
  readonly isOpen: boolean;
  readonly interfaceName: string | undefined;
  readonly channel: number | undefined;
  readonly band: BandName | undefined;
  readonly country: string | undefined;
  readonly share: string | undefined;
  readonly isGuest: boolean;
  /** A code for cameras. */
  readonly showsCode: boolean;
  readonly printsConfig: boolean;
  readonly json: boolean;
}

const bands = { "2.4": "2.4GHz", "5": "5GHz", "6": "6GHz" } as const;

export function parseUpOptions(args: readonly string[]): UpOptions | Refused {
  const parsed = parseCommandLine(upDescription, args);
  if ("refused" in parsed) return parsed;
  const { ssid, passphrase, channel, band, country, ...values } = parsed.options;
  const passphraseFile = values["passphrase-file"];
  if (ssid !== undefined && (ssid === "" || Buffer.byteLength(ssid) > 32)) {
    return { refused: "an SSID has 1 to 32 octets" };
  }
  const secrets = [passphrase, passphraseFile].filter((each) => each !== undefined).length + (values.open ? 1 : 0);
  if (secrets > 1) return { refused: "--passphrase, --passphrase-file and --open exclude each other" };
  if (passphrase !== undefined && passphrase !== "-") {
    const complaint = complaintOfPassphrase(passphrase);
    if (complaint !== undefined) return { refused: complaint };
  }
  if (channel !== undefined && band !== undefined) return { refused: "--channel and --band exclude each other" };
  if (country !== undefined && !/^[A-Z]{2}$/.test(country)) return { refused: "a country is two capital letters" };
  return {
    ssid,
    passphrase,
    passphraseFile,
    isOpen: values.open,
    interfaceName: values.interface,
    channel,
    band: band === undefined ? undefined : bands[band],
    country,
    share: values.share,
    isGuest: values.guest,
    showsCode: values.qr,
    printsConfig: values["print-config"],
    json: values.json,
  };
}

/** IEEE Std 802.11-2020, J.4.1. Not a word of what it is. */
export function complaintOfPassphrase(passphrase: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(passphrase)) return "a passphrase has letters, digits and signs of ASCII only";
  if (passphrase.length < 8) return `a passphrase has at least 8 characters, this one has ${passphrase.length}`;
  return passphrase.length > 63
    ? `a passphrase has at most 63 characters, this one has ${passphrase.length}`
    : undefined;
}
