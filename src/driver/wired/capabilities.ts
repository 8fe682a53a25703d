import type { InterfaceType, RadioCapabilities, RadioChannel } from "../port.ts";

/** What stands for the channel of a network that has none: planning needs one. */
const channel: RadioChannel = {
  frequency: 2412,
  disabled: false,
  noIr: false,
  radar: false,
  noHt40Minus: true,
  noHt40Plus: true,
  no80MHz: true,
  no160MHz: true,
  maxPowerDbm: 20,
};

/** A port of Ethernet, as something whose stations come by themselves and are watched by nobody. */
export const wiredCapabilities = (interfaceName: string): RadioCapabilities => ({
  phy: interfaceName,
  bands: [
    {
      name: "2.4GHz",
      channels: [channel],
      rates: [10, 20, 55, 110],
      ht: undefined,
      vht: undefined,
      he: undefined,
      eht: undefined,
    },
  ],
  interfaceTypes: new Set<InterfaceType>(["ap"]),
  combinations: [{ maxInterfaces: 1, maxChannels: 1, limits: [{ max: 1, types: ["ap"] }] }],
  ciphers: new Set(),
  probeResponseOffload: true,
  associationOffload: true,
  fullStationState: false,
  controlPort: true,
  controlPortTxStatus: false,
  inactivityTimer: true,
  beaconProtection: false,
  colorChange: false,
  extendedKeyId: false,
  replacesPairwiseKeys: false,
  selfManagedRegulatory: true,
  extendedCapabilities: new Uint8Array(0),
  extendedCapabilitiesMask: new Uint8Array(0),
  maxAclEntries: 0,
  beaconRates: new Set(),
  airtimeWeights: false,
  channelSwitch: false,
  maxCsaCounters: 0,
  scansAsAccessPoint: false,
  filsDiscovery: false,
  unsolicitedProbeResponses: false,
  widthChanges: false,
});
