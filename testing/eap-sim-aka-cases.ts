/** EAP-SIM, EAP-AKA and EAP-AKA' with a subscriber of test set 19 of 3GPP TS 35.208, 4.3.19. */

import { bytesOfHex } from "../src/base/bytes.ts";
import type { EapMethod } from "../src/eap/method.ts";
import { akaMethod, akaPrimeMethod } from "../src/eap/methods/sim-aka/aka.ts";
import type { SimAkaOptions } from "../src/eap/methods/sim-aka/family.ts";
import { milenageCentre } from "../src/eap/methods/sim-aka/milenage-centre.ts";
import { simMethod } from "../src/eap/methods/sim-aka/sim.ts";
import { temporaryIdentities } from "../src/eap/methods/sim-aka/temporary-identities.ts";
import type { EapCase } from "./eap-cases.ts";
import { FixedEntropy } from "./fixed-entropy.ts";
import { Usim } from "./usim.ts";

const hex = (text: string): Uint8Array => bytesOfHex(text) ?? new Uint8Array(0);

export const testImsi = "555444333222111";

export const testSubscription = () => ({
  k: hex("5122250214c33e723a5dd523fc145fc0"),
  opc: hex("981d464c7c52eb6e5036234984ad0bcf"),
  amf: hex("c3ab"),
  sqn: 0x16f3b3f70fc1n,
  resLength: 8,
});

/** As the configuration's defaults are, with a centre that has one subscriber. */
export const simAkaOptions = (more: Partial<SimAkaOptions> = {}): SimAkaOptions => ({
  centre: milenageCentre(new Map([[testImsi, testSubscription()]]), new FixedEntropy(99)),
  identities: temporaryIdentities(100),
  resultIndications: false,
  pseudonyms: true,
  reauthentication: true,
  takesEapIdentity: false,
  mostReauthentications: 1000,
  privacyKey: undefined,
  ...more,
});

export const testUsim = (sqn = 0n): Usim => new Usim({ ...testSubscription(), sqn });

/** After the subtype, and before AT_NONCE_MT's value. */
const reservedInStart: readonly number[] = [1, 2, 25, 26];

const families = [
  { name: "sim", eap: "SIM", make: (o: SimAkaOptions) => simMethod(o) as EapMethod<never>, prefix: "1" },
  { name: "aka", eap: "AKA", make: (o: SimAkaOptions) => akaMethod(o) as EapMethod<never>, prefix: "0" },
  { name: "aka-prime", eap: "AKA'", make: (o: SimAkaOptions) => akaPrimeMethod(o) as EapMethod<never>, prefix: "6" },
] as const;

export const simAkaCases: readonly EapCase[] = families.flatMap(({ name, eap, make, prefix }): EapCase[] => {
  const common = {
    users: {},
    usim: testUsim,
    otherUsim: () => new Usim({ ...testSubscription(), k: new Uint8Array(16), sqn: 0n }),
    network: [`eap=${eap}`, `identity="${prefix}${testImsi}"`],
    sessionId: "EAP: Session-Id",
    // Nothing but AT_NONCE_MT and the identity of Start goes into the keys; in EAP-AKA, AT_CHECKCODE covers all of it.
    isUnprotected: (response: number, octet: number) =>
      eap === "SIM" && response === 0 && reservedInStart.includes(octet),
  };
  return [
    { ...common, name, method: () => make(simAkaOptions()) },
    {
      ...common,
      name: `${name}-result-indication`,
      method: () => make(simAkaOptions({ resultIndications: true })),
      network: [...common.network, 'phase1="result_ind=1"'],
    },
  ];
});
