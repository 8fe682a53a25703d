/** The radios of this machine, and what they say to a configuration. */

import { hardwareFindings } from "../../ap/hardware-findings.ts";
import { BeaconError } from "../../base/errors.ts";
import { silent } from "../../base/log.ts";
import type { Finding } from "../../config/check.ts";
import type { Configuration } from "../../config/registry.ts";
import { type SurveyedRadio, surveyCountry, surveyRadios } from "../../driver/nl80211/survey.ts";
import { linuxHost } from "../../linux/host.ts";
import { Reactor } from "../../linux/reactor.ts";

export interface Machine {
  readonly radios: readonly SurveyedRadio[];
  readonly country: string | undefined;
}

/** A machine that can't be asked has none: files are checked all the same. */
export function surveyMachine(): Machine {
  const reactor = new Reactor();
  try {
    const host = linuxHost(reactor);
    return { radios: surveyRadios(host, silent), country: surveyCountry(host, silent) };
  } catch (thrown) {
    if (!(thrown instanceof BeaconError)) throw thrown;
    return { radios: [], country: undefined };
  } finally {
    reactor.close();
  }
}

export function machineFindings(configuration: Configuration, { radios, country }: Machine): Finding[] {
  const name = configuration.bsses[0]?.interface;
  if (radios.length === 0 || configuration.radio.driver !== "nl80211" || name === undefined) return [];
  const radio = radios.find(({ interfaces }) => interfaces.some((each) => each.name === name));
  if (radio !== undefined) return hardwareFindings(configuration, { ...radio, country });
  const names = radios.flatMap(({ interfaces }) => interfaces.map((each) => each.name));
  const message = `this machine has no Wi-Fi interface '${name}'${names.length === 0 ? "" : `, but ${names.join(", ")}`}; --no-radio looks at the file only`;
  return [{ severity: "warning", property: "interface", message }];
}
