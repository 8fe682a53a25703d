/** Tells whoever started the program as a service, such as systemd, how it is. sd_notify(3). */

import { utf8 } from "../base/bytes.ts";
import { openUnixDatagramSender } from "./unix-datagram.ts";

export type ServiceState = "ready" | "reloading" | "stopping";

/** Nothing happens where nobody wants to know. @param status what people read of it: `systemctl status` */
export function tellServiceManager(state: ServiceState, status?: string, env = process.env): void {
  const place = env["NOTIFY_SOCKET"];
  if (place === undefined || place === "") return;
  const lines = status === undefined ? linesOf(state) : [...linesOf(state), `STATUS=${status.replaceAll("\n", " ")}`];
  // In an abstract name a zero stands for the @. Whether somebody hears it is no reason to end.
  const sender = openUnixDatagramSender(place.replace(/^@/, "\0"));
  sender.offer(utf8(lines.join("\n")));
  sender.close();
}

function linesOf(state: ServiceState): string[] {
  switch (state) {
    case "ready":
      return ["READY=1"];
    case "reloading":
      // Of CLOCK_MONOTONIC, which is what process.hrtime reads.
      return ["RELOADING=1", `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`];
    case "stopping":
      return ["STOPPING=1"];
  }
}
