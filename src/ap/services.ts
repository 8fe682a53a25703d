import type { BssSettings } from "../config/registry.ts";

/** What runs beside a radio because its BSSs' settings ask for it, such as a RADIUS server. */
export interface Services {
  /**
   * From now on there is what these settings ask for, and nothing else of this radio. Cheap where nothing changes.
   * @param bsses of a radio that is up or on its way; none of one that is not
   * @throws KernelRefusal, ConfigurationError where something can't be; what was there before still is, then
   */
  follow(radio: string, bsses: readonly BssSettings[]): Promise<void>;
}
