import { type Reader, Writer } from "../../base/bytes.ts";
import { type BitName, decodeBits, encodeBits } from "./named-bits.ts";
import { akmSuite, cipherSuite, type Suite } from "./suites.ts";

/** RSN Capabilities by name. IEEE Std 802.11-2020, figure 9-289. */
const capabilityBits = {
  preauthentication: 0,
  noPairwise: 1,
  mfpRequired: 6,
  mfpCapable: 7,
  jointMultibandRsna: 8,
  peerKeyEnabled: 9,
  sppAmsduCapable: 10,
  sppAmsduRequired: 11,
  pbac: 12,
  extendedKeyId: 13,
  ocvCapable: 14,
} as const;

export type RsnCapability = BitName<typeof capabilityBits>;

/** Replay counters per PTKSA or GTKSA. IEEE Std 802.11-2020, table 9-153. */
const replayCounters = [1, 2, 4, 16] as const;
export type ReplayCounters = (typeof replayCounters)[number];

/**
 * RSN element (RSNE). IEEE Std 802.11-2020, 9.4.2.24.
 * Every field after the version is optional on the air, but only from the end: an absent field is its default here.
 */
export interface Rsne {
  readonly group: Suite;
  readonly pairwise: readonly Suite[];
  readonly akm: readonly Suite[];
  readonly capabilities: ReadonlySet<RsnCapability>;
  readonly ptksaReplayCounters: ReplayCounters;
  readonly gtksaReplayCounters: ReplayCounters;
  /** Capability bits that no name above covers, kept as they came. */
  readonly otherCapabilities: number;
  /** 16 octets each. */
  readonly pmkids: readonly Uint8Array[];
  /** Where undefined, BIP-CMAC-128 if management frames are protected at all. */
  readonly groupManagement: Suite | undefined;
}

const version = 1;
const suiteLength = 4;

/** What an absent field means. */
export const rsneDefaults: Rsne = {
  group: cipherSuite.CCMP,
  pairwise: [cipherSuite.CCMP],
  akm: [akmSuite["WPA-EAP"]],
  capabilities: new Set(),
  ptksaReplayCounters: 1,
  gtksaReplayCounters: 1,
  otherCapabilities: 0,
  pmkids: [],
  groupManagement: undefined,
};

/** The element's body. All fields to the capabilities are written, those after them where they say something. */
export function encodeRsne(rsne: Rsne): Uint8Array {
  const w = new Writer().u16le(version).u32be(rsne.group);
  w.u16le(rsne.pairwise.length);
  for (const suite of rsne.pairwise) w.u32be(suite);
  w.u16le(rsne.akm.length);
  for (const suite of rsne.akm) w.u32be(suite);
  w.u16le(rsnCapabilitiesField(rsne));
  if (rsne.pmkids.length === 0 && rsne.groupManagement === undefined) return w.finish();
  w.u16le(rsne.pmkids.length);
  for (const pmkid of rsne.pmkids) w.put(pmkid);
  if (rsne.groupManagement !== undefined) w.u32be(rsne.groupManagement);
  return w.finish();
}

/** RSN Capabilities field. IEEE Std 802.11-2020, 9.4.2.24.4. */
export const rsnCapabilitiesField = (rsne: Rsne): number =>
  encodeBits(capabilityBits, rsne.capabilities, rsne.otherCapabilities) |
  (replayCounters.indexOf(rsne.ptksaReplayCounters) << 2) |
  (replayCounters.indexOf(rsne.gtksaReplayCounters) << 4);

/**
 * Octets after the last field that is known are a later version's, and ignored, as is a rest too short for a PMKID
 * count or a suite: stations that pad are let in by others too.
 * @throws MalformedError when a field is cut, a list is empty, or the version is not 1
 */
export function decodeRsne(r: Reader): Rsne {
  if (r.u16le() !== version) r.fail("unknown RSN version");
  const group = r.remaining ? r.u32be() : rsneDefaults.group;
  const pairwise = r.remaining ? suites("pairwise ciphers") : rsneDefaults.pairwise;
  const akm = r.remaining ? suites("AKMs") : rsneDefaults.akm;
  const bits = r.remaining ? r.u16le() : 0;
  const pmkids = r.remaining >= 2 ? Array.from({ length: r.u16le() }, () => r.take(16).slice()) : [];
  const groupManagement = r.remaining >= suiteLength ? r.u32be() : undefined;

  const { names, others } = decodeBits(capabilityBits, bits & ~0x3c);
  return {
    group,
    pairwise,
    akm,
    capabilities: names,
    ptksaReplayCounters: replayCounters[(bits >>> 2) & 3] ?? 1,
    gtksaReplayCounters: replayCounters[(bits >>> 4) & 3] ?? 1,
    otherCapabilities: others,
    pmkids,
    groupManagement,
  };

  function suites(what: string): Suite[] {
    const count = r.u16le();
    if (count === 0) r.fail(`no ${what}`);
    return Array.from({ length: count }, () => r.u32be());
  }
}
