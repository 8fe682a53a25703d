/**
 * Writes src/wire/nl80211/generated/*.ts from the kernel's include/uapi/linux/nl80211.h.
 *
 *   node dist/scripts/generate-nl80211.js HEADER           writes them
 *   node dist/scripts/generate-nl80211.js --check HEADER   says what differs, exit status 1
 *
 * The tables in the repository are made from Linux 6.12's header. Numbers in it never change, so those of another version
 * differ by what was added only.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit } from "node:process";
import { fileURLToPath } from "node:url";

interface Wanted {
  /** Tag of the enum in the header. */
  readonly tag: string;
  /** What the names of its members start with, which is left out. */
  readonly prefix: string;
  /** What the table is called here. */
  readonly name: string;
}

const wanted: Readonly<Record<string, readonly Wanted[]>> = {
  commands: [{ tag: "nl80211_commands", prefix: "NL80211_CMD_", name: "commands" }],
  attributes: [{ tag: "nl80211_attrs", prefix: "NL80211_ATTR_", name: "attributes" }],
  nested: [
    { tag: "nl80211_band_attr", prefix: "NL80211_BAND_ATTR_", name: "bandAttributes" },
    { tag: "nl80211_band_iftype_attr", prefix: "NL80211_BAND_IFTYPE_ATTR_", name: "bandTypeAttributes" },
    { tag: "nl80211_bitrate_attr", prefix: "NL80211_BITRATE_ATTR_", name: "bitrateAttributes" },
    { tag: "nl80211_bss", prefix: "NL80211_BSS_", name: "scanResultAttributes" },
    { tag: "nl80211_bss_color_attributes", prefix: "NL80211_HE_BSS_COLOR_ATTR_", name: "bssColorAttributes" },
    {
      tag: "nl80211_fils_discovery_attributes",
      prefix: "NL80211_FILS_DISCOVERY_ATTR_",
      name: "filsDiscoveryAttributes",
    },
    { tag: "nl80211_frequency_attr", prefix: "NL80211_FREQUENCY_ATTR_", name: "frequencyAttributes" },
    { tag: "nl80211_if_combination_attrs", prefix: "NL80211_IFACE_COMB_", name: "combinationAttributes" },
    { tag: "nl80211_iface_limit_attrs", prefix: "NL80211_IFACE_LIMIT_", name: "limitAttributes" },
    { tag: "nl80211_key_attributes", prefix: "NL80211_KEY_", name: "keyAttributes" },
    { tag: "nl80211_key_default_types", prefix: "NL80211_KEY_DEFAULT_TYPE_", name: "keyDefaultTypes" },
    { tag: "nl80211_mbssid_config_attributes", prefix: "NL80211_MBSSID_CONFIG_ATTR_", name: "mbssidAttributes" },
    { tag: "nl80211_obss_pd_attributes", prefix: "NL80211_HE_OBSS_PD_ATTR_", name: "obssPdAttributes" },
    { tag: "nl80211_rate_info", prefix: "NL80211_RATE_INFO_", name: "rateAttributes" },
    { tag: "nl80211_reg_rule_attr", prefix: "NL80211_ATTR_", name: "regulatoryRuleAttributes" },
    { tag: "nl80211_sta_bss_param", prefix: "NL80211_STA_BSS_PARAM_", name: "stationBssAttributes" },
    { tag: "nl80211_sta_info", prefix: "NL80211_STA_INFO_", name: "stationAttributes" },
    { tag: "nl80211_sta_wme_attr", prefix: "NL80211_STA_WME_", name: "wmeAttributes" },
    { tag: "nl80211_tid_stats", prefix: "NL80211_TID_STATS_", name: "tidAttributes" },
    { tag: "nl80211_tx_rate_attributes", prefix: "NL80211_TXRATE_", name: "transmitRateAttributes" },
    { tag: "nl80211_txq_stats", prefix: "NL80211_TXQ_STATS_", name: "txqStatisticsAttributes" },
    { tag: "nl80211_survey_info", prefix: "NL80211_SURVEY_INFO_", name: "surveyAttributes" },
    { tag: "nl80211_txq_attr", prefix: "NL80211_TXQ_ATTR_", name: "txqAttributes" },
    {
      tag: "nl80211_unsol_bcast_probe_resp_attributes",
      prefix: "NL80211_UNSOL_BCAST_PROBE_RESP_ATTR_",
      name: "unsolicitedProbeResponseAttributes",
    },
    { tag: "nl80211_attr_cqm", prefix: "NL80211_ATTR_CQM_", name: "cqmAttributes" },
  ],
  enums: [
    { tag: "nl80211_iftype", prefix: "NL80211_IFTYPE_", name: "interfaceTypes" },
    { tag: "nl80211_sta_flags", prefix: "NL80211_STA_FLAG_", name: "stationFlags" },
    { tag: "nl80211_band", prefix: "NL80211_BAND_", name: "bands" },
    { tag: "nl80211_chan_width", prefix: "NL80211_CHAN_WIDTH_", name: "channelWidths" },
    { tag: "nl80211_channel_type", prefix: "NL80211_CHAN_", name: "channelTypes" },
    { tag: "nl80211_auth_type", prefix: "NL80211_AUTHTYPE_", name: "authTypes" },
    { tag: "nl80211_wpa_versions", prefix: "NL80211_WPA_VERSION_", name: "wpaVersions" },
    { tag: "nl80211_hidden_ssid", prefix: "NL80211_HIDDEN_SSID_", name: "hiddenSsid" },
    { tag: "nl80211_key_type", prefix: "NL80211_KEYTYPE_", name: "keyTypes" },
    { tag: "nl80211_key_mode", prefix: "NL80211_KEY_", name: "keyModes" },
    { tag: "nl80211_ac", prefix: "NL80211_AC_", name: "accessCategories" },
    { tag: "nl80211_reg_initiator", prefix: "NL80211_REGDOM_SET_BY_", name: "regulatoryInitiators" },
    { tag: "nl80211_reg_type", prefix: "NL80211_REGDOM_TYPE_", name: "regulatoryTypes" },
    { tag: "nl80211_dfs_state", prefix: "NL80211_DFS_", name: "dfsStates" },
    { tag: "nl80211_radar_event", prefix: "NL80211_RADAR_", name: "radarEvents" },
    { tag: "nl80211_feature_flags", prefix: "NL80211_FEATURE_", name: "features" },
    { tag: "nl80211_ext_feature_index", prefix: "NL80211_EXT_FEATURE_", name: "extendedFeatures" },
    { tag: "nl80211_protocol_features", prefix: "NL80211_PROTOCOL_FEATURE_", name: "protocolFeatures" },
    { tag: "nl80211_sta_p2p_ps_status", prefix: "NL80211_P2P_PS_", name: "p2pPowerSave" },
    { tag: "nl80211_scan_flags", prefix: "NL80211_SCAN_FLAG_", name: "scanFlags" },
    { tag: "nl80211_smps_mode", prefix: "NL80211_SMPS_", name: "smpsModes" },
    { tag: "nl80211_connect_failed_reason", prefix: "NL80211_CONN_FAIL_", name: "connectFailures" },
  ],
};

/** The files' names and what belongs in them. @throws Error where the header lacks an enum that is wanted */
export function generate(header: string): Map<string, string> {
  const text = header.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
  const files = Object.entries(wanted).map(([file, tables]): [string, string] => [
    `${file}.ts`,
    [
      "// Made by scripts/generate-nl80211.ts from Linux's include/uapi/linux/nl80211.h: not to be edited.\n",
      ...tables.map((table) => formatTable(table, parseEnum(text, table.tag))),
    ].join("\n"),
  ]);
  return new Map(files);
}

function formatTable({ tag, prefix, name }: Wanted, members: ReadonlyMap<string, number>): string {
  const lines = [...members].map(([member, value]) => {
    if (!member.startsWith(prefix)) throw new Error(`enum ${tag}: ${member} doesn't start with ${prefix}`);
    const key = member.slice(prefix.length);
    return `  ${/^[A-Z_]/.test(key) ? key : JSON.stringify(key)}: ${value},\n`;
  });
  return `/** enum ${tag}, without ${prefix} */\nexport const ${name} = {\n${lines.join("")}} as const;\n`;
}

/**
 * The members that mean something: not the bounds (`NUM_`, `MAX_`, `__..._AFTER_LAST`), nor second names of others.
 * @param text a header without comments
 */
export function parseEnum(text: string, tag: string): ReadonlyMap<string, number> {
  const body = new RegExp(`\\benum\\s+${tag}\\s*\\{([^}]*)\\}`).exec(text)?.[1];
  if (body === undefined) throw new Error(`the header has no enum ${tag}`);
  const all = new Map<string, number>();
  const members = new Map<string, number>();
  let next = 0;
  for (const entry of body.split(",").map((part) => part.trim())) {
    if (entry === "") continue;
    const [, name, expression] = /^(\w+)(?:\s*=\s*([\s\S]+))?$/.exec(entry) ?? [];
    if (name === undefined) throw new Error(`enum ${tag}: can't read ${JSON.stringify(entry)}`);
    const value = expression === undefined ? next : evaluate(expression.trim(), all);
    all.set(name, value);
    next = value + 1;
    const isAlias = expression !== undefined && /[A-Za-z_]{2}/.test(expression);
    if (!isAlias && !/^(__|NUM_|MAX_|NL80211_NUM_)/.test(name)) members.set(name, value);
  }
  return members;
}

/** A number, another member, a shift of ones, or one of them less one. */
function evaluate(expression: string, known: ReadonlyMap<string, number>): number {
  const [, left = "", operator, right = ""] = /^(\w+)(?:\s*(<<|-)\s*(\w+))?$/.exec(expression) ?? [];
  const operand = (term: string): number => {
    const value = known.get(term) ?? Number(term.replace(/U$/, ""));
    if (term === "" || Number.isNaN(value)) throw new Error(`can't evaluate ${JSON.stringify(expression)}`);
    return value;
  };
  switch (operator) {
    case undefined:
      return operand(left);
    case "<<":
      return (operand(left) << operand(right)) >>> 0;
    default:
      return operand(left) - operand(right);
  }
}

const generated = new URL("../../src/wire/nl80211/generated/", import.meta.url);

function main(): void {
  const check = argv[2] === "--check";
  const header = argv[check ? 3 : 2];
  if (header === undefined) {
    console.error("usage: generate-nl80211.js [--check] path/to/include/uapi/linux/nl80211.h");
    exit(2);
  }
  const files = [...generate(readFileSync(header, "utf8"))];
  if (!check) {
    for (const [file, text] of files) writeFileSync(new URL(file, generated), text);
    return;
  }
  const differing = files.filter(([file, text]) => readFileSync(new URL(file, generated), "utf8") !== text);
  for (const [file] of differing) console.error(`${file} is not what ${header} gives`);
  if (differing.length > 0) exit(1);
}

if (argv[1] !== undefined && fileURLToPath(import.meta.url) === argv[1]) main();
