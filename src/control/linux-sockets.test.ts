/** Requests as anybody can send them, over a real socket: cut, too long, with NULs, from clients without a name or gone. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ControlledNetwork } from "../../testing/controlled-network.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { Log, silent } from "../base/log.ts";
import { Reactor } from "../linux/reactor.ts";
import { connectUnixDatagram, openUnixDatagramSender } from "../linux/unix-datagram.ts";
import { linuxControlSockets } from "./linux-sockets.ts";
import { ControlServer } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "control-sockets-"));
const reactor = new Reactor();
after(() => {
  reactor.close();
  rmSync(folder, { recursive: true, force: true });
});

let clients = 0;
let servers = 0;

/** The kernel holds ten datagrams or so for a reader; whoever sends more has to wait. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A client of the socket, and what it has been told. */
function clientOf(peer: string) {
  const path = join(folder, `client${++clients}`);
  const socket = connectUnixDatagram(reactor, { peer, path, maxLength: 65536 });
  const heard: string[] = [];
  socket.onReadable(() => {
    for (let data = socket.receive(); data; data = socket.receive()) heard.push(textOf(data));
  });
  const answers = async (count: number): Promise<string[]> => {
    for (let wait = 0; wait < 2000 && heard.length < count; wait++)
      await new Promise((resolve) => setTimeout(resolve, 1));
    return heard.splice(0);
  };
  return {
    path,
    send: (request: string | Uint8Array) => socket.send(typeof request === "string" ? utf8(request) : request),
    answers,
    ask: async (request: string | Uint8Array): Promise<string> => {
      socket.send(typeof request === "string" ? utf8(request) : request);
      const [answer = "nothing"] = await answers(1);
      return answer;
    },
    close: () => socket.close(),
  };
}

async function server() {
  const network = new ControlledNetwork();
  await network.start("ssid=open\nhw_mode=g\nchannel=1");
  const records: string[] = [];
  const log = new Log(({ text }) => records.push(text));
  const { daemon } = network.control.options;
  const control = new ControlServer({ daemon, sockets: linuxControlSockets(reactor, log) });
  const path = join(folder, `global${++servers}`);
  control.openGlobal({ path, group: undefined });
  return { control, path, records };
}

test("what is too long is cut, an octet 0 ends it, and nothing at all is no command", async () => {
  const { control, path } = await server();
  const client = clientOf(path);
  assert.equal(await client.ask("PING"), "PONG\n");
  assert.equal(await client.ask("PING\0nonsense"), "PONG\n");
  assert.equal(await client.ask("\0PING"), "FAIL\n");
  assert.equal(await client.ask(new Uint8Array()), "FAIL\n");
  // 255 octets of the global socket end behind the command, or in it
  assert.equal(await client.ask(`RELOG ${"x".repeat(100_000)}`), "OK\n");
  assert.equal(await client.ask(`${" ".repeat(253)}PING`), "FAIL\n");
  assert.equal(await client.ask(Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff)), "FAIL\n");
  assert.equal(await client.ask("PING"), "PONG\n");
  client.close();
  control.closeAll();
});

test("a client without a name gets no answer; one that goes before its answer is not missed", async () => {
  const { control, path, records } = await server();
  const stranger = openUnixDatagramSender(path);
  for (let i = 0; i < 100; i++) {
    assert.ok(stranger.offer(utf8("INTERFACES")));
    await turn();
  }
  stranger.close();
  for (let i = 0; i < 50; i++) {
    const hasty = clientOf(path);
    hasty.send("INTERFACES ctrl");
    hasty.send("ATTACH");
    if (i % 2 === 0) unlinkSync(hasty.path);
    hasty.close();
    await turn();
  }
  const client = clientOf(path);
  assert.equal(await client.ask("PING"), "PONG\n");
  assert.deepEqual(records, []);
  client.close();
  control.closeAll();
});

test("requests by the thousand are answered in order, and others in between", async () => {
  const { control, path } = await server();
  const [busy, other] = [clientOf(path), clientOf(path)];
  let sent = 0;
  let answered = 0;
  while (sent < 2000) {
    try {
      busy.send(sent % 2 === 0 ? "PING" : "INTERFACES");
      sent += 1;
      continue;
    } catch {
      // the queue is full: somebody has to read
    }
    const answers = await busy.answers(1);
    for (const answer of answers) assert.equal(answer, answered++ % 2 === 0 ? "PONG\n" : "wlan0\n");
  }
  assert.equal(await other.ask("PING"), "PONG\n");
  while (answered < sent) {
    const answers = await busy.answers(1);
    assert.ok(answers.length > 0, `${answered} of ${sent}`);
    for (const answer of answers) assert.equal(answer, answered++ % 2 === 0 ? "PONG\n" : "wlan0\n");
  }
  busy.close();
  other.close();
  control.closeAll();
});

test("a dead daemon's socket is taken over, and goes with the daemon", async () => {
  const first = await server();
  first.control.closeAll();
  const sockets = linuxControlSockets(reactor, silent);
  const again = sockets.openGlobal({ path: first.path, group: undefined }, () => undefined);
  assert.throws(() => sockets.openGlobal({ path: first.path, group: undefined }, () => undefined), /EADDRINUSE/);
  again.close();
  assert.throws(() => clientOf(first.path), /ENOENT/);
});
