/** The authenticator of a BSS: its stations, and the group keys that they share. IEEE Std 802.11-2020, 12.7.9. */

import type { MacAddress } from "../base/mac-address.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import type { AuthenticatorContext } from "./context.ts";
import type { GroupKey } from "./group-key.ts";
import { KeyGroup, type KeyGroupOptions } from "./key-group.ts";
import type { Negotiated } from "./negotiated.ts";
import type { KnownPmk } from "./port.ts";
import { StationAuthenticator } from "./station-authenticator.ts";

export type BssAuthenticatorOptions = KeyGroupOptions;

interface Member {
  readonly authenticator: StationAuthenticator;
  group: KeyGroup;
}

export class BssAuthenticator {
  readonly #members = new Map<MacAddress, Member>();
  /** That of everybody who is in no VLAN. */
  readonly #own: KeyGroup;
  readonly #vlans = new Map<number, KeyGroup>();

  constructor(readonly options: BssAuthenticatorOptions) {
    // The beacons' key is its own affair, and all stations have to know it.
    this.#own = new KeyGroup(0, options, () => {
      if (options.protectsBeacons) for (const group of this.#vlans.values()) group.rekey();
    });
  }

  /** Gives the radio the first group key and starts its clock. */
  start(): void {
    this.#own.start();
  }

  /**
   * A station has associated; with an earlier association of its own, that one ends.
   * @param known the PMK, where the AKM brings it ({@link bringsPmk}); it is copied
   * @param replayBefore see {@link StationAuthenticator.lastReplay}
   */
  join(
    station: MacAddress,
    agreed: Negotiated,
    element: Element,
    known?: KnownPmk,
    replayBefore = 0n,
  ): StationAuthenticator {
    this.leave(station);
    const context = this.#contextOf(() => this.#members.get(station)?.group ?? this.#own);
    const authenticator = new StationAuthenticator(station, agreed, element, context, known, replayBefore);
    this.#members.set(station, { authenticator, group: this.#own });
    this.#own.add(authenticator);
    return authenticator;
  }

  leave(station: MacAddress): void {
    const member = this.#members.get(station);
    if (!member) return;
    member.authenticator.stop();
    this.#members.delete(station);
    member.group.remove(member.authenticator);
  }

  /** A VLAN has an interface now: its group key begins. */
  openVlan(vlanId: number): void {
    if (vlanId === 0 || this.#vlans.has(vlanId)) return;
    const group = new KeyGroup(vlanId, this.options);
    this.#vlans.set(vlanId, group);
    group.start();
  }

  /** Nobody is in it any more. */
  closeVlan(vlanId: number): void {
    this.#vlans.get(vlanId)?.stop();
    this.#vlans.delete(vlanId);
  }

  /**
   * The station shares the group key of that VLAN from now on, 0 for none; where it has another already, it is brought
   * this one.
   * @returns false where there is no such VLAN
   */
  move(station: MacAddress, vlanId: number): boolean {
    const member = this.#members.get(station);
    const group = this.groupOf(vlanId);
    if (!member || !group) return false;
    if (group === member.group) return true;
    member.authenticator.changeGroup(() => {
      member.group.remove(member.authenticator);
      member.group = group;
      group.add(member.authenticator);
    });
    return true;
  }

  get(station: MacAddress): StationAuthenticator | undefined {
    return this.#members.get(station)?.authenticator;
  }

  /** @param vlanId 0 for the BSS itself */
  groupOf(vlanId: number): KeyGroup | undefined {
    return vlanId === 0 ? this.#own : this.#vlans.get(vlanId);
  }

  /** The key that the radio encrypts group frames with, where they are for no VLAN. */
  get groupKey(): GroupKey {
    return this.#own.current;
  }

  /** The stations are being told of the next group key. */
  get isRekeying(): boolean {
    return this.#own.isRekeying;
  }

  rekeyGroup(): void {
    for (const group of this.#groups()) group.rekey();
  }

  /** wpa_group_rekey may be another one now: its first period begins then. */
  onSettings(): void {
    for (const group of this.#groups()) group.onSettings();
  }

  stop(): void {
    for (const { authenticator } of this.#members.values()) authenticator.stop();
    this.#members.clear();
    for (const group of this.#groups()) group.stop();
    this.#vlans.clear();
    this.options.pmksa.clear();
  }

  *#groups(): Iterable<KeyGroup> {
    yield this.#own;
    yield* this.#vlans.values();
  }

  #contextOf(group: () => KeyGroup): AuthenticatorContext {
    const { options } = this;
    return {
      ...options,
      get policy() {
        return options.policy;
      },
      groupKey: () => group().keyForNewcomer,
      groupKeySequence: () => group().sequenceForNewcomer,
      managementKeys: () => [...group().igtkForNewcomer(), ...this.#own.bigtkForNewcomer()],
      groupHandshakeFinished: () => group().onAnswered(),
      groupRekeyRequested: () => group().rekey(),
    };
  }
}
