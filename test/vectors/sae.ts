/** Golden values for SAE. Source: IEEE Std 802.11-2020, Annex J.10 (looping and hash-to-element). */

export const saeLoopingVector = {
  password: "mekmitasdigoat",
  addresses: ["4d:3f:2f:ff:e3:87", "a5:d8:aa:95:8e:3c"],
  rand: "992465fd3daa3c60aa6565b7f62a2a7f2e12dd12f198faf4fbed89d7ff1ace94",
  mask: "9507a90f777a044d6a0830b91ea3d5dd70bece44e1acffb86983b5e1bf9fb322",
  /** Group, scalar and element as they stand in the Commit. */
  commit:
    "13002e2c0f0db52440ad146d967114ce005ce1eab0aa2c2e5c2871b774f6c2575c65d5ad9e00829707aa36ba8b859738" +
    "fc961d08243505f47c035376d7ac4bc8d7b95083bf43827d0fc31ed778dd3671fd21a46d1091d64b6f9a1e1272621325" +
    "dbe1",
  peerCommit:
    "1300591b96f3397fb945100848e7b550543b6720d88337ee93fc49fd6df7e08b5223e71b9bb048d3873f20556953a96c" +
    "91536fd8ee6ca9b4a68a148b056a909be03e83ae208f60f8ef5537858074db06687032399862999b511e0a1552a5fea3" +
    "17c2",
  kck: "1e733f6d9bd53256287304338831b09a39406d121017073a5c30db36f36cb81a",
  pmk: "4e4dfab1a2dd8ac1a91790f953faaa452ae5c6873ab75b63605ba663f8a7fe59",
  pmkid: "8747a600eea3f9f22475df58ca1e5498",
} as const;

export const saeHashToElementVector = {
  ssid: "byteme",
  password: "mekmitasdigoat",
  identifier: "psk4internet",
  addresses: ["00:09:5b:66:ec:1e", "00:0b:6b:d9:02:46"],
  /** PWE by the number of the group. */
  pwe: {
    19:
      "c93049b9e64000f848201649e999f2b5c22dea69b5632c9df4d633b8aa1f6c1e73634e94b53d82e7383a8d258199d9dc" +
      "1a5ee8269d060382ccbf33e614ff59a0",
    15:
      "696873658f6531429f97396fb85f89e1fcd2f69219a90e822ff7f4bc0bd8a79ff08035316fcae1a53977dc112b0bfe2e" +
      "6f656dc7d4a45b081fd9bbe2228531817970bea166584a093c57343c9d578f4258d03981db8f79a21b01cd27c9aecfcb" +
      "9cdb1f84b8884e8f5066b429831eb9890ca54721ba10d5aa1a80cef14cad16da57b2418abe4b8cb0b2ebf7a80e3ecf22" +
      "8fd8b6db799c9b80afd714ad5182f464b63f4c6ce53faa6fbf3dc23f77fdcbe19ce31e8a0e97e22be2dd373988c28ebe" +
      "faac3d5b622e1e74a09af8edfae1ce9cabbbdc36b128463c7ea8bdb9364c2675e017731fe0fef649faa045f444052027" +
      "25c299de278b70dc546090021e29979ac4e7b6f58bae7c34aaef9bc630f2808d8078c25563a0a13870fbf4748dcd8790" +
      "b454c375df10c5b6b2085961e668a582f88f473043b4dc31fcbc69e7b494b06a6059802ed3a4e897a2a3c9084b276cc1" +
      "37e8fc5ce254303ef8fea2fcbbbd886c92a32a407a2c22388c8686feb9d46bd64788a7f68e0f14ad1eaccf330199c162",
  },
} as const;

/** Output of `sae_pk_gen k.der 3 "SAE-PK test"`, hostap 2.12-devel (August 2026), for a key of `openssl ecparam -name prime256v1 -genkey`. */
export const saePkVector = {
  ssid: "SAE-PK test",
  modifier: "b84d4a5080d168b5b4175eae017b0b0f",
  privateKey:
    "MHcCAQEEICqel8WZo2sljeg3ioJ16E1MkR7f2ZpQZEdRQuRmfZLqoAoGCCqGSM49AwEHoUQDQgAEeU2Q8ZMMPT5vSjoWM+hpYx8TJgM/kybruwJp1VUgcKfufEKI0Y8kTMOdGhriUu6FAl/B5lh0Yqzd3UYeVmu1Rg==",
  /** Hash of SSID, modifier and public key. */
  hash: "000000550c5e4e37d94e6670a029af6ba17b510e1114512658905973e2c35c12",
  /** With three groups of characters, four, and so on. */
  passwords: [
    "vkdc-7e4n-7mui",
    "vkdc-7e4n-7mu4-4zyk",
    "vkdc-7e4n-7mu4-4zyk-qfgp",
    "vkdc-7e4n-7mu4-4zyk-qfgx-3lum",
    "vkdc-7e4n-7mu4-4zyk-qfgx-3luf-62ru",
    "vkdc-7e4n-7mu4-4zyk-qfgx-3luf-62rb-4eii",
  ],
} as const;

/**
 * The KDE of password identifiers in a message 3 that hostapd 2.12-devel (August 2026) sent to wpa_supplicant of the same version with
 * sae_password_id_change=1, from its log with -ddK: `sae_password=secret|id=pw id`, `sae_pw_id_num=3`.
 */
export const changingIdentifiersVector = {
  key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
  identifier: "pw id",
  kde:
    "dd6b000fac190023bbd410c62066c7ed435d433c09dcf171796f2d2a03ee7ce1d2aef2751e107b8f346207202eb813d0" +
    "6fba7ee25bc4d8c86f44eda68c2e7044320290a1dd88c6c02fd6836320d65190511fffc9f566dfccd23152dae1783a60" +
    "ce3cb60fac2ae7931e53b8d081",
} as const;
