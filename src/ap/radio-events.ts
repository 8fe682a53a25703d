/** Who hears what a radio's driver tells: a part of the radio, or one of its BSSs. */

import type { BssEvent, RadioEvent } from "../driver/port.ts";
import type { Bss } from "./bss.ts";
import type { Radio } from "./radio.ts";

export function onRadioEvent(radio: Radio, event: RadioEvent): void {
  switch (event.type) {
    case "regulatory-changed": {
      const { alpha2, initiator } = event.domain;
      radio.report({ type: "regulatory-changed", alpha2, initiator });
      radio.rules.heard(alpha2);
      return radio.outages.onRegulatoryChange();
    }
    case "rfkill":
      return radio.outages.onRfkill(event.blocked);
    case "radar-detected":
      return;
    case "neighbour-beacon":
      return radio.neighbours.hear(event.frame, event.frequency);
  }
}

export function onBssEvent(radio: Radio, bss: Bss, event: BssEvent): void {
  switch (event.type) {
    case "link":
      return radio.outages.onLink(bss, event.state);
    case "stopped":
      return radio.outages.onStopped(bss);
    case "scan-finished":
      return radio.scan.finish(event.aborted);
    case "color-collision":
      return radio.coloring.onCollision(event.colors);
    case "color-changed":
      return radio.coloring.onChanged(bss);
    case "color-change-aborted":
      return radio.coloring.onAborted(bss);
    case "channel-switch-started":
      return radio.switching.onStarted(bss, event.channel);
    case "channel-switched":
      return radio.switching.onSwitched(bss, event.channel);
    case "events-lost":
      bss.onEvent(event);
      return radio.switching.verify();
    default:
      return bss.onEvent(event);
  }
}
