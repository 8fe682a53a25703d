/** EAP-pwd after a BSS's settings. */

import type { BssSettings } from "../config/registry.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import type { EapMethod } from "../eap/method.ts";
import { pwdMethod } from "../eap/methods/pwd/method.ts";
import type { EapMethodsPart } from "./eap-methods.ts";
import type { EapServerHost } from "./eap-server.ts";

let loaded: Promise<CyclicGroups> | undefined;

/** Loaded when somebody first needs them. */
function groups(): Promise<CyclicGroups> {
  loaded ??= loadGroupArithmetic().then((arithmetic) => new CyclicGroups(arithmetic));
  return loaded;
}

export class PwdMethods implements EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];

  private constructor(
    readonly group: number,
    readonly fragmentSize: number,
  ) {
    this.list = [pwdMethod({ groups, group, fragmentSize }) as EapMethod<unknown>];
  }

  static open(settings: BssSettings, _host: EapServerHost, before: EapMethodsPart | undefined): PwdMethods {
    const { pwd_group: group, fragment_size: fragmentSize } = settings;
    if (before instanceof PwdMethods && before.group === group && before.fragmentSize === fragmentSize) return before;
    return new PwdMethods(group, fragmentSize);
  }

  retire(): void {
    // It holds nothing.
  }
}
