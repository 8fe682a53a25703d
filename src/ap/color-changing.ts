/**
 * The BSS colour of a radio: changed on demand, and when neighbours with the same one don't go away.
 * IEEE Std 802.11ax-2021, 26.17.3.4, 26.17.3.5.
 */

import { NamedTimers } from "../base/clock.ts";
import { type Duration, milliseconds, seconds, timeUnits } from "../base/duration.ts";
import { ConfigurationError, KernelRefusal } from "../base/errors.ts";
import type { BssColor } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import type { ColorAnnouncement } from "./color-change-elements.ts";
import type { Radio } from "./radio.ts";
import { changeColor } from "./showing.ts";

/** Beacons that tell of a change. */
const announced = 10;
/** dot11BSSColorCollisionAPPeriod: so long a collision has to last, and reports may come a little late. */
const collisionPeriod = seconds(50);
const margin = seconds(10);
/** How much longer than its beacons the driver may take. */
const patience = seconds(5);
const lastColor = 63;

interface Pending {
  readonly announcement: ColorAnnouncement;
  readonly before: BssColor;
  readonly waiting: Set<Bss>;
}

interface Collision {
  readonly first: Duration;
  readonly last: Duration;
  /** Colours in use around us, each a bit. */
  readonly colors: bigint;
}

export class ColorChanging {
  readonly #radio: Radio;
  readonly #timers: NamedTimers<"colour change" | "colour collision">;
  #pending: Pending | undefined;
  #collision: Collision | undefined;
  readonly #waiters: (() => void)[] = [];

  constructor(radio: Radio) {
    this.#radio = radio;
    this.#timers = new NamedTimers(radio.options.clock);
  }

  /** What beacons tell of just now. */
  get announcement(): ColorAnnouncement | undefined {
    return this.#pending?.announcement;
  }

  /** @param color 1 to 63, or 0 for none @throws ConfigurationError, KernelRefusal; nothing has changed then */
  change(color: number): void {
    const { running } = this.#radio;
    if (!running?.plan.modes.he) throw new ConfigurationError("there is a BSS colour with HE only (ieee80211ax)");
    if (!Number.isInteger(color) || color < 0 || color > lastColor) {
      throw new ConfigurationError(`${color} is no colour of 0 to ${lastColor}`);
    }
    const { bssColor } = running;
    if (color === 0) {
      if (bssColor.disabled) throw new ConfigurationError("Color is already disabled");
      return this.#show({ ...bssColor, disabled: true });
    }
    if (color === bssColor.color) {
      if (!bssColor.disabled) throw new ConfigurationError("Provided color is already set");
      return this.#show({ ...bssColor, disabled: false });
    }
    if (this.#pending) throw new ConfigurationError("CCA is already in progress");
    this.#announce(color);
  }

  /** The same, whatever the colour is and whatever is on its way. @throws KernelRefusal where it does not become so */
  async become(color: number): Promise<void> {
    await this.over();
    const isThere = (): boolean => {
      const { color: present, disabled } = this.#radio.running?.bssColor ?? { color: 0, disabled: true };
      return color === 0 ? disabled : present === color && !disabled;
    };
    if (isThere() || !this.#radio.running) return;
    this.change(color);
    await this.over();
    if (this.#radio.running && !isThere()) {
      throw new KernelRefusal("COLOR_CHANGE_REQUEST", "ETIME", "the driver has not changed the colour");
    }
  }

  /** Settles when nothing is on its way any more. */
  over(): Promise<void> {
    return this.#pending ? new Promise((resolve) => void this.#waiters.push(resolve)) : Promise.resolve();
  }

  onChanged(bss: Bss): void {
    const pending = this.#pending;
    const { running } = this.#radio;
    if (!pending || !running) return;
    const { color } = pending.announcement;
    running.bssColor = { ...pending.before, color, disabled: false };
    bss.log.debug(`CCA finished on ${bss.name}`);
    this.#settle(pending, bss);
  }

  onAborted(bss: Bss): void {
    const pending = this.#pending;
    if (!pending) return;
    bss.log.debug(`CCA aborted on ${bss.name}`);
    this.#settle(pending, bss);
  }

  /** Somebody nearby has our colour. What lasts is avoided; a passer-by is not. */
  onCollision(colors: bigint): void {
    if (this.#pending) return;
    const { clock } = this.#radio.options;
    const now = clock.now();
    this.#collision = { first: this.#collision?.first ?? now, last: now, colors };
    if (this.#timers.isArmed("colour collision")) return;
    this.#timers.arm("colour collision", milliseconds(collisionPeriod + margin), () => this.#avoid());
  }

  abandon(): void {
    this.#timers.disarmAll();
    this.#pending = undefined;
    this.#collision = undefined;
    this.#release();
  }

  forget(bss: Bss): void {
    const pending = this.#pending;
    if (pending?.waiting.has(bss)) this.#settle(pending, bss);
  }

  #avoid(): void {
    const collision = this.#collision;
    this.#collision = undefined;
    const { running, log, options } = this.#radio;
    if (!collision || !running || collision.last - collision.first < collisionPeriod) return;
    const random = options.entropy.bytes(1)[0] ?? 0;
    const color = freeColor(collision.colors, random);
    if (color === undefined) {
      log.info("No free colors left, turning off BSS coloring");
      return this.#show({ ...running.bssColor, color: (random % lastColor) + 1, disabled: true });
    }
    try {
      this.#announce(color);
    } catch (thrown) {
      if (!(thrown instanceof KernelRefusal)) throw thrown;
      log.warning(`another BSS colour: ${thrown.message}`);
    }
  }

  /** @throws KernelRefusal where no BSS changes */
  #announce(color: number): void {
    const { running, log } = this.#radio;
    if (!running) return;
    const before = running.bssColor;
    const announcement: ColorAnnouncement = { color, countdown: announced };
    const waiting = new Set<Bss>();
    let refusal: KernelRefusal | undefined;
    // Until then nobody is to rely on it.
    running.bssColor = { ...before, disabled: true };
    for (const bss of running.bsses.filter((candidate) => candidate.isBeaconing)) {
      try {
        if (changeColor(bss, announcement, { ...before, color, disabled: false })) waiting.add(bss);
      } catch (thrown) {
        if (!(thrown instanceof KernelRefusal)) throw thrown;
        refusal = thrown;
        log.warning(`${bss.name} can't change its colour: ${thrown.message}`);
      }
    }
    if (waiting.size === 0) {
      running.bssColor = before;
      if (refusal) throw refusal;
      return;
    }
    this.#timers.disarm("colour collision");
    this.#collision = undefined;
    this.#pending = { announcement, before, waiting };
    const expected = milliseconds(timeUnits(this.#radio.settings.beacon_int * announced) + patience);
    this.#timers.arm("colour change", expected, () => {
      log.warning("the driver has not changed the colour");
      if (running.bssColor.disabled) running.bssColor = before;
      this.#end();
    });
  }

  #settle(pending: Pending, bss: Bss): void {
    pending.waiting.delete(bss);
    if (pending.waiting.size > 0) return;
    const { running } = this.#radio;
    // Aborted everywhere: it is what it was.
    if (running && running.bssColor.color === pending.before.color) running.bssColor = pending.before;
    this.#end();
  }

  #end(): void {
    this.#timers.disarm("colour change");
    this.#pending = undefined;
    for (const bss of this.#radio.bsses) bss.refreshBeacon();
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #show(color: BssColor): void {
    const { running, bsses } = this.#radio;
    if (running) running.bssColor = color;
    for (const bss of bsses) bss.refreshBeacon();
  }
}

/** The first that nobody has, from a random one on. @param colors bits of those in use */
export function freeColor(colors: bigint, random: number): number | undefined {
  for (let i = 0; i < lastColor; i++) {
    const color = ((random + i) % lastColor) + 1;
    if ((colors & (1n << BigInt(color))) === 0n) return color;
  }
  return undefined;
}
