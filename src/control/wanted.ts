import type { Radio } from "../ap/radio.ts";
import { ConfigurationError } from "../base/errors.ts";
import { checkConfiguration } from "../config/check.ts";
import { isError } from "../config/problem.ts";
import type { Configuration } from "../config/registry.ts";
import type { WantedConfigurations } from "./command.ts";

/** Once a radio has another configuration from elsewhere (a file read again), what SET wanted is over. */
export function wantedConfigurations(): WantedConfigurations {
  const byRadio = new WeakMap<Radio, { readonly inForce: Configuration; readonly wanted: Configuration }>();
  return {
    of(radio) {
      const known = byRadio.get(radio);
      return known?.inForce === radio.configuration ? known.wanted : radio.configuration;
    },
    set(radio, wanted) {
      byRadio.set(radio, { inForce: radio.configuration, wanted });
    },
  };
}

/** @throws ConfigurationError where what SET has gathered contradicts itself */
export function usable(configuration: Configuration): Configuration {
  const errors = checkConfiguration(configuration).filter(isError);
  if (errors.length === 0) return configuration;
  throw new ConfigurationError(errors.map(({ message, hostapd }) => hostapd ?? message).join("; "));
}
