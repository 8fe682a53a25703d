/** EAP methods with Diffie-Hellman groups, pwd, EKE and IKEv2, after a BSS's settings. */

import type { BssSettings } from "../config/registry.ts";
import { CyclicGroups } from "../crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../crypto/groups/load.ts";
import type { GroupArithmetic } from "../crypto/groups/port.ts";
import { ModpGroups } from "../crypto/modp.ts";
import type { EapMethod } from "../eap/method.ts";
import { ekeMethod } from "../eap/methods/eke/method.ts";
import { ikev2Method } from "../eap/methods/ikev2/method.ts";
import { pwdMethod } from "../eap/methods/pwd/method.ts";
import type { EapMethodsPart } from "./eap-methods.ts";
import type { EapServerHost } from "./eap-server.ts";

/** Made when somebody first needs it. */
function lazily<T>(make: (arithmetic: GroupArithmetic) => T): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= loadGroupArithmetic().then(make);
    return made;
  };
}

const cyclicGroups = lazily((arithmetic) => new CyclicGroups(arithmetic));
const modpGroups = lazily((arithmetic) => new ModpGroups(arithmetic));

export class GroupMethods implements EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];

  private constructor(
    readonly group: number,
    readonly fragmentSize: number,
  ) {
    this.list = [
      pwdMethod({ groups: cyclicGroups, group, fragmentSize }) as EapMethod<unknown>,
      ekeMethod(modpGroups) as EapMethod<unknown>,
      ikev2Method({ groups: modpGroups, fragmentSize }) as EapMethod<unknown>,
    ];
  }

  static open(settings: BssSettings, _host: EapServerHost, before: EapMethodsPart | undefined): GroupMethods {
    const { pwd_group: group, fragment_size: fragmentSize } = settings;
    if (before instanceof GroupMethods && before.group === group && before.fragmentSize === fragmentSize) return before;
    return new GroupMethods(group, fragmentSize);
  }

  retire(): void {
    // It holds nothing.
  }
}
