/** Which radio a network of `beacon up` has, and how: whole, or beside the station that it is already. Pure. */

import { mayBeAccessPoint } from "../../ap/channel-plan.ts";
import { textOf } from "../../base/bytes.ts";
import { ConfigurationError } from "../../base/errors.ts";
import type { SurveyedInterface, SurveyedRadio } from "../../driver/nl80211/survey.ts";
import { chooseRadio } from "../start/choose-radio.ts";

export type ChosenRadio =
  | { readonly kind: "whole"; readonly radio: SurveyedRadio; readonly interfaceName: string; readonly why: string }
  /** On an interface that is still to be made. */
  | {
      readonly kind: "beside";
      readonly radio: SurveyedRadio;
      /** Name of the interface that is connected as a station. */
      readonly station: string;
      /** MHz. */
      readonly frequency: number;
      /** The radio can be on another channel for the access point. */
      readonly mayDiffer: boolean;
      readonly why: string;
    };

export interface Wish {
  readonly interfaceName: string | undefined;
  /** Interface of the way out. */
  readonly uplink: string | undefined;
  /** Whether whoever has an interface that is not connected would let it go when asked. */
  readonly letsGo: (interfaceName: string) => boolean;
}

/** @throws ConfigurationError where there is none, with the reasons */
export const chooseForUp = (radios: readonly SurveyedRadio[], wish: Wish): ChosenRadio =>
  wish.interfaceName === undefined ? anyRadio(radios, wish) : namedRadio(radios, wish.interfaceName, wish);

function anyRadio(radios: readonly SurveyedRadio[], { letsGo }: Wish): ChosenRadio {
  const idle = whole(radios, chooseRadio(radios).interfaceName, "nothing else uses it");
  if (idle) return idle;
  const choice = chooseRadio(radios, letsGo);
  const lent = whole(radios, choice.interfaceName, "it is not connected, and who has it lets it go when asked");
  if (lent) return lent;
  for (const radio of radios) {
    const found = besideStation(radio);
    if (typeof found === "object") return found;
  }
  const reasons = choice.passedBy.length === 0 ? "this machine has none" : choice.passedBy.join("; ");
  throw new ConfigurationError(
    `no radio is free: ${reasons}. --interface IF takes one all the same; 'beacon doctor' says more`,
  );
}

function namedRadio(radios: readonly SurveyedRadio[], name: string, { uplink }: Wish): ChosenRadio {
  const found = whole(radios, name, "it was asked for");
  if (found === undefined) throw new ConfigurationError(`there is no Wi-Fi interface '${name}': beacon doctor`);
  const isWayOut = uplink === name && connectedStation(found.radio)?.name === name;
  if (!isWayOut) return found;
  const beside = besideStation(found.radio);
  if (typeof beside === "object") return beside;
  throw new ConfigurationError(
    `${name} is this machine's own way out, and ${beside}: another --interface, or --share another way out`,
  );
}

function whole(
  radios: readonly SurveyedRadio[],
  interfaceName: string | undefined,
  why: string,
): Extract<ChosenRadio, { readonly kind: "whole" }> | undefined {
  const radio = radios.find(({ interfaces }) => interfaces.some(({ name }) => name === interfaceName));
  return radio && interfaceName !== undefined ? { kind: "whole", radio, interfaceName, why } : undefined;
}

const connectedStation = ({ interfaces }: SurveyedRadio): SurveyedInterface | undefined =>
  interfaces.find(({ type, isUp, frequency }) => type === "station" && isUp && frequency !== undefined);

/** @returns in words why not, where it can't be */
function besideStation(radio: SurveyedRadio): ChosenRadio | string {
  const { capabilities, isBlocked } = radio;
  const station = connectedStation(radio);
  if (station?.frequency === undefined) return "it is no station of a network";
  if (isBlocked) return "its radio is switched off (rfkill)";
  const channels = channelsTogether(radio);
  if (channels === 0) return `${capabilities.phy} can't be an access point beside a station`;
  const { name, frequency, ssid } = station;
  const channel = capabilities.bands.flatMap((band) => band.channels).find((each) => each.frequency === frequency);
  const mayDiffer = channels > 1;
  if (!mayDiffer && (channel === undefined || !mayBeAccessPoint(channel))) {
    return `${capabilities.phy} has one channel for both, and at the station's, ${frequency} MHz, no access point is allowed`;
  }
  const network = ssid === undefined || ssid.length === 0 ? "" : ` with '${textOf(ssid)}'`;
  const why = `${name} stays connected${network}, and the radio can be both`;
  return { kind: "beside", radio, station: name, frequency, mayDiffer, why };
}

/** On how many channels a radio can be at once with a station and an access point more than it has; 0 where it can't. */
export function channelsTogether({ capabilities, interfaces }: SurveyedRadio): number {
  const inUse = interfaces.filter(({ isUp }) => isUp).map(({ type }) => type);
  const wanted = [...inUse, "ap" as const];
  const fitting = capabilities.combinations.filter(({ maxInterfaces, limits }) => {
    if (wanted.length > maxInterfaces) return false;
    // Types share the limit that names them: a combination names a type once.
    const fits = limits.every(({ max, types }) => wanted.filter((type) => types.includes(type)).length <= max);
    return fits && wanted.every((type) => type === "monitor" || limits.some(({ types }) => types.includes(type)));
  });
  return Math.max(0, ...fitting.map(({ maxChannels }) => maxChannels));
}
