/** What a radio can do, out of the kernel's description. Pure. */

import { commands } from "../../wire/nl80211/generated/commands.ts";
import { bands, extendedFeatures, features, interfaceTypes } from "../../wire/nl80211/generated/enums.ts";
import { hasExtendedFeature, type Wiphy, type WiphyBand, type WiphyBandType } from "../../wire/nl80211/wiphy.ts";
import type {
  Band,
  BandName,
  EhtSupport,
  HeSupport,
  HtSupport,
  InterfaceCombination,
  InterfaceType,
  RadioCapabilities,
  RadioChannel,
  VhtSupport,
} from "../port.ts";

const bandNames = new Map<number, BandName>([
  [bands["2GHZ"], "2.4GHz"],
  [bands["5GHZ"], "5GHz"],
  [bands["6GHZ"], "6GHz"],
  [bands["60GHZ"], "60GHz"],
]);

const typeNames = new Map<number, InterfaceType>([
  [interfaceTypes.STATION, "station"],
  [interfaceTypes.AP, "ap"],
  [interfaceTypes.AP_VLAN, "ap-vlan"],
  [interfaceTypes.MONITOR, "monitor"],
  [interfaceTypes.P2P_GO, "p2p-go"],
  [interfaceTypes.MESH_POINT, "mesh"],
]);

const rateFeatures = [
  [extendedFeatures.BEACON_RATE_LEGACY, "legacy"],
  [extendedFeatures.BEACON_RATE_HT, "ht"],
  [extendedFeatures.BEACON_RATE_VHT, "vht"],
  [extendedFeatures.BEACON_RATE_HE, "he"],
] as const;

export const interfaceTypeName = (number: number): InterfaceType => typeNames.get(number) ?? "other";

const typesOf = (numbers: ReadonlySet<number> | undefined): InterfaceType[] => [
  ...new Set([...(numbers ?? [])].map(interfaceTypeName)),
];

export function capabilitiesOf(wiphy: Wiphy): RadioCapabilities {
  const has = (feature: number): boolean => hasExtendedFeature(wiphy.extendedFeatures, feature);
  const flags = wiphy.features ?? 0;
  return {
    phy: wiphy.name ?? `phy${wiphy.wiphy}`,
    bands: [...wiphy.bands].flatMap(([id, band]) => bandOf(bandNames.get(id), band)),
    interfaceTypes: new Set(typesOf(wiphy.interfaceTypes)),
    combinations: (wiphy.combinations ?? []).map(
      ({ maxInterfaces = 0, maxChannels = 0, limits = [] }): InterfaceCombination => ({
        maxInterfaces,
        maxChannels,
        limits: limits.map(({ max = 0, types }) => ({ max, types: typesOf(types) })),
      }),
    ),
    ciphers: new Set(wiphy.ciphers ?? []),
    probeResponseOffload: wiphy.probeResponseOffload !== undefined,
    associationOffload: wiphy.apSme !== undefined,
    fullStationState: (flags & features.FULL_AP_CLIENT_STATE) !== 0,
    controlPort: has(extendedFeatures.CONTROL_PORT_OVER_NL80211),
    controlPortTxStatus: has(extendedFeatures.CONTROL_PORT_OVER_NL80211_TX_STATUS),
    inactivityTimer: (flags & features.INACTIVITY_TIMER) !== 0,
    beaconProtection: has(extendedFeatures.BEACON_PROTECTION),
    colorChange: has(extendedFeatures.BSS_COLOR),
    extendedKeyId: has(extendedFeatures.EXT_KEY_ID),
    replacesPairwiseKeys: has(extendedFeatures.CAN_REPLACE_PTK0),
    selfManagedRegulatory: wiphy.selfManagedRegulatory === true,
    extendedCapabilities: wiphy.extendedCapabilities ?? new Uint8Array(),
    extendedCapabilitiesMask: wiphy.extendedCapabilitiesMask ?? new Uint8Array(),
    maxAclEntries: wiphy.maxAclEntries ?? 0,
    beaconRates: new Set(rateFeatures.flatMap(([feature, kind]) => (has(feature) ? [kind] : []))),
    airtimeWeights: has(extendedFeatures.AIRTIME_FAIRNESS),
    channelSwitch: wiphy.commands?.includes(commands.CHANNEL_SWITCH) ?? false,
    maxCsaCounters: wiphy.maxCsaCounters ?? 0,
    scansAsAccessPoint: (flags & features.AP_SCAN) !== 0,
    filsDiscovery: has(extendedFeatures.FILS_DISCOVERY),
    unsolicitedProbeResponses: has(extendedFeatures.UNSOL_BCAST_PROBE_RESP),
    widthChanges: (flags & features.AP_MODE_CHAN_WIDTH_CHANGE) !== 0,
  };
}

function bandOf(name: BandName | undefined, band: WiphyBand): Band[] {
  if (name === undefined) return [];
  const channels = (band.frequencies ?? []).map(
    (channel): RadioChannel => ({
      frequency: channel.frequency,
      disabled: channel.disabled === true,
      noIr: channel.noIr === true,
      radar: channel.radar === true,
      noHt40Minus: channel.noHt40Minus === true,
      noHt40Plus: channel.noHt40Plus === true,
      no80MHz: channel.no80MHz === true,
      no160MHz: channel.no160MHz === true,
      maxPowerDbm: (channel.maxTxPower ?? 0) / 100,
    }),
  );
  const rates = (band.rates ?? []).map(({ rate }) => rate);
  const own = band.types?.find(({ types }) => types?.has(interfaceTypes.AP));
  return [{ name, channels, rates, ht: htOf(band), vht: vhtOf(band), he: heOf(own), eht: ehtOf(own) }];
}

function htOf(band: WiphyBand): HtSupport | undefined {
  const { htCapabilities, htMcsSet, htAmpduFactor = 0, htAmpduDensity = 0 } = band;
  if (htCapabilities === undefined || htMcsSet === undefined) return undefined;
  return { capabilities: htCapabilities, ampduParameters: htAmpduFactor | (htAmpduDensity << 2), mcsSet: htMcsSet };
}

function vhtOf({ vhtCapabilities, vhtMcsSet }: WiphyBand): VhtSupport | undefined {
  if (vhtCapabilities === undefined || vhtMcsSet === undefined) return undefined;
  return { capabilities: vhtCapabilities, mcsSet: vhtMcsSet };
}

function heOf(own: WiphyBandType | undefined): HeSupport | undefined {
  const { heMac, hePhy, heMcsSet, hePpeThresholds = new Uint8Array(), he6GHz } = own ?? {};
  // Drivers list types that have none of HE with zeros.
  if (!heMac || !hePhy || !heMcsSet || heMcsSet.every((octet) => octet === 0)) return undefined;
  return {
    mac: heMac.slice(),
    phy: hePhy.slice(),
    mcsSet: heMcsSet.slice(),
    ppeThresholds: hePpeThresholds.slice(),
    capabilities6GHz: he6GHz,
  };
}

function ehtOf(own: WiphyBandType | undefined): EhtSupport | undefined {
  const { ehtMac, ehtPhy, ehtMcsSet, ehtPpeThresholds = new Uint8Array() } = own ?? {};
  if (ehtMac === undefined || !ehtPhy || !ehtMcsSet) return undefined;
  return { mac: ehtMac, phy: ehtPhy.slice(), mcsSet: ehtMcsSet.slice(), ppeThresholds: ehtPpeThresholds.slice() };
}
