/** Values with a syntax of their own, checked as hostapd checks them and kept as they stand. */

import { bytesOfHex } from "../base/bytes.ts";
import { messageOf } from "../base/errors.ts";
import { parseMacAddress } from "../base/mac-address.ts";
import { decodeString } from "./encoded-string.ts";
import { ipAddress, type Kind, opaque, path } from "./kinds.ts";
import { leadingInteger } from "./numbers.ts";
import { type OctetText, readable } from "./octets.ts";

/** @param wrongWith what is wrong, in words that hold no secret; undefined where nothing is */
const checked = (shape: string, wrongWith: (text: OctetText) => string | undefined): Kind<string> => {
  const kind = opaque(shape);
  return {
    ...kind,
    parse(text, context) {
      const error = wrongWith(text);
      return error === undefined ? kind.parse(text, context) : { error };
    },
  };
};

const isAddress = (text: OctetText): boolean => text.includes(":") && parseMacAddress(text) !== undefined;
const isHex = (text: OctetText, octets?: number): boolean =>
  octets === undefined ? bytesOfHex(text) !== undefined : bytesOfHex(text)?.length === octets;
const withoutFiles = { files: () => new Uint8Array(), previous: undefined };
const isIpAddress = (text: OctetText): boolean => "value" in ipAddress.parse(text, withoutFiles);
const inRange = (text: OctetText, min: number, max: number): boolean => {
  const { value } = leadingInteger(text);
  return value >= min && value <= max;
};

/** `"text"`, `P"escapes"` or hexadecimal, as an SSID. */
export const encodedSsid = checked('1..32 octets as "text", P"text with escapes" or hexadecimal', (text) => {
  const octets = decodeString(text);
  if (octets === undefined) return 'neither "text", nor P"text with escapes", nor hexadecimal';
  return octets.length >= 1 && octets.length <= 32 ? undefined : `${octets.length} octets, where 1..32 have to be`;
});

/** The file has to be there. */
export const readableFile: Kind<string> = {
  ...path,
  parse(text, context) {
    const parsed = path.parse(text, context);
    if ("error" in parsed) return parsed;
    try {
      context.files(parsed.value);
      return parsed;
    } catch (thrown) {
      return { error: messageOf(thrown) };
    }
  },
};

/** Keys are 32 octets; 16 are an old form. */
const keyHolderKey = (text: OctetText | undefined): string | undefined =>
  text !== undefined && (isHex(text, 32) || isHex(text, 16))
    ? undefined
    : "the key has to be 64 hexadecimal digits, or 32 in the old form";

export const keyHolderR0 = checked("MAC address, NAS identifier of 1..47 octets, key", (text) => {
  const [address = "", id = "", key] = text.split(" ");
  if (!isAddress(address)) return "a MAC address has to stand first";
  if (id.length < 1 || id.length > 47) return `the NAS identifier has ${id.length} octets, where 1..47 have to be`;
  return keyHolderKey(key);
});

export const keyHolderR1 = checked("MAC address, R1KH-ID as another, key", (text) => {
  const [address = "", id = "", key] = text.split(" ");
  if (!isAddress(address)) return "a MAC address has to stand first";
  return isAddress(id) ? keyHolderKey(key) : "the R1KH-ID has to be six pairs of hexadecimal digits with colons";
});

/** `eng:Example`; may also stand in one of the notations of {@link decodeString}. */
export const languageString = checked("language:text, of 2..3 and up to 252 octets", (text) => {
  const isEncoded = /^P?"/.test(text);
  const octets = isEncoded ? decodeString(text) : undefined;
  if (isEncoded && octets === undefined) return "the closing quotation mark is missing";
  const plain = octets ? String.fromCharCode(...octets) : text;
  const colon = plain.indexOf(":");
  if (colon === -1) return "a language and a colon have to stand first";
  if (colon < 2 || colon > 3) return `'${readable(plain.slice(0, colon))}' is no language of two or three letters`;
  const length = plain.length - colon - 1;
  return length > 252 ? `${length} octets of text, where at most 252 may be` : undefined;
});

export const venueUrl = checked("number of the venue:URL of up to 254 octets", (text) => {
  const colon = text.indexOf(":");
  if (colon === -1) return "the number of a venue name and a colon have to stand first";
  if (!inRange(text.slice(0, colon), 0, 255)) return `'${readable(text.slice(0, colon))}' is not in 0..255`;
  const length = text.length - colon - 1;
  return length > 254 ? `${length} octets, where at most 254 may be` : undefined;
});

/** Type in hexadecimal, and for 00 and 02 the page to go to. */
export const networkAuthentication = checked("type in two hexadecimal digits, then a URL", (text) =>
  isHex(text.slice(0, 2), 1) ? undefined : "two hexadecimal digits have to stand first",
);

export const domainNames = checked("list with commas, of names of up to 255 octets", (text) =>
  text.split(",").some((name) => name.length > 255) ? "a name is longer than 255 octets" : undefined,
);

const mostNetworks = 42; // as many as the element's length can tell

export const cellularNetworks = checked("MCC,MNC;MCC,MNC...", (text) => {
  const networks = text.split(";");
  if (networks.length > mostNetworks) return `${networks.length} networks, where at most ${mostNetworks} may be`;
  const odd = networks.find((network) => !/^\d{3},\d{2,3}$/.test(network));
  return odd === undefined ? undefined : `'${readable(odd)}' is not three digits, a comma, and two or three digits`;
});

const mostRealms = 10;
const mostMethods = 5;
const mostParameters = 4;

/** `encoding,realm;realm...[,method[id:value]...]...` */
export const naiRealm = checked("encoding,realm;realm...,method[id:value]...", (text) => {
  const [, realms, ...methods] = text.split(",");
  if (realms === undefined) return "an encoding (0 or 1), a comma and realms are wanted";
  if (realms.length > 255) return `${realms.length} octets of realms, where at most 255 may be`;
  if (realms.split(";").length > mostRealms) return `more than ${mostRealms} realms`;
  if (methods.length > mostMethods) return `more than ${mostMethods} EAP methods`;
  for (const method of methods) {
    const [, parameters = ""] = /^[^[]*(.*)$/s.exec(method) ?? [];
    if (!/^(\[[^[\]:]*:[^[\]]*\])*$/.test(parameters))
      return `'${readable(method)}' is no EAP method with [id:value] behind it`;
    if (parameters.split("[").length - 1 > mostParameters) return `more than ${mostParameters} parameters of a method`;
  }
  return undefined;
});

export const anqpElement = checked("number of the element:hexadecimal octets", (text) => {
  const colon = text.indexOf(":");
  if (colon === -1) return "the number of the element and a colon have to stand first";
  if (!inRange(text.slice(0, colon), 0, 65535)) return `'${readable(text.slice(0, colon))}' is not in 0..65535`;
  return isHex(text.slice(colon + 1)) ? undefined : "the contents have to be hexadecimal octets";
});

/** Pairs of DSCP exceptions, then eight DSCP ranges. IEEE Std 802.11-2020, 9.4.2.94. */
export const qosMap = checked("list of 16..58 numbers with commas", (text) => {
  const numbers = text.split(",");
  if (numbers.length < 16 || numbers.length > 58 || numbers.length % 2 === 1) {
    return `${numbers.length} numbers, where an even count of 16..58 has to be`;
  }
  const odd = numbers.find((number) => !inRange(number, 0, 255));
  return odd === undefined ? undefined : `${readable(odd)} is not in 0..255`;
});

export const connectionCapability = checked("IP protocol:port:status", (text) =>
  text.split(":").length >= 3 ? undefined : "protocol, port and status are wanted, with colons between them",
);

export const wanMetrics = checked(
  "information in two hexadecimal digits, then speeds down and up, loads down and up, duration, with colons",
  (text) => {
    if (!/^[0-9a-fA-F]{2}:/.test(text)) return "two hexadecimal digits and a colon have to stand first";
    return text.split(":").length >= 6 ? undefined : "six values are wanted, with colons between them";
  },
);

export const channelBias = checked("list of channel:factor", (text) => {
  const odd = text.split(" ").find((item) => !/^\d+:(\d+\.?\d*|\.\d+)$/.test(item) || !inRange(item, 1, 255));
  return text === "" || odd === undefined ? undefined : `'${readable(odd)}' is no channel, colon and factor`;
});

/** Numbers and ranges of numbers, with commas or blanks between them. */
export const ranges = (of: string) =>
  checked(`list of ${of} and ranges of them`, (text) => {
    const odd = text.split(/[ ,]+/).find((item) => item !== "" && !/^\d+(-\d+)?$/.test(item));
    return odd === undefined ? undefined : `'${readable(odd)}' is neither a number nor a range of numbers`;
  });

export const uuid = checked("UUID", (text) =>
  /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(text)
    ? undefined
    : `'${readable(text)}' is no UUID (8, 4, 4, 4 and 12 hexadecimal digits with hyphens)`,
);

export const wpsDeviceType = checked("category-OUI-subcategory, as 6-0050F204-1", (text) =>
  /^\d+-[0-9a-fA-F]{8}-\d+$/.test(text)
    ? undefined
    : `'${readable(text)}' is no category, eight hexadecimal digits and subcategory with hyphens`,
);

/** `DPP` with more than one controller has a line for each. */
export const dppController = checked("ipaddr=address pkhash=64 hexadecimal digits", (text) => {
  const parameter = (name: string): string => new RegExp(`(?:^| )${name}=([^ ]*)`).exec(text)?.[1] ?? "";
  if (!isIpAddress(parameter("ipaddr"))) return "ipaddr= with an IP address is missing";
  return isHex(parameter("pkhash"), 32) ? undefined : "pkhash= with 64 hexadecimal digits is missing";
});

const tlsFlagNames = [
  "ALLOW-SIGN-RSA-MD5",
  "DISABLE-TIME-CHECKS",
  ...["1.0", "1.1", "1.2", "1.3"].flatMap((version) => [`DISABLE-TLSv${version}`, `ENABLE-TLSv${version}`]),
  "SUITEB",
  "SUITEB-NO-ECDH",
];

/** What isn't a flag is left out, as in hostapd, but not without a word. */
export const tlsFlags: Kind<string> = {
  ...opaque(`list of ${tlsFlagNames.map((flag) => `[${flag}]`).join("")}`),
  parse(text) {
    const value = tlsFlagNames
      .map((flag) => `[${flag}]`)
      .filter((flag) => text.includes(flag))
      .join("");
    for (const match of text.matchAll(/\[([^\][]*)\]|[^\][\s]+/g)) {
      if (match[1] !== undefined && tlsFlagNames.includes(match[1])) continue;
      const warning = `'${readable(match[0])}' is no TLS flag and is left out`;
      return { value, warning, at: match.index, length: match[0].length };
    }
    return { value };
  },
};

/** Octets in hexadecimal; what isn't counts as none, as in hostapd, but not without a word. */
export const hexOrNone: Kind<string> = {
  ...opaque("hexadecimal octets"),
  parse: (text) =>
    isHex(text)
      ? { value: text }
      : { value: "", warning: "these are no hexadecimal octets; taken as none, as hostapd does" },
};

/** What the BSS Load element is to claim: numbers of stations, of utilization in 1/255, and of capacity in 32 us/s. */
export const bssLoad = checked("stations:utilization:capacity", (text) =>
  text.split(":").length === 3 ? undefined : "three numbers are wanted, with colons between them",
);

/** Of MACsec. IEEE Std 802.1X-2020, 6.2. */
export const connectivityAssociationKey = checked("32 or 64 hexadecimal digits", (text) =>
  isHex(text, 16) || isHex(text, 32)
    ? undefined
    : `${text.length} characters, where 32 or 64 hexadecimal digits have to be`,
);
