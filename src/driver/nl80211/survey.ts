/** Looks at the machine's radios without touching them. */

import { KernelRefusal } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { Host } from "../../linux/host.ts";
import { RouteClient } from "../../linux/rtnetlink.ts";
import { getInterface, interfaceDescription } from "../../wire/nl80211/interface.ts";
import { getRegulatory, regulatoryDescription } from "../../wire/nl80211/regulatory.ts";
import { getWiphy, mergeWiphy, wiphyPart } from "../../wire/nl80211/wiphy.ts";
import type { InterfaceType, RadioCapabilities } from "../port.ts";
import { capabilitiesOf, interfaceTypeName } from "./capabilities.ts";
import { Nl80211Socket, resolveFamily } from "./socket.ts";

export interface SurveyedInterface {
  readonly name: string;
  readonly type: InterfaceType;
  readonly isUp: boolean;
  /** It is a part of a bridge or the like. */
  readonly hasMaster: boolean;
  /** Of the network that it is the access point of, or has joined; of the latter the kernel often doesn't know it. */
  readonly ssid: Uint8Array | undefined;
  /** MHz; undefined where it is on no channel, as a station that is not connected. */
  readonly frequency: number | undefined;
}

export interface SurveyedRadio {
  readonly capabilities: RadioCapabilities;
  readonly isBlocked: boolean;
  readonly interfaces: readonly SurveyedInterface[];
}

/** Country of the rules in force, `00` for the world's. @returns undefined where the kernel has no nl80211 or doesn't say @throws KernelRefusal */
export function surveyCountry(host: Host, log: Log): string | undefined {
  const endpoint = host.openNetlink("generic");
  try {
    const socket = new Nl80211Socket(endpoint, resolveFamily(endpoint), log);
    return regulatoryDescription.decode(socket.query(getRegulatory.build({}))).alpha2;
  } catch (thrown) {
    if (thrown instanceof KernelRefusal && thrown.errno === "ENOENT") return undefined;
    throw thrown;
  } finally {
    endpoint.close();
  }
}

/** By their kernel numbers, so that the first is the machine's first. @throws KernelRefusal; a kernel without nl80211 has none */
export function surveyRadios(host: Host, log: Log): SurveyedRadio[] {
  const rfkill = host.openRfkill(() => undefined);
  const routes = new RouteClient(host.openNetlink("route"));
  const endpoint = host.openNetlink("generic");
  try {
    const socket = new Nl80211Socket(endpoint, resolveFamily(endpoint), log);
    const parts = socket.dump(getWiphy.build({ split: true })).map((part) => wiphyPart.decode(part));
    const interfaces = socket.dump(getInterface.build({})).map((one) => interfaceDescription.decode(one));
    const links = new Map(routes.links().map((link) => [link.index, link]));
    const numbers = [...new Set(parts.map(({ wiphy }) => wiphy))].sort((a, b) => a - b);
    return numbers.flatMap((number) => {
      const whole = mergeWiphy(parts.filter(({ wiphy }) => wiphy === number));
      if (whole === undefined) return [];
      const capabilities = capabilitiesOf(whole);
      const state = rfkill.state(capabilities.phy);
      return {
        capabilities,
        isBlocked: state !== undefined && (state.soft || state.hard),
        // What has no name has no network interface: P2P devices.
        interfaces: interfaces.flatMap(({ wiphy, name, ifIndex, type, ssid, frequency }): SurveyedInterface[] => {
          if (wiphy !== number || name === undefined) return [];
          const link = links.get(ifIndex ?? 0);
          const hasMaster = link?.master !== undefined;
          return [{ name, type: interfaceTypeName(type), isUp: link?.up === true, hasMaster, ssid, frequency }];
        }),
      };
    });
  } catch (thrown) {
    if (thrown instanceof KernelRefusal && thrown.errno === "ENOENT") return [];
    throw thrown;
  } finally {
    endpoint.close();
    routes.close();
    rfkill.close();
  }
}
