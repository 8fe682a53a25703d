/** Stations that share a group key: those of a BSS, or of one of its VLANs. IEEE Std 802.11-2020, 12.7.9. */

import { NamedTimers } from "../base/clock.ts";
import { milliseconds, seconds } from "../base/duration.ts";
import { wipe } from "../crypto/secret.ts";
import type { CipherName, ManagementCipherName } from "../wire/ieee80211/suites.ts";
import type { AuthenticatorSurroundings, ManagementKeyItem } from "./context.ts";
import * as groupKey from "./group-key.ts";
import { temporalKeyLength } from "./negotiated.ts";
import type { StationAuthenticator } from "./station-authenticator.ts";

export interface KeyGroupOptions extends AuthenticatorSurroundings {
  readonly groupCipher: CipherName;
  /** Absent where management frames are not protected. */
  readonly managementCipher?: ManagementCipherName | undefined;
  /** Where they are: beacons too. */
  readonly protectsBeacons?: boolean;
  /** wpa_group_rekey, 0 for never. */
  readonly groupRekeySeconds: number;
  /** wpa_strict_rekey: a new group key when somebody who knows it leaves. */
  readonly strictRekey: boolean;
}

const strictRekeyDelay = milliseconds(500);

export class KeyGroup {
  readonly #members = new Set<StationAuthenticator>();
  readonly #timers: NamedTimers<"GTK rekey" | "strict GTK rekey">;
  #state: groupKey.State;
  /** The period that the timer was armed for. */
  #rekeySeconds = 0;

  /** @param vlanId 0 for the BSS itself @param onRekey its stations are being told of the next key */
  constructor(
    readonly vlanId: number,
    readonly options: KeyGroupOptions,
    readonly onRekey: () => void = () => undefined,
  ) {
    this.#timers = new NamedTimers(options.clock);
    this.#state = groupKey.initial(this.#freshKey(), this.#freshManagementKeys());
  }

  /** The key that the radio encrypts group frames with. */
  get current(): groupKey.GroupKey {
    return this.#state.current;
  }

  /** The stations are being told of the next key. */
  get isRekeying(): boolean {
    return this.#state.kind === "changing";
  }

  get keyForNewcomer(): groupKey.GroupKey {
    return groupKey.keyForNewcomer(this.#state);
  }

  /** Until the radio has the next key, a key of long ago is at its index: that one's counter would deafen the stations. */
  get sequenceForNewcomer(): Uint8Array {
    return this.#sequenceForNewcomer(this.keyForNewcomer.index);
  }

  /** Integrity group key, for a station whose management frames are protected. */
  igtkForNewcomer(): ManagementKeyItem[] {
    const { index, management } = this.keyForNewcomer;
    return management ? [this.#managementKey("igtk", groupKey.igtkIndex(index), management.igtk)] : [];
  }

  /** Beacon integrity key, which only the group of the BSS itself has. */
  bigtkForNewcomer(): ManagementKeyItem[] {
    const { index, management } = this.keyForNewcomer;
    return management?.bigtk ? [this.#managementKey("bigtk", groupKey.bigtkIndex(index), management.bigtk)] : [];
  }

  /** Gives the radio the first key and starts its clock. */
  start(): void {
    this.#install(this.keyForNewcomer);
    this.#armRekey();
  }

  add(station: StationAuthenticator): void {
    this.#members.add(station);
  }

  remove(station: StationAuthenticator): void {
    if (!this.#members.delete(station)) return;
    // One that is armed stays: a change for several that leave one after the other is not put off again and again.
    if (!station.knowsGroupKey || !this.options.strictRekey || this.#timers.isArmed("strict GTK rekey")) return;
    this.#timers.arm("strict GTK rekey", strictRekeyDelay, () => this.rekey());
  }

  rekey(): void {
    if (this.#state.kind === "changing") return;
    const where = this.vlanId === 0 ? "" : ` of VLAN ${this.vlanId}`;
    this.options.log.module("WPA", "debug", `rekeying GTK${where}`);
    // The stations are asked first, so that the count is known when the first answer comes.
    this.#step({ type: "rekey", key: this.#freshKey(), management: this.#freshManagementKeys() });
    this.#armRekey();
    this.onRekey();
  }

  /** One that was counted for the change has answered, or isn't waited for any more. */
  onAnswered(): void {
    this.#step({ type: "answered" });
  }

  /** wpa_group_rekey may be another one now: its first period begins then. */
  onSettings(): void {
    if (this.options.groupRekeySeconds !== this.#rekeySeconds) this.#armRekey();
  }

  stop(): void {
    this.#timers.disarmAll();
    wipeGroupKey(this.#state.current);
    if (this.#state.kind === "changing") wipeGroupKey(this.#state.next);
  }

  #step(input: groupKey.Input): void {
    const step = groupKey.step(this.#state, input);
    this.#state = step.state;
    for (const effect of step.effects) {
      switch (effect.type) {
        case "startHandshakes": {
          let asked = 0;
          for (const station of this.#members) if (station.groupRekey()) asked += 1;
          this.#step({ type: "asked", stations: asked });
          break;
        }
        case "useNext":
          wipeGroupKey(effect.previous);
          this.#install(effect.key);
          this.options.port.report({ type: "group-key-changed" });
          break;
      }
    }
  }

  #armRekey(): void {
    this.#rekeySeconds = this.options.groupRekeySeconds;
    this.#timers.disarm("GTK rekey");
    if (this.#rekeySeconds > 0) this.#timers.arm("GTK rekey", seconds(this.#rekeySeconds), () => this.rekey());
  }

  #install(key: groupKey.GroupKey): void {
    const { port, groupCipher: group, managementCipher: management } = this.options;
    port.installGroupKey(key, { group, management }, this.vlanId);
  }

  #sequenceForNewcomer(index: number): Uint8Array {
    if (this.#state.kind === "changing") return new Uint8Array(6);
    return this.options.port.groupKeySequence(index, this.vlanId);
  }

  #managementKey(kind: ManagementKeyItem["kind"], keyId: number, key: Uint8Array): ManagementKeyItem {
    return { kind, keyId, packetNumber: this.#sequenceForNewcomer(keyId).slice(0, 6), key };
  }

  #freshKey(): Uint8Array {
    return this.options.entropy.bytes(temporalKeyLength(this.options.groupCipher));
  }

  #freshManagementKeys(): groupKey.ManagementKeys | undefined {
    const { entropy, managementCipher, protectsBeacons } = this.options;
    if (managementCipher === undefined) return undefined;
    const fresh = (): Uint8Array => entropy.bytes(temporalKeyLength(managementCipher));
    return { igtk: fresh(), bigtk: protectsBeacons && this.vlanId === 0 ? fresh() : undefined };
  }
}

const wipeGroupKey = ({ key, management }: groupKey.GroupKey): void => wipe(key, management?.igtk, management?.bigtk);
