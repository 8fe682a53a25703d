/** The VLANs of a BSS: opened for their first station, or from the start where vlan_file names them; closed after the last. */

import { KernelRefusal } from "../base/errors.ts";
import { wepOf } from "../config/settings.ts";
import type { BssPort, VlanPort } from "../driver/port.ts";
import type { PmkCandidate } from "../rsn/port.ts";
import type { Bss } from "./bss.ts";
import { dropStation } from "./leaving.ts";
import type { Station } from "./station.ts";
import {
  firstOwnId,
  type Impossible,
  isPermitted,
  keyOf,
  nameOf,
  planOfEntry,
  planOfWildcard,
  untagged,
  type VlanDescription,
  type VlanPlan,
} from "./vlan-plan.ts";

/** A VLAN that is open. */
export interface Vlan {
  /** As {@link VlanPlan.id}. */
  readonly id: number;
  /** undefined where it is only a station's own interface. */
  readonly description: VlanDescription | undefined;
  readonly port: VlanPort;
  /** It stays without stations. */
  readonly isPermanent: boolean;
  /** Those, too, whose association has ended and who may come back at once: nobody tears a network down for that. */
  readonly stations: Set<Station>;
}

export class Vlans {
  readonly #byId = new Map<number, Vlan>();
  /** Those that stations share, by {@link keyOf}. */
  readonly #byKey = new Map<string, Vlan>();
  /** Numbers of interfaces that are gone, and the next one. */
  readonly #freeIds: number[] = [];
  #nextId = firstOwnId;
  #parent: BssPort | undefined;

  constructor(readonly bss: Bss) {}

  /** Opens those that vlan_file names. @throws KernelRefusal */
  start(port: BssPort): void {
    const { settings } = this.bss;
    this.#parent = port;
    for (const [vlanId, entry] of settings.vlan_file?.entries ?? []) {
      const plan = planOfEntry(settings, vlanId, entry);
      if ("impossible" in plan) this.bss.log.error(`VLAN ${vlanId}: ${plan.impossible}`);
      else this.#open(plan, untagged(vlanId), { isPermanent: true, isShared: true });
    }
  }

  /** Closes all of them. */
  stop(): void {
    for (const vlan of [...this.#byId.values()]) {
      for (const station of [...vlan.stations]) this.release(station);
      this.#close(vlan);
    }
    this.#parent = undefined;
  }

  /** Of one that is open. */
  get isEmpty(): boolean {
    return this.#byId.size === 0;
  }

  portOf(id: number): VlanPort | undefined {
    return this.#byId.get(id)?.port;
  }

  /**
   * Puts a station, one that the driver knows not to be authorized yet, where it belongs: into those VLANs or into none.
   * Another one that it was in it leaves.
   * @returns false where that can't be; it is in none then
   */
  assign(station: Station, description: VlanDescription | undefined): boolean {
    const isOwn = this.bss.settings.per_sta_vif;
    if (station.vlan && isSame(station.vlan.description, description)) return this.bind(station);
    if (description === undefined && !isOwn) {
      this.release(station);
      return true;
    }
    const vlan = this.#find(station, description);
    if (!vlan) {
      this.release(station);
      return false;
    }
    const before = station.vlan;
    before?.stations.delete(station);
    vlan.stations.add(station);
    station.vlan = vlan;
    const isBound = this.bind(station);
    if (before) this.#closeIfUnused(before);
    return isBound;
  }

  /** Has the driver and the authenticator know of it, as far as they know the station. @returns false where the driver refuses */
  bind(station: Station): boolean {
    const { vlan, address } = station;
    if (!vlan) return true;
    const { bss } = this;
    if (station.isInDriver) {
      const isDone = bss.attempt((port) => {
        port.assignStation(address, vlan.port);
        return true;
      });
      if (!isDone) {
        this.release(station);
        return false;
      }
      bss.log.station(address, "IEEE 802.11", "debug", `binding station to interface '${vlan.port.interfaceName}'`);
    }
    if (station.authenticator) bss.authenticator?.move(address, vlan.id);
    return true;
  }

  /** Its association is over: none of its frames comes from there, or goes there, until it is assigned anew. */
  unbind({ vlan, address, isInDriver, authenticator }: Station): void {
    if (!vlan) return;
    // Its last frames may still be on their way.
    if (isInDriver) this.bss.attempt((port) => port.assignStation(address, undefined));
    if (authenticator) this.bss.authenticator?.move(address, 0);
  }

  /** The station is in none any more; an interface that was only for it goes. */
  release(station: Station): void {
    const { vlan } = station;
    if (!vlan) return;
    this.unbind(station);
    station.vlan = undefined;
    vlan.stations.delete(station);
    this.#closeIfUnused(vlan);
  }

  #find(station: Station, description: VlanDescription | undefined): Vlan | undefined {
    const { bss } = this;
    const { settings } = bss;
    const isShared = !settings.per_sta_vif && description !== undefined;
    if (wepOf(settings)) {
      this.#refuse(station, description, "WEP has one key for all");
      return undefined;
    }
    if (description !== undefined && !isPermitted(settings, description)) {
      this.#refuse(station, description, "there is no such VLAN here");
      return undefined;
    }
    const open = isShared ? this.#byKey.get(keyOf(description)) : undefined;
    if (open) return open;
    const plan = this.#plan(isShared, description);
    if ("impossible" in plan) {
      this.#refuse(station, description, plan.impossible);
      return undefined;
    }
    try {
      return this.#open(plan, description, { isPermanent: false, isShared });
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      this.#refuse(station, description, thrown.message);
      return undefined;
    }
  }

  #plan(isShared: boolean, description: VlanDescription | undefined): VlanPlan | Impossible {
    const { settings } = this.bss;
    if (isShared && description?.tagged.length === 0) {
      const entry = settings.vlan_file?.entries.get(description.untagged);
      if (entry) return planOfEntry(settings, description.untagged, entry);
      return planOfWildcard(settings, description.untagged, description);
    }
    return planOfWildcard(settings, this.#freeIds.at(-1) ?? this.#nextId, description);
  }

  /** @throws KernelRefusal */
  #open(
    { id, open }: VlanPlan,
    description: VlanDescription | undefined,
    { isPermanent, isShared }: { readonly isPermanent: boolean; readonly isShared: boolean },
  ): Vlan {
    const { bss } = this;
    const parent = this.#parent;
    if (!parent) throw new KernelRefusal("NEW_INTERFACE", "ENETDOWN", "the access point is down");
    const port = parent.openVlan(open, () => this.#onRemoved(vlan));
    const vlan: Vlan = { id, description, port, isPermanent, stations: new Set() };
    if (id >= firstOwnId && this.#freeIds.pop() === undefined) this.#nextId += 1;
    this.#byId.set(id, vlan);
    if (isShared && description) this.#byKey.set(keyOf(description), vlan);
    bss.log.debug(`VLAN ${id}: interface ${port.interfaceName}`);
    bss.authenticator?.openVlan(id);
    return vlan;
  }

  #closeIfUnused(vlan: Vlan): void {
    if (!vlan.isPermanent && vlan.stations.size === 0) this.#close(vlan);
  }

  #close(vlan: Vlan): void {
    if (this.#byId.get(vlan.id) !== vlan) return;
    this.#byId.delete(vlan.id);
    if (vlan.description && this.#byKey.get(keyOf(vlan.description)) === vlan)
      this.#byKey.delete(keyOf(vlan.description));
    if (vlan.id >= firstOwnId) this.#freeIds.push(vlan.id);
    this.bss.authenticator?.closeVlan(vlan.id);
    vlan.port.close();
  }

  /** Somebody else has removed the interface, and the kernel the stations with it. */
  #onRemoved(vlan: Vlan): void {
    const { bss } = this;
    if (this.#byId.get(vlan.id) !== vlan) return;
    bss.log.warning(`interface ${vlan.port.interfaceName} has been removed`);
    for (const station of [...vlan.stations]) {
      bss.report({ type: "station-left", station: station.address, by: "driver", reason: "unspecified" });
      dropStation(bss, station);
    }
    this.#close(vlan);
  }

  #refuse({ address }: Station, description: VlanDescription | undefined, why: string): void {
    const what = description ? `VLAN ${nameOf(description)}` : "an interface of its own";
    this.bss.log.station(address, "IEEE 802.11", "info", `no ${what} for it: ${why}`);
  }
}

function isSame(a: VlanDescription | undefined, b: VlanDescription | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && keyOf(a) === keyOf(b));
}

/**
 * A station has been granted its association. Where there is a key to prove, it is put into a VLAN when it has: anybody
 * can ask under many addresses.
 * @returns false where it can't be where its address is listed
 */
export function enterVlan(bss: Bss, station: Station): boolean {
  const proves = station.association?.security !== undefined || bss.settings.ieee8021x;
  return proves || bss.vlans.assign(station, station.association?.vlans);
}

/**
 * A station has proved its key: a VLAN that goes with the key, or with an authentication by IEEE 802.1X, counts more than the one of its address.
 * @returns false where it can't be there
 */
export function enterVlanOfKey(bss: Bss, station: Station, { vlanId }: PmkCandidate): boolean {
  const own = station.dot1x?.vlan ?? station.association?.vlans;
  return bss.vlans.assign(station, vlanId === undefined ? own : untagged(vlanId));
}
