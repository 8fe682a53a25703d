/** EAP methods with users of theirs, and how Debian's eapol_test is told to be one of them. */

import { createHash } from "node:crypto";
import { bytesOfHex, textOf, utf8 } from "../src/base/bytes.ts";
import { eapArithmeticHere } from "../src/crypto/eap-arithmetic.ts";
import { CyclicGroups } from "../src/crypto/groups/cyclic-group.ts";
import { loadGroupArithmetic } from "../src/crypto/groups/load.ts";
import { md4 } from "../src/crypto/md4.ts";
import { ModpGroups } from "../src/crypto/modp.ts";
import type { Credential, EapMethod } from "../src/eap/method.ts";
import { ekeMethod } from "../src/eap/methods/eke/method.ts";
import { gpskMethod } from "../src/eap/methods/gpsk.ts";
import { gtcMethod } from "../src/eap/methods/gtc.ts";
import { ikev2Method } from "../src/eap/methods/ikev2/method.ts";
import { md5Method } from "../src/eap/methods/md5.ts";
import { mschapV2Method } from "../src/eap/methods/mschapv2.ts";
import { paxMethod } from "../src/eap/methods/pax.ts";
import { pskMethod } from "../src/eap/methods/psk.ts";
import { pwdMethod } from "../src/eap/methods/pwd/method.ts";
import { sakeMethod } from "../src/eap/methods/sake.ts";
import { tncMethod } from "../src/eap/methods/tnc.ts";
import { simAkaCases } from "./eap-sim-aka-cases.ts";
import type { Usim } from "./usim.ts";

export interface EapCase {
  readonly name: string;
  /** A new one each time: whatever it remembers belongs to one run. */
  readonly method: () => EapMethod<never>;
  /** By identity. */
  readonly users: Readonly<Record<string, Credential>>;
  /** Of eapol_test's network block. */
  readonly network: readonly string[];
  readonly global?: readonly string[];
  /** The card that the peer has. */
  readonly usim?: () => Usim;
  /** One that has another key. */
  readonly otherUsim?: () => Usim;
  /** How eapol_test calls the keys in its output, where it shows them. */
  readonly msk?: string;
  readonly emsk?: string;
  readonly sessionId?: string;
  /** What the peer needs for it is not on every machine: it is recorded, and not tried with each run of the tests. */
  readonly isOnlyRecorded?: boolean;
  /** As inside a tunnel; 1 where absent. */
  readonly phase?: 2;
  /** It derives no keys, or fewer than IEEE 802.11 needs. */
  readonly keyless?: boolean;
  /** Which octets of Type-Data may change without anybody's notice: reserved ones, and how a message travels in pieces. */
  readonly isUnprotected?: (response: number, octet: number) => boolean;
}

const loaded = await loadGroupArithmetic();
const eapGroups = { cyclic: new CyclicGroups(loaded), modp: new ModpGroups(loaded) };
const groups = async (): Promise<CyclicGroups> => eapGroups.cyclic;
export const testEapArithmetic = eapArithmeticHere(async () => eapGroups);
const arithmetic = testEapArithmetic;

export const serverId = utf8("authenticator.example");

const password = (octets: Uint8Array): Credential => ({ kind: "password", password: octets });
const hex = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array(0);

export const credentialIn =
  ({ users }: Pick<EapCase, "users">) =>
  (identity: Uint8Array): Credential | undefined =>
    users[textOf(identity)];

export const eapCases: readonly EapCase[] = [
  ...simAkaCases,
  {
    name: "md5",
    method: () => md5Method as EapMethod<never>,
    users: { user: password(utf8("password")) },
    network: ["eap=MD5", 'identity="user"', 'password="password"'],
    keyless: true,
  },
  {
    name: "gtc",
    method: () => gtcMethod as EapMethod<never>,
    users: { "gtc user": password(utf8("password")) },
    network: ["eap=GTC", 'identity="gtc user"', 'password="password"'],
    keyless: true,
  },
  {
    name: "mschapv2",
    method: () => mschapV2Method as EapMethod<never>,
    users: { "DOMAIN\\user": password(utf8("pässword")) },
    network: ["eap=MSCHAPV2", 'identity="DOMAIN\\user"', 'password="pässword"'],
    keyless: true,
  },
  {
    name: "mschapv2-hash",
    method: () => mschapV2Method as EapMethod<never>,
    // Of "password": printf password | iconv -t UTF-16LE | openssl dgst -provider legacy -md4
    users: { user: { kind: "nt-hash", hash: hex("8846f7eaee8fb117ad06bdd830b7586c") } },
    network: ["eap=MSCHAPV2", 'identity="user"', 'password="password"'],
    keyless: true,
  },
  {
    name: "psk",
    method: () => pskMethod as EapMethod<never>,
    users: { "psk.user@example.com": password(hex("0123456789abcdef0123456789abcdef")) },
    network: ["eap=PSK", 'identity="psk.user@example.com"', "password=0123456789abcdef0123456789abcdef"],
    msk: "EAP-PSK: MSK",
    emsk: "EAP-PSK: EMSK",
    sessionId: "EAP-PSK: Derived Session-Id",
  },
  ...(
    [
      [3, 1, 1],
      [3, 2, 2],
      [4, 2, 2],
      [5, 2, 2],
    ] as const
  ).map(
    ([dhgroup, prf, mac]): EapCase => ({
      name: `eke-${dhgroup}-${prf}`,
      method: () => ekeMethod(arithmetic) as EapMethod<never>,
      users: { "eke user@example.com": password(utf8("hello")) },
      network: [
        "eap=EKE",
        'identity="eke user@example.com"',
        'password="hello"',
        `phase1="dhgroup=${dhgroup} encr=1 prf=${prf} mac=${mac}"`,
      ],
      sessionId: "EAP: Session-Id",
    }),
  ),
  ...(
    [
      ["ikev2", 0],
      ["ikev2-fragments", 100],
    ] as const
  ).map(
    ([name, fragmentSize]): EapCase => ({
      name,
      method: () => ikev2Method({ arithmetic, fragmentSize }) as EapMethod<never>,
      users: { "ikev2 user": password(utf8("ike password")) },
      network: [
        "eap=IKEV2",
        'identity="ikev2 user"',
        'password="ike password"',
        ...(fragmentSize > 0 ? [`fragment_size=${fragmentSize}`] : []),
      ],
      sessionId: "EAP: Session-Id",
      isUnprotected: (_, octet) => octet < 5,
    }),
  ),
  {
    name: "tnc",
    method: () => tncMethod as EapMethod<never>,
    users: {},
    // An /etc/tnc_config has to be there, an empty one.
    network: ["eap=TNC", 'identity="tnc user"'],
    keyless: true,
    isOnlyRecorded: true,
    phase: 2,
  },
  {
    name: "gpsk-aes",
    method: () => gpskMethod as EapMethod<never>,
    users: { "gpsk user": password(utf8("abcdefghijklmnop0123456789abcdef")) },
    network: ["eap=GPSK", 'identity="gpsk user"', 'password="abcdefghijklmnop0123456789abcdef"', 'phase1="cipher=1"'],
    msk: "EAP-GPSK: MSK",
    emsk: "EAP-GPSK: EMSK",
    sessionId: "EAP-GPSK: Derived Session-Id",
  },
  {
    name: "gpsk-sha256",
    method: () => gpskMethod as EapMethod<never>,
    users: { "gpsk user": password(utf8("abcdefghijklmnop0123456789abcdef")) },
    network: ["eap=GPSK", 'identity="gpsk user"', 'password="abcdefghijklmnop0123456789abcdef"', 'phase1="cipher=2"'],
    msk: "EAP-GPSK: MSK",
    emsk: "EAP-GPSK: EMSK",
    sessionId: "EAP-GPSK: Derived Session-Id",
  },
  {
    name: "pax",
    method: () => paxMethod as EapMethod<never>,
    users: { "pax.user@example.com": password(hex("0123456789abcdef0123456789abcdef")) },
    network: ["eap=PAX", 'identity="pax.user@example.com"', "password=0123456789abcdef0123456789abcdef"],
    sessionId: "EAP: Session-Id",
  },
  {
    name: "sake",
    method: () => sakeMethod as EapMethod<never>,
    users: {
      "sake user": password(hex("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")),
    },
    network: [
      "eap=SAKE",
      'identity="sake user"',
      "password=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    ],
    msk: "EAP-SAKE: MSK",
    emsk: "EAP-SAKE: EMSK",
    sessionId: "EAP-SAKE: Derived Session-Id",
  },
  ...[19, 20, 21].map(
    (group): EapCase => ({
      name: `pwd-${group}`,
      method: () => pwdMethod({ groups, arithmetic, group, fragmentSize: 0 }) as EapMethod<never>,
      users: { "pwd user": password(utf8("secret password")) },
      network: ["eap=PWD", 'identity="pwd user"', 'password="secret password"', 'phase1="eap_pwd_groups=19-21"'],
      sessionId: "EAP: Session-Id",
    }),
  ),
  {
    name: "pwd-fragments",
    method: () => pwdMethod({ groups, arithmetic, group: 19, fragmentSize: 40 }) as EapMethod<never>,
    users: { "pwd user": password(utf8("secret password")) },
    network: ["eap=PWD", 'identity="pwd user"', 'password="secret password"', "fragment_size=40"],
    sessionId: "EAP: Session-Id",
    isUnprotected: (_, octet) => octet < 3,
  },
  {
    name: "pwd-nt-hash",
    method: () => pwdMethod({ groups, arithmetic, group: 19, fragmentSize: 0 }) as EapMethod<never>,
    users: { "pwd-hash": { kind: "nt-hash", hash: md4(utf16("secret password")) } },
    network: ["eap=PWD", 'identity="pwd-hash"', 'password="secret password"'],
    sessionId: "EAP: Session-Id",
  },
  ...(["sha1", "sha256", "sha512"] as const).map(
    (prep): EapCase => ({
      name: `pwd-salted-${prep}`,
      method: () => pwdMethod({ groups, arithmetic, group: 19, fragmentSize: 0 }) as EapMethod<never>,
      users: { [`pwd-${prep}`]: { kind: "salted", prep, ...salted(prep, "secret password") } },
      network: ["eap=PWD", `identity="pwd-${prep}"`, 'password="secret password"'],
      sessionId: "EAP: Session-Id",
    }),
  ),
];

function utf16(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "utf16le"));
}

/** RFC 8146, section 2.2. */
function salted(digest: string, text: string): { readonly hash: Uint8Array; readonly salt: Uint8Array } {
  const salt = hex("d1a5c0ffee");
  return { salt, hash: Uint8Array.from(createHash(digest).update(text).update(salt).digest()) };
}
