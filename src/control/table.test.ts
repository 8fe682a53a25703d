import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPrefix } from "./commands/live.ts";
import { commands, commandsLeftOut, commandsOfLater } from "./table.ts";

/** Names that hostapd 2.12-devel compares requests with (hostapd/ctrl_iface.c). */
const onInterfaces = `
ACCEPT_ACL ATTACH BSS_TM_REQ CHAN_SWITCH CLOSE_LOG COLOC_INTF_REQ COLOR_CHANGE DAC_REQUEST DATA_TEST_CONFIG
DATA_TEST_FRAME DATA_TEST_TX DEAUTHENTICATE DENY_ACL DETACH DISABLE DISABLE_MLD DISASSOCIATE DISASSOC_IMMINENT
DPP_AUTH_INIT DPP_BOOTSTRAP_GEN DPP_BOOTSTRAP_GET_URI DPP_BOOTSTRAP_INFO DPP_BOOTSTRAP_REMOVE DPP_BOOTSTRAP_SET
DPP_CHIRP DPP_CONFIGURATOR_ADD DPP_CONFIGURATOR_GET_KEY DPP_CONFIGURATOR_REMOVE DPP_CONFIGURATOR_SET
DPP_CONFIGURATOR_SIGN DPP_CONTROLLER_START DPP_CONTROLLER_STOP DPP_LISTEN DPP_NFC_HANDOVER_REQ DPP_NFC_HANDOVER_SEL
DPP_NFC_URI DPP_PKEX_ADD DPP_PKEX_REMOVE DPP_PUSH_BUTTON DPP_QR_CODE DPP_RELAY_ADD_CONTROLLER
DPP_RELAY_REMOVE_CONTROLLER DPP_STOP_CHIRP DPP_STOP_LISTEN DRIVER DRIVER_FLAGS DRIVER_FLAGS2 DSCP_POLICY DUMP_BEACON
EAPOL_REAUTH EAPOL_RX EAPOL_SET EAPOL_TX ENABLE ENABLE_MLD ERP_FLUSH ESS_DISASSOC GET GET_ALLOC_FAIL GET_CAPABILITY
GET_CONFIG GET_FAIL GET_PMK GET_RXKHS HS20_DEAUTH_REQ LEVEL LINK_ENABLE LINK_REMOVE LOG_LEVEL MGMT_RX_PROCESS MGMT_TX
MGMT_TX_STATUS_PROCESS MIB NAN_CANCEL_PUBLISH NAN_CANCEL_SUBSCRIBE NAN_PUBLISH NAN_SUBSCRIBE NAN_TRANSMIT
NAN_UPDATE_PUBLISH NEW_STA NFC_GET_HANDOVER_SEL NFC_REPORT_HANDOVER NOTE NOTIFY_CW_CHANGE PING PMKSA PMKSA_ADD
PMKSA_FLUSH POLL_STA PROC_COORD_TEST PTKSA_CACHE_LIST RADAR REGISTER_FRAME REKEY_GTK REKEY_PTK RELOAD RELOAD_BSS
RELOAD_CONFIG RELOAD_RXKHS RELOAD_WPA_PSK RELOG REMOVE_NEIGHBOR REQ_BEACON REQ_LCI REQ_LINK_MEASUREMENT REQ_RANGE
RESEND_GROUP_M1 RESEND_M1 RESEND_M3 RESET_PN SAE_PASSWORD_BIND SA_QUERY SEND_QOS_MAP_CONF SEND_UNSOLICITED_DSCP_REQ SET
SET_BW SET_KEY SET_NEIGHBOR SET_QOS_MAP_SET SHOW_NEIGHBOR SIGNATURE STA STA-FIRST STA-NEXT STATUS STATUS-DRIVER STOP_AP
TERMINATE TEST_ALLOC_FAIL TEST_FAIL TRACK_STA_LIST UPDATE_BEACON VENDOR WPS_AP_PIN WPS_CANCEL WPS_CHECK_PIN WPS_CONFIG
WPS_GET_STATUS WPS_NFC_CONFIG_TOKEN WPS_NFC_TAG_READ WPS_NFC_TOKEN WPS_PBC WPS_PIN`;
const onGlobalSocket = `
ADD ATTACH COOKIE= DETACH DUP_NETWORK FLUSH FST-ATTACH FST-DETACH FST-MANAGER GET_COOKIE INTERFACES MODULE_TESTS PING
RELOG REMOVE TERMINATE`;

const names = (text: string): string[] => text.trim().split(/\s+/).sort();

const isOwn = ({ name }: { readonly name: string }): boolean => name.startsWith(ownPrefix);

test("each command of hostapd is here, later, or left out for a reason, and none is there twice", () => {
  const known = (scope: "interface" | "global"): string[] => [
    ...commands.flatMap((command) => (command.scope === scope && !isOwn(command) ? [command.name] : [])),
    ...commandsLeftOut.flatMap((command) => (command.scope === scope ? [command.name] : [])),
    ...(scope === "interface" ? commandsOfLater.flatMap((part) => part.names) : []),
  ];
  assert.deepEqual(known("interface").sort(), names(onInterfaces));
  assert.deepEqual(known("global").sort(), names(onGlobalSocket));
});

test("our own commands have names that hostapd doesn't use, each once", () => {
  const own = commands.filter(isOwn).map(({ name }) => name);
  assert.ok(own.length > 0);
  assert.equal(new Set(own).size, own.length);
  const theirs = [...names(onInterfaces), ...names(onGlobalSocket)];
  assert.ok(!theirs.some((name) => name.startsWith(ownPrefix)));
});

test("each command has a text for the documents", () => {
  for (const { name, doc } of commands) assert.match(doc, /^[A-Z].*[.]$/s, name);
});
