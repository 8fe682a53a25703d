/** Which channel, and why. Pure. */

import { channelOf, mayBeAccessPoint } from "../../ap/channel-plan.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { Band, BandName, RadioCapabilities } from "../../driver/port.ts";

export interface ChosenChannel {
  readonly band: Band;
  readonly frequency: number;
  readonly why: string;
}

/** Those of 2.4 GHz that don't overlap; the first of 5 GHz without radar detection; the preferred scanning channels of 6 GHz. */
const preferred: Readonly<Record<BandName, readonly number[]>> = {
  "2.4GHz": [1, 6, 11],
  "5GHz": [36, 40, 44, 48, 149, 153, 157, 161],
  "6GHz": [5, 21, 37, 53, 69, 85],
  "60GHz": [],
};

/** What every device has, first. */
const order: readonly BandName[] = ["2.4GHz", "5GHz", "6GHz"];

/** @throws ConfigurationError where the rules leave none of what is asked for */
export function chooseChannel(
  { bands }: RadioCapabilities,
  wanted: { readonly channel: number | undefined; readonly band: BandName | undefined },
): ChosenChannel {
  const names = wanted.band === undefined ? order : [wanted.band];
  const usable = names.flatMap((name) => {
    const band = bands.find((each) => each.name === name);
    return (band?.channels ?? []).filter(mayBeAccessPoint).map(({ frequency }) => ({ band, frequency }));
  });
  if (wanted.channel !== undefined) {
    const found = usable.find(({ frequency }) => channelOf(frequency).channel === wanted.channel);
    if (found?.band) return { band: found.band, frequency: found.frequency, why: "it was asked for" };
    throw new ConfigurationError(
      `channel ${wanted.channel} can't be used; ${listed(usable.map(({ frequency }) => frequency))}`,
    );
  }
  for (const name of names) {
    const inBand = usable.filter(({ band }) => band?.name === name);
    const best = inBand.find(({ frequency }) => preferred[name].includes(channelOf(frequency).channel)) ?? inBand[0];
    if (best?.band === undefined) continue;
    const why =
      wanted.band === undefined && name === "2.4GHz"
        ? "every device has that band"
        : `the first of ${name} that is allowed and needs no radar detection`;
    return { band: best.band, frequency: best.frequency, why };
  }
  const where = wanted.band === undefined ? "" : ` in ${wanted.band}`;
  throw new ConfigurationError(
    `no channel${where} is allowed for an access point: --country XX sets your country's rules`,
  );
}

const listed = (frequencies: readonly number[]): string =>
  frequencies.length === 0
    ? "none is allowed: --country XX sets your country's rules"
    : `allowed are ${frequencies.map((frequency) => channelOf(frequency).channel).join(", ")}`;
