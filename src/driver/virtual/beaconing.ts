/** The access point that runs on a virtual interface: its beacon, and the changes of channel and colour that count beacons. */

import { type Clock, NamedTimers } from "../../base/clock.ts";
import { milliseconds, timeUnits } from "../../base/duration.ts";
import { KernelRefusal } from "../../base/errors.ts";
import type { ApParameters, BeaconTemplate, BssEvent, ChannelSwitch, ColorChange } from "../port.ts";
import { beaconFrame } from "./beacon-frame.ts";

export interface BeaconingOptions {
  readonly clock: Clock;
  readonly listener: (event: BssEvent) => void;
  /** May the access point be there once all others are there too? @throws KernelRefusal */
  readonly checkAllowed: (request: string, frequency: number) => void;
  readonly transmit: (beacon: Uint8Array) => void;
}

export class Beaconing {
  readonly #options: BeaconingOptions;
  readonly #timers: NamedTimers<"beacon" | "channel switch" | "color change">;
  #running: ApParameters | undefined;
  /** A channel switch on its way, and after how many beacons it comes. */
  #switch: { readonly change: ChannelSwitch; readonly left: number } | undefined;
  #dtimCount = 0;

  constructor(options: BeaconingOptions) {
    this.#options = options;
    this.#timers = new NamedTimers(options.clock);
  }

  get running(): ApParameters | undefined {
    return this.#running;
  }

  start(parameters: ApParameters): void {
    this.#running = parameters;
    this.#dtimCount = 0;
    this.#beacon();
  }

  stop(): void {
    this.#switch = undefined;
    this.#timers.disarmAll();
    this.#running = undefined;
  }

  /** Parameters that are others from the next beacon on. */
  change(part: Partial<ApParameters>): void {
    if (this.#running) this.#running = { ...this.#running, ...part };
  }

  update(beacon: BeaconTemplate): void {
    this.#demandSettled("SET_BEACON");
    this.change({ beacon });
  }

  switchChannel(change: ChannelSwitch): void {
    const { channel, count, during } = change;
    if (this.#switch) throw new KernelRefusal("CHANNEL_SWITCH", "EBUSY");
    this.#options.checkAllowed("CHANNEL_SWITCH", channel.frequency);
    if (change.beaconCounts.some((at) => during.tail[at] !== count)) {
      throw new KernelRefusal("CHANNEL_SWITCH", "EINVAL", "the counts are not where they are said to be");
    }
    this.#switch = { change, left: count };
    this.change({ beacon: during });
    this.#timers.arm("channel switch", milliseconds(0), () => {
      this.#options.listener({ type: "channel-switch-started", channel });
      if (count <= 1) this.#finishSwitch();
    });
  }

  changeColor({ during, after, count, beaconCount }: ColorChange, beaconInterval: number): void {
    this.#demandSettled("COLOR_CHANGE_REQUEST");
    if (during.tail[beaconCount] !== count) {
      throw new KernelRefusal("COLOR_CHANGE_REQUEST", "EINVAL", "the count is not where it is said to be");
    }
    this.change({ beacon: during });
    this.#timers.arm("color change", timeUnits(count * beaconInterval), () => {
      this.change({ beacon: after });
      this.#options.listener({ type: "color-changed" });
    });
  }

  #demandSettled(request: string): void {
    if (this.#switch || this.#timers.isArmed("color change")) throw new KernelRefusal(request, "EBUSY");
  }

  #beacon(): void {
    this.#countDown();
    const running = this.#running;
    if (!running) return;
    this.#options.transmit(beaconFrame(running, this.#options.clock.now(), this.#dtimCount));
    this.#dtimCount = (this.#dtimCount + running.dtimPeriod - 1) % running.dtimPeriod;
    this.#timers.arm("beacon", timeUnits(running.beaconInterval), () => this.#beacon());
  }

  /** A beacon with the present count, and one less from then on. */
  #countDown(): void {
    const { change, left } = this.#switch ?? {};
    if (!change || left === undefined || !this.#running) return;
    if (left <= 1) return this.#finishSwitch();
    const tail = change.during.tail.slice();
    for (const at of change.beaconCounts) tail[at] = left - 1;
    this.#switch = { change, left: left - 1 };
    this.change({ beacon: { ...change.during, tail } });
  }

  #finishSwitch(): void {
    const { change } = this.#switch ?? {};
    if (!change || !this.#running) return;
    this.#switch = undefined;
    this.change({ channel: change.channel, beacon: change.after });
    this.#options.listener({ type: "channel-switched", channel: change.channel });
  }
}
