/** The machine that a virtual access point stands on, as its stations meet it: it has an IPv4 address, and asks for theirs. */

import { MalformedError, Reader } from "../../base/bytes.ts";
import { type Clock, NamedTimers } from "../../base/clock.ts";
import { type Duration, seconds, since } from "../../base/duration.ts";
import { broadcast, type MacAddress } from "../../base/mac-address.ts";
import { answerOf, decodeArp, encodeArp, requestFor } from "../../virtual/arp.ts";
import type { StationEvent } from "../../virtual/station-event.ts";
import { decodeEthernet, encodeEthernet } from "../../wire/ethernet.ts";
import { etherType } from "../../wire/ieee80211/llc-snap.ts";

export interface VirtualHostOptions {
  readonly ip: string;
  readonly clock: Clock;
  /** The access point's, once it is up. */
  readonly address: () => MacAddress;
  /** An Ethernet frame into the network. */
  readonly send: (frame: Uint8Array) => void;
  readonly listener: (event: Extract<StationEvent, { type: "ping-answered" | "ping-unanswered" }>) => void;
}

export interface VirtualHost {
  /** A frame out of the network. What isn't ARP is of no interest. */
  receive(frame: Uint8Array): void;
  /** Asks all for `ip` by ARP. */
  ping(ip: string): void;
  close(): void;
}

const answerTime = seconds(1);

export function virtualHost({ ip, clock, address, send, listener }: VirtualHostOptions): VirtualHost {
  const timers = new NamedTimers<string>(clock);
  const asked = new Map<string, Duration>();

  function sendArp(destination: MacAddress, payload: Uint8Array): void {
    send(encodeEthernet({ destination, source: address(), etherType: etherType.arp, payload }));
  }

  function onArp(payload: Uint8Array): void {
    const packet = decodeArp(new Reader(payload, ["ARP"]));
    const answer = answerOf(packet, address(), ip);
    if (answer) return sendArp(packet.sender, encodeArp(answer));
    const begun = asked.get(packet.senderIp);
    if (packet.operation !== "reply" || begun === undefined) return;
    asked.delete(packet.senderIp);
    timers.disarm(packet.senderIp);
    listener({ type: "ping-answered", address: packet.senderIp, by: packet.sender, after: since(clock, begun) });
  }

  return {
    receive: (frame) => {
      try {
        const ethernet = decodeEthernet(new Reader(frame, ["Ethernet frame"]));
        if (ethernet.etherType === etherType.arp) onArp(ethernet.payload);
      } catch (thrown) {
        if (!(thrown instanceof MalformedError)) throw thrown;
      }
    },
    ping: (target) => {
      asked.set(target, clock.now());
      timers.arm(target, answerTime, () => {
        asked.delete(target);
        listener({ type: "ping-unanswered", address: target });
      });
      sendArp(broadcast, encodeArp(requestFor(target, address(), ip)));
    },
    close: () => timers.disarmAll(),
  };
}
