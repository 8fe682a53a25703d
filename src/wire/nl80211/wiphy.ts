/** Radios: what they can do, and their settings. */

import {
  attr,
  attributes,
  bytes,
  flag,
  flagSet,
  indexed,
  list,
  macAddress,
  nested,
  text,
  u8,
  u16,
  u32,
  u32Array,
  type Values,
} from "../netlink/attributes.ts";
import { channelShape } from "./channel.ts";
import { attributes as ids } from "./generated/attributes.ts";
import {
  bandAttributes as band,
  bandTypeAttributes as bandType,
  bitrateAttributes as bitrate,
  combinationAttributes as combination,
  frequencyAttributes as frequency,
  limitAttributes as limit,
  txqAttributes as txq,
} from "./generated/nested.ts";
import { ifIndex } from "./interface.ts";
import { messageType } from "./message.ts";

const frequencySet = attributes(
  {
    /** MHz. */
    frequency: attr(frequency.FREQ, u32),
    disabled: attr(frequency.DISABLED, flag),
    noIr: attr(frequency.NO_IR, flag),
    radar: attr(frequency.RADAR, flag),
    /** 1/100 dBm. */
    maxTxPower: attr(frequency.MAX_TX_POWER, u32),
    dfsState: attr(frequency.DFS_STATE, u32),
    noHt40Minus: attr(frequency.NO_HT40_MINUS, flag),
    noHt40Plus: attr(frequency.NO_HT40_PLUS, flag),
    no80MHz: attr(frequency.NO_80MHZ, flag),
    no160MHz: attr(frequency.NO_160MHZ, flag),
  },
  ["frequency"],
);

const rateSet = attributes(
  {
    /** 100 kb/s. */
    rate: attr(bitrate.RATE, u32),
    shortPreamble: attr(bitrate["2GHZ_SHORTPREAMBLE"], flag),
  },
  ["rate"],
);

/** What an interface of some types can do in a band. */
const bandTypeSet = attributes({
  types: attr(bandType.IFTYPES, flagSet),
  heMac: attr(bandType.HE_CAP_MAC, bytes),
  hePhy: attr(bandType.HE_CAP_PHY, bytes),
  heMcsSet: attr(bandType.HE_CAP_MCS_SET, bytes),
  hePpeThresholds: attr(bandType.HE_CAP_PPE, bytes),
  he6GHz: attr(bandType.HE_6GHZ_CAPA, u16),
  ehtMac: attr(bandType.EHT_CAP_MAC, u16),
  ehtPhy: attr(bandType.EHT_CAP_PHY, bytes),
  ehtMcsSet: attr(bandType.EHT_CAP_MCS_SET, bytes),
  ehtPpeThresholds: attr(bandType.EHT_CAP_PPE, bytes),
});

export type WiphyBandType = Values<typeof bandTypeSet.shape>;

const bandSet = attributes({
  frequencies: attr(band.FREQS, list(nested(frequencySet), 0)),
  rates: attr(band.RATES, list(nested(rateSet), 0)),
  htMcsSet: attr(band.HT_MCS_SET, bytes),
  htCapabilities: attr(band.HT_CAPA, u16),
  htAmpduFactor: attr(band.HT_AMPDU_FACTOR, u8),
  htAmpduDensity: attr(band.HT_AMPDU_DENSITY, u8),
  vhtMcsSet: attr(band.VHT_MCS_SET, bytes),
  vhtCapabilities: attr(band.VHT_CAPA, u32),
  types: attr(band.IFTYPE_DATA, list(nested(bandTypeSet), 0)),
});

const limitSet = attributes({ max: attr(limit.MAX, u32), types: attr(limit.TYPES, flagSet) });

const combinationSet = attributes({
  limits: attr(combination.LIMITS, list(nested(limitSet))),
  maxInterfaces: attr(combination.MAXNUM, u32),
  maxChannels: attr(combination.NUM_CHANNELS, u32),
});

const wiphy = attr(ids.WIPHY, u32);

/** Dumped with `split`, else the kernel leaves out what it has learnt since 3.9. */
export const getWiphy = messageType("GET_WIPHY", { wiphy, ifIndex, split: attr(ids.SPLIT_WIPHY_DUMP, flag) });

/** One part of the answer to {@link getWiphy}; {@link mergeWiphy} puts them together. */
export const wiphyPart = messageType(
  "NEW_WIPHY",
  {
    wiphy,
    name: attr(ids.WIPHY_NAME, text),
    address: attr(ids.MAC, macAddress),
    rtsThreshold: attr(ids.WIPHY_RTS_THRESHOLD, u32),
    fragmentationThreshold: attr(ids.WIPHY_FRAG_THRESHOLD, u32),
    ciphers: attr(ids.CIPHER_SUITES, u32Array),
    interfaceTypes: attr(ids.SUPPORTED_IFTYPES, flagSet),
    bands: attr(ids.WIPHY_BANDS, indexed(nested(bandSet))),
    commands: attr(ids.SUPPORTED_COMMANDS, list(u32)),
    combinations: attr(ids.INTERFACE_COMBINATIONS, list(nested(combinationSet))),
    apSme: attr(ids.DEVICE_AP_SME, u32),
    features: attr(ids.FEATURE_FLAGS, u32),
    extendedFeatures: attr(ids.EXT_FEATURES, bytes),
    probeResponseOffload: attr(ids.PROBE_RESP_OFFLOAD, u32),
    extendedCapabilities: attr(ids.EXT_CAPA, bytes),
    extendedCapabilitiesMask: attr(ids.EXT_CAPA_MASK, bytes),
    maxAclEntries: attr(ids.MAC_ACL_MAX, u32),
    maxCsaCounters: attr(ids.MAX_CSA_COUNTERS, u8),
    selfManagedRegulatory: attr(ids.WIPHY_SELF_MANAGED_REG, flag),
    maxAssociatedStations: attr(ids.MAX_AP_ASSOC_STA, u32),
  },
  ["wiphy"],
);

export type WiphyPart = ReturnType<typeof wiphyPart.decode>;
export type WiphyBand = Values<typeof bandSet.shape>;

/** A radio whose parts have been put together. */
export type Wiphy = Omit<WiphyPart, "bands" | "others"> & { readonly bands: ReadonlyMap<number, WiphyBand> };

/** All parts of one radio as one; bands come in pieces, a few channels in each. Of none: undefined. */
export function mergeWiphy([first, ...more]: readonly WiphyPart[]): Wiphy | undefined {
  if (first === undefined) return undefined;
  const pieces = new Map<number, WiphyBand[]>();
  for (const part of [first, ...more]) {
    for (const [id, piece] of part.bands ?? []) {
      const known = pieces.get(id);
      if (known) known.push(piece);
      else pieces.set(id, [piece]);
    }
  }
  const bands = new Map<number, WiphyBand>();
  for (const [id, parts] of pieces) {
    const frequencies = parts.flatMap((piece) => piece.frequencies ?? []);
    bands.set(id, { ...Object.assign({}, ...parts), frequencies });
  }
  return { ...Object.assign({ ...first }, ...more), bands };
}

/** Whether bit `index` of enum nl80211_ext_feature_index is set. */
export function hasExtendedFeature(octets: Uint8Array | undefined, index: number): boolean {
  return (((octets?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

const txqSet = attributes({
  /** enum nl80211_ac */
  queue: attr(txq.AC, u8),
  /** 32 us. */
  txop: attr(txq.TXOP, u16),
  cwMin: attr(txq.CWMIN, u16),
  cwMax: attr(txq.CWMAX, u16),
  aifs: attr(txq.AIFS, u8),
});

/** Settings of a radio; the queues and the channel belong to one of its interfaces. */
export const setWiphy = messageType("SET_WIPHY", {
  wiphy,
  ifIndex,
  ...channelShape,
  txqParameters: attr(ids.WIPHY_TXQ_PARAMS, list(nested(txqSet))),
  rtsThreshold: attr(ids.WIPHY_RTS_THRESHOLD, u32),
  fragmentationThreshold: attr(ids.WIPHY_FRAG_THRESHOLD, u32),
});

/** What switches a threshold off. */
export const noThreshold = 0xffff_ffff;
