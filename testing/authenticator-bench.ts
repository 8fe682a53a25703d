/** An authenticator on the bench: what it asks of the access point is written down, and its station is a script. */

import assert from "node:assert/strict";
import { concat, Reader } from "../src/base/bytes.ts";
import { milliseconds } from "../src/base/duration.ts";
import { Log, type LogRecord } from "../src/base/log.ts";
import type { MacAddress } from "../src/base/mac-address.ts";
import { pmkWords, storePmk } from "../src/crypto/pmk-test.ts";
import type { AkmHash } from "../src/crypto/ptk.ts";
import { BssAuthenticator, type BssAuthenticatorOptions } from "../src/rsn/bss-authenticator.ts";
import type { AuthenticatorPolicy } from "../src/rsn/context.ts";
import { securityElements } from "../src/rsn/elements.ts";
import type { GroupKey } from "../src/rsn/group-key.ts";
import { formatOf, hashOf, type Negotiated, temporalKeyLength } from "../src/rsn/negotiated.ts";
import type { RsnPolicy } from "../src/rsn/negotiation.ts";
import type { OperatingChannel } from "../src/rsn/operating-channel.ts";
import type { RsnOverrides } from "../src/rsn/override.ts";
import { PmksaCache } from "../src/rsn/pmksa-cache.ts";
import type { AuthenticatorPort, KnownPmk, PairwiseKey, PmkCandidate, RsnEvent } from "../src/rsn/port.ts";
import type { StationAuthenticator } from "../src/rsn/station-authenticator.ts";
import { decodeEapol, eapolHeaderLength } from "../src/wire/eapol/eapol.ts";
import { type Element, elementId } from "../src/wire/ieee80211/element.ts";
import { encodeRsne, rsneDefaults } from "../src/wire/ieee80211/rsne.ts";
import { akmSuite, cipherSuite, wpaAkmSuite, wpaCipherSuite } from "../src/wire/ieee80211/suites.ts";
import { encodeWpaIe } from "../src/wire/ieee80211/wpa-ie.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { ScriptedSupplicant } from "./scripted-supplicant.ts";
import { VirtualClock } from "./virtual-clock.ts";

export const aa = "02:00:00:00:00:00" as MacAddress;

export interface SentPdu {
  readonly station: MacAddress;
  readonly pdu: Uint8Array;
  readonly encrypt: boolean;
}

export type Act =
  | { readonly type: "send" }
  | { readonly type: "install"; readonly key: PairwiseKey }
  | { readonly type: "send-with"; readonly index: number }
  | { readonly type: "install-group"; readonly key: GroupKey; readonly vlanId: number }
  | { readonly type: "authorize"; readonly by: PmkCandidate }
  | { readonly type: "deauthenticate"; readonly reason: string }
  | { readonly type: "report"; readonly event: RsnEvent };

export interface BenchOptions {
  readonly agreed?: Partial<Negotiated>;
  readonly policy?: Partial<AuthenticatorPolicy>;
  readonly bss?: Partial<
    Pick<BssAuthenticatorOptions, "groupRekeySeconds" | "strictRekey" | "managementCipher" | "protectsBeacons">
  >;
  /** What overrides the RSNE. */
  readonly overrides?: RsnOverrides;
  /** A master key that is there before the handshake. */
  readonly known?: KnownPmk;
  /** What derives the PTK of stations, where that is another hash than agreed on. */
  readonly derivedWith?: AkmHash;
  /** What the radio answers when it is to install a pairwise key. */
  readonly refusesKeys?: boolean;
}

export class AuthenticatorBench {
  readonly clock = new VirtualClock();
  readonly records: LogRecord[] = [];
  /** All that was asked for, in order; keys as they were then. */
  readonly acts: Act[] = [];
  readonly sent: SentPdu[] = [];
  readonly agreed: Negotiated;
  readonly known: KnownPmk | undefined;
  readonly derivedWith: AkmHash | undefined;
  readonly pmk: PmkCandidate = { pmk: new Uint8Array(32).fill(0x11), keyId: "home" };
  /** The master keys that a station may have. */
  candidates: readonly PmkCandidate[] = [{ pmk: new Uint8Array(32).fill(0x22) }, this.pmk];
  /** Searches for a key end with {@link endSearch} only. */
  searchesTakeTime = false;
  readonly searches = new Set<() => void>();
  readonly pmksa = new PmksaCache(this.clock);
  readonly bss: BssAuthenticator;
  readonly element: Element;
  /** Channel 6. */
  channel: OperatingChannel = { frequency: 2437, width: 20, split: false, secondary: "none", segment1: 0 };
  /** How many frames the radio has sent with the group key of an index. */
  readonly groupFrames = new Map<number, number>();
  /** What the access point does about a report. */
  onReport: (event: RsnEvent) => void = () => undefined;

  constructor(options: BenchOptions = {}) {
    this.agreed = {
      protocol: "rsn",
      akm: "WPA-PSK",
      pairwise: "CCMP",
      group: "CCMP",
      pmkids: [],
      managementFrameProtection: false,
      extendedKeyId: false,
      ...options.agreed,
    };
    this.known = options.known;
    this.derivedWith = options.derivedWith;
    this.element = elementOf(this.agreed);
    const offered: RsnPolicy = {
      protocols: new Set(["wpa", "rsn"]),
      akms: new Set([this.agreed.akm]),
      wpaPairwise: new Set(["TKIP"]),
      rsnPairwise: new Set(["CCMP"]),
      group: this.agreed.group,
      extendedKeyId: this.agreed.extendedKeyId,
      overrides: options.overrides,
    };
    this.bss = new BssAuthenticator({
      port: this.#port(options.refusesKeys ?? false),
      clock: this.clock,
      entropy: new FixedEntropy(7),
      log: new Log((record) => void this.records.push(record)),
      policy: {
        eapolVersion: 2,
        pairwiseAttempts: 4,
        groupAttempts: 4,
        noRetries: false,
        keepsWithoutGroupKey: false,
        denyPtk0Rekey: false,
        firstKeyId: 0,
        ptkRekeySeconds: 0,
        owePtkSha256: "no",
        transitionDisable: 0,
        transmitStatus: true,
        ...options.policy,
      },
      pmksa: this.pmksa,
      aa,
      elements: securityElements(offered, { preauthentication: false, wmm: true, extension: new Set() }),
      groupCipher: this.agreed.group,
      groupRekeySeconds: 0,
      strictRekey: false,
      ...options.bss,
    });
    this.bss.start();
  }

  /** A station that has associated. */
  join(last = 1): JoinedStation {
    const address = `02:00:00:00:01:${last.toString(16).padStart(2, "0")}` as MacAddress;
    const { protection, descriptorVersion } = formatOf(this.agreed);
    const supplicant = new ScriptedSupplicant({
      protocol: this.agreed.protocol,
      hash: hashOf(this.agreed),
      protection,
      descriptorVersion,
      tkLength: temporalKeyLength(this.agreed.pairwise),
      ...(this.derivedWith ? { derivedWith: this.derivedWith } : {}),
      pmk: (this.known ?? this.pmk).pmk.slice(),
      aa,
      spa: address,
      element: this.element,
    });
    const authenticator = this.bss.join(address, this.agreed, this.element, this.known);
    authenticator.start();
    return new JoinedStation(this, address, supplicant, authenticator);
  }

  pass(duration: number): void {
    this.clock.advance(milliseconds(duration));
  }

  /** The search for a key that was begun first ends. */
  endSearch(): void {
    const [finish] = this.searches;
    assert.ok(finish, "no search is under way");
    this.searches.delete(finish);
    finish();
  }

  /** Names of what was asked for since the last call, without sending. */
  news(): string[] {
    return this.acts.splice(0).flatMap((act) => (act.type === "send" ? [] : [nameOf(act)]));
  }

  #port(refusesKeys: boolean): AuthenticatorPort {
    const act = (done: Act): void => void this.acts.push(done);
    return {
      sendEapol: (station, pdu, { encrypt }) => {
        this.sent.push({ station, pdu: pdu.slice(), encrypt });
        act({ type: "send" });
      },
      installPairwiseKey: (_, key) => {
        act({ type: "install", key: { ...key, key: key.key.slice() } });
        return !refusesKeys;
      },
      sendWithKey: (_, index) => {
        act({ type: "send-with", index });
        return !refusesKeys;
      },
      installGroupKey: (key, _, vlanId) => {
        this.groupFrames.set(key.index, 0);
        act({ type: "install-group", key: { ...key, key: key.key.slice() }, vlanId });
      },
      groupKeySequence: (index) => Uint8Array.of(this.groupFrames.get(index) ?? 0xee, 0, 0, 0, 0, 0),
      findPmk: (_, fits, found) => {
        const words = new Int32Array(pmkWords);
        const fitting = this.candidates.find(({ pmk }) => {
          storePmk(pmk, words, 0);
          return fits(words, 0);
        });
        const finish = () => found(fitting && { ...fitting, pmk: fitting.pmk.slice() });
        if (!this.searchesTakeTime) finish();
        else this.searches.add(finish);
        return { cancel: () => void this.searches.delete(finish) };
      },
      onKeyProved: (station, { vlanId }) => vlanId === undefined || this.bss.move(station, vlanId),
      authorize: (_, by) => act({ type: "authorize", by }),
      deauthenticate: (station, reason) => {
        act({ type: "deauthenticate", reason });
        // As the access point does.
        this.bss.leave(station);
      },
      operatingChannel: () => this.channel,
      transmitWidth: () => ({ width: this.channel.width, segment1: this.channel.segment1 }),
      report: (event) => {
        act({ type: "report", event });
        this.onReport(event);
      },
    };
  }
}

export class JoinedStation {
  constructor(
    readonly bench: AuthenticatorBench,
    readonly address: MacAddress,
    readonly supplicant: ScriptedSupplicant,
    readonly authenticator: StationAuthenticator,
  ) {}

  /** The last message to this station. */
  get last(): SentPdu {
    return this.bench.sent.findLast(({ station }) => station === this.address) ?? assert.fail("nothing was sent");
  }

  get count(): number {
    return this.bench.sent.filter(({ station }) => station === this.address).length;
  }

  /** Brings a frame to the authenticator as the access point would. */
  answer(pdu: Uint8Array): void {
    const { body } = decodeEapol(new Reader(pdu, ["EAPOL"]));
    this.authenticator.onEapolKey(pdu.subarray(0, eapolHeaderLength + body.length), new Reader(body, ["EAPOL-Key"]));
  }

  /** The rest of a 4-way handshake whose message 1 is out. */
  complete(snonce = new Uint8Array(32).fill(this.count)): this {
    this.answer(this.supplicant.message2(this.last.pdu, snonce));
    this.answer(this.supplicant.message4(this.last.pdu));
    return this;
  }
}

const nameOf = (act: Exclude<Act, { type: "send" }>): string => {
  switch (act.type) {
    case "install":
      return `install ${act.key.index}${act.key.receiveOnly ? " to receive" : ""}`;
    case "send-with":
      return `send with ${act.index}`;
    case "install-group":
      return `install group ${act.key.index}${act.vlanId === 0 ? "" : ` of VLAN ${act.vlanId}`}`;
    case "authorize":
      return `authorize ${act.by.keyId ?? "somebody"}`;
    case "deauthenticate":
      return `deauthenticate ${act.reason}`;
    case "report":
      return act.event.type;
  }
};

function elementOf({ protocol, akm, pairwise, group, extendedKeyId }: Negotiated): Element {
  if (protocol === "rsn") {
    const data = encodeRsne({
      ...rsneDefaults,
      group: cipherSuite[group],
      pairwise: [cipherSuite[pairwise]],
      akm: [akmSuite[akm]],
      capabilities: new Set(extendedKeyId ? ["extendedKeyId"] : []),
    });
    return { id: elementId.rsn, data };
  }
  const data = encodeWpaIe({
    group: wpaCipherSuite.TKIP,
    pairwise: [pairwise === "TKIP" ? wpaCipherSuite.TKIP : wpaCipherSuite.CCMP],
    akm: [wpaAkmSuite["WPA-PSK"]],
    capabilities: undefined,
  });
  return { id: elementId.vendorSpecific, data };
}

/** All octets zero: what a key is after it was wiped. */
export const isWiped = (...keys: readonly Uint8Array[]): boolean => concat(...keys).every((octet) => octet === 0);
