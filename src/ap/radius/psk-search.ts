/** Pre-shared keys where a RADIUS server has them: those that came with the address, the network's own, those it has for this handshake. */

import type { MacAddress } from "../../base/mac-address.ts";
import type { PmkTest } from "../../crypto/pmk-test.ts";
import type { HandshakeEvidence, PmkCandidate, PmkSearch } from "../../rsn/port.ts";
import { akmSuite } from "../../wire/ieee80211/suites.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import { sendAway } from "../leaving.ts";
import { enterVlan } from "../vlans.ts";
import { grantTo } from "./granting.ts";

type Found = (candidate: PmkCandidate | undefined) => void;

/** See `AuthenticatorPort.findPmk`. */
export function findPmk(
  bss: Bss,
  station: MacAddress,
  fits: PmkTest,
  found: Found,
  evidence: HandshakeEvidence,
): PmkSearch {
  const { wpa_psk_radius: use } = bss.settings;
  if (use === "ignored") return bss.psks.find(station, fits, found);
  let current: { cancel(): void } | undefined;
  let isOver = false;
  const go = (begin: () => { cancel(): void }): void => {
    if (!isOver) current = begin();
  };
  const end: Found = (candidate) => {
    if (isOver) return;
    isOver = true;
    found(candidate);
  };
  const granted = (next: () => void): void => {
    const keys = bss.stations.get(station)?.grantedKeys;
    if (!keys) return next();
    go(() => keys.find(station, fits, (candidate) => (candidate ? end(candidate) : next())));
  };
  const own = (next: () => void): void => {
    if (use === "required") return next();
    go(() => bss.psks.find(station, fits, (candidate) => (candidate ? end(candidate) : next())));
  };
  const ask = (): void => {
    if (use !== "during-4-way-handshake") return end(undefined);
    go(() =>
      askDuringHandshake(bss, station, evidence, (isGranted) =>
        isGranted ? granted(() => end(undefined)) : end(undefined),
      ),
    );
  };
  granted(() => own(ask));
  return {
    cancel: () => {
      isOver = true;
      current?.cancel();
    },
  };
}

/** @param done gets whether the server has granted something */
function askDuringHandshake(
  bss: Bss,
  address: MacAddress,
  { akm, anonce, message2 }: HandshakeEvidence,
  done: (isGranted: boolean) => void,
): { cancel(): void } {
  const about = new AttributeList()
    .add(radius.wlanAkmSuite, akmSuite[akm])
    .add(radius.freeRadiusAnonce, anonce)
    .add(radius.freeRadiusEapolKeyMsg, message2).list;
  bss.log.station(address, "RADIUS", "debug", "asking for the pre-shared key of this handshake");
  return bss.radius.addresses.request(address, about, (verdict) => {
    const station = bss.stations.get(address);
    if (!station || !verdict) return done(false);
    if (!verdict.accepted) {
      done(false);
      return sendAway(bss, address, "invalid-authentication", "deauthentication");
    }
    grantTo(bss, station, verdict.grant);
    const { association } = station;
    if (association && verdict.grant.vlans) station.association = { ...association, vlans: verdict.grant.vlans };
    done(enterVlan(bss, station));
  });
}
