/** What of SAE a BSS takes: methods and groups. */

import type { SaeMethod, SaeOffer } from "../auth/sae/request.ts";
import type { AkmName } from "../config/keys/security.ts";
import type { BssSettings } from "../config/registry.ts";
import { offeredAkmsOf } from "../config/settings.ts";
import { type CyclicGroups, type GroupNumber, isGroupNumber } from "../crypto/groups/cyclic-group.ts";
import type { SaeCredentials } from "./sae-credentials.ts";

export const saeAkms = ["SAE", "SAE-EXT-KEY"] as const satisfies readonly AkmName[];

export const offersSae = (settings: BssSettings): boolean => {
  const akms = offeredAkmsOf(settings);
  return saeAkms.some((akm) => akms.has(akm));
};

export const offersNothingButSae = (settings: BssSettings): boolean =>
  offersSae(settings) && [...offeredAkmsOf(settings)].every((akm) => akm === "SAE" || akm === "SAE-EXT-KEY");

export const saeOffer = (settings: BssSettings, methods: ReadonlySet<SaeMethod>, groups: CyclicGroups): SaeOffer => ({
  methods,
  groups: new Map(
    saeGroups(settings).map((number) => {
      const { scalarLength, elementLength } = groups.get(number);
      return [number, { number, lengths: { scalar: scalarLength, element: elementLength } }] as const;
    }),
  ),
});

/** Those of sae_groups that are strong enough to be taken; config/check.ts tells of the others. */
function saeGroups(settings: BssSettings): readonly GroupNumber[] {
  const { sae_groups } = settings;
  if (sae_groups === undefined) return offeredAkmsOf(settings).has("SAE-EXT-KEY") ? [19, 20] : [19];
  return sae_groups.filter(isGroupNumber);
}

/** sae_pwe, and what identifiers, key pairs and some AKMs need beyond it. */
export function saeMethods(
  settings: BssSettings,
  credentials: SaeCredentials,
  is6GHz: boolean,
): ReadonlySet<SaeMethod> {
  const { sae_pwe } = settings;
  const methods = new Set<SaeMethod>();
  // IEEE Std 802.11ax-2021, 12.12.2: nobody loops there.
  if (is6GHz) return credentials.hasPk ? new Set(["hash-to-element", "pk"]) : methods.add("hash-to-element");
  if (sae_pwe === "looping-even-with-identifiers") return methods.add("looping");
  const needsHashing = credentials.hasIdentifiers || credentials.hasPk || offeredAkmsOf(settings).has("SAE-EXT-KEY");
  if (sae_pwe !== "looping" || needsHashing) methods.add("hash-to-element");
  if (sae_pwe !== "hash-to-element" && !credentials.needsIdentifier) methods.add("looping");
  if (credentials.hasPk) methods.add("pk");
  return methods;
}
