/** Who may join by what a RADIUS server says of their address (macaddr_acl=2), and the pre-shared keys that it sends with that. */

import { bytesOfHex, textOf } from "../../base/bytes.ts";
import { type Duration, seconds } from "../../base/duration.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import type { PskSecret } from "../../config/psk-entries.ts";
import type { BssSettings } from "../../config/registry.ts";
import { wipe } from "../../crypto/secret.ts";
import type { RadiusClient } from "../../radius/client/client.ts";
import type { PendingRequest, RadiusAnswer } from "../../radius/client/request.ts";
import { grantsOf, replyText, tunnelPasswordsOf } from "../../radius/grants.ts";
import { hidePassword } from "../../radius/hiding.ts";
import { radius } from "../../wire/radius/attributes.ts";
import type { RadiusAttribute } from "../../wire/radius/packet.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import type { Bss } from "../bss.ts";
import { isPermitted, nameOf, type VlanDescription } from "../vlan-plan.ts";
import { inTime, intervalOf, isTooShort, nameOfAddress, type SessionGrant, stationId } from "./identity.ts";
import { commonAttributes } from "./request-attributes.ts";

/** What a server has granted to an address. */
export interface AddressGrant extends SessionGrant {
  /** Seconds. */
  readonly sessionTimeout: number | undefined;
  readonly vlans: VlanDescription | undefined;
  /** Pre-shared keys that are its own. */
  readonly psks: readonly PskSecret[];
}

export type AddressVerdict =
  | { readonly accepted: true; readonly grant: AddressGrant }
  /** @property reason for people */
  | { readonly accepted: false; readonly reason: string };

interface Remembered {
  readonly verdict: AddressVerdict;
  readonly until: Duration;
}

interface Question {
  /** Of the frame that came last: whose sender asks again wants one answer. */
  decided: (verdict: AddressVerdict) => void;
  pending: PendingRequest | undefined;
}

/** As hostapd's RADIUS_ACL_TIMEOUT. */
const rememberedFor = seconds(30);
/** Anybody can ask under many addresses: the oldest go. */
const mostRemembered = 4096;
const mostQuestions = 1024;

export class AddressAccess {
  readonly #remembered = new Map<MacAddress, Remembered>();
  readonly #questions = new Map<MacAddress, Question>();

  constructor(
    readonly bss: Bss,
    readonly client: RadiusClient,
  ) {}

  get rememberedCount(): number {
    return this.#remembered.size;
  }

  /** What was said within the last half minute. */
  verdictOf(address: MacAddress): AddressVerdict | undefined {
    const known = this.#remembered.get(address);
    if (!known || known.until > this.bss.clock.now()) return known?.verdict;
    this.#remembered.delete(address);
    return undefined;
  }

  /** @param decided called once, unless nobody answers, or the address is asked about again before that */
  ask(address: MacAddress, decided: (verdict: AddressVerdict) => void): void {
    const asked = this.#questions.get(address);
    if (asked) {
      asked.decided = decided;
      return;
    }
    if (this.#questions.size >= mostQuestions) this.#forgetOldest();
    const question: Question = { decided, pending: undefined };
    this.#questions.set(address, question);
    // Where there is no server, that is said before this returns.
    question.pending = this.request(address, [], (verdict) => {
      this.#questions.delete(address);
      if (!verdict) return;
      this.#remember(address, verdict);
      question.decided(verdict);
    });
  }

  /**
   * An Access-Request for an address, with its name as password.
   * @param decided gets undefined where nobody answers
   */
  request(
    address: MacAddress,
    more: readonly RadiusAttribute[],
    decided: (verdict: AddressVerdict | undefined) => void,
  ): PendingRequest {
    const { bss } = this;
    const name = nameOfAddress(address);
    return this.client.send({
      station: address,
      persistence: "one-round",
      carriesEap: false,
      isBound: false,
      attributes: ({ secret, authenticator }) =>
        new AttributeList()
          .add(radius.userName, name)
          .add(radius.userPassword, hidePassword(secret, authenticator, name))
          .put(...commonAttributes(bss, bss.settings.radius_auth_req_attr, undefined))
          .add(radius.callingStationId, stationId(address))
          .add(radius.connectInfo, "CONNECT 11Mbps 802.11b")
          .put(...more).list,
      answered: (answer) => decided(this.#judge(address, answer)),
      failed: (reason) => {
        bss.log.station(address, "RADIUS", "info", `nobody says whether it may join: ${reason}`);
        decided(undefined);
      },
    });
  }

  /** Nothing that is known counts any more, and nobody is waited for. */
  clear(): void {
    for (const { pending } of this.#questions.values()) pending?.cancel();
    this.#questions.clear();
    for (const address of [...this.#remembered.keys()]) this.#forget(address);
  }

  #judge(address: MacAddress, answer: RadiusAnswer): AddressVerdict | undefined {
    const { bss } = this;
    const { settings, log } = bss;
    const grants = grantsOf(answer.attributes);
    const said = replyText(grants);
    const refuse = (reason: string): AddressVerdict => ({ accepted: false, reason });
    switch (answer.code) {
      case "Access-Reject":
        log.station(address, "RADIUS", "info", `the server refuses it${said}`);
        return refuse(`the RADIUS server refuses its address${said}`);
      case "Access-Accept":
        break;
      case "Access-Challenge":
      case "Accounting-Response":
        // An address has no answer to a challenge.
        return undefined;
    }
    const psks = pskSecretsOf(bss, address, answer);
    if (settings.wpa_psk_radius === "required" && psks.length === 0) {
      return refuse("the RADIUS server has no pre-shared key for it");
    }
    const assigned = grants.vlan && { untagged: grants.vlan.untagged ?? 0, tagged: grants.vlan.tagged };
    const vlans = permitted(bss, address, assigned);
    if (settings.dynamic_vlan === "required" && !vlans)
      return refuse("the RADIUS server assigns it no VLAN of this network");
    if (isTooShort(grants.interimInterval)) {
      log.station(address, "RADIUS", "info", `ignored too small Acct-Interim-Interval ${grants.interimInterval}`);
    }
    const interimInterval = intervalOf(grants.interimInterval);
    const { identity, chargeableUserIdentity, classes, sessionTimeout } = grants;
    const idleTimeout = inTime(grants.idleTimeout);
    const grant = {
      identity,
      chargeableUserIdentity,
      classes,
      sessionTimeout,
      idleTimeout,
      interimInterval,
      vlans,
      psks,
    };
    return { accepted: true, grant };
  }

  #remember(address: MacAddress, verdict: AddressVerdict): void {
    this.#forget(address);
    const until = (this.bss.clock.now() + rememberedFor) as Duration;
    this.#remembered.set(address, { verdict, until });
    for (const [oldest, known] of this.#remembered) {
      if (this.#remembered.size <= mostRemembered && known.until > this.bss.clock.now()) break;
      this.#forget(oldest);
    }
  }

  /** Its keys are wiped, unless a station has them: that has copies of its own. */
  #forget(address: MacAddress): void {
    const known = this.#remembered.get(address);
    if (known?.verdict.accepted) for (const { octets } of known.verdict.grant.psks) wipe(octets);
    this.#remembered.delete(address);
  }

  #forgetOldest(): void {
    for (const [address, { pending }] of this.#questions) {
      pending?.cancel();
      this.#questions.delete(address);
      return;
    }
  }
}

/** The VLANs that the server assigns, where they count and can be. */
function permitted(
  { settings, log }: Bss,
  address: MacAddress,
  assigned: VlanDescription | undefined,
): VlanDescription | undefined {
  if (!assigned || settings.dynamic_vlan === "no") return undefined;
  if (isPermitted(settings, assigned)) return assigned;
  log.station(address, "RADIUS", "info", `Invalid VLAN ${nameOf(assigned)} received from RADIUS server`);
  return undefined;
}

/** Passphrases of 8 to 63 octets, or keys of 64 hexadecimal digits. */
function pskSecretsOf(
  { settings, log }: { readonly settings: BssSettings; readonly log: Bss["log"] },
  address: MacAddress,
  { attributes, secret, authenticator }: RadiusAnswer,
): PskSecret[] {
  if (settings.wpa_psk_radius === "ignored") return [];
  return tunnelPasswordsOf(attributes, secret, authenticator).flatMap((password): PskSecret[] => {
    if (password.length >= 8 && password.length <= 63) return [{ type: "passphrase", octets: password }];
    const psk = password.length === 64 ? bytesOfHex(textOf(password)) : undefined;
    wipe(password);
    if (psk) return [{ type: "psk", octets: psk }];
    const what = password.length === 64 ? "invalid hex string (64 chars)" : `${password.length} octets`;
    log.station(address, "RADIUS", "warning", `${what} in Tunnel-Password`);
    return [];
  });
}
