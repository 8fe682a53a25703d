/** Who authenticates the stations of a BSS by IEEE 802.1X: RADIUS servers, or the EAP server in this process. */

import type { BssSettings } from "../config/registry.ts";
import type { EapBackend } from "../dot1x/port.ts";
import type { Bss } from "./bss.ts";

export interface OpenedBackend extends EapBackend {
  /**
   * Other settings, for those who come from now on.
   * @throws ConfigurationError where those can't be; the earlier ones stay in force then
   */
  use(settings: BssSettings): void;
  /** Keys of ERP, where they are given out here: all have to authenticate in full again. */
  forgetKeys?(): void;
  /** Files that the settings name may be others under the same names. What is wrong with them is logged, and the earlier ones stay in use. */
  refresh?(): void;
  /** Nobody asks any more; what is under way gets no answer. */
  close(): void;
}

/**
 * Called when the network goes on the air with ieee8021x.
 * @returns undefined where the settings name nobody
 * @throws ConfigurationError where those that they name can't be
 */
export type OpenBackend = (bss: Bss) => OpenedBackend | undefined;

/** Its requests come from elsewhere: who asks for an identity and who for the rest are two. */
export const isPassThrough = ({ eap_server }: Pick<BssSettings, "eap_server">): boolean => !eap_server;
