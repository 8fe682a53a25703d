import type { HtCapability } from "../config/keys/radio.ts";
import type { RadioSettings } from "../config/registry.ts";
import { decodeHtCapabilityInformation, type HtCapabilities } from "../wire/ieee80211/ht-capabilities.ts";
import type { ChannelPlan } from "./channel-plan.ts";

/** What we offer of HT: what the configuration asks for and the radio has. IEEE Std 802.11-2020, 9.4.2.55. */
export function htCapabilitiesOf(radio: RadioSettings, { band, may40 }: ChannelPlan): HtCapabilities {
  const has = decodeHtCapabilityInformation(band.ht?.capabilities ?? 0);
  const wants = (name: HtCapability): boolean => radio.ht_capab.has(name);
  const width40 = may40 && has.width40;
  const ampdu = band.ht?.ampduParameters ?? 0;
  const rxStbc = wants("RX-STBC123") ? 3 : wants("RX-STBC12") ? 2 : wants("RX-STBC1") ? 1 : 0;
  return {
    information: {
      ldpc: wants("LDPC") && has.ldpc,
      width40,
      smPowerSave: "disabled",
      greenfield: wants("GF") && has.greenfield,
      shortGi20: wants("SHORT-GI-20") && has.shortGi20,
      shortGi40: wants("SHORT-GI-40") && has.shortGi40,
      txStbc: wants("TX-STBC") && has.txStbc,
      rxStbc: Math.min(rxStbc, has.rxStbc),
      delayedBlockAck: wants("DELAYED-BA") && has.delayedBlockAck,
      longAmsdu: wants("MAX-AMSDU-7935") && has.longAmsdu,
      dsssCck40: wants("DSSS_CCK-40") && has.dsssCck40 && band.name === "2.4GHz",
      psmp: false,
      fortyMhzIntolerant: wants("40-INTOLERANT"),
      lSigTxopProtection: wants("LSIG-TXOP-PROT") && has.lSigTxopProtection,
    },
    maxAmpduLengthExponent: ampdu & 3,
    minMpduStartSpacing: (ampdu >>> 2) & 7,
    mcsSet: band.ht?.mcsSet ?? new Uint8Array(16),
    extendedCapabilities: 0,
    transmitBeamforming: 0,
    antennaSelection: 0,
  };
}
