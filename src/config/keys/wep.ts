/** WEP: broken since 2001, and here for devices that have nothing else. IEEE Std 802.11-2020, 12.3.2. */

import { bssLater, ofBss } from "../entry.ts";
import { hex, integer, type Kind } from "../kinds.ts";
import { octetsOf } from "../octets.ts";

/** Octets of a key: WEP-40, WEP-104, and 128 of some vendors'. */
const lengths: readonly number[] = [5, 13, 16];

/** Nothing stands for no key. */
const wepKey: Kind<Uint8Array | undefined> = {
  shape: '5, 13 or 16 octets, as "text" or hexadecimal',
  freeText: true,
  parse(text, { files }) {
    if (text === "") return { value: undefined };
    const quoted = /^"(.*)"$/s.exec(text)?.[1];
    // What is wrong with a key is said without showing it.
    const parsed =
      quoted === undefined ? hex().parse(text, { files, previous: undefined }) : { value: octetsOf(quoted) };
    if ("error" in parsed) return { error: 'this is neither "text" in quotes nor hexadecimal' };
    return lengths.includes(parsed.value.length)
      ? parsed
      : { error: `${parsed.value.length} octets, where 5, 13 or 16 have to be` };
  },
  format: (value) => (value === undefined ? "" : hex().format(value)),
};

const key = {
  kind: wepKey,
  initial: undefined,
  secret: true,
  cost: "stations",
  inHostapd: () => "invalid WEP key '[REMOVED]'",
} as const;

const weak = "dynamic WEP protects nothing and is not supported; the network would be open";
const length = { refuse: (octets: number) => (octets === 0 ? undefined : weak) } as const;

/** Static keys, in the settings. */
export const wepKeys = {
  wep_default_key: ofBss({ kind: integer(0, 3), initial: 0, cost: "stations", doc: "WEP key to send with." }),
  wep_key0: ofBss({ ...key, doc: "WEP key with id 0. WEP protects nothing: for devices that have no WPA." }),
  wep_key1: ofBss({ ...key, doc: "WEP key with id 1." }),
  wep_key2: ofBss({ ...key, doc: "WEP key with id 2." }),
  wep_key3: ofBss({ ...key, doc: "WEP key with id 3." }),
} as const;

/** Keys by IEEE 802.1X, never: a file that asks for them must not end in an open network. */
export const dynamicWepKeys = {
  wep_key_len_broadcast: bssLater(integer(0, 13), 0, "Octets of dynamic WEP keys for broadcast.", length),
  wep_key_len_unicast: bssLater(integer(0, 13), 0, "Octets of dynamic WEP keys for one station.", length),
  wep_rekey_period: bssLater(integer(0), 300, "Seconds between new WEP keys."),
} as const;
