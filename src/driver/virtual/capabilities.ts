import { cipherSuite } from "../../wire/ieee80211/suites.ts";
import type { HtSupport, InterfaceType, RadioCapabilities } from "../port.ts";
import { channels2GHz, channels5GHz } from "./regulatory.ts";

/** In units of 100 kb/s. */
const dsssRates = [10, 20, 55, 110];
const ofdmRates = [60, 90, 120, 180, 240, 360, 480, 540];

/** Two streams, 20 and 40 MHz, both with short guard interval: what Linux's simulated radio has too. */
const ht: HtSupport = {
  capabilities: 0x107e,
  ampduParameters: 0x1b,
  mcsSet: Uint8Array.from({ length: 16 }, (_, i) => (i < 2 ? 0xff : i === 12 ? 1 : 0)),
};

const noMore = { vht: undefined, he: undefined, eht: undefined } as const;

export const maxBsses = 8;

/** An HT radio of both bands that leaves the work to the access point, under the rules of a country. */
export const virtualCapabilities = (phy: string, alpha2: string): RadioCapabilities => ({
  phy,
  bands: [
    { name: "2.4GHz", channels: channels2GHz(alpha2), rates: [...dsssRates, ...ofdmRates], ht, ...noMore },
    { name: "5GHz", channels: channels5GHz(alpha2), rates: ofdmRates, ht, ...noMore },
  ],
  interfaceTypes: new Set<InterfaceType>(["ap"]),
  combinations: [{ maxInterfaces: maxBsses, maxChannels: 1, limits: [{ max: maxBsses, types: ["ap"] }] }],
  ciphers: new Set([
    cipherSuite.CCMP,
    cipherSuite["AES-128-CMAC"],
    cipherSuite["BIP-GMAC-128"],
    cipherSuite["BIP-GMAC-256"],
    cipherSuite["BIP-CMAC-256"],
  ]),
  probeResponseOffload: false,
  associationOffload: false,
  fullStationState: true,
  controlPort: true,
  controlPortTxStatus: true,
  inactivityTimer: false,
  beaconProtection: true,
  colorChange: true,
  extendedKeyId: false,
  replacesPairwiseKeys: true,
  selfManagedRegulatory: false,
  extendedCapabilities: new Uint8Array(),
  extendedCapabilitiesMask: new Uint8Array(),
  maxAclEntries: 0,
  beaconRates: new Set(),
  airtimeWeights: true,
  channelSwitch: true,
  maxCsaCounters: 2,
  scansAsAccessPoint: false,
  filsDiscovery: false,
  unsolicitedProbeResponses: false,
  widthChanges: true,
});
