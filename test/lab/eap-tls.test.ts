// lab: radios=5
/** EAP over TLS in the access point with stock clients: certificates on both ends, tunnels, certificates that change while everybody stays. */

import assert from "node:assert/strict";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type Network, station } from "../../lab/guest/station.ts";
import { createPki } from "../../testing/eap-pki.ts";
import { accessPoint, apAddress, fileWith, joined, openConfig } from "./networks.ts";

const ssid = "castle";

const network = (eap: string, more: Readonly<Record<string, string | number>>): Network => ({
  ssid,
  scan_freq: 2412,
  key_mgmt: "WPA-EAP",
  eap,
  ...more,
});

test("EAP-TLS and PEAP; a reload brings another certificate and a list with somebody in it; then TTLS", async (t) => {
  const pki = createPki();
  t.after(() => pki.remove());
  const { authority, user } = pki;
  const at = (name: string): string => join(pki.folder, name);
  const put = async (issued: typeof user): Promise<void> => {
    await copyFile(issued.certificate, at("server.pem"));
    await copyFile(issued.key, at("server.key"));
  };
  const trust = async (): Promise<void> =>
    writeFile(
      at("trust.pem"),
      (await readFile(authority.certificate, "utf8")) + (await readFile(authority.revocationList(), "utf8")),
    );
  await put(pki.server);
  await trust();
  const users = await fileWith(
    "users",
    ['"user" TLS', "* PEAP,TTLS", '"anna" MSCHAPV2 "secret" [2]', '"carl" TTLS-PAP "secret" [2]', ""].join("\n"),
  );
  const config = openConfig(
    ssid,
    ...["ieee8021x=1", "eap_server=1", `eap_user_file=${users}`, "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-EAP"],
    ...[`server_cert=${at("server.pem")}`, `private_key=${at("server.key")}`, `ca_cert=${at("trust.pem")}`],
    ...["check_crl=1", "tls_flags=[ENABLE-TLSv1.3]", "tls_session_lifetime=3600"],
  );
  const daemon = await accessPoint(t, config, "-dd");
  const ca = { ca_cert: authority.certificate };
  const certified = { ...ca, identity: "user", client_cert: user.certificate, private_key: user.key };

  const first = await joined(t, 1, network("TLS", { ...certified, phase1: "tls_disable_tlsv1_3=0" }));
  await first.ping(apAddress);
  const second = await joined(
    t,
    2,
    network("PEAP", {
      ...ca,
      identity: "anna",
      anonymous_identity: "outer",
      password: "secret",
      phase2: "auth=MSCHAPV2",
    }),
  );
  await second.ping(apAddress);

  await put(authority.issue("another.example.com"));
  authority.revoke(user);
  await trust();
  assert.equal(await daemon.cli("raw", "RELOAD_CONFIG"), "OK");
  await daemon.log.waitFor(/certificates and revocation lists read again/);
  await first.ping(apAddress);
  await second.ping(apAddress);

  const third = await joined(
    t,
    3,
    network("TTLS", { ...ca, identity: "carl", anonymous_identity: "outer", password: "secret", phase2: "auth=PAP" }),
  );
  await third.ping(apAddress);
  await station(t, { radio: 4, network: network("TLS", certified) });
  await daemon.log.waitFor(/EAP failed: TLS: .*certificate revoked/);
});
