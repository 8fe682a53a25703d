/** A suite selector, OUI and type as one number: 00-0F-AC:4 is 0x000fac04. IEEE Std 802.11-2020, 9.4.2.24.2. */
export type Suite = number;

/** Cipher suites by the names that hostapd's configuration gives them. IEEE Std 802.11-2020, table 9-149. */
export const cipherSuite = {
  WEP40: 0x000fac01,
  TKIP: 0x000fac02,
  CCMP: 0x000fac04,
  WEP104: 0x000fac05,
  "AES-128-CMAC": 0x000fac06,
  GTK_NOT_USED: 0x000fac07,
  GCMP: 0x000fac08,
  "GCMP-256": 0x000fac09,
  "CCMP-256": 0x000fac0a,
  "BIP-GMAC-128": 0x000fac0b,
  "BIP-GMAC-256": 0x000fac0c,
  "BIP-CMAC-256": 0x000fac0d,
} as const;

/** Authentication and key management suites by hostapd's names. IEEE Std 802.11-2020, table 9-151. */
export const akmSuite = {
  "WPA-EAP": 0x000fac01,
  "WPA-PSK": 0x000fac02,
  "FT-EAP": 0x000fac03,
  "FT-PSK": 0x000fac04,
  "WPA-EAP-SHA256": 0x000fac05,
  "WPA-PSK-SHA256": 0x000fac06,
  TDLS: 0x000fac07,
  SAE: 0x000fac08,
  "FT-SAE": 0x000fac09,
  "WPA-EAP-SUITE-B": 0x000fac0b,
  "WPA-EAP-SUITE-B-192": 0x000fac0c,
  "FT-EAP-SHA384": 0x000fac0d,
  "FILS-SHA256": 0x000fac0e,
  "FILS-SHA384": 0x000fac0f,
  "FT-FILS-SHA256": 0x000fac10,
  "FT-FILS-SHA384": 0x000fac11,
  OWE: 0x000fac12,
  "FT-PSK-SHA384": 0x000fac13,
  "WPA-PSK-SHA384": 0x000fac14,
  PASN: 0x000fac15,
  "WPA-EAP-SHA384": 0x000fac17,
  "SAE-EXT-KEY": 0x000fac18,
  "FT-SAE-EXT-KEY": 0x000fac19,
  DPP: 0x506f9a02,
} as const;

/** Cipher suites of the first WPA. Wi-Fi Protected Access, version 3.1. */
export const wpaCipherSuite = {
  NONE: 0x0050f200,
  WEP40: 0x0050f201,
  TKIP: 0x0050f202,
  CCMP: 0x0050f204,
  WEP104: 0x0050f205,
} as const;

export const wpaAkmSuite = {
  "WPA-NONE": 0x0050f200,
  "WPA-EAP": 0x0050f201,
  "WPA-PSK": 0x0050f202,
} as const;

/** "Use group cipher suite", where a pairwise cipher is expected. */
export const useGroupCipher: Suite = 0x000fac00;

export type CipherName = keyof typeof cipherSuite;
/** Ciphers for group-addressed management frames. */
export type ManagementCipherName = Extract<
  CipherName,
  "AES-128-CMAC" | "BIP-GMAC-128" | "BIP-GMAC-256" | "BIP-CMAC-256"
>;
export type AkmName = keyof typeof akmSuite;

const cipherNames = new Map<Suite, string>([
  ...Object.entries(wpaCipherSuite).map(([name, suite]) => [suite, name] as const),
  ...Object.entries(cipherSuite).map(([name, suite]) => [suite, name] as const),
]);
const akmNames = new Map<Suite, string>([
  ...Object.entries(wpaAkmSuite).map(([name, suite]) => [suite, name] as const),
  ...Object.entries(akmSuite).map(([name, suite]) => [suite, name] as const),
]);

/** `CCMP`; where the suite has no name here, {@link suiteText}. */
export const cipherName = (suite: Suite): string => cipherNames.get(suite) ?? suiteText(suite);
export const akmName = (suite: Suite): string => akmNames.get(suite) ?? suiteText(suite);

/** As hostapd's MIB shows one: `00-0f-ac-4`. */
export function suiteText(suite: Suite): string {
  const octets = [suite >>> 24, (suite >>> 16) & 0xff, (suite >>> 8) & 0xff];
  return `${octets.map((octet) => octet.toString(16).padStart(2, "0")).join("-")}-${suite & 0xff}`;
}

/** Octets of a temporal key. IEEE Std 802.11-2020, table 12-4. */
export const cipherKeyLengths: ReadonlyMap<Suite, number> = new Map([
  [cipherSuite.WEP40, 5],
  [cipherSuite.WEP104, 13],
  [cipherSuite.TKIP, 32],
  [cipherSuite.CCMP, 16],
  [cipherSuite["AES-128-CMAC"], 16],
  [cipherSuite.GCMP, 16],
  [cipherSuite["BIP-GMAC-128"], 16],
  [cipherSuite["GCMP-256"], 32],
  [cipherSuite["CCMP-256"], 32],
  [cipherSuite["BIP-GMAC-256"], 32],
  [cipherSuite["BIP-CMAC-256"], 32],
  [wpaCipherSuite.TKIP, 32],
  [wpaCipherSuite.CCMP, 16],
]);
