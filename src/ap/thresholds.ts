import type { RadioSettings } from "../config/registry.ts";
import type { RadioPort } from "../driver/port.ts";

/** Those that are not set, and were not, are left to the driver. @throws KernelRefusal */
export function applyThresholds(port: RadioPort, settings: RadioSettings, before: Partial<RadioSettings> = {}): void {
  const { rts_threshold: rts, fragm_threshold: fragmentation } = settings;
  if (rts !== before.rts_threshold) port.setRtsThreshold(octets(rts));
  if (fragmentation !== before.fragm_threshold) port.setFragmentationThreshold(octets(fragmentation));
}

const octets = (threshold: number | "off" | undefined): number | undefined =>
  threshold === "off" ? undefined : threshold;
