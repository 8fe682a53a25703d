/** Which interface, bridges and tags a VLAN has: hostapd's names, as its users' networks are built on them. Pure. */

import type { BssSettings } from "../config/registry.ts";
import { highestVlanId, longestInterfaceName, nameOfVlan, type VlanEntry } from "../config/vlan-file.ts";
import type { OpenVlan, VlanNetwork } from "../driver/port.ts";

/** The VLANs of a station. */
export interface VlanDescription {
  /** Of its frames without a tag; 0 for none. */
  readonly untagged: number;
  /** Of its frames with one: ascending, each once. */
  readonly tagged: readonly number[];
}

export const untagged = (vlanId: number): VlanDescription => ({ untagged: vlanId, tagged: [] });

export const nameOf = ({ untagged, tagged }: VlanDescription): string =>
  [...(untagged > 0 ? [String(untagged)] : []), ...tagged.map((vlanId) => `${vlanId} (tagged)`)].join(", ");

/** As one text for the same VLANs. */
export const keyOf = ({ untagged, tagged }: VlanDescription): string => [untagged, ...tagged].join(" ");

/** Interfaces that are for no single VLAN are counted from here. hostapd's MAX_VLAN_ID + 2. */
export const firstOwnId = highestVlanId + 2;

export interface VlanPlan {
  /** What stands in the interface's name, and in reports: a VLAN ID, or a number from {@link firstOwnId} on. */
  readonly id: number;
  readonly open: OpenVlan;
}

export interface Impossible {
  /** For people. */
  readonly impossible: string;
}

/** The pattern for VLANs that vlan_file doesn't name; hostapd's own where there is no file. */
export function wildcardOf({
  vlan_file,
  dynamic_vlan,
  per_sta_vif,
  interface: own,
}: BssSettings): VlanEntry | undefined {
  const isNamed = vlan_file !== undefined && (vlan_file.entries.size > 0 || vlan_file.wildcard !== undefined);
  if (isNamed) return vlan_file.wildcard;
  return dynamic_vlan !== "no" || per_sta_vif ? { interfaceName: `${own}.#`, bridge: undefined } : undefined;
}

/** Whether there can be such VLANs here. */
export function isPermitted(settings: BssSettings, { untagged, tagged }: VlanDescription): boolean {
  const isVlanId = (vlanId: number): boolean => vlanId >= 1 && vlanId <= highestVlanId;
  if (untagged === 0 && tagged.length === 0) return false;
  if ((untagged !== 0 && !isVlanId(untagged)) || !tagged.every(isVlanId)) return false;
  if (wildcardOf(settings) !== undefined) return true;
  return tagged.length === 0 && settings.vlan_file?.entries.has(untagged) === true;
}

/** One that vlan_file names. */
export function planOfEntry(settings: BssSettings, id: number, entry: VlanEntry): VlanPlan | Impossible {
  return checked({
    id,
    open: { interfaceName: entry.interfaceName, network: networkOf(settings, entry, id) },
  });
}

/**
 * After the wildcard's pattern.
 * @param vlans none where the interface is a station's own for another reason: it goes where the BSS's own does
 */
export function planOfWildcard(
  settings: BssSettings,
  id: number,
  vlans: VlanDescription | undefined,
): VlanPlan | Impossible {
  const wildcard = wildcardOf(settings);
  if (!wildcard?.interfaceName.includes("#"))
    return { impossible: "vlan_file has no line for it, and none for all others" };
  const interfaceName = nameOfVlan(wildcard.interfaceName, id);
  if (vlans === undefined) {
    const { bridge } = settings;
    return checked({ id, open: { interfaceName, ...(bridge === undefined ? {} : { network: { bridge } }) } });
  }
  const tagged = vlans.tagged
    .filter((vlanId) => vlanId !== vlans.untagged)
    .map((vlanId) => ({ ...networkOf(settings, wildcard, vlanId), vlanId, name: `${interfaceName}.${vlanId}` }));
  const network = vlans.untagged > 0 ? { network: networkOf(settings, wildcard, vlans.untagged) } : {};
  return checked({ id, open: { interfaceName, ...network, ...(tagged.length > 0 ? { tagged } : {}) } });
}

function networkOf(settings: BssSettings, { bridge }: VlanEntry, vlanId: number): VlanNetwork {
  const { vlan_tagged_interface: parent, vlan_bridge, vlan_naming } = settings;
  if (parent === undefined) return { bridge: bridge ?? `${vlan_bridge ?? "brvlan"}${vlanId}` };
  return {
    bridge: bridge ?? (vlan_bridge === undefined ? `br${parent}.${vlanId}` : `${vlan_bridge}${vlanId}`),
    uplink: { parent, vlanId, name: vlan_naming === "device-and-id" ? `${parent}.${vlanId}` : `vlan${vlanId}` },
  };
}

/** A name cut short might be another VLAN's, and its stations would be there. */
function checked(plan: VlanPlan): VlanPlan | Impossible {
  const { interfaceName, network, tagged = [] } = plan.open;
  const names = [interfaceName, ...[network ?? [], tagged].flat().flatMap(namesOf), ...tagged.map(({ name }) => name)];
  const long = names.find((name) => name.length > longestInterfaceName);
  if (long === undefined) return plan;
  return { impossible: `the name '${long}' is longer than the ${longestInterfaceName} characters that Linux allows` };
}

const namesOf = ({ bridge, uplink }: VlanNetwork): string[] => (uplink ? [bridge, uplink.name] : [bridge]);
