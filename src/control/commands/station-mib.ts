/** What hostapd shows of the authenticators: of one station, and of a BSS. IEEE Std 802.11-2020, annex C names most of it. */

import type { Bss } from "../../ap/bss.ts";
import type { Station } from "../../ap/station.ts";
import { inSeconds } from "../../base/duration.ts";
import type { Negotiated } from "../../rsn/negotiated.ts";
import { temporalKeyLength } from "../../rsn/negotiated.ts";
import { pmkLifetime } from "../../rsn/pmksa-cache.ts";
import { akmSuite, cipherSuite, suiteText, wpaAkmSuite, wpaCipherSuite } from "../../wire/ieee80211/suites.ts";
import { bssOf, fail, type InterfaceContext, onInterface } from "../command.ts";
import { radiusMib } from "./radius-mib.ts";

const wpaAkms: Readonly<Record<string, number>> = wpaAkmSuite;
const wpaCiphers: Readonly<Record<string, number>> = wpaCipherSuite;

const cipherText = (agreed: Negotiated, cipher: Negotiated["pairwise"]): string =>
  suiteText((agreed.protocol === "wpa" ? wpaCiphers[cipher] : undefined) ?? cipherSuite[cipher]);
const akmText = (agreed: Negotiated): string =>
  suiteText((agreed.protocol === "wpa" ? wpaAkms[agreed.akm] : undefined) ?? akmSuite[agreed.akm]);

/** Nothing in an open network. */
export function* stationMib({ address, authenticator }: Station): Generator<string> {
  if (!authenticator) return;
  const { agreed, stateNumbers, michaelFailures } = authenticator;
  yield `dot11RSNAStatsSTAAddress=${address}`;
  yield "dot11RSNAStatsVersion=1";
  yield `dot11RSNAStatsSelectedPairwiseCipher=${cipherText(agreed, agreed.pairwise)}`;
  yield `dot11RSNAStatsTKIPLocalMICFailures=${michaelFailures.local}`;
  yield `dot11RSNAStatsTKIPRemoteMICFailures=${michaelFailures.remote}`;
  yield `wpa=${agreed.protocol === "wpa" ? 1 : 2}`;
  yield `AKMSuiteSelector=${akmText(agreed)}`;
  yield `hostapdWPAPTKState=${stateNumbers.pairwise}`;
  yield `hostapdWPAPTKGroupState=${stateNumbers.group}`;
  yield `hostapdMFPR=${agreed.demandsManagementFrameProtection ? 1 : 0}`;
}

function mib(context: InterfaceContext, which: string): string {
  if (which === "radius_server") return context.daemon.radiusServerMib(context.name);
  if (which !== "") return fail;
  const bss = bssOf(context);
  if (!bss) return "";
  const lines = [...(bss.authenticator ? bssMib(context, bss) : []), ...radiusMib(bss)];
  return lines.map((line) => `${line}\n`).join("");
}

const none = "00-00-00-0";

function* bssMib({ memory }: InterfaceContext, { settings, authenticator, countermeasures }: Bss): Generator<string> {
  const agreed = memory.lastAgreed;
  const truth = (value: boolean): string => (value ? "TRUE" : "FALSE");
  yield "dot11RSNAOptionImplemented=TRUE";
  yield "dot11RSNAPreauthenticationImplemented=FALSE";
  yield `dot11RSNAEnabled=${truth(settings.wpa.has("rsn"))}`;
  yield `dot11RSNAPreauthenticationEnabled=${truth(settings.rsn_preauth)}`;
  yield "dot11RSNAConfigVersion=1";
  yield "dot11RSNAConfigPairwiseKeysSupported=9999";
  yield `dot11RSNAConfigGroupRekeyStrict=${settings.wpa_strict_rekey ? 1 : 0}`;
  yield `dot11RSNAConfigGroupUpdateCount=${settings.wpa_group_update_count}`;
  yield `dot11RSNAConfigPairwiseUpdateCount=${settings.wpa_pairwise_update_count}`;
  yield `dot11RSNAConfigGroupCipherSize=${8 * temporalKeyLength(authenticator?.options.groupCipher ?? "CCMP")}`;
  yield `dot11RSNAConfigPMKLifetime=${inSeconds(pmkLifetime)}`;
  yield "dot11RSNAConfigPMKReauthThreshold=70";
  yield "dot11RSNAConfigNumberOfPTKSAReplayCounters=0";
  yield "dot11RSNAConfigSATimeout=60";
  yield `dot11RSNAAuthenticationSuiteSelected=${agreed ? akmText(agreed) : none}`;
  yield `dot11RSNAPairwiseCipherSelected=${agreed ? cipherText(agreed, agreed.pairwise) : none}`;
  yield `dot11RSNAGroupCipherSelected=${agreed ? cipherText(agreed, agreed.group) : none}`;
  yield `dot11RSNAPMKIDUsed=${"00".repeat(16)}`;
  yield `dot11RSNAAuthenticationSuiteRequested=${none}`;
  yield `dot11RSNAPairwiseCipherRequested=${none}`;
  yield `dot11RSNAGroupCipherRequested=${none}`;
  yield `dot11RSNATKIPCounterMeasuresInvoked=${countermeasures.invoked}`;
  yield `dot11RSNA4WayHandshakeFailures=${memory.handshakeFailures}`;
  yield "dot11RSNAConfigNumberOfGTKSAReplayCounters=0";
  yield `hostapdWPAGroupState=${authenticator?.isRekeying ? 1 : 2}`;
}

export const mibCommands = [
  onInterface("MIB", "[radius_server]", "Shows the authenticator's settings and counters.", mib),
] as const;
