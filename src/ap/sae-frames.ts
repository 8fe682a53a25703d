/** Our side of SAE's frames. IEEE Std 802.11-2020, 9.3.3.11, 12.4.7. */

import type { SaeExchange } from "../auth/sae/machine.ts";
import { type SaeRequest, statusOfSaeMethod } from "../auth/sae/request.ts";
import { encodeMacAddress, type MacAddress } from "../base/mac-address.ts";
import { proveSaePk } from "../crypto/sae/pk.ts";
import { authenticationAlgorithm } from "../wire/ieee80211/authentication.ts";
import type { Element } from "../wire/ieee80211/element.ts";
import {
  akmSuiteSelectorElement,
  encodeSaeCommit,
  encodeSaeConfirm,
  encodeSaeTokenRequest,
  passwordIdentifierElement,
  type SaeConfirmFrame,
} from "../wire/ieee80211/sae.ts";
import { encodeSaePkElements } from "../wire/ieee80211/sae-pk.ts";
import { sendAuthentication } from "./authenticating.ts";
import type { Bss } from "./bss.ts";
import type { SaeCredential } from "./sae-credentials.ts";

type Exchange = SaeExchange<SaeCredential>;

const algorithm = authenticationAlgorithm.sae;

export function sendTokenRequest(bss: Bss, station: MacAddress, request: SaeRequest, token: Uint8Array): void {
  sendAuthentication(bss, station, {
    algorithm,
    transaction: 1,
    status: "anti-clogging-token-required",
    fields: encodeSaeTokenRequest(request.group, token, request.method !== "looping"),
    elements: [],
  });
}

export function sendCommit(bss: Bss, station: MacAddress, { request, own }: Exchange): void {
  const elements: Element[] = [];
  if (request.passwordIdentifier) elements.push(passwordIdentifierElement(request.passwordIdentifier));
  if (request.extendedKey && request.akmSuite !== undefined) elements.push(akmSuiteSelectorElement(request.akmSuite));
  sendAuthentication(bss, station, {
    algorithm,
    transaction: 1,
    status: statusOfSaeMethod[request.method],
    statusInstead: bss.settings.sae_commit_status,
    fields: encodeSaeCommit({ group: request.group, token: undefined, ...own, elements }),
    elements: [],
  });
}

export function sendConfirm(
  bss: Bss,
  station: MacAddress,
  { exchange, frame }: { readonly exchange: Exchange; readonly frame: SaeConfirmFrame },
  sent: ((acknowledged: boolean) => void) | undefined,
): void {
  const fields = encodeSaeConfirm({ ...frame, rest: proofOf(bss, station, exchange) });
  sendAuthentication(bss, station, { algorithm, transaction: 2, status: "success", fields, elements: [] }, sent);
}

/** SAE-PK's elements. */
function proofOf(bss: Bss, station: MacAddress, { request, credential, own, keys }: Exchange): Uint8Array {
  const { pk } = credential;
  if (bss.settings.sae_pk_omit) return new Uint8Array(0);
  if (request.method !== "pk" || pk === undefined || keys.kek === undefined) return new Uint8Array(0);
  return encodeSaePkElements(
    proveSaePk(pk, keys.kek, {
      ap: own,
      station: request.peer,
      bssid: encodeMacAddress(bss.address),
      stationAddress: encodeMacAddress(station),
    }),
  );
}
