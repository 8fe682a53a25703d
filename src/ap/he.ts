/** What we offer of HE and EHT: what the radio has, less what the configuration leaves out. */

import type { RadioSettings } from "../config/registry.ts";
import type { BandName, EhtSupport, HeSupport } from "../driver/port.ts";
import {
  type EhtCapabilities,
  ehtMcsSetLength,
  ehtPhyBit,
  ehtPpeThresholdsLength,
} from "../wire/ieee80211/eht-capabilities.ts";
import {
  type HeCapabilities,
  hasBit,
  heMcsSetLength,
  hePhyBit,
  hePpeThresholdsLength,
  withBit,
} from "../wire/ieee80211/he-capabilities.ts";

export function heCapabilitiesOf(radio: RadioSettings, he: HeSupport): HeCapabilities {
  const beamforming: readonly (readonly [number, boolean])[] = [
    [hePhyBit.suBeamformer, radio.he_su_beamformer],
    [hePhyBit.suBeamformee, radio.he_su_beamformee],
    [hePhyBit.muBeamformer, radio.he_mu_beamformer],
  ];
  const phy = beamforming.reduce((octets, [bit, on]) => withBit(octets, bit, on), he.phy);
  const first = he.ppeThresholds[0];
  const hasThresholds = hasBit(phy, hePhyBit.ppeThresholdsPresent) && first !== undefined;
  return {
    mac: he.mac,
    phy,
    mcsSet: he.mcsSet.slice(0, heMcsSetLength(phy)),
    ppeThresholds: hasThresholds ? he.ppeThresholds.slice(0, hePpeThresholdsLength(first)) : new Uint8Array(),
  };
}

export function ehtCapabilitiesOf(
  radio: RadioSettings,
  eht: EhtSupport,
  he: HeSupport,
  band: BandName,
): EhtCapabilities {
  const off: readonly (readonly [number, boolean])[] = [
    [ehtPhyBit.width320In6GHz, band === "6GHz"],
    [ehtPhyBit.suBeamformer, radio.eht_su_beamformer],
    [ehtPhyBit.suBeamformee, radio.eht_su_beamformee],
    [ehtPhyBit.muBeamformer, radio.eht_mu_beamformer],
    [ehtPhyBit.muBeamformer + 1, radio.eht_mu_beamformer],
    [ehtPhyBit.muBeamformer + 2, radio.eht_mu_beamformer],
  ];
  const phy = off.reduce((octets, [bit, keep]) => (keep ? octets : withBit(octets, bit, false)), eht.phy);
  const [low = 0, high = 0] = eht.ppeThresholds;
  const hasThresholds = hasBit(phy, ehtPhyBit.ppeThresholdsPresent);
  const context = { hePhy: he.phy, band: band === "60GHz" ? "5GHz" : band, isStation: false } as const;
  return {
    mac: eht.mac,
    phy,
    mcsSet: eht.mcsSet.slice(0, ehtMcsSetLength(phy, context)),
    ppeThresholds: hasThresholds
      ? eht.ppeThresholds.slice(0, ehtPpeThresholdsLength(low | (high << 8)))
      : new Uint8Array(),
  };
}
