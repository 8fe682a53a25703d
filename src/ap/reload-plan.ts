/**
 * What it takes to put another configuration in force, step by step, and who has to go for it. Pure: what a dry run
 * says is what a reload does.
 */

import { sameValue } from "../base/same-value.ts";
import type { Cost } from "../config/entry.ts";
import { PskEntries } from "../config/psk-entries.ts";
import { type BssSettings, type Configuration, propertyOf, settingKeys } from "../config/registry.ts";
import type { RadioCapabilities } from "../driver/port.ts";
import { sameChannelSettings } from "./channel-keys.ts";
import { type ChannelPlan, isRefusal, permittedPlan, planChannel } from "./channel-plan.ts";

/** A key whose value is another than before. */
export interface Change {
  /** Interface of the BSS; undefined for a key of the radio. */
  readonly bss: string | undefined;
  readonly key: string;
  readonly cost: Cost;
}

/** Entries of each BSS's wpa_psk_file, by interface. */
export type PskFiles = ReadonlyMap<string, PskEntries>;

export interface OnAir {
  readonly capabilities: RadioCapabilities;
  readonly plan: ChannelPlan;
  /** Stations can be taken along to another channel by an announcement. */
  readonly announcesSwitches: boolean;
  /** How many BSSs the radio can have at once. */
  readonly maxBsses: number;
  /** The rules of the country that is wanted are in force already. */
  readonly hasEnteredCountry: boolean;
}

export interface Situation {
  readonly configuration: Configuration;
  readonly pskFiles: PskFiles;
  /** undefined while the radio is not up: its next start has it all. */
  readonly onAir: OnAir | undefined;
}

export type Wanted = Pick<Situation, "configuration" | "pskFiles">;

/** Keys that a step is for; `bss` where a BSS as a whole is new or gone. */
interface Because {
  readonly keys: readonly string[];
}

export type BssStep = Because & { readonly bss: string } & (
    | { readonly type: "add-bss" }
    | { readonly type: "remove-bss" }
    /** On an interface that is taken anew. */
    | { readonly type: "reopen-bss" }
    /** On the same interface. */
    | { readonly type: "begin-bss" }
    /** Settings that nobody has to go for, in the beacon where they belong there. */
    | { readonly type: "show-settings" }
    | { readonly type: "reopen-socket" }
    | { readonly type: "change-keys" }
    | { readonly type: "change-bridge" }
    | { readonly type: "check-admission" }
  );

export type RadioStep = Because &
  (
    | { readonly type: "set-country" }
    | { readonly type: "restart-radio" }
    | { readonly type: "set-thresholds" }
    /** Announced; 0 for none. */
    | { readonly type: "change-color"; readonly color: number }
    /** The stations come along. */
    | { readonly type: "switch-channel"; readonly to: ChannelPlan }
    /** All BSSs on the same interfaces, on this channel. */
    | { readonly type: "begin-all"; readonly on: ChannelPlan }
  );

export type Step = BssStep | RadioStep;

export interface ReloadPlan {
  readonly changes: readonly Change[];
  /** In the order in which they are taken. Empty where the radio is down, or nothing changes. */
  readonly steps: readonly Step[];
}

/** Who has to go for a step. */
export type Leaving = "nobody" | "everybody" | "stations" | "not-admitted" | "without-key";

/** `stations`: those of the step's BSS; `everybody`: those of all of the radio's. */
export function leavingFor({ type }: Step): Leaving {
  switch (type) {
    case "restart-radio":
    case "begin-all":
      return "everybody";
    case "remove-bss":
    case "reopen-bss":
    case "begin-bss":
      return "stations";
    case "check-admission":
      return "not-admitted";
    case "change-keys":
      return "without-key";
    case "add-bss":
    case "show-settings":
    case "reopen-socket":
    case "set-country":
    case "set-thresholds":
    case "switch-channel":
    case "change-color":
    case "change-bridge":
      return "nobody";
  }
}

/** Keys that the driver has to be told. */
const isThreshold = (key: string): boolean => key === "rts_threshold" || key === "fragm_threshold";

/** @throws ConfigurationError where the radio may not be on the channel that is wanted */
export function planReload(from: Situation, to: Wanted): ReloadPlan {
  const { onAir } = from;
  const changes = changesBetween(from.configuration, to.configuration).map((change) =>
    onAir?.capabilities.associationOffload && toldAtStartOnly.has(change.key)
      ? { ...change, cost: "stations" as const }
      : change,
  );
  if (!onAir) return { changes, steps: [] };
  const ofRadio = changes.filter(({ bss }) => bss === undefined);
  const keysOf = (...costs: readonly Cost[]): string[] => namesOf(ofRadio, costs);

  const isEntering =
    keysOf("country").length > 0 && to.configuration.radio.country_code !== undefined && !onAir.hasEnteredCountry;
  const restarting = [...keysOf("restart"), ...(hasOtherRoot(from, to) ? ["interface"] : [])];
  if (restarting.length > 0) return { changes, steps: [{ type: "restart-radio", keys: restarting }] };

  const { plan } = onAir;
  const moving = keysOf("channel", "country");
  // It may have gone elsewhere since by CHAN_SWITCH, and stays there unless another channel is configured.
  const hasSamePlace = sameChannelSettings(from.configuration.radio, to.configuration.radio);
  const wanted = moving.length === 0 && hasSamePlace ? plan : channelWanted(onAir, to, isEntering);
  const isElsewhere = !sameValue(wanted.definition, plan.definition);
  const coloring = plan.modes.he ? keysOf("color") : [];
  const announcesColors = onAir.capabilities.colorChange;
  const beginning = [...keysOf("stations"), ...(announcesColors ? [] : coloring)];
  const isSwitching = isElsewhere && beginning.length === 0 && onAir.announcesSwitches;
  const isBeginning = beginning.length > 0 || (isElsewhere && !isSwitching);
  const thresholds = keysOf("live").filter(isThreshold);
  return {
    changes,
    steps: [
      ...(isEntering ? [{ type: "set-country", keys: keysOf("country") } as const] : []),
      ...(isSwitching ? [{ type: "switch-channel", keys: moving, to: wanted } as const] : []),
      ...(thresholds.length > 0 ? [{ type: "set-thresholds", keys: thresholds } as const] : []),
      ...bssSteps(from, to, changes, isBeginning ? { keys: [...beginning, ...moving], on: wanted } : undefined),
      // Until it is there the driver takes no other beacon.
      ...(coloring.length > 0 && !isBeginning
        ? [{ type: "change-color", keys: coloring, color: to.configuration.radio.he_bss_color ?? 0 } as const]
        : []),
    ],
  };
}

/** What another country's rules allow is known only once they are in force: till then it seems the same as now. */
function channelWanted(onAir: OnAir, { configuration: { radio } }: Wanted, isEntering: boolean): ChannelPlan {
  if (!isEntering) return permittedPlan(radio, onAir.capabilities);
  const wanted = planChannel(radio, onAir.capabilities);
  return isRefusal(wanted) ? onAir.plan : wanted;
}

/** What firmware that answers probe requests by itself is told when the access point starts, and no more. */
const toldAtStartOnly: ReadonlySet<string> = new Set(["ignore_broadcast_ssid"]);

/** The radio is reached through its first interface, so one that isn't there yet may be another radio's. */
const hasOtherRoot = (from: Wanted, to: Wanted): boolean => {
  const [first] = to.configuration.bsses;
  return first !== undefined && !from.configuration.bsses.some((bss) => bss.interface === first.interface);
};

/** @param anew where all BSSs begin anew: why and on which channel */
function bssSteps(
  from: Situation,
  to: Wanted,
  changes: readonly Change[],
  anew: { readonly keys: readonly string[]; readonly on: ChannelPlan } | undefined,
): Step[] {
  const before = byInterface(from.configuration);
  const after = byInterface(to.configuration);
  const gone = [...before.keys()].filter((bss) => !after.has(bss));
  const added = [...after.keys()].filter((bss) => !before.has(bss));
  const staying = [...after.keys()].filter((bss) => before.has(bss));
  const removals = gone.map((bss): Step => ({ type: "remove-bss", bss, keys: ["bss"] }));
  const additions = added.map((bss): Step => ({ type: "add-bss", bss, keys: ["bss"] }));

  const reopened: Step[] = [];
  const begun: Step[] = [];
  const shown: Step[] = [];
  const last: Step[] = [];
  const everywhere = namesOf(
    changes.filter(({ bss }) => bss === undefined),
    ["live", "beacon", "country"],
  ).filter((key) => !isThreshold(key));
  for (const bss of staying) {
    const own = changes.filter((change) => change.bss === bss);
    const keysOf = (...costs: readonly Cost[]): string[] => namesOf(own, costs);
    const sockets = keysOf("socket");
    if (sockets.length > 0) last.push({ type: "reopen-socket", bss, keys: sockets });
    // The interfaces of stations that bridge are in that bridge too.
    const bridging = keysOf("bridge");
    const reopening = [...keysOf("restart"), ...(after.get(bss)?.wds_sta ? bridging : [])];
    const beginning = keysOf("stations");
    if (reopening.length > 0) reopened.push({ type: "reopen-bss", bss, keys: [...reopening, ...beginning] });
    else if (beginning.length > 0 && !anew) begun.push({ type: "begin-bss", bss, keys: beginning });
    if (reopening.length === 0 && bridging.length > 0) last.push({ type: "change-bridge", bss, keys: bridging });
    if (reopening.length > 0 || beginning.length > 0 || anew) continue;
    const showing = [...keysOf("live", "beacon"), ...everywhere];
    if (showing.length > 0) shown.push({ type: "show-settings", bss, keys: showing });
    const keys = keysOf("keys");
    const hasOtherEntries = !(from.pskFiles.get(bss) ?? PskEntries.none).equals(
      to.pskFiles.get(bss) ?? PskEntries.none,
    );
    if (hasOtherEntries && !keys.includes("wpa_psk_file")) keys.push("wpa_psk_file");
    if (keys.length > 0) last.push({ type: "change-keys", bss, keys });
    const admission = keysOf("admission");
    if (admission.length > 0) last.push({ type: "check-admission", bss, keys: admission });
  }
  // Whoever is to come may be refused, which is better found out before anybody has gone; unless those who go make room.
  const isRoomy = before.size + added.length <= (from.onAir?.maxBsses ?? 0) && !takesPlaceOfOthers(before, after, gone);
  const comings = anew || !isRoomy ? [...removals, ...additions] : [...additions, ...removals];
  const all: Step[] = anew ? [{ type: "begin-all", ...anew }] : [];
  return anew
    ? [...removals, ...reopened, ...all, ...additions, ...last]
    : [...comings, ...reopened, ...begun, ...shown, ...last];
}

/** A BSS that is new has the address of one that goes. */
function takesPlaceOfOthers(
  before: ReadonlyMap<string, BssSettings>,
  after: ReadonlyMap<string, BssSettings>,
  gone: readonly string[],
): boolean {
  const freed = new Set(gone.map((bss) => before.get(bss)?.bssid));
  return [...after].some(([bss, { bssid }]) => bssid !== undefined && !before.has(bss) && freed.has(bssid));
}

const byInterface = ({ bsses }: Configuration): Map<string, BssSettings> =>
  new Map(bsses.map((bss) => [bss.interface, bss]));

const namesOf = (changes: readonly Change[], costs: readonly Cost[]): string[] =>
  changes.filter(({ cost }) => costs.includes(cost)).map(({ key }) => key);

/** Keys with another value, of the radio and of the BSSs that are in both. */
export function changesBetween(from: Configuration, to: Configuration): Change[] {
  const before = byInterface(from);
  return [
    ...differences(from.radio, to.radio, "radio", undefined),
    ...to.bsses.flatMap((bss) => {
      const own = before.get(bss.interface);
      return own === undefined ? [] : differences(own, bss, "bss", bss.interface);
    }),
  ];
}

function differences(from: object, to: object, scope: "radio" | "bss", bss: string | undefined): Change[] {
  const before = new Map<string, unknown>(Object.entries(from));
  const after = new Map<string, unknown>(Object.entries(to));
  return Object.entries(settingKeys).flatMap(([key, entry]): Change[] => {
    if (entry.scope !== scope || entry.aliasOf !== undefined) return [];
    const property = propertyOf(key);
    if (sameValue(before.get(property), after.get(property))) return [];
    return [{ bss, key, cost: entry.cost }];
  });
}
