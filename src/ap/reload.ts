/** Another configuration for a radio that may be up. */

import { messageOf } from "../base/errors.ts";
import { sameValue } from "../base/same-value.ts";
import type { Configuration } from "../config/registry.ts";
import { permittedPlan } from "./channel-plan.ts";
import { effortOf } from "./effort.ts";
import { changePsks, sendAwayDenied, sendAwayUnaccepted } from "./expulsion.ts";
import type { Radio } from "./radio.ts";
import { applyThresholds } from "./thresholds.ts";

/**
 * Puts another configuration in force; what is on the air starts anew only where it has to.
 * @throws ConfigurationError where a file that it names can't be read or has errors, or its channel can't be;
 * nothing has changed then
 */
export function reload(radio: Radio, configuration: Configuration): void {
  expectPossible(radio, configuration);
  const pskEntries = new Map(configuration.bsses.map((settings) => [settings.interface, radio.readPsks(settings)]));
  const before = radio.settings;
  const effort = effortOf(radio.configuration, configuration);
  radio.configure(configuration);
  const { running } = radio;
  if (radio.state !== "ENABLED" || !running) return;
  if (effort === "live" || effort === "beacon") {
    applyThresholds(running.port, configuration.radio, before);
    for (const bss of running.bsses) {
      bss.applySettings();
      sendAwayDenied(bss);
      sendAwayUnaccepted(bss);
      const entries = pskEntries.get(bss.name) ?? [];
      if (sameValue(entries, bss.pskEntries)) continue;
      changePsks(bss, entries).catch((thrown: unknown) => radio.log.error(`new keys: ${messageOf(thrown)}`));
    }
    return;
  }
  radio.disable();
  radio.enable().catch((thrown: unknown) => radio.log.error(`could not come up again: ${messageOf(thrown)}`));
}

/** What would keep the radio down is refused while it is up. Another country's rules are known only once they are in force. */
function expectPossible({ running, state, settings }: Radio, { radio: wanted }: Configuration): void {
  if (!running || state !== "ENABLED" || wanted.country_code !== settings.country_code) return;
  permittedPlan(wanted, running.port.capabilities());
}
