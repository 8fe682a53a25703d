/** FreeRADIUS as a proxy in front of two servers: examples/radius-proxy/radiusd.conf keeps each user with one of them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createPki, type Pki } from "../../testing/eap-pki.ts";
import { runEapolTest } from "../../testing/eapol-test.ts";
import { type FreeradiusProxy, startFreeradiusProxy } from "../../testing/freeradius.ts";
import { type RadiusDaemon, radclient, startRadiusDaemon } from "../../testing/radius-daemon.ts";
import { repositoryRoot } from "../../testing/repository.ts";

const users = `
* TLS,PEAP
"inner" MSCHAPV2 "password" [2]
`;

let pki: Pki;
let daemons: RadiusDaemon[] = [];
let proxy: FreeradiusProxy;
before(async () => {
  pki = createPki();
  const { certificate, key } = pki.authority.issue("radius.example.com");
  const tls = [`ca_cert=${pki.authority.certificate}`, `server_cert=${certificate}`, `private_key=${key}`];
  daemons = await Promise.all(
    [0, 1].map((i) => {
      const lines = [...tls, `radius_server_acct_file=${pki.folder}/accounting${i}`];
      return startRadiusDaemon({ folder: join(pki.folder, `daemon${i}`), users, lines });
    }),
  );
  const template = join(repositoryRoot(), "examples", "radius-proxy", "radiusd.conf");
  proxy = await startFreeradiusProxy(join(pki.folder, "proxy"), template, daemons);
});
after(async () => {
  await proxy.stop();
  await Promise.all(daemons.map((daemon) => daemon.kill("SIGKILL")));
  pki.remove();
});

const accepts = (): number[] =>
  daemons.map((daemon) =>
    Number(/^radiusAuthServTotalAccessAccepts=(\d+)$/m.exec(daemon.ask("mib radius_server"))?.[1]),
  );

test("each user has one server, whatever the conversations, and both have some", async () => {
  const network = (user: string): string[] => [
    "eap=TLS",
    `identity="${user}"`,
    `ca_cert="${pki.authority.certificate}"`,
    `client_cert="${pki.user.certificate}"`,
    `private_key="${pki.user.key}"`,
  ];
  const places = new Set<number>();
  let before = accepts();
  for (let i = 0; i < 6; i++) {
    const { succeeded, output } = await runEapolTest({
      network: network(`user${i}`),
      port: proxy.port,
      reauthentications: 2,
    });
    assert.ok(succeeded, output);
    assert.match(output, /MPPE keys OK: 3 {2}mismatch: 0/);
    const now = accepts();
    const more = now.map((count, at) => count - (before[at] ?? 0));
    before = now;
    assert.deepEqual([...more].sort(), [0, 3], `user${i} was at both servers`);
    places.add(more.indexOf(3));
  }
  assert.equal(places.size, 2);
});

test("conversations of many users at once, with PEAP", async () => {
  const run = (user: string) =>
    runEapolTest({
      network: [
        "eap=PEAP",
        'identity="inner"',
        `anonymous_identity="${user}"`,
        'password="password"',
        `ca_cert="${pki.authority.certificate}"`,
        'phase2="auth=MSCHAPV2"',
      ],
      port: proxy.port,
      timeout: 30,
    });
  const results = await Promise.all(Array.from({ length: 8 }, (_, i) => run(`person${i}`)));
  for (const { succeeded, output } of results) assert.ok(succeeded, output);
});

test("accounting goes the same ways: all that is told of a user is in one place", () => {
  const requests = Array.from({ length: 10 }, (_, i) =>
    ["Start", "Stop"].map((status) => [
      `Acct-Status-Type = ${status}`,
      `Acct-Session-Id = ${i}`,
      `User-Name = user${i}`,
    ]),
  ).flat();
  const { codes, output } = radclient(`127.0.0.1:${proxy.accountingPort}`, "acct", requests);
  assert.equal(codes.length, 20, output);
  const told = [0, 1].map((i): string[] => {
    const text = readFileSync(join(pki.folder, `accounting${i}`), "utf8");
    return (text.match(/"User-Name":"user\d"/g) ?? []).sort();
  });
  const [first = [], second = []] = told;
  assert.equal(first.length + second.length, 20);
  assert.ok(first.length > 0 && second.length > 0);
  assert.ok(!first.some((user) => second.includes(user)));
});
