/** Debian's eapol_test as a peer of the EAP methods that stand on TLS: how it is told to be one, and how it ends. */

import assert from "node:assert/strict";
import { textOf } from "../src/base/bytes.ts";
import type { EapMethod } from "../src/eap/method.ts";
import type { EapTlsSettings, TlsService } from "../src/eap/tls/service.ts";
import type { EapMethodName } from "../src/wire/eap/types.ts";
import { type Pki, tlsServiceWith } from "./eap-pki.ts";
import { type Authenticated, authenticate, type TestEapServerOptions } from "./eap-server.ts";
import type { EapolTestOptions } from "./eapol-test.ts";

/** Each with what the server needs for it, and what stands in the peer's `phase1`. */
export const tlsVersions = [
  { tls: "TLS 1.2", settings: {}, phase1: "", protocol: "TLSv1.2" },
  {
    tls: "TLS 1.3",
    settings: { tls_flags: "[ENABLE-TLSv1.3]" },
    phase1: "tls_disable_tlsv1_3=0",
    protocol: "TLSv1.3",
  },
] as const;

/** A peer of a method that makes a tunnel: anonymous outside it. @param more what it does inside */
export const tunnelNetwork = (pki: Pki, eap: EapMethodName, phase1: string, more: readonly string[]): string[] => [
  `eap=${eap}`,
  'anonymous_identity="outer"',
  `ca_cert="${pki.authority.certificate}"`,
  ...(phase1 === "" ? [] : [`phase1="${phase1}"`]),
  ...more,
];

/** Inside a tunnel: the user's certificate. @param phase2 such as `auth=TLS` */
export const certifiedInside = (pki: Pki, phase2: string): string[] => [
  'identity="certified"',
  `phase2="${phase2}"`,
  `ca_cert2="${pki.authority.certificate}"`,
  `client_cert2="${pki.user.certificate}"`,
  `private_key2="${pki.user.key}"`,
];

export interface TlsServerOptions extends Omit<TestEapServerOptions, "methods"> {
  readonly pki: Pki;
  readonly settings?: Partial<EapTlsSettings>;
  readonly methods: (service: TlsService) => readonly EapMethod<unknown>[];
}

/** One run of eapol_test against a server of its own, whose TLS goes with it. */
export async function authenticateOverTls(
  { pki, settings = {}, methods, ...server }: TlsServerOptions,
  peer: Omit<EapolTestOptions, "port">,
): Promise<Authenticated> {
  const service = tlsServiceWith(pki, settings);
  try {
    return await authenticate({ ...server, methods: methods(service) }, peer);
  } finally {
    service.close();
  }
}

export function assertLetInAs({ ends, output }: Authenticated, name: string): void {
  assert.ok(ends[0]?.kind === "success", output);
  assert.equal(textOf(ends[0].identity), name);
}

export function assertRefused({ succeeded, ends, output }: Authenticated, reason: RegExp): void {
  assert.ok(!succeeded, output);
  assert.ok(ends[0]?.kind === "failure", output);
  assert.match(ends[0].reason, reason);
}
