/** Never, most likely: WEP. A file that asks for it must not end in an open network. */

import { bssLater } from "../entry.ts";
import { integer, opaque } from "../kinds.ts";

const weak = "WEP protects nothing and is not supported; the network would be open";
const key = {
  secret: true,
  refuse: (value: string) => (value === "" ? undefined : weak),
} as const;
const length = { refuse: (octets: number) => (octets === 0 ? undefined : weak) } as const;
const shape = '5, 13 or 16 octets, as "text" or hexadecimal';

export const wepKeys = {
  wep_default_key: bssLater(integer(0, 3), 0, "WEP key to send with."),
  wep_key0: bssLater(opaque(shape), "", "WEP key.", key),
  wep_key1: bssLater(opaque(shape), "", "WEP key.", key),
  wep_key2: bssLater(opaque(shape), "", "WEP key.", key),
  wep_key3: bssLater(opaque(shape), "", "WEP key.", key),
  wep_key_len_broadcast: bssLater(integer(0, 13), 0, "Octets of dynamic WEP keys for broadcast.", length),
  wep_key_len_unicast: bssLater(integer(0, 13), 0, "Octets of dynamic WEP keys for one station.", length),
  wep_rekey_period: bssLater(integer(0), 300, "Seconds between new WEP keys."),
} as const;
