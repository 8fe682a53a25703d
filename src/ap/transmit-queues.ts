import type { AccessCategory } from "../driver/port.ts";
import type { Bss } from "./bss.ts";

const categories = {
  data0: "voice",
  data1: "video",
  data2: "best-effort",
  data3: "background",
} as const satisfies Record<string, AccessCategory>;

/** How hard we ourselves fight for the air in each access category. IEEE Std 802.11-2020, 10.2.3.2. */
export function setTransmitQueues(bss: Bss): void {
  const { tx_queue: queues } = bss.radio.settings;
  for (const name of Object.keys(categories) as (keyof typeof categories)[]) {
    const { aifs, cwmin, cwmax, burst } = queues[name];
    // From milliseconds to units of 32 us, rounded.
    const txop = Math.floor((burst * 1000 + 16) / 32);
    bss.attempt((port) => port.setTransmitQueue(categories[name], { aifs, cwMin: cwmin, cwMax: cwmax, txop }));
  }
}
