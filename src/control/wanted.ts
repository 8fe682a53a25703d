import type { Radio } from "../ap/radio.ts";
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
