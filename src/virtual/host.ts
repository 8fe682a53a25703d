import { MalformedError, Reader } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { Uplink } from "../driver/virtual/index.ts";
import { decodeEthernet, encodeEthernet } from "../wire/ethernet.ts";
import { etherType } from "../wire/ieee80211/llc-snap.ts";
import { answerOf, decodeArp, encodeArp } from "./arp.ts";

/** A host on the wired side of an access point that answers pings, for {@link Uplink}. */
export const wiredHost =
  ({ address, ip }: { readonly address: MacAddress; readonly ip: string }): Uplink =>
  (_, frame, answer) => {
    try {
      const ethernet = decodeEthernet(new Reader(frame, ["Ethernet frame"]));
      if (ethernet.etherType !== etherType.arp) return;
      const asked = decodeArp(new Reader(ethernet.payload, ["ARP"]));
      const reply = answerOf(asked, address, ip);
      if (!reply) return;
      const payload = encodeArp(reply);
      answer(encodeEthernet({ destination: asked.sender, source: address, etherType: etherType.arp, payload }));
    } catch (thrown) {
      if (!(thrown instanceof MalformedError)) throw thrown;
    }
  };
