/** The daemon by itself as a RADIUS server, with Debian's eapol_test for a peer: methods without certificates, from the file to the keys. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { hexOf, textOf, utf8 } from "../../src/base/bytes.ts";
import type { Credential } from "../../src/eap/method.ts";
import { milenageCentre } from "../../src/eap/methods/sim-aka/milenage-centre.ts";
import { Reactor } from "../../src/linux/reactor.ts";
import { bindUnixDatagram, type UnixDatagramSocket } from "../../src/linux/unix-datagram.ts";
import { type EapCase, eapCases } from "../../testing/eap-cases.ts";
import { testImsi, testSubscription, testUsim } from "../../testing/eap-sim-aka-cases.ts";
import { runEapolTest } from "../../testing/eapol-test.ts";
import { FixedEntropy } from "../../testing/fixed-entropy.ts";
import { type RadiusDaemon, startRadiusDaemon } from "../../testing/radius-daemon.ts";

const folder = mkdtempSync(join(tmpdir(), "eap-daemon-"));
after(() => rmSync(folder, { recursive: true }));

const subscriberLine = (): string => {
  const { k, opc, amf, sqn } = testSubscription();
  return `${testImsi} ${hexOf(k)} ${hexOf(opc)} ${hexOf(amf)} ${sqn.toString(16).padStart(12, "0")}\n`;
};

/** A method by which users come in that are called the same in several cases has the first one's. */
const simpleCases = eapCases.filter(({ network }) => /^eap=(PSK|GPSK|PAX|SAKE|PWD|EKE|IKEV2)$/.test(network[0] ?? ""));

function userFile(cases: readonly EapCase[]): string {
  const lines = new Map<string, string>();
  for (const { users, network } of cases) {
    for (const [name, credential] of Object.entries(users)) {
      lines.set(name, `"${name}" ${network[0]?.slice(4)} ${credentialText(credential)}`);
    }
  }
  const subscribers = ["SIM", "AKA", "AKA'"].flatMap((method, i) =>
    [
      ["1", "3", "5"],
      ["0", "2", "4"],
      ["6", "7", "8"],
    ][i]?.map((prefix) => `"${prefix}"* ${method}`),
  );
  return `${[...lines.values(), ...subscribers].join("\n")}\n`;
}

function credentialText(credential: Credential): string {
  switch (credential.kind) {
    case "password":
      return hexOf(credential.password);
    case "nt-hash":
      return `hash:${hexOf(credential.hash)}`;
    case "salted":
      return `s${credential.prep}:${hexOf(credential.hash)}${hexOf(credential.salt)}`;
  }
}

let count = 0;

function startDaemon(lines: readonly string[]): Promise<RadiusDaemon> {
  count += 1;
  return startRadiusDaemon({
    folder: join(folder, `daemon${count}`),
    users: userFile(simpleCases),
    lines: ["server_id=authenticator.example", ...lines],
  });
}

describe("the daemon's RADIUS server, eapol_test", () => {
  let daemon: RadiusDaemon | undefined;
  before(async () => {
    writeFileSync(join(folder, "subscribers"), subscriberLine());
    daemon = await startDaemon([`eap_sim_db=milenage:${join(folder, "subscribers")}`]);
  });
  after(() => daemon?.kill("SIGTERM"));

  for (const tried of simpleCases.filter(({ name }) => !name.startsWith("pwd-2") && name !== "pwd-fragments")) {
    test(tried.name, async () => {
      const { succeeded, output } = await runEapolTest({
        network: tried.network,
        global: tried.global ?? [],
        port: daemon?.port ?? 0,
        reauthentications: 1,
      });
      assert.ok(succeeded, output);
      assert.match(output, /MPPE keys OK: 2 {2}mismatch: 0/);
    });
  }

  for (const [eap, prefix] of [
    ["SIM", "1"],
    ["AKA", "0"],
    ["AKA'", "6"],
  ] as const) {
    test(`EAP-${eap}, twice more by temporary identities`, async () => {
      const { succeeded, output } = await runEapolTest({
        network: [`eap=${eap}`, `identity="${prefix}${testImsi}"`],
        port: daemon?.port ?? 0,
        reauthentications: 2,
        usim: testUsim(),
      });
      assert.ok(succeeded, output);
      assert.match(output, /MPPE keys OK: 3 {2}mismatch: 0/);
      assert.match(output, /subtype Reauthentication/);
    });
  }
});

describe("with an authentication centre behind a socket", () => {
  let daemon: RadiusDaemon | undefined;
  let gateway: UnixDatagramSocket | undefined;
  const requests: string[] = [];
  const socket = join(folder, "gateway");
  const database = join(folder, "identities.db");

  before(async () => {
    gateway = serveGateway(socket, requests);
    daemon = await startDaemon([`eap_sim_db=unix:${socket} db=${database}`, "eap_sim_aka_result_ind=1"]);
  });
  after(async () => {
    await daemon?.kill("SIGTERM");
    gateway?.close();
  });

  test("it is asked for triplets and vectors, and told of a USIM that is ahead", async () => {
    for (const [eap, prefix] of [
      ["SIM", "1"],
      ["AKA", "0"],
    ] as const) {
      const { succeeded, output } = await runEapolTest({
        network: [`eap=${eap}`, `identity="${prefix}${testImsi}"`, 'phase1="result_ind=1"'],
        port: daemon?.port ?? 0,
        reauthentications: 1,
        usim: testUsim(0x20_0000_0000_00n),
      });
      assert.ok(succeeded, output);
    }
    assert.deepEqual(
      requests.map((request) => request.split(" ", 2).join(" ")),
      [`SIM-REQ-AUTH ${testImsi}`, `AKA-REQ-AUTH ${testImsi}`, `AKA-AUTS ${testImsi}`, `AKA-REQ-AUTH ${testImsi}`],
    );
    const names = execFileSync("sqlite3", [database, "SELECT permanent, counter FROM reauth ORDER BY permanent"], {
      encoding: "utf8",
    });
    assert.equal(names, `0${testImsi}|2\n1${testImsi}|2\n`);
  });

  test("where it is gone, nobody gets in, and the daemon goes on", async () => {
    gateway?.close();
    const network = ["eap=AKA", `identity="0${testImsi}"`];
    execFileSync("sqlite3", [database, "DELETE FROM reauth; DELETE FROM pseudonyms"]);
    const gone = await runEapolTest({ network, port: daemon?.port ?? 0, usim: testUsim() });
    assert.ok(!gone.succeeded, gone.output);
    gateway = serveGateway(socket, requests);
    const back = await runEapolTest({ network, port: daemon?.port ?? 0, usim: testUsim() });
    assert.ok(back.succeeded, back.output);
  });
});

/** What hlr_auc_gw does, with one subscriber. */
function serveGateway(path: string, requests: string[]): UnixDatagramSocket {
  const centre = milenageCentre(new Map([[testImsi, testSubscription()]]), new FixedEntropy(5));
  const socket = bindUnixDatagram(new Reactor(), { path, mode: 0o600, maxLength: 1000 });
  const answer = async (request: string): Promise<string | undefined> => {
    const [verb, imsi = "", ...rest] = request.split(" ");
    const octets = (text: string | undefined): Uint8Array => Uint8Array.from(Buffer.from(text ?? "", "hex"));
    if (verb === "SIM-REQ-AUTH") {
      const triplets = await centre.gsmTriplets(imsi, Number(rest[0]));
      return `SIM-RESP-AUTH ${imsi} ${triplets.map(({ kc, sres, rand }) => [kc, sres, rand].map((o) => hexOf(o)).join(":")).join(" ")}`;
    }
    if (verb === "AKA-AUTS") {
      centre.resynchronize(imsi, octets(rest[0]), octets(rest[1]));
      return undefined;
    }
    const vector = await centre.akaVector(imsi);
    if (vector === undefined) return `AKA-RESP-AUTH ${imsi} FAILURE`;
    const { rand, autn, ik, ck, res } = vector;
    return `AKA-RESP-AUTH ${imsi} ${[rand, autn, ik, ck, res].map((o) => hexOf(o)).join(" ")}`;
  };
  socket.onReadable(() => {
    for (let request = socket.receive(); request !== undefined; request = socket.receive()) {
      const { data, sender } = request;
      requests.push(textOf(data));
      answer(textOf(data)).then((text) => text === undefined || socket.sendTo(sender, utf8(text)));
    }
  });
  return socket;
}
