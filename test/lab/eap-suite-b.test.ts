// lab: radios=3
/** WPA3-Enterprise's 192-bit mode, and Suite B with 128, as they are meant: EAP-TLS with keys that are strong enough, and nobody with weaker ones. */

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Network, station } from "../../lab/guest/station.ts";
import { createAuthority, type Issued, type KeyKind } from "../../testing/certificates.ts";
import { accessPoint, apAddress, fileWith, joined, openConfig } from "./networks.ts";

const ssid = "castle";

interface Strength {
  readonly name: string;
  readonly key: KeyKind;
  readonly akm: string;
  readonly cipher: string;
  readonly management: string;
  /** Of the access point. */
  readonly tls: readonly string[];
  /** Of the station. */
  readonly peer: Readonly<Record<string, string>>;
  /** What TLS comes to. */
  readonly suite: RegExp;
  /** A key that is too weak. */
  readonly weak: KeyKind;
}

const bits192 = { akm: "WPA-EAP-SUITE-B-192", cipher: "GCMP-256", management: "BIP-GMAC-256" };

const strengths: readonly Strength[] = [
  {
    ...bits192,
    name: "192 bits, ECDSA with P-384",
    key: "p384",
    tls: ["openssl_ciphers=SUITEB192"],
    peer: { openssl_ciphers: "SUITEB192" },
    suite: /ECDHE-ECDSA-AES256-GCM-SHA384/,
    weak: "ec",
  },
  {
    ...bits192,
    name: "192 bits, RSA of 3072 bits",
    key: "rsa3072",
    tls: ["tls_flags=[SUITEB]"],
    peer: { phase1: "tls_suiteb=1" },
    suite: /(ECDHE|DHE)-RSA-AES256-GCM-SHA384/,
    weak: "rsa",
  },
  {
    name: "128 bits, ECDSA with P-256",
    key: "ec",
    akm: "WPA-EAP-SUITE-B",
    cipher: "GCMP",
    management: "BIP-GMAC-128",
    tls: ["openssl_ciphers=SUITEB128"],
    peer: { openssl_ciphers: "SUITEB128" },
    suite: /ECDHE-ECDSA-AES128-GCM-SHA256/,
    weak: "rsa",
  },
];

const network = ({ akm, cipher, management, peer }: Strength, user: Issued, ca: string): Network => ({
  ssid,
  scan_freq: 2412,
  key_mgmt: akm,
  pairwise: cipher,
  group: cipher,
  group_mgmt: management,
  ieee80211w: 2,
  eap: "TLS",
  identity: "user",
  ca_cert: ca,
  client_cert: user.certificate,
  private_key: user.key,
  ...peer,
});

for (const strength of strengths) {
  const { name, key, akm, cipher, management, tls, suite, weak } = strength;
  test(`${name}: with keys as they have to be, and nobody with weaker ones`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), "suite-b-"));
    const authority = createAuthority(join(folder, "ca"), "Test CA", key);
    const server = authority.issue("radius.example.com", { key, alternativeName: "DNS:radius.example.com" });
    const user = authority.issue("user", { key, usage: "client" });
    const weakling = authority.issue("weakling", { key: weak, usage: "client" });
    const users = await fileWith("users", "* TLS\n");
    const config = openConfig(
      ssid,
      ...["ieee80211w=2", "wpa=2", `wpa_key_mgmt=${akm}`, `rsn_pairwise=${cipher}`, `group_mgmt_cipher=${management}`],
      ...["ieee8021x=1", "eap_server=1", `eap_user_file=${users}`, `ca_cert=${authority.certificate}`],
      ...[`server_cert=${server.certificate}`, `private_key=${server.key}`, ...tls],
    );
    const daemon = await accessPoint(t, config, "-dd");
    const ca = authority.certificate;
    const client = await joined(t, 1, network(strength, user, ca));
    await client.ping(apAddress);
    const status = await client.status();
    assert.equal(status["key_mgmt"], `WPA2-EAP-${akm.slice("WPA-EAP-".length)}`);
    assert.equal(status["pairwise_cipher"], cipher);
    assert.equal(status["mgmt_group_cipher"], management);
    assert.match(status["EAP TLS cipher"] ?? "", suite);

    assert.equal(await daemon.cli("raw", "EAPOL_REAUTH", client.address), "OK");
    await client.log.waitFor(/CTRL-EVENT-EAP-SUCCESS/);
    await client.ping(apAddress, { count: 3 });

    await station(t, { radio: 2, network: network({ ...strength, peer: {} }, weakling, ca) });
    await daemon.log.waitFor(/STA 02:00:00:00:02:00 IEEE 802.1X: EAP failed: \S+/);
    assert.doesNotMatch(await daemon.cli("sta", "02:00:00:00:02:00"), /AUTHORIZED/);
  });
}
