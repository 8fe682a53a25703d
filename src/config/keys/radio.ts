/** The radio: country, channel, rates on the air, HT. */

import { ofRadio } from "../entry.ts";
import { boolean, integer, type Kind, numbered, text, word } from "../kinds.ts";
import { leadingInteger } from "../numbers.ts";
import { readable } from "../octets.ts";
import { flagList } from "./flags.ts";

/** Two capital letters, ISO 3166-1. */
const countryCode: Kind<string> = {
  shape: "two capital letters",
  parse(octets) {
    const code = octets.slice(0, 2);
    if (/^[A-Z]{2}$/.test(code)) {
      if (octets.trimEnd().length === 2) return { value: code };
      return { value: code, warning: `only the first two letters count: '${code}'` };
    }
    const upper = octets.trim().toUpperCase();
    return {
      error: `'${readable(octets)}' is not a country: two capital letters of ISO 3166-1 are wanted`,
      ...(/^[A-Z]{2}$/.test(upper) ? { fix: upper } : {}),
    };
  },
  format: (value) => value,
};

const country3: Kind<number> = {
  shape: "octet, hexadecimal",
  parse(octets) {
    const match = /^\s*(?:0[xX])?([0-9a-fA-F]+)/.exec(octets);
    const value = match ? Number.parseInt(match[1] ?? "", 16) : Number.NaN;
    return value <= 0xff ? { value } : { error: `'${readable(octets)}' is not an octet in hexadecimal` };
  },
  format: (value) => `0x${value.toString(16).padStart(2, "0")}`,
};

const channel: Kind<number | "automatic"> = {
  shape: "channel number, or 0 or acs_survey for automatic choice",
  parse(octets) {
    if (octets.trim() === "acs_survey") return { value: "automatic" };
    const { value, clean } = leadingInteger(octets);
    if (!clean && value === 0) return { error: `'${readable(octets)}' is not a channel number` };
    if (value === 0) return { value: "automatic" };
    if (value < 0 || value > 233) return { error: `there is no channel ${value}` };
    return clean
      ? { value }
      : { value, warning: `'${readable(octets)}' is not a number; taken as ${value}, as hostapd does` };
  },
  format: (value) => (value === "automatic" ? "0" : String(value)),
};

/** undefined leaves the driver's own. */
const threshold = (min: number, max: number): Kind<number | "off" | undefined> => ({
  shape: `-1 (off), ${min}..${max} octets`,
  parse(octets) {
    const { value, clean } = leadingInteger(octets);
    if (!clean) return { error: `'${readable(octets)}' is not a number` };
    if (value === -1) return { value: "off" };
    return value >= min && value <= max ? { value } : { error: `${value} is neither -1 nor in ${min}..${max}` };
  },
  format: (value) => (value === undefined ? "" : value === "off" ? "-1" : String(value)),
});

const htFlags = [
  "LDPC",
  "HT40-",
  "HT40+",
  "GF",
  "SHORT-GI-20",
  "SHORT-GI-40",
  "TX-STBC",
  "RX-STBC1",
  "RX-STBC12",
  "RX-STBC123",
  "DELAYED-BA",
  "MAX-AMSDU-7935",
  "DSSS_CCK-40",
  "40-INTOLERANT",
  "LSIG-TXOP-PROT",
] as const;

/** Of the HT Capability Information field. IEEE Std 802.11-2020, 9.4.2.55.2. */
export type HtCapability = (typeof htFlags)[number];

const secondaryChannel: readonly HtCapability[] = ["HT40-", "HT40+"];
const receiveStbc: readonly HtCapability[] = ["RX-STBC1", "RX-STBC12", "RX-STBC123"];

/** The secondary channel and the number of STBC streams are those of the last line that says so. */
const htCapabilities = flagList("HT capability", htFlags, (named) =>
  receiveStbc.some((flag) => named.includes(flag)) ? [...secondaryChannel, ...receiveStbc] : secondaryChannel,
);

export type HwMode = "a" | "b" | "g" | "ad" | "any";

export const radioKeys = {
  country_code: ofRadio({
    kind: countryCode,
    initial: undefined,
    cost: "country",
    doc: "Country whose rules apply; decides which channels may be used and how loud.",
    inHostapd: (value) => `Invalid country_code '${value}'`,
  }),
  country3: ofRadio({
    kind: country3,
    initial: 0x20,
    cost: "beacon",
    doc: "Third octet of the country string: 0x20 everywhere, 0x4f outdoors, 0x49 indoors, 0x04 global operating classes.",
  }),
  ieee80211d: ofRadio({
    kind: boolean,
    initial: false,
    cost: "beacon",
    doc: "Tell stations the country and its channels (Country element).",
  }),
  hw_mode: ofRadio({
    kind: word<HwMode>("a", "b", "g", "ad", "any"),
    initial: "b",
    cost: "stations",
    doc: "Band and rates: b or g for 2.4 GHz, a for 5 GHz, ad for 60 GHz, any for what the radio has.",
    yet: "ad is refused.",
    inHostapd: (value) => `unknown hw_mode '${value}'`,
  }),
  channel: ofRadio({
    kind: channel,
    initial: "automatic",
    cost: "channel",
    doc: "Primary channel.",
  }),
  op_class: ofRadio({
    kind: integer(0, 255),
    initial: 0,
    cost: "channel",
    doc: "Operating class: says band and width, where 0 leaves them to hw_mode and the other keys. 131 to 137 are 6 GHz.",
  }),
  beacon_int: ofRadio({
    kind: integer(10, 65535),
    initial: 100,
    cost: "stations",
    doc: "Time between beacons, in time units of 1.024 ms.",
    inHostapd: (value) => `invalid beacon_int ${leadingInteger(value).value} (expected 10..65535)`,
  }),
  driver_params: ofRadio({
    kind: text(),
    initial: undefined,
    cost: "restart",
    doc: "Parameters of the driver; control_port=0 has EAPOL frames cross a packet socket instead of nl80211.",
  }),
  rts_threshold: ofRadio({
    kind: threshold(0, 65535),
    initial: undefined,
    cost: "live",
    doc: "Frames longer than this many octets are preceded by RTS; the driver's choice where absent.",
    inHostapd: (value) => `invalid rts_threshold ${leadingInteger(value).value}`,
  }),
  fragm_threshold: ofRadio({
    kind: threshold(256, 2346),
    initial: undefined,
    cost: "live",
    doc: "Frames longer than this many octets are sent in fragments; the driver's choice where absent.",
    inHostapd: (value) => `invalid fragm_threshold ${leadingInteger(value).value}`,
  }),
  preamble: ofRadio({
    kind: numbered({ 0: "long", 1: "short" }, "short"),
    initial: "long",
    cost: "beacon",
    doc: "Whether stations may use the short preamble.",
  }),
  ieee80211n: ofRadio({ kind: boolean, initial: false, cost: "stations", doc: "HT (802.11n)." }),
  ht_capab: ofRadio({
    kind: htCapabilities,
    initial: new Set<HtCapability>(),
    cost: "stations",
    doc: "HT capabilities to offer, of those that the radio has; HT40+ or HT40- asks for 40 MHz and says where the second half lies.",
  }),
  require_ht: ofRadio({ kind: boolean, initial: false, cost: "beacon", doc: "Refuse stations without HT." }),
  obss_interval: ofRadio({
    kind: integer(0, 65535),
    initial: 0,
    cost: "beacon",
    doc: "Have stations look for neighbours that 40 MHz would disturb, every so many seconds; 0 for never.",
  }),
  noscan: ofRadio({
    kind: boolean,
    initial: false,
    cost: "channel",
    doc: "Start with 40 MHz without looking for neighbours first (a key of OpenWrt's hostapd).",
  }),
  ht_coex: ofRadio({
    kind: boolean,
    initial: false,
    cost: "live",
    doc: "Heed the coexistence reports of stations even with noscan (a key of OpenWrt's hostapd).",
  }),
  ap_table_max_size: ofRadio({
    kind: integer(0),
    initial: 255,
    cost: "live",
    doc: "How many neighbouring access points are remembered, to protect their stations' frames.",
  }),
  ap_table_expiration_time: ofRadio({
    kind: integer(0),
    initial: 60,
    cost: "live",
    doc: "Seconds after which a silent neighbour is forgotten.",
  }),
} as const;
