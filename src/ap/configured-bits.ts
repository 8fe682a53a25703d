import type { BssSettings } from "../config/registry.ts";

/** ext_capa and ext_capa_mask: bits of the Extended Capabilities element that somebody wants there or not. */
export function withConfiguredBits(
  octets: Uint8Array,
  { ext_capa: set, ext_capa_mask: clear }: Pick<BssSettings, "ext_capa" | "ext_capa_mask">,
): Uint8Array {
  return Uint8Array.from(
    { length: Math.max(octets.length, set.length) },
    (_, i) => ((octets[i] ?? 0) & ~(clear[i] ?? 0)) | (set[i] ?? 0),
  );
}
