/** What hostapd shows of a port of IEEE 802.1X, and what may be changed of one. IEEE Std 802.1X-2004, 9.4. */

import type { Bss } from "../../ap/bss.ts";
import type { Station } from "../../ap/station.ts";
import type { StationPort } from "../../ap/station-port.ts";
import { inSeconds } from "../../base/duration.ts";
import { parseMacAddress } from "../../base/mac-address.ts";
import { leadingInteger } from "../../config/numbers.ts";
import { octetTextOf } from "../../config/octets.ts";
import { mostAttempts, nameOf } from "../../dot1x/authenticator.ts";
import type { PaeState, PortControl } from "../../dot1x/authenticator-pae.ts";
import type { AuthenticatorState, PortSettings } from "../../dot1x/authenticator-state.ts";
import type { BackendState } from "../../dot1x/backend-authentication.ts";
import type { EapType } from "../../wire/eap/types.ts";
import { bssOf, fail, type InterfaceContext, ok, onInterface, stationOf } from "../command.ts";
import { leadingAddress } from "../protocol/arguments.ts";

const paeNumbers: Readonly<Record<PaeState["kind"], number>> = {
  initialize: 1,
  disconnected: 2,
  connecting: 3,
  authenticating: 4,
  authenticated: 5,
  held: 7,
  "force-authorized": 8,
  "force-unauthorized": 9,
};
const paeNames: Readonly<Record<PaeState["kind"], string>> = {
  initialize: "INITIALIZE",
  disconnected: "DISCONNECTED",
  connecting: "CONNECTING",
  authenticating: "AUTHENTICATING",
  authenticated: "AUTHENTICATED",
  held: "HELD",
  "force-authorized": "FORCE_AUTH",
  "force-unauthorized": "FORCE_UNAUTH",
};
const backendNumbers: Readonly<Record<BackendState["kind"], number>> = {
  request: 1,
  response: 2,
  idle: 6,
  initialize: 7,
  ignore: 8,
};
const backendNames: Readonly<Record<BackendState["kind"], string>> = {
  request: "REQUEST",
  response: "RESPONSE",
  idle: "IDLE",
  initialize: "INITIALIZE",
  ignore: "IGNORE",
};
const controlNumbers: Readonly<Record<PortControl, number>> = {
  "force-unauthorized": 1,
  "force-authorized": 3,
  auto: 2,
};
const controlNames: Readonly<Record<PortControl, string>> = {
  "force-unauthorized": "ForceUnauthorized",
  "force-authorized": "ForceAuthorized",
  auto: "Auto",
};
const protocolVersion = 2;

const truth = (value: boolean): string => (value ? "TRUE" : "FALSE");
const typeText = (type: EapType | undefined): string => `${type?.type ?? 0} (${nameOf(type)})`;

/** Nothing of a station that proves itself otherwise. */
export function* dot1xMib(bss: Bss, station: Station): Generator<string> {
  const { dot1x, association, sessionId, address } = station;
  if (!dot1x) return;
  const { state } = dot1x.port;
  const { settings, counters } = state;
  const directions = settings.directions === "both" ? 0 : 1;
  yield `dot1xPaePortNumber=${association?.aid ?? 0}`;
  yield `dot1xPaePortProtocolVersion=${protocolVersion}`;
  yield "dot1xPaePortCapabilities=1";
  yield "dot1xPaePortInitialize=0";
  yield "dot1xPaePortReauthenticate=FALSE";
  yield `dot1xAuthPaeState=${paeNumbers[state.pae.kind]}`;
  yield `dot1xAuthBackendAuthState=${backendNumbers[state.backend.kind]}`;
  yield `dot1xAuthAdminControlledDirections=${directions}`;
  yield `dot1xAuthOperControlledDirections=${directions}`;
  yield `dot1xAuthAuthControlledPortStatus=${state.isAuthorized ? 1 : 2}`;
  yield `dot1xAuthAuthControlledPortControl=${controlNumbers[settings.control]}`;
  yield `dot1xAuthQuietPeriod=${settings.quietPeriod}`;
  yield `dot1xAuthServerTimeout=${settings.serverTimeout}`;
  yield `dot1xAuthReAuthPeriod=${settings.reAuthPeriod}`;
  yield `dot1xAuthReAuthEnabled=${truth(settings.reAuthEnabled)}`;
  yield `dot1xAuthKeyTxEnabled=${truth(settings.keyTxEnabled)}`;
  yield `dot1xAuthEapolFramesRx=${counters.eapolFramesRx}`;
  yield `dot1xAuthEapolFramesTx=${counters.eapolFramesTx}`;
  yield `dot1xAuthEapolStartFramesRx=${counters.eapolStartFramesRx}`;
  yield `dot1xAuthEapolLogoffFramesRx=${counters.eapolLogoffFramesRx}`;
  yield `dot1xAuthEapolRespIdFramesRx=${counters.eapolRespIdFramesRx}`;
  yield `dot1xAuthEapolRespFramesRx=${counters.eapolRespFramesRx}`;
  yield `dot1xAuthEapolReqIdFramesTx=${counters.eapolReqIdFramesTx}`;
  yield `dot1xAuthEapolReqFramesTx=${counters.eapolReqFramesTx}`;
  yield `dot1xAuthInvalidEapolFramesRx=${counters.invalidEapolFramesRx}`;
  yield `dot1xAuthEapLengthErrorFramesRx=${counters.eapLengthErrorFramesRx}`;
  yield `dot1xAuthLastEapolFrameVersion=${dot1x.lastVersion}`;
  yield `dot1xAuthLastEapolFrameSource=${address}`;
  yield `dot1xAuthEntersConnecting=${counters.entersConnecting}`;
  yield `dot1xAuthEapLogoffsWhileConnecting=${counters.eapLogoffsWhileConnecting}`;
  yield `dot1xAuthEntersAuthenticating=${counters.entersAuthenticating}`;
  yield `dot1xAuthAuthSuccessesWhileAuthenticating=${counters.authSuccessesWhileAuthenticating}`;
  yield `dot1xAuthAuthTimeoutsWhileAuthenticating=${counters.authTimeoutsWhileAuthenticating}`;
  yield `dot1xAuthAuthFailWhileAuthenticating=${counters.authFailWhileAuthenticating}`;
  yield `dot1xAuthAuthEapStartsWhileAuthenticating=${counters.authEapStartsWhileAuthenticating}`;
  yield `dot1xAuthAuthEapLogoffWhileAuthenticating=${counters.authEapLogoffWhileAuthenticating}`;
  yield `dot1xAuthAuthReauthsWhileAuthenticated=${counters.authReauthsWhileAuthenticated}`;
  yield `dot1xAuthAuthEapStartsWhileAuthenticated=${counters.authEapStartsWhileAuthenticated}`;
  yield `dot1xAuthAuthEapLogoffWhileAuthenticated=${counters.authEapLogoffWhileAuthenticated}`;
  yield `dot1xAuthBackendResponses=${counters.backendResponses}`;
  yield `dot1xAuthBackendAccessChallenges=${counters.backendAccessChallenges}`;
  yield `dot1xAuthBackendOtherRequestsToSupplicant=${counters.backendOtherRequestsToSupplicant}`;
  yield `dot1xAuthBackendAuthSuccesses=${counters.backendAuthSuccesses}`;
  yield `dot1xAuthBackendAuthFails=${counters.backendAuthFails}`;
  yield `dot1xAuthSessionId=${hexNumber(sessionId)}`;
  // 1: a server elsewhere, 2: this system. What hostapd takes for it is whether there are keys.
  yield `dot1xAuthSessionAuthenticMethod=${association?.security ? 1 : 2}`;
  yield `dot1xAuthSessionTime=${sessionTime(bss, station)}`;
  yield "dot1xAuthSessionTerminateCause=999";
  yield `dot1xAuthSessionUserName=${userName(state)}`;
  yield `authMultiSessionId=${hexNumber(dot1x.port.multiSessionId)}`;
  yield `last_eap_type_as=${typeText(state.serverType)}`;
  yield `last_eap_type_sta=${typeText(state.supplicantType)}`;
}

const hexNumber = (value: bigint): string => value.toString(16).toUpperCase().padStart(16, "0");

const sessionTime = ({ clock }: Bss, { authorizedAt }: Station): number =>
  authorizedAt === undefined ? 0 : Math.floor(inSeconds(clock.now()) - inSeconds(authorizedAt));

/** A line end in it would be taken for another field. */
const userName = ({ identity }: AuthenticatorState): string =>
  identity === undefined ? "N/A" : octetTextOf(identity).replace(/[\0\r\n]/g, "_");

/** `STA <addr> eapol`: the state machines' variables. Those that are true only within a step are false here. */
export function* portVariables({ port, security }: StationPort): Generator<string> {
  const { state } = port;
  const { settings, pae, backend, eap, counters } = state;
  const succeeded = pae.kind === "authenticated" || (pae.kind === "authenticating" && pae.succeeded);
  const attempts = pae.kind === "connecting" || pae.kind === "authenticating" || pae.kind === "held" ? pae.attempts : 0;
  for (const timer of ["aWhile", "quietWhile", "reAuthWhen"] as const) {
    yield `${timer}=${Math.ceil(inSeconds(port.remaining(timer)))}`;
  }
  yield "authAbort=FALSE";
  yield `authFail=${truth(pae.kind === "held")}`;
  yield `authPortStatus=${state.isAuthorized ? "Authorized" : "Unauthorized"}`;
  yield `authStart=${truth(backend.kind === "idle" && backend.started)}`;
  yield "authTimeout=FALSE";
  yield `authSuccess=${truth(succeeded)}`;
  yield `eapFail=${truth(pae.kind === "held")}`;
  yield "eapolEap=FALSE";
  yield `eapSuccess=${truth(succeeded)}`;
  yield "eapTimeout=FALSE";
  yield "initialize=FALSE";
  yield `keyAvailable=${truth(security !== undefined && succeeded)}`;
  yield "keyDone=FALSE";
  yield `keyRun=${truth(succeeded)}`;
  yield `keyTxEnabled=${truth(settings.keyTxEnabled)}`;
  yield `portControl=${controlNames[settings.control]}`;
  yield `portEnabled=${truth(state.portEnabled)}`;
  yield `portValid=${truth(state.portValid)}`;
  yield "reAuthenticate=FALSE";
  yield `auth_pae_state=${paeNames[pae.kind]}`;
  yield "eapolLogoff=FALSE";
  yield "eapolStart=FALSE";
  yield "eapRestart=FALSE";
  yield `portMode=${controlNames[settings.control]}`;
  yield `reAuthCount=${attempts}`;
  yield `quietPeriod=${settings.quietPeriod}`;
  yield `reAuthMax=${mostAttempts}`;
  yield `authEntersConnecting=${counters.entersConnecting}`;
  yield `authEapLogoffsWhileConnecting=${counters.eapLogoffsWhileConnecting}`;
  yield `authEntersAuthenticating=${counters.entersAuthenticating}`;
  yield `authAuthSuccessesWhileAuthenticating=${counters.authSuccessesWhileAuthenticating}`;
  yield `authAuthTimeoutsWhileAuthenticating=${counters.authTimeoutsWhileAuthenticating}`;
  yield `authAuthFailWhileAuthenticating=${counters.authFailWhileAuthenticating}`;
  yield `authAuthEapStartsWhileAuthenticating=${counters.authEapStartsWhileAuthenticating}`;
  yield `authAuthEapLogoffWhileAuthenticating=${counters.authEapLogoffWhileAuthenticating}`;
  yield `authAuthReauthsWhileAuthenticated=${counters.authReauthsWhileAuthenticated}`;
  yield `authAuthEapStartsWhileAuthenticated=${counters.authEapStartsWhileAuthenticated}`;
  yield `authAuthEapLogoffWhileAuthenticated=${counters.authEapLogoffWhileAuthenticated}`;
  yield `be_auth_state=${backendNames[backend.kind]}`;
  yield `eapNoReq=${truth(backend.kind === "ignore")}`;
  yield `eapReq=${truth(eap.kind === "asked")}`;
  yield `eapResp=${truth(backend.kind === "response")}`;
  yield `serverTimeout=${settings.serverTimeout}`;
  yield `backendResponses=${counters.backendResponses}`;
  yield `backendAccessChallenges=${counters.backendAccessChallenges}`;
  yield `backendOtherRequestsToSupplicant=${counters.backendOtherRequestsToSupplicant}`;
  yield `backendAuthSuccesses=${counters.backendAuthSuccesses}`;
  yield `backendAuthFails=${counters.backendAuthFails}`;
  yield "reauth_timer_state=INITIALIZE";
  yield `reAuthPeriod=${settings.reAuthPeriod}`;
  yield `reAuthEnabled=${truth(settings.reAuthEnabled)}`;
  yield "auth_key_tx_state=NO_KEY_TRANSMIT";
  yield "key_rx_state=NO_KEY_RECEIVE";
  yield "rxKey=FALSE";
  yield "ctrl_dir_state=IN_OR_BOTH";
  yield `adminControlledDirections=${settings.directions === "both" ? "Both" : "In"}`;
  yield `operControlledDirections=${settings.directions === "both" ? "Both" : "In"}`;
  yield "operEdge=FALSE";
}

/** What EAPOL_SET may change. @returns undefined where the value is none */
const changes: Readonly<Record<string, (value: string) => Partial<PortSettings> | undefined>> = {
  admincontrolleddirections: (value) => {
    if (value === "Both") return { directions: "both" };
    return value === "In" ? { directions: "in" } : undefined;
  },
  admincontrolledportcontrol: (value) => {
    const control = (["auto", "force-authorized", "force-unauthorized"] as const).find(
      (each) => controlNames[each] === value,
    );
    return control && { control };
  },
  quietperiod: (value) => ({ quietPeriod: seconds(value) }),
  servertimeout: (value) => ({ serverTimeout: seconds(value) }),
  reauthperiod: (value) => ({ reAuthPeriod: seconds(value) }),
  reauthenabled: (value) => {
    const reAuthEnabled = truthOf(value);
    return reAuthEnabled === undefined ? undefined : { reAuthEnabled };
  },
  keytransmissionenabled: (value) => {
    const keyTxEnabled = truthOf(value);
    return keyTxEnabled === undefined ? undefined : { keyTxEnabled };
  },
};

/** What it has of a number counts, as in hostapd. */
const seconds = (value: string): number => Math.min(Math.max(leadingInteger(value).value, 0), 0x7fff_ffff / 1000);
const truthOf = (value: string): boolean | undefined =>
  value === "TRUE" ? true : value === "FALSE" ? false : undefined;

function set(context: InterfaceContext, args: string): string {
  const [, address = "", name = "", value] = /^(\S{17}) ([^ ]*)(?: (.*))?$/s.exec(args) ?? [];
  const dot1x = stationOf(context, leadingAddress(address))?.dot1x;
  const change = value === undefined ? undefined : changes[name.toLowerCase()]?.(value);
  if (!dot1x || !change) return fail;
  dot1x.port.take({ type: "settings", settings: change });
  return ok;
}

function reauthenticate(context: InterfaceContext, args: string): string {
  const dot1x = stationOf(context, leadingAddress(args))?.dot1x;
  if (!dot1x) return fail;
  dot1x.port.take({ type: "reauthenticate" });
  return ok;
}

/** Those of the EAP server for this network, and those of the RADIUS server for others. */
function forgetKeys(context: InterfaceContext): string {
  bssOf(context)?.backend?.forgetKeys?.();
  context.daemon.forgetReauthenticationKeys(context.name);
  return ok;
}

/** hostapd's `coa` is for Passpoint's terms and conditions only, which are not here. */
function disconnectByRadius({ daemon, name }: InterfaceContext, args: string): string {
  const [, address] = /^disconnect (\S{17})(?: |$)/.exec(args) ?? [];
  const station = address === undefined ? undefined : parseMacAddress(address);
  return station !== undefined && daemon.disconnectByRadius(name, station) ? ok : fail;
}

export const dot1xCommands = [
  onInterface(
    "DAC_REQUEST",
    "disconnect <addr>",
    "The RADIUS server asks the access point where a station is, as accounting has told it, to end its session.",
    disconnectByRadius,
  ),
  onInterface("ERP_FLUSH", "", "Forgets the keys of ERP: whoever comes next has to authenticate in full.", forgetKeys),
  onInterface("EAPOL_REAUTH", "<addr>", "Has a station prove itself anew by IEEE 802.1X.", reauthenticate),
  onInterface("EAPOL_SET", "<addr> <name> <value>", "Changes a station's port of IEEE 802.1X.", set),
] as const;
