/** What a radio goes through on its way up. */

import { ConfigurationError } from "../base/errors.ts";
import type { RadioSettings } from "../config/registry.ts";
import type { RadioCapabilities, RadioEvent, RadioPort, ScanResult } from "../driver/port.ts";
import { addressBlockProblem } from "./bss-addresses.ts";
import { type ChannelPlan, narrowed, permittedPlan } from "./channel-plan.ts";
import { changedOver } from "./channel-settings.ts";
import { type FortyVerdict, judge40MHz } from "./forty-megahertz.ts";
import type { Radio } from "./radio.ts";
import type { Running } from "./running.ts";

/** @throws KernelRefusal */
export function openRadioPort({ options, name, settings }: Radio, listener: (event: RadioEvent) => void): RadioPort {
  const withoutControlPort = /(^|\s)control_port=0(\s|$)/.test(settings.driver_params ?? "");
  return options.driver.openRadio(name, listener, { withoutControlPort });
}

export const switchedOff = (name: string): ConfigurationError =>
  new ConfigurationError(
    `the radio of ${name} is switched off (rfkill): 'rfkill unblock wifi' switches it on, or its hardware switch`,
  );

/** Where the settings want it to be. @throws ConfigurationError */
export function firstPlan({ name, log, settings }: Radio, capabilities: RadioCapabilities): ChannelPlan {
  if (!capabilities.interfaceTypes.has("ap")) {
    throw new ConfigurationError(`the driver of ${name} (${capabilities.phy}) has no access point mode`);
  }
  const plan = permittedPlan(settings, capabilities);
  for (const concession of plan.concessions) log.warning(concession);
  return plan;
}

/** Whether 40 MHz depend on who is around. */
export const asksNeighbours = ({ noscan }: RadioSettings, { plan, capabilities }: Running): boolean =>
  plan.secondary !== "none" && plan.band.name !== "6GHz" && !noscan && !capabilities.associationOffload;

/** @param found undefined where nobody could look */
export function heedNeighbours(radio: Radio, running: Running, found: readonly ScanResult[] | undefined): void {
  const { plan } = running;
  const verdict: FortyVerdict = found
    ? judge40MHz(plan, found)
    : { kind: plan.band.name === "2.4GHz" ? "forbidden" : "allowed", because: "nobody knows the neighbours" };
  if (verdict.kind === "allowed") return;
  if (verdict.kind === "forbidden") {
    radio.log.warning(`it is 20 MHz and not 40: ${verdict.because} (noscan=1 doesn't ask)`);
    running.plan = narrowed(plan);
    return;
  }
  const changed = changedOver(radio.settings, plan, running.capabilities);
  if (!changed) return;
  radio.log.info(`channel ${changed.channel} instead of ${plan.channel}, in the same 40 MHz: ${verdict.because}`);
  radio.moveTo(changed);
}

/** hostapd would not start; whether the radio minds is up to its driver. */
export function warnOfAddresses({ configuration, log }: Radio, { bsses: [first] }: Running): void {
  const { radio, bsses } = configuration;
  const problem = first && addressBlockProblem(first.address, radio, bsses);
  if (problem !== undefined) {
    log.warning(`${problem} Give each BSS a bssid, or set use_driver_iface_addr=1, if their frames get lost.`);
  }
}
