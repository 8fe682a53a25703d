/** EAP-SIM, EAP-AKA and EAP-AKA' after a BSS's settings: their authentication centre, and what they remember. */

import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seconds } from "../base/duration.ts";
import { ConfigurationError, messageOf } from "../base/errors.ts";
import { News } from "../base/news.ts";
import { sameValue } from "../base/same-value.ts";
import type { BssSettings } from "../config/registry.ts";
import type { SimDatabase } from "../config/sim-database.ts";
import { type RsaDecryptionKey, rsaDecryptionKeyOf } from "../crypto/backend/node.ts";
import type { EapMethod } from "../eap/method.ts";
import { akaMethod, akaPrimeMethod } from "../eap/methods/sim-aka/aka.ts";
import type { AuthenticationCentre } from "../eap/methods/sim-aka/authentication-centre.ts";
import type { SimAkaOptions } from "../eap/methods/sim-aka/family.ts";
import { type GatewayConnection, hlrGateway } from "../eap/methods/sim-aka/hlr-gateway.ts";
import { identityDatabase } from "../eap/methods/sim-aka/identity-database.ts";
import { milenageCentre } from "../eap/methods/sim-aka/milenage-centre.ts";
import { simMethod } from "../eap/methods/sim-aka/sim.ts";
import { type TemporaryIdentities, temporaryIdentities } from "../eap/methods/sim-aka/temporary-identities.ts";
import { Reactor } from "../linux/reactor.ts";
import { connectUnixDatagram } from "../linux/unix-datagram.ts";
import type { EapMethodsPart } from "./eap-methods.ts";
import type { EapServerHost } from "./eap-server.ts";

/** Subscribers whose temporary identities are remembered in memory. */
const mostIdentities = 100_000;
/** The longest datagram of hlr_auc_gw's. */
const longestAnswer = 1000;

const keys = [
  "eap_sim_db",
  "eap_sim_db_timeout",
  "eap_sim_aka_result_ind",
  "eap_sim_id",
  "eap_sim_aka_fast_reauth_limit",
  "imsi_privacy_key",
] as const;

type SimAkaSettings = Pick<BssSettings, (typeof keys)[number]>;

/** What is remembered, and who is asked: settings that say nothing else about them leave them as they are. */
interface Held {
  readonly centre: AuthenticationCentre;
  readonly identities: TemporaryIdentities;
}

export class SimAkaMethods implements EapMethodsPart {
  readonly list: readonly EapMethod<unknown>[];

  private constructor(
    readonly settings: SimAkaSettings,
    readonly held: Held,
    privacyKey: RsaDecryptionKey | undefined,
  ) {
    const options: SimAkaOptions = {
      ...held,
      resultIndications: settings.eap_sim_aka_result_ind,
      pseudonyms: (settings.eap_sim_id & 1) !== 0,
      reauthentication: (settings.eap_sim_id & 2) !== 0,
      takesEapIdentity: (settings.eap_sim_id & 4) !== 0,
      mostReauthentications: settings.eap_sim_aka_fast_reauth_limit,
      privacyKey,
    };
    this.list = [simMethod(options), akaMethod(options), akaPrimeMethod(options)] as readonly EapMethod<unknown>[];
  }

  /** @returns undefined where there is no authentication centre @throws ConfigurationError where the key can't be read */
  static open(
    settings: BssSettings,
    host: EapServerHost,
    given: EapMethodsPart | undefined,
  ): SimAkaMethods | undefined {
    const { eap_sim_db: database } = settings;
    if (database === undefined || database.kind === "none") return undefined;
    const before = given instanceof SimAkaMethods ? given : undefined;
    const isSame = (key: (typeof keys)[number]): boolean => sameValue(settings[key], before?.settings[key]);
    if (before !== undefined && keys.every(isSame)) return before;
    const privacyKey = privacyKeyOf(settings.imsi_privacy_key);
    const keepsCentre = isSame("eap_sim_db") && isSame("eap_sim_db_timeout");
    const keepsIdentities = before?.settings.eap_sim_db?.identities === database.identities;
    const held: Held = {
      centre: (keepsCentre ? before?.held.centre : undefined) ?? centreOf(database, settings, host),
      identities: (keepsIdentities ? before?.held.identities : undefined) ?? identitiesOf(database, host),
    };
    return new SimAkaMethods(settings, held, privacyKey);
  }

  retire(given: EapMethodsPart | undefined): void {
    const successor = given instanceof SimAkaMethods ? given : undefined;
    if (successor?.held.centre !== this.held.centre) this.held.centre.close();
    if (successor?.held.identities !== this.held.identities) void this.held.identities.close();
  }
}

function privacyKeyOf(path: string | undefined): RsaDecryptionKey | undefined {
  if (path === undefined) return undefined;
  const key = rsaDecryptionKeyOf(contentsOf(path));
  if (key === undefined)
    throw new ConfigurationError(`imsi_privacy_key: ${path} holds no RSA private key without passphrase (PEM)`);
  return key;
}

function contentsOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (thrown) {
    throw new ConfigurationError(`imsi_privacy_key: ${messageOf(thrown)}`, { cause: thrown });
  }
}

const identitiesOf = ({ identities }: SimDatabase, host: EapServerHost): TemporaryIdentities =>
  identities === undefined ? temporaryIdentities(mostIdentities) : identityDatabase(identities, sparingly(host));

function centreOf(
  database: Exclude<SimDatabase, { kind: "none" }>,
  { eap_sim_db_timeout: timeout }: SimAkaSettings,
  host: EapServerHost,
): AuthenticationCentre {
  if (database.kind === "milenage") return milenageCentre(database.subscribers, host.entropy);
  return hlrGateway({
    clock: host.clock,
    timeout: seconds(timeout),
    connect: (receive) => connectTo(database.socket, receive),
    warn: sparingly(host),
  });
}

/** Warns of the same once a minute. */
function sparingly({ clock, log }: EapServerHost): (text: string) => void {
  const news = new News(clock);
  return (text) => {
    if (news.isNews(text)) log.warning(text);
  };
}

function connectTo(peer: string, receive: (answer: Uint8Array) => void): GatewayConnection {
  // The gateway answers to where a request comes from.
  const path = join(tmpdir(), `eap_sim_db_${process.pid}-${randomBytes(4).toString("hex")}`);
  const connection = connectUnixDatagram(new Reactor(), { peer, path, maxLength: longestAnswer });
  const next = (): Uint8Array | undefined => {
    try {
      return connection.receive();
    } catch {
      // The next request tells that the gateway is gone, and looks for it again.
      return undefined;
    }
  };
  connection.onReadable(() => {
    for (let answer = next(); answer !== undefined; answer = next()) receive(answer);
  });
  return { send: (request) => connection.send(request), close: () => connection.close() };
}
