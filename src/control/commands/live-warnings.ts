/** What somebody who asks how a network is should know. */

import type { BssSettings } from "../../config/registry.ts";
import type { InterfaceContext } from "../command.ts";
import type { StatusAnswer } from "../live-answers.ts";

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
  const { wrongPassphrase, withoutAddress } = troublesIn(daemon, name);
  if (withoutAddress > 0) {
    const who = withoutAddress === 1 ? "1 device has" : `${withoutAddress} devices have`;
    warnings.push(`${who} asked for an address and nobody has answered: no DHCP server ('beacon doctor' looks)`);
  }
  if (wrongPassphrase > 0) {
    const who = wrongPassphrase === 1 ? "1 device has" : `${wrongPassphrase} devices have`;
    warnings.push(`${who} tried a wrong passphrase in the last hour ('beacon explain last')`);
  }
  return warnings;
}

/** How many stations have had which trouble lately, and have it still. */
export function troublesIn({ records, unixTime }: InterfaceContext["daemon"], name: string): StatusAnswer["troubles"] {
  const since = unixTime() - lately;
  let [wrongPassphrase, withoutAddress] = [0, 0];
  for (const { entries } of records.latest(mostLooked)) {
    const fresh = entries.filter(({ bss, last }) => bss === name && last >= since);
    const isIn = fresh.findLast(({ type }) => type === "connected" || type === "disconnected")?.type === "connected";
    const triesWrong =
      fresh.some(({ type }) => type === "wrong-key") && !fresh.some(({ type }) => type === "connected");
    if (!isIn && triesWrong) wrongPassphrase += 1;
    const asked = fresh.findLast(({ type }) => type === "address-asked" || type === "address-taken");
    if (isIn && asked?.type === "address-asked" && asked.times > 1) withoutAddress += 1;
  }
  return { wrongPassphrase, withoutAddress };
}

const mostLooked = 500;
