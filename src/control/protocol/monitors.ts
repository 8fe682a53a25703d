/** Clients that want to hear what happens. */

import { leadingInteger } from "../../config/numbers.ts";
import type { OctetText } from "../../config/octets.ts";
import type { ClientAddress, DatagramEndpoint } from "../port.ts";

interface Monitor {
  /** Events below it are kept from this monitor. */
  level: number;
  wantsProbeRequests: boolean;
  /** Failed deliveries since the last that went well. */
  errors: number;
}

/** hostapd's MSG_INFO. */
const firstLevel = 3;
/** With more errors than that a monitor is given up. */
const errorsForgiven = 10;
/** So many monitors are nobody's need; the list is not to grow without end. */
const mostMonitors = 4096;

/** Of one socket. */
export class Monitors {
  readonly #byAddress = new Map<ClientAddress, Monitor>();

  get size(): number {
    return this.#byAddress.size;
  }

  /**
   * Again for a monitor that is attached already, to change what it wants.
   * @param options `probe_rx_events=1`
   * @returns false where they make no sense, or where there is no room
   */
  attach(client: ClientAddress, options: OctetText | undefined): boolean {
    const present = this.#byAddress.get(client);
    if (present) return configure(present, options);
    if (this.#byAddress.size >= mostMonitors) return false;
    const monitor: Monitor = { level: firstLevel, wantsProbeRequests: false, errors: 0 };
    // hostapd lets a newcomer in whatever it asks for
    configure(monitor, options);
    this.#byAddress.set(client, monitor);
    return true;
  }

  /** @returns whether it was attached */
  detach(client: ClientAddress): boolean {
    return this.#byAddress.delete(client);
  }

  /** @returns whether it is attached */
  setLevel(client: ClientAddress, level: number): boolean {
    const monitor = this.#byAddress.get(client);
    if (!monitor) return false;
    monitor.level = level;
    return true;
  }

  /** Does anybody want messages of this level? */
  wants(level: number): boolean {
    for (const monitor of this.#byAddress.values()) if (level >= monitor.level) return true;
    return false;
  }

  /** @param datagram made once for all of them */
  tell(endpoint: DatagramEndpoint, level: number, isProbeRequest: boolean, datagram: Uint8Array): void {
    for (const [client, monitor] of this.#byAddress) {
      if (level < monitor.level || (isProbeRequest && !monitor.wantsProbeRequests)) continue;
      const delivery = endpoint.send(client, datagram, "event");
      if (delivery === "sent") {
        monitor.errors = 0;
        continue;
      }
      monitor.errors += 1;
      if (delivery === "gone" || monitor.errors > errorsForgiven) this.#byAddress.delete(client);
    }
  }
}

function configure(monitor: Monitor, options: OctetText | undefined): boolean {
  if (options === undefined) return true;
  const equals = options.indexOf("=");
  if (equals === -1) return false;
  const { value } = leadingInteger(options.slice(equals + 1));
  if (value < 0 || value > 1) return false;
  if (options.startsWith("probe_rx_events=")) monitor.wantsProbeRequests = value === 1;
  return true;
}
