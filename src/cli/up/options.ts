import { parseArgs } from "node:util";
import { messageOf } from "../../base/errors.ts";
import type { BandName } from "../../driver/port.ts";

export interface UpOptions {
  readonly ssid: string | undefined;
  /** `-` for a line of standard input. */
  readonly passphrase: string | undefined;
  readonly isOpen: boolean;
  readonly interfaceName: string | undefined;
  readonly channel: number | undefined;
  readonly band: BandName | undefined;
  readonly country: string | undefined;
  readonly share: string | undefined;
  readonly isGuest: boolean;
  readonly printsConfig: boolean;
}

const bands: ReadonlyMap<string, BandName> = new Map([
  ["2.4", "2.4GHz"],
  ["5", "5GHz"],
  ["6", "6GHz"],
]);

export function parseUpOptions(args: readonly string[]): UpOptions | { readonly refused: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ssid: { type: "string" },
        passphrase: { type: "string" },
        open: { type: "boolean" },
        interface: { type: "string" },
        channel: { type: "string" },
        band: { type: "string" },
        country: { type: "string" },
        share: { type: "string" },
        guest: { type: "boolean" },
        "print-config": { type: "boolean" },
      },
    });
    const { ssid, passphrase, channel, band, country } = values;
    if (ssid !== undefined && (ssid === "" || Buffer.byteLength(ssid) > 32)) {
      return { refused: "an SSID has 1 to 32 octets" };
    }
    if (passphrase !== undefined && values.open) return { refused: "--passphrase and --open exclude each other" };
    if (passphrase !== undefined && passphrase !== "-") {
      const complaint = complaintOfPassphrase(passphrase);
      if (complaint !== undefined) return { refused: complaint };
    }
    if (channel !== undefined && band !== undefined) return { refused: "--channel and --band exclude each other" };
    if (channel !== undefined && !/^\d{1,3}$/.test(channel)) return { refused: `'${channel}' is no channel` };
    if (band !== undefined && !bands.has(band)) return { refused: "a band is 2.4, 5 or 6" };
    if (country !== undefined && !/^[A-Z]{2}$/.test(country)) return { refused: "a country is two capital letters" };
    return {
      ssid,
      passphrase,
      isOpen: values.open === true,
      interfaceName: values.interface,
      channel: channel === undefined ? undefined : Number(channel),
      band: band === undefined ? undefined : bands.get(band),
      country,
      share: values.share,
      isGuest: values.guest === true,
      printsConfig: values["print-config"] === true,
    };
  } catch (thrown) {
    return { refused: messageOf(thrown) };
  }
}

/** IEEE Std 802.11-2020, J.4.1. Not a word of what it is. */
export function complaintOfPassphrase(passphrase: string): string | undefined {
  if (!/^[\x20-\x7e]*$/.test(passphrase)) return "a passphrase has letters, digits and signs of ASCII only";
  if (passphrase.length < 8) return `a passphrase has at least 8 characters, this one has ${passphrase.length}`;
  return passphrase.length > 63
    ? `a passphrase has at most 63 characters, this one has ${passphrase.length}`
    : undefined;
}
