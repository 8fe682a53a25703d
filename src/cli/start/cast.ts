/** Three stations in this process that try to join: one may, one has a wrong passphrase, one a cipher of before. */

import { utf8 } from "../../base/bytes.ts";
import type { Clock } from "../../base/clock.ts";
import { milliseconds, seconds } from "../../base/duration.ts";
import type { Entropy } from "../../base/entropy.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { VirtualMedium } from "../../driver/virtual/medium.ts";
import type { StationSecurity } from "../../virtual/options.ts";
import { VirtualStation } from "../../virtual/station.ts";
import type { Network } from "./network.ts";
import { tellOfStation } from "./story.ts";
import type { Tell } from "./timeline.ts";
import type { VirtualHost } from "./virtual-host.ts";
import type { Witness } from "./witness.ts";

export const hostIp = "192.168.73.1";
const stationIps = { phone: "192.168.73.2", laptop: "192.168.73.3", printer: "192.168.73.4" } as const;

type StationName = keyof typeof stationIps;

export interface CastOptions {
  readonly network: Network;
  readonly medium: VirtualMedium;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly witness: Witness;
  readonly tell: Tell;
}

export class Cast {
  readonly stations: Readonly<Record<StationName, VirtualStation>>;
  readonly #options: CastOptions;

  constructor(options: CastOptions) {
    this.#options = options;
    const { passphrase } = options.network;
    // One letter off, as happens.
    const mistyped = `${passphrase.slice(0, -1)}${passphrase.endsWith("a") ? "b" : "a"}`;
    this.stations = {
      // It comes back when it is sent away, to try that out.
      phone: this.#station("phone", { secret: { passphrase } }, Number.POSITIVE_INFINITY),
      laptop: this.#station("laptop", { secret: { passphrase: mistyped } }),
      printer: this.#station("printer", { secret: { passphrase }, pairwise: ["TKIP"] }),
    };
  }

  nameOf(address: MacAddress): string {
    const found = Object.entries(this.stations).find(([, station]) => station.address === address);
    return found ? `the ${found[0]}` : address;
  }

  /** Act by act; ends early where `signal` is aborted. */
  async play(host: VirtualHost, pause: number, signal: AbortSignal): Promise<void> {
    const { witness, tell } = this.#options;
    const { phone, laptop, printer } = this.stations;
    const heard = (by: string, ...types: readonly string[]): boolean =>
      witness.heard.some((one) => one.by === by && types.includes(one.event.type));
    const act = async (begin: () => void, over: () => boolean, within: number): Promise<void> => {
      if (signal.aborted) return;
      begin();
      await witness.until(over, seconds(within), signal);
      await witness.until(() => false, milliseconds(pause), signal);
    };

    tell("phone", { what: "comes; it has the right passphrase" });
    await act(
      () => phone.join(),
      () => heard("phone", "gave-up") || this.#isIn(phone),
      5,
    );
    await act(
      () => phone.ping(hostIp),
      () => heard("phone", "ping-answered", "ping-unanswered"),
      5,
    );
    await act(
      () => host.ping(stationIps.phone),
      () => heard(hostName, "ping-answered", "ping-unanswered"),
      5,
    );
    tell("laptop", { what: "comes; it has a passphrase with one letter wrong" });
    await act(
      () => laptop.join(),
      () => heard("laptop", "gave-up"),
      10,
    );
    tell("printer", { what: "comes; it has the right passphrase, but is old: TKIP is the only cipher it knows" });
    await act(
      () => printer.join(),
      () => heard("printer", "gave-up"),
      5,
    );
  }

  /** On both sides. */
  #isIn(station: VirtualStation): boolean {
    return (
      station.isConnected &&
      this.#options.witness.heard.some(
        ({ event }) => event.type === "station-connected" && event.station === station.address,
      )
    );
  }

  /** They are gone, without a word. */
  close(): void {
    for (const station of Object.values(this.stations)) {
      station.vanish();
      station.close();
    }
  }

  #station(name: StationName, security: StationSecurity, retries = 0): VirtualStation {
    const { network, medium, clock, entropy, witness, tell } = this.#options;
    return new VirtualStation(medium, clock, entropy, {
      ssid: utf8(network.ssid),
      security,
      frequencies: [network.frequency],
      ip: stationIps[name],
      retries,
      listener: (event) => {
        tell(name, tellOfStation(event, network.ssid));
        witness.tell({ by: name, event });
      },
    });
  }
}

export const hostName = "this machine";

/** @returns what didn't come out as it should; empty where all did */
export function judge({ heard }: Witness, { phone, laptop, printer }: Cast["stations"]): string[] {
  const wrong: string[] = [];
  const expect = (what: string, holds: boolean): void => {
    if (!holds) wrong.push(what);
  };
  const of = (station: VirtualStation) =>
    heard.flatMap(({ event }) => ("station" in event && event.station === station.address ? [event] : []));
  const said = (by: string, type: string): boolean => heard.some((one) => one.by === by && one.event.type === type);
  const isIn = (station: VirtualStation): boolean => of(station).some(({ type }) => type === "station-connected");

  expect("the phone was not let in", isIn(phone) && said("phone", "connected"));
  expect("the phone got no answer", said("phone", "ping-answered"));
  expect("the phone did not answer", said(hostName, "ping-answered"));
  expect(
    "the laptop's wrong passphrase was not noticed",
    of(laptop).some(({ type }) => type === "psk-mismatch"),
  );
  expect("the laptop was let in", !isIn(laptop) && !said("laptop", "connected"));
  expect("the laptop was not told", said("laptop", "told-to-leave"));
  expect(
    "the printer was not refused for its cipher",
    of(printer).some((event) => event.type === "station-refused" && event.status === "invalid-pairwise-cipher"),
  );
  expect("the printer was not told", said("printer", "association-refused"));
  return wrong;
}
