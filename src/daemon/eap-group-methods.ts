/** EAP methods with Diffie-Hellman groups, pwd, EKE and IKEv2, after a BSS's settings. */

import type { BssSettings } from "../config/registry.ts";
import type { EapArithmetic } from "../crypto/eap-arithmetic.ts";
import type { EapMethod } from "../eap/method.ts";
import { ekeMethod } from "../eap/methods/eke/method.ts";
import { ikev2Method } from "../eap/methods/ikev2/method.ts";
import { pwdMethod } from "../eap/methods/pwd/method.ts";
import { eapGroups } from "./eap-groups.ts";
import type { EapMethodsPart } from "./eap-methods.ts";
import type { EapServerHost } from "./eap-server.ts";

export class GroupMethods implements EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];

  private constructor(
    readonly group: number,
    readonly fragmentSize: number,
    arithmetic: EapArithmetic,
  ) {
    const groups = async () => (await eapGroups()).cyclic;
    this.list = [
      pwdMethod({ groups, arithmetic, group, fragmentSize }) as EapMethod<unknown>,
      ekeMethod(arithmetic) as EapMethod<unknown>,
      ikev2Method({ arithmetic, fragmentSize }) as EapMethod<unknown>,
    ];
  }

  static open(settings: BssSettings, host: EapServerHost, before: EapMethodsPart | undefined): GroupMethods {
    const { pwd_group: group, fragment_size: fragmentSize } = settings;
    if (before instanceof GroupMethods && before.group === group && before.fragmentSize === fragmentSize) return before;
    return new GroupMethods(group, fragmentSize, host.arithmetic);
  }

  retire(): void {
    // It holds nothing.
  }
}
