/** May a network be 40 MHz wide beside the neighbours that there are? IEEE Std 802.11-2020, 11.15.3.2, 11.15.5. Pure. */

import { MalformedError, Reader } from "../base/bytes.ts";
import type { Frequency, ScanResult } from "../driver/port.ts";
import { decodeElements, type Element, elementId, findElement } from "../wire/ieee80211/element.ts";
import { decodeHtCapabilities, type HtCapabilities } from "../wire/ieee80211/ht-capabilities.ts";
import { decodeHtOperation, type HtOperation } from "../wire/ieee80211/ht-operation.ts";
import type { ChannelPlan } from "./channel-plan.ts";

export type FortyVerdict =
  | { readonly kind: "allowed" }
  /** The neighbours' primary channel is our secondary one: better to change over. */
  | { readonly kind: "change-over"; readonly because: string }
  | { readonly kind: "forbidden"; readonly because: string };

interface Pair {
  readonly primary: Frequency;
  readonly secondary: Frequency;
}

/** Of the first 40 MHz. */
export const pairOf = ({ definition, secondary }: ChannelPlan): Pair => ({
  primary: definition.frequency,
  secondary: definition.frequency + { above: 20, below: -20, none: 0 }[secondary],
});

/** The channels to look at: those whose networks can reach into ours. */
export function affectedChannels(plan: ChannelPlan): readonly Frequency[] {
  const { primary, secondary } = pairOf(plan);
  const center = (primary + secondary) / 2;
  const reach = plan.band.name === "2.4GHz" ? 40 : 20;
  return plan.band.channels
    .filter(({ disabled, frequency }) => !disabled && Math.abs(frequency - center) <= reach)
    .map(({ frequency }) => frequency);
}

export function judge40MHz(plan: ChannelPlan, found: readonly ScanResult[]): FortyVerdict {
  const neighbours = found.map(neighbourOf);
  return plan.band.name === "2.4GHz" ? judgeCrowded(pairOf(plan), neighbours) : judgeRoomy(pairOf(plan), neighbours);
}

interface Neighbour extends Pick<ScanResult, "bssid" | "frequency"> {
  readonly capabilities: HtCapabilities | undefined;
  readonly operation: HtOperation | undefined;
  /** Of its 40 MHz, where it has them. */
  readonly secondary: Frequency | undefined;
}

function neighbourOf({ bssid, frequency, elements: octets }: ScanResult): Neighbour {
  const elements = readable(() => decodeElements(new Reader(octets, ["scan result"]))) ?? [];
  const capabilities = read(elements, elementId.htCapabilities, decodeHtCapabilities);
  const operation = read(elements, elementId.htOperation, decodeHtOperation);
  const offset = { above: 20, below: -20, none: 0, reserved: 0 }[operation?.secondaryChannelOffset ?? "none"];
  const secondary = operation?.anyWidth && offset !== 0 ? frequency + offset : undefined;
  return { bssid, frequency, capabilities, operation, secondary };
}

const read = <T>(elements: readonly Element[], id: number, decode: (r: Reader) => T): T | undefined => {
  const data = findElement(elements, id)?.data;
  return data && readable(() => decode(new Reader(data, ["scan result"])));
};

function readable<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (thrown) {
    if (thrown instanceof MalformedError) return undefined;
    throw thrown;
  }
}

/** 2.4 GHz: everybody within 25 MHz of our centre has to be 40 MHz wide just as we, or on our primary channel. */
function judgeCrowded(pair: Pair, neighbours: readonly Neighbour[]): FortyVerdict {
  const center = (pair.primary + pair.secondary) / 2;
  const isAffected = (frequency: Frequency | undefined): boolean =>
    frequency !== undefined && Math.abs(frequency - center) <= 25;
  const forbidden = (who: Neighbour, what: string): FortyVerdict => ({
    kind: "forbidden",
    because: `${who.bssid} on ${who.frequency} MHz ${what}`,
  });
  for (const neighbour of neighbours) {
    const { frequency, capabilities, operation, secondary } = neighbour;
    if (!isAffected(frequency) && !isAffected(secondary)) continue;
    if (isAffected(frequency) && frequency !== pair.primary) {
      if (!capabilities) return forbidden(neighbour, "is no HT network");
      if (operation && operation.secondaryChannelOffset === "none") return forbidden(neighbour, "is 20 MHz wide");
    }
    if (secondary !== undefined && (frequency !== pair.primary || secondary !== pair.secondary)) {
      return forbidden(neighbour, "has its 40 MHz elsewhere");
    }
    if (capabilities?.information.fortyMhzIntolerant) return forbidden(neighbour, "tolerates no 40 MHz");
  }
  return { kind: "allowed" };
}

/** 5 GHz has fixed pairs: only which of the two channels is the primary one may be wrong. */
function judgeRoomy(pair: Pair, neighbours: readonly Neighbour[]): FortyVerdict {
  const on = (frequency: Frequency): readonly Neighbour[] => neighbours.filter((one) => one.frequency === frequency);
  const [onSecondary] = on(pair.secondary);
  if (onSecondary && on(pair.primary).length === 0) {
    return { kind: "change-over", because: `${onSecondary.bssid} sends its beacons on the secondary channel` };
  }
  const matching = neighbours.some(
    ({ frequency, secondary }) => frequency === pair.primary && secondary === pair.secondary,
  );
  const crossed = neighbours.find(
    ({ frequency, secondary }) => frequency === pair.secondary && secondary === pair.primary,
  );
  if (matching || !crossed) return { kind: "allowed" };
  return { kind: "change-over", because: `${crossed.bssid} has the two channels the other way round` };
}
