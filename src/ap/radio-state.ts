/** hostapd's names for how far a radio has come; STATUS shows them. */
export type RadioState =
  | "UNINITIALIZED"
  | "DISABLED"
  | "COUNTRY_UPDATE"
  | "ACS"
  | "HT_SCAN"
  | "DFS"
  | "NO_IR"
  | "ENABLED";
