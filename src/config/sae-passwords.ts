/**
 * Passwords for SAE (sae_password, and the lines of sae_password_file): `password[|mac=ADDRESS][|vlanid=N][|pk=M:KEY][|id=IDENTIFIER]`.
 * An identifier goes to the end of the line, whatever stands in it.
 */

import { bytesOfHex, hexOf } from "../base/bytes.ts";
import { broadcast, type MacAddress, parseMacAddress } from "../base/mac-address.ts";
import { isRefused, type Kind, type Refused } from "./kinds.ts";
import { fileLines, longestLine, mostProblems } from "./lines.ts";
import { namedFile } from "./named-file.ts";
import { leadingInteger } from "./numbers.ts";
import { type OctetText, octetsOf, octetTextOf } from "./octets.ts";
import type { Problem } from "./problem.ts";

/** The key pair of SAE-PK that a password was made for. */
export interface SaePkKey {
  /** 16 octets: Modifier M. */
  readonly modifier: Uint8Array;
  /** DER: ECPrivateKey (RFC 5915) or PKCS #8. */
  readonly privateKey: Uint8Array;
  /** For tests of stations: what Confirms are signed with instead. */
  readonly signingKey: Uint8Array | undefined;
}

export interface SaePassword {
  readonly password: Uint8Array;
  /** undefined for any station. */
  readonly station: MacAddress | undefined;
  /** 0 for none. */
  readonly vlanId: number;
  readonly identifier: Uint8Array | undefined;
  readonly pk: SaePkKey | undefined;
}

/** The passwords of a file. */
export interface SaePasswordFile {
  readonly path: string;
  readonly passwords: readonly SaePassword[];
}

const modifierLength = 16;

type ParsedPassword = { readonly value: SaePassword } | Refused;

/** Options stand in this order, as hostapd writes them; what looks like one after its place belongs to what is before it. */
const optionNames = ["mac", "vlanid", "pk", "id"] as const;
type OptionName = (typeof optionNames)[number];

interface Option {
  readonly text: OctetText;
  /** Octets from the start of the line. */
  readonly at: number;
}

function parseSaePassword(text: OctetText): ParsedPassword {
  const { password, options } = split(text);
  if (password === "") return { error: "the password is missing", at: 0, length: Math.max(1, text.length) };
  const wrong = ({ at, text: { length } }: Option, error: string): Refused => ({ error, at, length });

  const mac = options.get("mac");
  const station = mac && parseMacAddress(mac.text);
  if (mac && station === undefined) return wrong(mac, "mac= is followed by no MAC address");

  const vlan = options.get("vlanid");
  const vlanId = leadingInteger(vlan?.text ?? "0");
  if (vlan && (!vlanId.clean || vlanId.value < 0 || vlanId.value > 4094)) {
    return wrong(vlan, "vlanid= is followed by no VLAN ID (1..4094)");
  }
  const pk = options.get("pk");
  const key = pk && parsePk(pk.text);
  if (pk && typeof key === "string") return wrong(pk, key);

  const identifier = options.get("id");
  if (identifier?.text === "") return wrong({ ...identifier, text: " " }, "id= is followed by nothing");
  return {
    value: {
      password: octetsOf(password),
      station: station === broadcast ? undefined : station,
      vlanId: vlanId.value,
      identifier: identifier && octetsOf(identifier.text),
      pk: typeof key === "object" ? key : undefined,
    },
  };
}

function split(text: OctetText): { readonly password: OctetText; readonly options: ReadonlyMap<OptionName, Option> } {
  const found: { readonly name: OptionName; readonly start: number; readonly at: number }[] = [];
  let from = 0;
  for (const name of optionNames) {
    const mark = `|${name}=`;
    const start = text.indexOf(mark, from);
    if (start < 0) continue;
    found.push({ name, start, at: start + mark.length });
    from = start + mark.length;
  }
  const options = new Map<OptionName, Option>();
  for (const [i, { name, at }] of found.entries()) {
    options.set(name, { at, text: text.slice(at, found[i + 1]?.start) });
  }
  return { password: text.slice(0, found[0]?.start), options };
}

/** @returns what is wrong, in words, where something is */
function parsePk(text: OctetText): SaePkKey | string {
  const [m = "", key, signing] = text.split(":");
  const modifier = bytesOfHex(m);
  if (modifier?.length !== modifierLength)
    return `the modifier before ':' has to be ${2 * modifierLength} hexadecimal digits`;
  if (key === undefined) return "after the modifier, ':' and the private key (base64 of its DER form) are wanted";
  const privateKey = octetsOfBase64(key);
  const signingKey = signing === undefined ? undefined : octetsOfBase64(signing);
  if (privateKey === undefined || (signing !== undefined && signingKey === undefined))
    return "the private key is no base64";
  return { modifier, privateKey, signingKey };
}

function octetsOfBase64(text: OctetText): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Each line adds one; an empty value takes all away. */
export const saePasswordKind: Kind<readonly SaePassword[]> = {
  shape: "password[|mac=ADDRESS][|vlanid=N][|pk=M:KEY][|id=IDENTIFIER]",
  freeText: true,
  addsUp: true,
  parse(text, { previous }) {
    if (text === "") return { value: [] };
    const parsed = parseSaePassword(text);
    return isRefused(parsed) ? parsed : { value: [...(previous ?? []), parsed.value] };
  },
  // Of several, what the last line said.
  format: (value) => textOfPassword(value.at(-1)),
};

function textOfPassword(entry: SaePassword | undefined): OctetText {
  if (entry === undefined) return "";
  const { password, station, vlanId, identifier, pk } = entry;
  return [
    octetTextOf(password),
    station === undefined ? "" : `|mac=${station}`,
    vlanId === 0 ? "" : `|vlanid=${vlanId}`,
    pk === undefined ? "" : `|pk=${textOfPk(pk)}`,
    identifier === undefined ? "" : `|id=${octetTextOf(identifier)}`,
  ].join("");
}

const textOfPk = ({ modifier, privateKey, signingKey }: SaePkKey): OctetText =>
  [hexOf(modifier), base64Of(privateKey), ...(signingKey === undefined ? [] : [base64Of(signingKey)])].join(":");

const base64Of = (octets: Uint8Array): OctetText => btoa(octetTextOf(octets));

export const saePasswordFileKind = namedFile<SaePasswordFile>((contents, path) => {
  const { passwords, problems } = parseSaePasswordFile(contents, path);
  return { value: { path, passwords }, problems };
});

/** A line a password; an empty one, and one with `#` in its first column, is none. */
export function parseSaePasswordFile(
  contents: Uint8Array,
  file: string,
): { readonly passwords: readonly SaePassword[]; readonly problems: readonly Problem[] } {
  const passwords: SaePassword[] = [];
  const problems: Problem[] = [];
  for (const { line, text, cut } of fileLines(contents)) {
    if ((text === "" && cut === "no") || text.startsWith("#")) continue;
    if (problems.length >= mostProblems) break;
    if (cut !== "no") {
      // A password that is cut would let nobody in, and nobody would know why.
      const message =
        cut === "too-long" ? `the line is longer than ${longestLine} octets` : "there is an octet 0 in the line";
      problems.push({ severity: "error", file, line, column: text.length + 1, length: 1, message });
      continue;
    }
    const parsed = parseSaePassword(text);
    if (!isRefused(parsed)) {
      passwords.push(parsed.value);
      continue;
    }
    const { error, at = 0, length = text.length } = parsed;
    const hostapd = `Invalid SAE password at line ${line} in '${file}'`;
    problems.push({ severity: "error", file, line, column: at + 1, length, message: error, hostapd });
  }
  return { passwords, problems };
}
