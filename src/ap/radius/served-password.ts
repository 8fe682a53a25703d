import type { MacAddress } from "../../base/mac-address.ts";
import type { Bss } from "../bss.ts";
import { SaeCredential } from "../sae-credentials.ts";

/** The password for SAE that a RADIUS server has sent with its word about an address (Tunnel-Password), where that counts. */
export function servedCredential(
  { settings, radius }: Bss,
  station: MacAddress,
  identifier: Uint8Array | undefined,
): SaeCredential | undefined {
  if (settings.wpa_psk_radius === "ignored" || identifier !== undefined) return undefined;
  const verdict = radius.addresses.verdictOf(station);
  const served = verdict?.accepted ? verdict.grant.psks.find(({ type }) => type === "passphrase") : undefined;
  if (!served) return undefined;
  const password = served.octets.slice();
  return new SaeCredential({ password, station, vlanId: 0, identifier, pk: undefined }, settings.ssid, true);
}
