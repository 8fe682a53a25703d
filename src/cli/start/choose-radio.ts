/** Which radio an access point may have that nobody asked for by name: one that nothing else uses. Pure. */

import { mayBeAccessPoint } from "../../ap/channel-plan.ts";
import { textOf } from "../../base/bytes.ts";
import type { SurveyedInterface, SurveyedRadio } from "../../driver/nl80211/survey.ts";
import type { BandName, RadioCapabilities, RadioChannel } from "../../driver/port.ts";

export interface RadioChoice {
  /** undefined: there is none to have. */
  readonly interfaceName: string | undefined;
  /** A line for each radio that was passed by, with the reason. */
  readonly passedBy: readonly string[];
}

/** @param letsGo whether whoever has an interface that is not connected would let it go when asked */
export function chooseRadio(
  radios: readonly SurveyedRadio[],
  letsGo: (interfaceName: string) => boolean = () => false,
): RadioChoice {
  const passedBy: string[] = [];
  for (const radio of radios) {
    const verdict = judge(radio, letsGo);
    if ("usable" in verdict) return { interfaceName: verdict.usable, passedBy };
    passedBy.push(`${nameOf(radio)}: ${verdict.why}`);
  }
  return { interfaceName: undefined, passedBy };
}

const nameOf = ({ capabilities, interfaces }: SurveyedRadio): string =>
  interfaces.length === 0 ? capabilities.phy : `${interfaces.map(({ name }) => name).join(", ")} (${capabilities.phy})`;

function judge(
  radio: SurveyedRadio,
  letsGo: (interfaceName: string) => boolean,
): { readonly usable: string } | { readonly why: string } {
  const { capabilities, isBlocked, interfaces } = radio;
  if (!capabilities.interfaceTypes.has("ap")) return { why: "its driver has no access point mode" };
  if (isBlocked) return { why: "switched off (rfkill)" };
  if (bestChannel(capabilities) === undefined) return { why: "no channel where an access point is allowed" };
  for (const each of interfaces) {
    const use = useOf(each, letsGo);
    if (use !== undefined) return { why: interfaces.length > 1 ? `${each.name} ${use}` : use };
  }
  const free = interfaces.find(({ type }) => type === "station" || type === "ap");
  return free ? { usable: free.name } : { why: "it has no interface that could be an access point" };
}

/** What speaks against taking an interface away from whoever has it. */
function useOf(
  { name, type, isUp, hasMaster, ssid, frequency }: SurveyedInterface,
  letsGo: (interfaceName: string) => boolean,
): string | undefined {
  if (ssid !== undefined && ssid.length > 0)
    return type === "station" ? `is connected with '${textOf(ssid)}'` : `is the access point of '${textOf(ssid)}'`;
  if (type === "station" && isUp && frequency !== undefined) return "is connected";
  if (hasMaster) return "is part of a bridge";
  if (isUp && !letsGo(name)) return "is up, so something uses it or is about to";
  return undefined;
}

export interface ChannelChoice {
  readonly band: BandName;
  readonly frequency: number;
}

/** 2.4 GHz, which every device has, where it may be; there 1, 6 and 11 don't overlap each other. */
const preferred = [2412, 2437, 2462];
const usableBands: readonly BandName[] = ["2.4GHz", "5GHz"];

export function bestChannel(capabilities: RadioCapabilities): ChannelChoice | undefined {
  for (const name of usableBands) {
    const band = capabilities.bands.find((each) => each.name === name);
    const allowed = band?.channels.filter(mayBeAccessPoint) ?? [];
    const best = allowed.find(isPreferred) ?? allowed[0];
    if (best) return { band: name, frequency: best.frequency };
  }
  return undefined;
}

const isPreferred = ({ frequency }: RadioChannel): boolean => preferred.includes(frequency);
