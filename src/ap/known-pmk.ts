/**
 * Where a station's master key comes from with AKMs that bring one to the handshake: from SAE just before, from the association itself (OWE), or from
 * what both remember. IEEE Std 802.11-2020, 11.3.5.3, 12.6.10.3; RFC 8110.
 */

import { MalformedError, Reader, sameBytes } from "../base/bytes.ts";
import { offeredAkmsOf } from "../config/settings.ts";
import {
  deriveOweKeys,
  isOweGroup,
  type OweGroupNumber,
  type OweKeys,
  oweDigestOf,
  oweGroupNumbers,
} from "../crypto/owe.ts";
import { type AkmHash, derivePmkid } from "../crypto/ptk.ts";
import { wipe } from "../crypto/secret.ts";
import { bringsPmk, hashOf, leavesHashToGroup, type Negotiated, pmkidKeyOf, usesEap } from "../rsn/negotiated.ts";
import type { Pmksa } from "../rsn/pmksa-cache.ts";
import type { KnownPmk } from "../rsn/port.ts";
import { type Element, elementExtension, elementId, findElement } from "../wire/ieee80211/element.ts";
import { decodeOweDiffieHellman, type OweDiffieHellman, oweDiffieHellmanElement } from "../wire/ieee80211/owe.ts";
import { decodeRsne, encodeRsne } from "../wire/ieee80211/rsne.ts";
import { claimedRsnExtensions } from "../wire/ieee80211/rsnxe.ts";
import type { StatusName } from "../wire/ieee80211/status-code.ts";
import { akmSuite } from "../wire/ieee80211/suites.ts";
import type { Bss } from "./bss.ts";
import type { AssociationSecurity, Station } from "./station.ts";

export interface Brought {
  readonly security: AssociationSecurity;
  /** For the answer. */
  readonly elements: readonly Element[];
}

interface Refused {
  readonly refused: StatusName;
  readonly explanation: string;
}

/** @param elements of the request @returns the same security where its AKM brings no key */
export function bringPmk(
  bss: Bss,
  station: Station,
  security: AssociationSecurity,
  elements: readonly Element[],
): Brought | Refused {
  const { akm } = security.agreed;
  if (station.authenticatedBy === "SAE" && akm !== "SAE" && akm !== "SAE-EXT-KEY") {
    return refuse("invalid-akmp", `it authenticated with SAE, and wants to associate with ${akm}`);
  }
  if (!bringsPmk(akm)) return { security, elements: [] };
  // Whoever has no key proves itself when it is associated.
  if (usesEap(akm)) return remembered(bss, station, security) ?? { security, elements: [] };
  if (akm === "OWE") return bringOwe(bss, station, security, elements);
  if (station.authenticatedBy === "SAE") return bringSae(bss, station, security, elements);
  return remembered(bss, station, security) ?? refuse("invalid-pmkid", "we know no key that it has from before");
}

function bringSae(
  bss: Bss,
  station: Station,
  security: AssociationSecurity,
  elements: readonly Element[],
): Brought | Refused {
  const { sae } = station;
  if (sae.kind !== "accepted") {
    return remembered(bss, station, security) ?? refuse("invalid-pmkid", "its authentication with SAE is not done");
  }
  const { request, credential, keys } = sae.exchange;
  const akm = request.extendedKey ? "SAE-EXT-KEY" : "SAE";
  if (security.agreed.akm !== akm) {
    return refuse("invalid-akmp", `it authenticated for ${akm}, and wants to associate with ${security.agreed.akm}`);
  }
  if (request.method === "looping" && bss.sae.methods.has("hash-to-element") && claimsHashToElement(elements)) {
    // Somebody in between has made the network look older than it is. IEEE Std 802.11-2020, 12.4.4.1.
    return refuse("unspecified-failure", "it says that it can hash to an element, and did not");
  }
  const { vlanId, identifier } = credential.entry;
  const known = {
    pmk: keys.pmk,
    pmkid: keys.pmkid,
    ...(vlanId === 0 ? {} : { vlanId }),
    ...(identifier === undefined ? {} : { passwordIdentifier: identifier }),
  };
  return { security: withPmk(security, known, akm === "SAE" ? undefined : keys.digest), elements: [] };
}

function bringOwe(
  bss: Bss,
  station: Station,
  security: AssociationSecurity,
  elements: readonly Element[],
): Brought | Refused {
  const known = remembered(bss, station, security);
  if (known) return { ...known, elements: [rsneNaming(bss, known.security.known)] };
  const element = findElement(elements, elementId.extension, elementExtension.oweDiffieHellman);
  if (!element) return refuse("invalid-parameters", "it sent no public key for OWE, and we know no key of it");
  try {
    const { group, publicKey } = decodeOweDiffieHellman(new Reader(element.data, ["OWE Diffie-Hellman Parameter"]));
    const taken = bss.settings.owe_groups ?? oweGroupNumbers;
    if (!isOweGroup(group) || !(taken as readonly number[]).includes(group)) {
      return refuse("unsupported-finite-cyclic-group", `it wants group ${group} for OWE, which is not in use here`);
    }
    const keys = oweKeysFor(bss, station, { group, publicKey });
    if (!keys) return refuse("unspecified-failure", `what it sent is no public key of group ${group}`);
    const agreed = withPmk(security, { pmk: keys.pmk, pmkid: keys.pmkid }, oweDigestOf(group));
    if (!bss.settings.disable_pmksa_caching) {
      bss.authenticator?.options.pmksa.add({ station: station.address, akm: "OWE", pmk: keys.pmk, pmkid: keys.pmkid });
    }
    const answer = oweDiffieHellmanElement({ group, publicKey: keys.publicKey });
    return { security: agreed, elements: [rsneNaming(bss, undefined), answer] };
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return refuse("unspecified-failure", `its public key for OWE is malformed (${thrown.message})`);
  }
}

/** mac80211 repeats a request, with another sequence number, and takes the first answer that comes: both have to be the same. */
function oweKeysFor(bss: Bss, station: Station, asked: OweRequest): OweKeys | undefined {
  const { owe } = station;
  if (owe?.asked.group === asked.group && sameBytes(owe.asked.publicKey, asked.publicKey)) return owe.keys;
  const keys = deriveOweKeys(asked.group, asked.publicKey, bss.entropy);
  forgetOwe(station);
  if (keys) station.owe = { asked, keys };
  return keys;
}

type OweRequest = OweDiffieHellman & { readonly group: OweGroupNumber };

/** A key that both have from before, where the station names it. */
function remembered(bss: Bss, station: Station, security: AssociationSecurity): Brought | undefined {
  const { akm, pmkids } = security.agreed;
  if (bss.settings.disable_pmksa_caching) return undefined;
  for (const pmkid of pmkids) {
    const found = ownPmksa(bss, station, pmkid) ?? broughtAlong(bss, station, pmkid);
    if (found?.akm !== akm) continue;
    const { pmk, vlanId, authorization } = found;
    const known = { pmk, pmkid: found.pmkid, ...(vlanId === undefined ? {} : { vlanId }) };
    const withKey = withPmk(security, known, hashByLength[pmk.length]);
    return { security: authorization ? { ...withKey, authorization } : withKey, elements: [] };
  }
  return undefined;
}

const ownPmksa = (bss: Bss, station: Station, pmkid: Uint8Array): Pmksa | undefined =>
  bss.authenticator?.options.pmksa.findByPmkid(station.address, pmkid);

/** Opportunistic key caching: the station has it from another BSS of the same network, and names it here without having been told that it may. */
function broughtAlong(bss: Bss, station: Station, pmkid: Uint8Array): Pmksa | undefined {
  const { settings, radio } = bss;
  if (!settings.okc) return undefined;
  for (const other of radio.neighbourhood.all()) {
    if (other === bss || !other.settings.okc || !sameBytes(other.settings.ssid, settings.ssid)) continue;
    const found = ownPmksa(other, station, pmkid) ?? ofOtherAuthenticator(bss, other, station, pmkid);
    // A key of OWE belongs to the two that have agreed on it.
    if (!found || found.akm === "OWE") continue;
    const adopted = { ...found, pmkid, isOpportunistic: true };
    bss.authenticator?.options.pmksa.adopt(adopted);
    return adopted;
  }
  return undefined;
}

/** A key of IEEE 802.1X has another name with each access point. IEEE Std 802.11-2020, 12.6.10.3. */
function ofOtherAuthenticator(bss: Bss, other: Bss, { address }: Station, pmkid: Uint8Array): Pmksa | undefined {
  for (const akm of offeredAkmsOf(bss.settings)) {
    const found =
      akm in akmSuite ? other.authenticator?.options.pmksa.find(address, akm as keyof typeof akmSuite) : undefined;
    const key = found && usesEap(found.akm) ? pmkidKeyOf(found.akm, found.pmk, found.kck) : undefined;
    if (found && key && sameBytes(derivePmkid(hashOf(found), key, bss.address, address), pmkid)) return found;
  }
  return undefined;
}

/** PMKs of AKMs that leave the hash to the group are as long as the hash. */
const hashByLength: Readonly<Record<number, AkmHash>> = { 32: "sha256", 48: "sha384", 64: "sha512" };

function withPmk(
  { agreed, element }: AssociationSecurity,
  known: KnownPmk,
  groupHash: AkmHash | undefined,
): AssociationSecurity {
  const changed: Negotiated =
    groupHash === undefined || !leavesHashToGroup(agreed.akm) ? agreed : { ...agreed, groupHash };
  return { agreed: changed, element, known };
}

/** Our RSNE with the name of the key that is taken. RFC 8110, section 4.5. */
function rsneNaming(bss: Bss, known: KnownPmk | undefined): Element {
  const own = bss.authenticator?.options.elements.find(({ id }) => id === elementId.rsn);
  const data = own?.data ?? new Uint8Array(0);
  if (!known?.pmkid) return { id: elementId.rsn, data };
  const rsne = decodeRsne(new Reader(data, ["our RSNE"]));
  return { id: elementId.rsn, data: encodeRsne({ ...rsne, pmkids: [known.pmkid] }) };
}

const claimsHashToElement = (elements: readonly Element[]): boolean =>
  claimedRsnExtensions(findElement(elements, elementId.rsnExtension)).has("saeHashToElement");

const refuse = (refused: StatusName, explanation: string): Refused => ({ refused, explanation });

export function forgetOwe(station: Station): void {
  wipe(station.owe?.keys.pmk);
  station.owe = undefined;
}
