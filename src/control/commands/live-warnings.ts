/** What somebody who asks how a network is should know. */

import type { BssSettings } from "../../config/registry.ts";
import type { InterfaceContext } from "../command.ts";

/** Of the record: what is older is of no interest any more. */
const lately = 3600;

export function warningsOf({ radio, daemon, name }: InterfaceContext, settings: BssSettings): readonly string[] {
  const warnings: string[] = [];
  if (radio.state !== "ENABLED") {
    const [interfaceGone] = daemon.records.network.filter((entry) => entry.bss === name).slice(-1);
    const why =
      interfaceGone?.what === "interface-gone"
        ? ": its interface is gone"
        : interfaceGone?.what === "interface-down"
          ? ": its interface was taken down"
          : "";
    warnings.push(`it is not on the air${why}`);
  }
  if (settings.wpa.size === 0) warnings.push("it is open: anybody near can join, and read what is sent");
  if (settings.wpa.has("wpa") || settings.rsn_pairwise.has("TKIP")) {
    warnings.push("it takes TKIP or the first WPA, which are broken: wpa=2 and rsn_pairwise=CCMP are today's");
  }
  if (radio.state === "ENABLED" && (radio.country ?? radio.settings.country_code) === undefined) {
    warnings.push("no country is set (country_code): channels and power are those that are allowed everywhere");
  }
  return [...warnings, ...troublesIn(daemon, name)];
}

function troublesIn({ records, unixTime }: InterfaceContext["daemon"], name: string): string[] {
  const since = unixTime() - lately;
  let [wrong, unaddressed] = [0, 0];
  for (const { entries } of records.latest(mostLooked)) {
    const fresh = entries.filter(({ bss, last }) => bss === name && last >= since);
    const isIn = fresh.findLast(({ type }) => type === "connected" || type === "disconnected")?.type === "connected";
    if (!isIn && fresh.some(({ type }) => type === "wrong-key") && !fresh.some(({ type }) => type === "connected")) {
      wrong += 1;
    }
    const asked = fresh.findLast(({ type }) => type === "address-asked" || type === "address-taken");
    if (isIn && asked?.type === "address-asked" && asked.times > 1) unaddressed += 1;
  }
  return [
    ...(unaddressed === 0
      ? []
      : [`${counted(unaddressed)} for an address and nobody has answered: no DHCP server ('beacon doctor' looks)`]),
    ...(wrong === 0
      ? []
      : [
          `${wrong === 1 ? "1 device has" : `${wrong} devices have`} tried a wrong passphrase in the last hour ('beacon explain last')`,
        ]),
  ];
}

const mostLooked = 500;
const counted = (devices: number): string => (devices === 1 ? "1 device has asked" : `${devices} devices have asked`);
