/** What is kept of a station: the form in which it lies in memory, and goes over the control socket as JSON. */

import { type MacAddress, parseMacAddress } from "../../base/mac-address.ts";
import {
  count,
  list,
  maybe,
  type Of,
  object,
  oneOf,
  parsed,
  type Shape,
  type Shaped,
  text,
  truth,
} from "../../base/shape.ts";

export const address: Shape<MacAddress> = parsed(parseMacAddress, "an address");

/** What a request for association says that it can. Names are those of the suites; empty where it named none. */
export const offeredShape = object({
  protocol: oneOf("rsn", "wpa", "none"),
  akms: list(text),
  pairwise: list(text),
  group: maybe(text),
  /** Protection of management frames. */
  protection: oneOf("none", "capable", "required"),
  /** The newest generation that it says it has: n, ac, ax, be. */
  generation: oneOf("before", "n", "ac", "ax", "be"),
});
export type Offered = Shaped<typeof offeredShape>;

/** What the network takes. */
export const requiredShape = object({
  protocols: list(oneOf("rsn", "wpa")),
  akms: list(text),
  pairwise: list(text),
  group: maybe(text),
  protection: oneOf("none", "optional", "required"),
});
export type Required = Shaped<typeof requiredShape>;

const common = {
  /** Seconds of UNIX time; of the first where it came several times over. */
  at: count,
  /** Interface of the BSS. */
  bss: text,
  /** How often the same came, one after the other. */
  times: count,
  /** When it came last. */
  last: count,
} as const;

/** By type, what each has beside {@link common}. */
const kinds = {
  /** Authentication that takes several frames has begun. */
  begun: { algorithm: text },
  authenticated: {},
  refused: {
    stage: oneOf("authentication", "association"),
    /** Of the standard: `invalid-pairwise-cipher`. */
    status: text,
    code: count,
    /** For people: what was offered and what is required. */
    explanation: text,
    offered: maybe(offeredShape),
    required: maybe(requiredShape),
    signalDbm: maybe(count),
  },
  blocked: { because: oneOf("banned", "denied", "not-accepted", "no-vlan", "not-granted") },
  full: {},
  unacknowledged: { answer: oneOf("authentication", "association"), signalDbm: maybe(count) },
  associated: {
    again: truth,
    offered: maybe(offeredShape),
    required: maybe(requiredShape),
    signalDbm: maybe(count),
  },
  /** Its proof fits none of the passphrases. */
  "wrong-key": {},
  /** SAE: it names a password that there isn't. */
  "unknown-identifier": {},
  "element-mismatch": { explanation: text },
  "channel-mismatch": { explanation: text },
  stalled: { awaited: oneOf("message 2", "message 4"), acknowledged: maybe(truth) },
  "group-stalled": {},
  keyed: {},
  "eap-begun": {},
  "eap-method": { method: text },
  "eap-done": {},
  "eap-failed": { reason: text },
  "eap-silent": {},
  "eap-unreachable": { reason: text },
  connected: { keyId: maybe(text), vlanId: maybe(count) },
  disconnected: {},
  left: { by: oneOf("station", "access-point", "driver"), reason: text, code: maybe(count) },
  dismissed: {
    because: oneOf("kicked", "banned", "denied", "not-accepted", "key-changed", "session-over", "server", "moved"),
  },
  /** To this BSS, from that one. */
  moved: { from: text },
  "lost-frames": {},
  /** It asks for an address of IPv4, and has not been seen to get one since. */
  "address-asked": {},
  /** A server has answered: it takes what it was offered. */
  "address-taken": { address: maybe(text) },
  "address-declined": { address: maybe(text) },
} as const;

type Kinds = typeof kinds;
export type EntryType = keyof Kinds;

/** One thing that happened to a station. */
export type Entry = {
  readonly [K in EntryType]: { readonly type: K } & Of<typeof common> & Of<Kinds[K]>;
}[EntryType];

export type EntryOf<T extends EntryType> = Extract<Entry, { readonly type: T }>;

/** An entry as it is handed in. */
export type Note = { readonly [K in EntryType]: { readonly type: K } & Of<Kinds[K]> }[EntryType];

const shapes: Readonly<Record<string, Shape<unknown>>> = Object.fromEntries(
  Object.entries(kinds).map(([type, fields]) => [type, object({ type: text, ...common, ...fields })]),
);
const typeShape = object({ type: text });

/** One that a later version has made may be of a type that isn't known here: it is left out. */
const entriesShape: Shape<readonly Entry[]> = (value, path) =>
  list<Entry | undefined>((each, at) => {
    const { type } = typeShape(each, at);
    const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    return shape && (shape(each, at) as Entry);
  })(value, path).filter((entry) => entry !== undefined);

/** What happened to a network as a whole. */
export const networkEntryShape = object({
  at: count,
  bss: text,
  what: oneOf("up", "down", "interface-down", "interface-gone", "channel", "stopping"),
  /** MHz, where it goes to another channel. */
  frequency: maybe(count),
});
export type NetworkEntry = Shaped<typeof networkEntryShape>;

const recordFields = {
  station: address,
  /** When it was heard of first, in seconds of UNIX time. */
  since: count,
  /** How often it has got in. */
  joins: count,
  /** It calls itself so when it asks for an address. */
  hostName: maybe(text),
  /** Oldest first. */
  entries: entriesShape,
  /** So many older ones have been left out. */
  omitted: count,
} as const;

export const stationRecordShape = object(recordFields);
export type StationRecord = Shaped<typeof stationRecordShape>;

/** What one daemon leaves for the next. */
export const savedShape = object({
  at: count,
  network: list(networkEntryShape),
  stations: list(
    object({ ...recordFields /** How far in it has been; the book knows what that means. */, rank: count }),
  ),
});
export type Saved = Shaped<typeof savedShape>;
