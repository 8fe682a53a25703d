/** Waits for an interface that can't be used yet: that it appears or changes, or that a radio is switched on. */

import { MalformedError } from "../../base/bytes.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { Host } from "../../linux/host.ts";
import { NetlinkClient } from "../../linux/netlink-client.ts";
import { decodeLinkEvent } from "../../linux/rtnetlink.ts";
import { linkGroup } from "../../wire/netlink/route.ts";

/** Where the kernel doesn't let us listen, nothing is heard. */
export function watchInterface(host: Host, interfaceName: string, onHope: () => void): { stop(): void } {
  const rfkill = host.openRfkill((_phy, { soft, hard }) => {
    if (!soft && !hard) onHope();
  });
  try {
    const links = host.openNetlink("route");
    links.join(linkGroup);
    const client = new NetlinkClient(links);
    links.onReadable(() => drain(client, interfaceName, onHope));
    return {
      stop: () => {
        links.close();
        rfkill.close();
      },
    };
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    return { stop: () => rfkill.close() };
  }
}

function drain(client: NetlinkClient, interfaceName: string, onHope: () => void): void {
  let isHopeful = false;
  for (;;) {
    try {
      const message = client.nextEvent();
      if (message === undefined) break;
      const event = message === "overrun" ? undefined : decodeLinkEvent(message);
      isHopeful ||= message === "overrun" || (event?.type === "present" && event.link.name === interfaceName);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  }
  if (isHopeful) onHope();
}
