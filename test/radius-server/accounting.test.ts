/** Accounting to disk: nothing that was answered is lost when the daemon is killed, and nothing is answered that can't be written. */

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { utf8 } from "../../src/base/bytes.ts";
import { sealChecksummedRequest } from "../../src/radius/sealing.ts";
import { acctStatusTypes, radius } from "../../src/wire/radius/attributes.ts";
import { radiusCodes } from "../../src/wire/radius/packet.ts";
import { AttributeList } from "../../src/wire/radius/values.ts";
import { radiusSecret } from "../../testing/eap-radius-server.ts";
import { type RadiusDaemon, radclient, startRadiusDaemon } from "../../testing/radius-daemon.ts";

let folder = "";
const running = new Set<RadiusDaemon>();
before(() => {
  folder = mkdtempSync(join(tmpdir(), "beacond-accounting-"));
  mkdirSync(join(folder, "records"));
});
after(async () => {
  for (const daemon of running) await daemon.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

async function start(...lines: string[]): Promise<RadiusDaemon> {
  const daemon = await startRadiusDaemon({ folder: join(folder, "daemon"), users: "* MD5\n", lines });
  running.add(daemon);
  return daemon;
}

/** An access point that is told of so much that it never stops. @returns sessions whose record was answered */
function pour(port: number, name: string): { readonly answered: Set<string>; stop(): void } {
  const socket = createSocket("udp4");
  const answered = new Set<string>();
  const sessions: string[] = [];
  let count = 0;
  const send = (identifier: number): void => {
    const session = `${name}-${count++}`;
    sessions[identifier] = session;
    const list = new AttributeList()
      .add(radius.acctStatusType, acctStatusTypes.stop)
      .add(radius.acctSessionId, utf8(session));
    // So that files fill, and get numbers.
    for (let i = 0; i < 10; i++) list.add(radius.class, new Uint8Array(200));
    const contents = { code: radiusCodes["Accounting-Request"], identifier, attributes: list.list };
    socket.send(sealChecksummedRequest(utf8(radiusSecret), contents, false), port, "127.0.0.1");
  };
  socket.on("message", (packet) => {
    const identifier = packet[1] ?? 0;
    answered.add(sessions[identifier] ?? "");
    send(identifier);
  });
  for (let identifier = 0; identifier < 64; identifier++) send(identifier);
  return { answered, stop: () => socket.close() };
}

test("killed at random moments, while files get numbers: what was answered is there, whole", async () => {
  const told = new Set<string>();
  const path = join(folder, "records", "accounting");
  const lines = [`radius_server_acct_file=${path}`, "radius_server_acct_file_size=1", "radius_server_acct_files=0"];
  // Nearly full, so that even a slow machine gets to the next file.
  writeFileSync(path, `${JSON.stringify({ "Acct-Session-Id": "of before" })}\n`.repeat(31_000));
  for (let round = 0; round < 5; round++) {
    const daemon = await start(...lines);
    const { answered, stop } = pour(daemon.accountingPort, `round${round}`);
    for (let i = 0; i < 500 && answered.size === 0; i++) await sleep(5);
    await sleep(Math.random() * 400);
    await daemon.kill("SIGKILL");
    stop();
    running.delete(daemon);
    assert.ok(answered.size > 0, daemon.log());
    for (const session of answered) told.add(session);
  }
  // The last half line is ended by the next start.
  const last = await start(...lines);
  await last.kill("SIGTERM");
  running.delete(last);
  const files = readdirSync(join(folder, "records"));
  assert.ok(files.length > 1, "no file got a number");
  const text = files.map((file) => readFileSync(join(folder, "records", file), "utf8"));
  let broken = 0;
  const written = new Set<unknown>();
  for (const line of text.join("").trim().split("\n")) {
    try {
      written.add((JSON.parse(line) as Record<string, unknown>)["Acct-Session-Id"]);
    } catch {
      broken += 1;
    }
  }
  const lost = [...told].filter((session) => !written.has(session));
  assert.deepEqual(lost, [], `${lost.length} of ${told.size} lost`);
  assert.ok(broken <= 5, `${broken} broken lines after 5 kills`);
});

test("a full disk: no answer, one line in the log, and the server is still there", async () => {
  const daemon = await start("radius_server_acct_file=/dev/full");
  const { answered, stop } = pour(daemon.accountingPort, "full");
  await sleep(500);
  stop();
  assert.equal(answered.size, 0);
  const said = daemon.log().match(/RADIUS accounting: can't write '\/dev\/full': ENOSPC/g);
  assert.equal(said?.length, 1);
  assert.deepEqual(
    radclient(`127.0.0.1:${daemon.accountingPort}`, "status", [["Message-Authenticator = 0x00"]]).codes,
    ["Accounting-Response"],
  );
});
