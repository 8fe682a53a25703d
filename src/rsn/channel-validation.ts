/** Operating channel validation with one station: what we tell it, and whether what it tells is right. */

import type { MacAddress } from "../base/mac-address.ts";
import type { KeyDataItem } from "../wire/eapol/kde.ts";
import type { AuthenticatorContext } from "./context.ts";
import type { Negotiated } from "./negotiated.ts";
import { faultOfOci, missingOci, ociOf } from "./operating-channel.ts";

/** Frames in which a station tells its channel, as hostapd names them. */
export type ValidatedFrame = "eapol-key-m2" | "eapol-key-g2" | "saqueryreq" | "saqueryresp";

/** Frames in which we do. */
export type ClaimingFrame = "message3" | "group-message1" | "sa-query-request" | "sa-query-response";

export class ChannelValidation {
  #mode: Negotiated["channelValidation"];

  constructor(
    readonly station: MacAddress,
    agreed: Negotiated,
    readonly context: AuthenticatorContext,
  ) {
    this.#mode = agreed.channelValidation;
  }

  get isOn(): boolean {
    return this.#mode !== undefined;
  }

  /** OCI to tell. Empty where the channel is not validated. */
  claim(frame: ClaimingFrame): readonly Uint8Array[] {
    const channel = this.isOn ? this.context.port.operatingChannel() : undefined;
    const oci = channel && ociOf(channel, this.context.policy.misbehaviour?.claimedFrequencies?.[frame]);
    return oci ? [oci] : [];
  }

  claimInKeyData(frame: ClaimingFrame): readonly KeyDataItem[] {
    return this.claim(frame).map((oci) => ({ kind: "oci", oci }));
  }

  verifyKeyData(frame: ValidatedFrame, items: readonly KeyDataItem[]): boolean {
    return this.verify(frame, items.find((item) => item.kind === "oci")?.oci);
  }

  /** @returns whether the frame may be believed; what speaks against it is reported */
  verify(frame: ValidatedFrame, oci: Uint8Array | undefined): boolean {
    const { port, log } = this.context;
    if (!this.isOn) return true;
    const channel = port.operatingChannel();
    if (!channel) return false;
    const fault = faultOfOci(oci, channel, port.transmitWidth(this.station));
    if (fault === undefined) return true;
    if (fault === missingOci && this.#mode === "lenient" && frame === "eapol-key-m2") {
      log.station(this.station, "WPA", "info", "Disable OCV with a STA that does not send OCI");
      this.#mode = undefined;
      return true;
    }
    if (frame.startsWith("eapol")) log.station(this.station, "WPA", "info", `OCV failed: ${fault}`);
    port.report({ type: "channel-mismatch", station: this.station, frame, fault });
    return false;
  }
}
