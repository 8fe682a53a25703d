/** Spectrum management in 5 GHz: what stations are told of power. IEEE Std 802.11-2020, 11.7, 11.8. */

import { type Element, elementId } from "../wire/ieee80211/element.ts";
import { encodePowerConstraint } from "../wire/ieee80211/power-constraint.ts";
import type { Offer } from "./offer.ts";

type Terms = Pick<Offer, "radio" | "plan">;

/** After the Country element. */
export function powerConstraint({ radio, plan }: Terms): Element[] {
  const { local_pwr_constraint: decibels } = radio;
  if (plan.band.name !== "5GHz" || decibels === undefined) return [];
  return [{ id: elementId.powerConstraint, data: encodePowerConstraint(decibels) }];
}

export const requiresSpectrumManagement = ({ radio, plan }: Terms): boolean =>
  plan.band.name === "5GHz" && radio.spectrum_mgmt_required;
