/** Whether a configuration and a radio fit, before anything is started: what the start would say, and what it would find out too late. */

import type { Finding } from "../config/check.ts";
import type { Configuration } from "../config/registry.ts";
import { groupCipherOf, pairwiseCiphersOf } from "../config/settings.ts";
import type { RadioCapabilities } from "../driver/port.ts";
import { type CipherName, cipherSuite } from "../wire/ieee80211/suites.ts";
import { channelOf, isRefusal, planChannel } from "./channel-plan.ts";
import { managementProtectionUse } from "./management-protection.ts";

/** A radio of this machine, and what is on it. */
export interface RadioOnMachine {
  readonly capabilities: RadioCapabilities;
  /** Switched off (rfkill). */
  readonly isBlocked: boolean;
  readonly interfaces: readonly {
    readonly name: string;
    readonly type: string;
    /** MHz; undefined where it is on no channel. */
    readonly frequency: number | undefined;
  }[];
  /** Country of the rules in force, `00` for the world's. */
  readonly country: string | undefined;
}

/** @param configuration settled; the radio is that of its first interface */
export function hardwareFindings(configuration: Configuration, radio: RadioOnMachine): Finding[] {
  const { capabilities } = radio;
  if (!capabilities.interfaceTypes.has("ap"))
    return [
      error("interface", `the driver of ${capabilities.phy} has no access point mode: 'beacon doctor' says more`),
    ];
  return [
    ...(radio.isBlocked
      ? [
          warning(
            "interface",
            `the radio ${capabilities.phy} is switched off: 'rfkill unblock wifi', or its hardware switch`,
          ),
        ]
      : []),
    ...channelFindings(configuration, radio),
    ...countFindings(configuration, capabilities),
    ...configuration.bsses.flatMap((_, bss) => cipherFindings(configuration, bss, capabilities)),
  ];
}

const error = (property: string, message: string): Finding => ({ severity: "error", property, message });
const warning = (property: string, message: string): Finding => ({ severity: "warning", property, message });

function channelFindings(configuration: Configuration, radio: RadioOnMachine): Finding[] {
  const { radio: settings } = configuration;
  const { capabilities, country } = radio;
  const plan = planChannel(settings, capabilities);
  if (!isRefusal(plan)) {
    return [
      ...plan.concessions.map((message): Finding => ({ severity: "note", property: "channel", message })),
      ...neighbourFindings(configuration, radio, plan.definition.frequency),
    ];
  }
  const property = plan.problem === "no-band" ? "hw_mode" : "channel";
  const allowed = plan.allowed.length === 0 ? "" : `; allowed are ${plan.allowed.join(", ")}`;
  const wanted = settings.country_code;
  // Only the country's rules change at the start, not what the radio is.
  const mayChange =
    plan.problem === "not-allowed" && wanted !== undefined && country !== undefined && !wanted.startsWith(country);
  return mayChange
    ? [
        warning(
          property,
          `${plan.message}${allowed}. These are the rules of ${named(country)}; those of ${wanted} are asked for at the start`,
        ),
      ]
    : [error(property, `${plan.message}${allowed}`)];
}

const named = (country: string): string => (country === "00" ? "the world (no country is set)" : country);

/** An interface of the same radio that is on another channel than ours, where the radio can't be on two. */
function neighbourFindings(
  { bsses }: Configuration,
  { capabilities, interfaces }: RadioOnMachine,
  frequency: number,
): Finding[] {
  const own = new Set(bsses.map((bss) => bss.interface));
  return interfaces.flatMap(({ name, type, frequency: theirs }): Finding[] => {
    if (own.has(name) || theirs === undefined || theirs === frequency) return [];
    const channels = capabilities.combinations
      .filter(({ limits }) =>
        ["ap", type].every((each) => limits.some(({ types }) => types.some((one) => one === each))),
      )
      .map(({ maxChannels }) => maxChannels);
    if (Math.max(1, ...channels) > 1) return [];
    const message = `${name} is on channel ${channelOf(theirs).channel} (${theirs} MHz), and this radio is on one channel at a time: channel=${channelOf(theirs).channel}, or take ${name} down first`;
    return [error("channel", message)];
  });
}

/** How many access points the radio may be at once; one where it doesn't say. */
function mostAccessPoints({ combinations }: RadioCapabilities): number {
  const counts = combinations.map(({ maxInterfaces, limits }) => {
    const forAp = limits.filter(({ types }) => types.includes("ap")).map(({ max }) => max);
    return Math.min(maxInterfaces, Math.max(0, ...forAp));
  });
  return Math.max(1, ...counts);
}

function countFindings({ bsses }: Configuration, capabilities: RadioCapabilities): Finding[] {
  const most = mostAccessPoints(capabilities);
  if (bsses.length <= most) return [];
  const message = `${bsses.length} networks are configured, and ${capabilities.phy} can be ${most === 1 ? "one access point" : `${most} access points`} at once: the others would not start`;
  return [{ ...error("interface", message), bss: most }];
}

function cipherFindings({ bsses }: Configuration, bss: number, { ciphers }: RadioCapabilities): Finding[] {
  const settings = bsses[bss];
  // An old driver may tell of none.
  if (settings === undefined || settings.wpa.size === 0 || ciphers.size === 0) return [];
  const lacks = (cipher: CipherName | undefined): boolean => cipher !== undefined && !ciphers.has(cipherSuite[cipher]);
  const group = groupCipherOf(settings);
  const found: Finding[] = lacks(group)
    ? [error("rsn_pairwise", `the radio has no ${group}, which is the cipher for broadcast`)]
    : [...pairwiseCiphersOf(settings)]
        .filter(lacks)
        .map((cipher) =>
          warning("rsn_pairwise", `the radio has no ${cipher}: stations that are to use it will not get in`),
        );
  const use = managementProtectionUse(settings);
  if (use !== "no" && lacks(settings.group_mgmt_cipher)) {
    const message = `the radio has no ${settings.group_mgmt_cipher}, so management frames can't be protected: ieee80211w=${use === "required" ? "2 can't be" : "1 has no effect"}`;
    found.push((use === "required" ? error : warning)("ieee80211w", message));
  }
  return found.map((each) => ({ ...each, bss }));
}
