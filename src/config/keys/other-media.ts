/** What hostapd does on other media than Wi-Fi of 2.4, 5 and 6 GHz: wired ports, 60 GHz. Checked, kept, and without effect. */

import { connectivityAssociationKey } from "../checked-kinds.ts";
import { ofBss, ofRadio, withoutEffect } from "../entry.ts";
import { boolean, flag, hex, integer, type Kind, text } from "../kinds.ts";

const onlyWired = "it is for MACsec on wired ports, which there is not";
const only60GHz = "it is for 60 GHz, which is refused (hw_mode=ad)";
const noTransfer = "sessions are not moved between radios of different bands";

const neverMacsec: Kind<boolean> = {
  ...flag,
  shape: "0",
  parse(octets, context) {
    const parsed = flag.parse(octets, context);
    if ("error" in parsed || !parsed.value) return parsed;
    return { error: "MACsec is for wired ports, which are not served: frames would not be protected" };
  },
};

const wired = <T, D extends T | undefined>(kind: Kind<T>, initial: D, doc: string, secret = false) =>
  withoutEffect(onlyWired, { ...ofBss<T>({ kind, initial: undefined, cost: "live", doc, secret }), initial });

const session = <T>(kind: Kind<T>, doc: string) =>
  withoutEffect(noTransfer, ofRadio<T>({ kind, initial: undefined, cost: "live", doc }));

export const otherMediaKeys = {
  macsec_policy: wired(neverMacsec, false, "MACsec; 1 is refused."),
  macsec_integ_only: wired(flag, false, "MACsec without encryption."),
  macsec_replay_protect: wired(flag, false, "MACsec replay protection."),
  macsec_replay_window: wired(integer(0), 0, "Frames that may come late."),
  macsec_offload: wired(integer(0, 2), 0, "MACsec in hardware."),
  macsec_port: wired(integer(1, 65534), 1, "Port of the secure channel identifier."),
  mka_priority: wired(integer(0, 255), 255, "Priority as key server."),
  macsec_csindex: wired(integer(0, 1), 0, "MACsec cipher."),
  macsec_icv_indicator: wired(flag, false, "Always include the ICV indicator."),
  mka_cak: wired(connectivityAssociationKey, undefined, "Pre-shared association key.", true),
  mka_ckn: wired(hex(1, 32), undefined, "Name of that key."),
  enable_edmg: withoutEffect(
    only60GHz,
    ofRadio({ kind: boolean, initial: false, cost: "live", doc: "Several channels at once (EDMG)." }),
  ),
  edmg_channel: withoutEffect(
    only60GHz,
    ofRadio({ kind: integer(0, 255), initial: 0, cost: "live", doc: "Number of the EDMG channel." }),
  ),
  pbss: withoutEffect(
    only60GHz,
    ofBss({ kind: integer(0, 2), initial: 0, cost: "live", doc: "Personal BSS instead of an infrastructure's." }),
  ),
  fst_group_id: session(text(15, 1), "Fast session transfer: group of interfaces."),
  fst_priority: session(integer(1, 255), "Fast session transfer: priority in the group."),
  fst_llt: session(integer(1), "Fast session transfer: timeout, in milliseconds."),
} as const;
