import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { VirtualClock } from "../../../testing/virtual-clock.ts";
import { utf8 } from "../../base/bytes.ts";
import { seconds } from "../../base/duration.ts";
import { Log } from "../../base/log.ts";
import { parseConfiguration } from "../../config/parser.ts";
import type { BssSettings } from "../../config/registry.ts";
import { systemClock } from "../../linux/clock.ts";
import { systemEntropy } from "../../linux/entropy.ts";
import { Reactor } from "../../linux/reactor.ts";
import { openUdpGroup, openUdpSocket } from "../../linux/udp-socket.ts";
import { hidePassword } from "../../radius/hiding.ts";
import { sealAccessRequest } from "../../radius/sealing.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { radiusCodes } from "../../wire/radius/packet.ts";
import { AttributeList } from "../../wire/radius/values.ts";
import { startThreads, type Threads, type ThreadsOptions } from "./threads.ts";

const folder = mkdtempSync(join(tmpdir(), "beacond-threads-"));
const started: Threads[] = [];
after(() => {
  for (const threads of started) void threads.close();
  rmSync(folder, { recursive: true });
});
writeFileSync(join(folder, "clients"), "127.0.0.1 radius\n");
const secret = utf8("radius");

/** @param names of those who may come in, each with its name for a password */
function settingsWith(...names: readonly string[]): BssSettings {
  writeFileSync(join(folder, "users"), names.map((name) => `"${name}" MACACL "${name}"\n`).join(""));
  const lines = ["driver=none", "interface=as", "radius_server_clients=clients", `eap_user_file=${folder}/users`];
  const files = (path: string): Uint8Array => readFileSync(join(folder, path.replace(`${folder}/`, "")));
  const { configuration, problems } = parseConfiguration(utf8(lines.join("\n")), "as.conf", files);
  return configuration?.bsses[0] ?? assert.fail(JSON.stringify(problems));
}

/** What comes, for whoever takes it next. Nothing here is a matter of time: a busy machine is slow, and wrong only if it never comes. */
class Mailbox<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const next = this.#waiting.shift();
    if (next) next(item);
    else this.#items.push(item);
  }

  take(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => void this.#waiting.push(resolve)) : Promise.resolve(item);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}

/** For what never comes. */
const timed = { timeout: 120_000 } as const;

function start(settings: BssSettings, more: Partial<ThreadsOptions>) {
  const codes = new Mailbox<number>();
  const lines: string[] = [];
  const threads = startThreads(
    {
      clock: systemClock,
      entropy: systemEntropy,
      log: new Log(({ text }) => void lines.push(text)),
      send: (packet) => codes.put(packet[0] ?? 0),
      wantsDebug: () => true,
      clients: settings.radius_server_clients?.clients ?? [],
      strangers: { hear: () => undefined },
      count: 2,
      entry: new URL("./worker.js", import.meta.url),
      ...more,
    },
    settings,
  );
  started.push(threads);
  const ask = (name: string, station: string): Promise<number> => {
    threads.receive(requestOf(name, station), { address: "127.0.0.1", port: 1000 });
    return codes.take();
  };
  return { threads, ask, lines };
}

let identifier = 0;

function requestOf(name: string, station: string): Uint8Array {
  const authenticator = systemEntropy.bytes(16);
  const attributes = new AttributeList()
    .add(radius.userName, utf8(name))
    .add(radius.userPassword, hidePassword(secret, authenticator, utf8(name)))
    .add(radius.callingStationId, station).list;
  identifier = (identifier + 1) & 0xff;
  return sealAccessRequest(secret, authenticator, { code: 1, identifier, attributes });
}

/** A thread that fails once there is such a file. */
function failingAt(path: string): URL {
  const worker = new URL("./worker.js", import.meta.url).href;
  const check = `if (existsSync(${JSON.stringify(path)})) throw new Error("broken");`;
  const code = `import { existsSync } from "node:fs"; import "${worker}"; setInterval(() => { ${check} }, 5);`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const stationOf = (i: number): string => `02-00-00-00-00-${i.toString(16).padStart(2, "0")}`;

test("requests are answered at once and by all threads, and counted together", timed, async () => {
  const { threads, ask } = start(settingsWith("a"), {});
  assert.equal(await ask("a", stationOf(0)), radiusCodes["Access-Accept"], "before any thread is ready");
  await until(() => threads.readyCount === 2);
  for (let i = 1; i < 20; i++) assert.equal(await ask("a", stationOf(i)), radiusCodes["Access-Accept"]);
  assert.equal(await ask("b", stationOf(1)), radiusCodes["Access-Reject"]);
  assert.equal(threads.value("accessAccepts"), 20);
  assert.equal(threads.value("accessRejects", 0), 1);
});

test("other settings reach every thread", timed, async () => {
  const { threads, ask } = start(settingsWith("a"), {});
  await until(() => threads.readyCount === 2);
  threads.configure(settingsWith("b"));
  for (let i = 0; i < 8; i++) {
    assert.equal(await ask("b", stationOf(i)), radiusCodes["Access-Accept"]);
    assert.equal(await ask("a", stationOf(i)), radiusCodes["Access-Reject"]);
  }
});

test("threads that fail are said to, and missed by nobody", timed, async () => {
  const entry = new URL("data:text/javascript,throw new Error('broken')");
  const { ask, lines } = start(settingsWith("a"), { entry });
  const isSaid = (): boolean =>
    lines.some((line) => /a thread of the RADIUS server failed and is started anew: Error: broken/.test(line));
  await until(isSaid);
  assert.equal(await ask("a", stationOf(1)), radiusCodes["Access-Accept"]);
});

describe("a file that is broken while the threads read it", () => {
  const users = join(folder, "users");
  const broken = `"a" NOTHING\n`;
  const told = (lines: readonly string[], pattern: RegExp): number => lines.filter((line) => pattern.test(line)).length;
  const cannotBegin =
    /^RADIUS server: a thread can't begin: '.*users' has errors; it tries again by itself, and at the/;
  const goesOn =
    /^RADIUS server: a thread goes on with the users and certificates from before: '.*users' has errors; it/;

  /** Threads of which none can begin. */
  async function refused() {
    const clock = new VirtualClock();
    const settings = settingsWith("a");
    writeFileSync(users, broken);
    const parts = start(settings, { clock });
    await until(
      () => told(parts.lines, cannotBegin) > 0 && clock.armed.filter((name) => /thread/.test(name)).length === 2,
    );
    assert.equal(parts.threads.readyCount, 0);
    assert.equal(await parts.ask("a", stationOf(1)), radiusCodes["Access-Accept"], "the process's own does their work");
    return { ...parts, clock };
  }

  test("at the start: said once, missed by nobody, and mended by itself", timed, async () => {
    const { threads, ask, lines, clock } = await refused();
    clock.advance(seconds(1));
    await until(() => clock.armed.length >= 2);
    assert.deepEqual([told(lines, cannotBegin), told(lines, /users:1:\d+: error/)], [1, 1], lines.join("\n"));
    writeFileSync(users, '"a" MACACL "a"\n');
    clock.advance(seconds(2));
    await until(() => threads.readyCount === 2);
    for (let i = 0; i < 8; i++) assert.equal(await ask("a", stationOf(i)), radiusCodes["Access-Accept"]);
    assert.ok(threads.value("accessAccepts") > 8);
    clock.advance(seconds(200));
    assert.equal(threads.readyCount, 2, "and then it is well");
  });

  test("at the start: mended at the next reload, without waiting", timed, async () => {
    const { threads, ask } = await refused();
    threads.configure(settingsWith("b"));
    await until(() => threads.readyCount === 2);
    for (let i = 0; i < 8; i++) {
      assert.equal(await ask("b", stationOf(i)), radiusCodes["Access-Accept"]);
      assert.equal(await ask("a", stationOf(i)), radiusCodes["Access-Reject"]);
    }
  });

  /** Threads that have the users from before. */
  async function outdated() {
    const clock = new VirtualClock();
    const parts = start(settingsWith("a"), { clock });
    await until(() => parts.threads.readyCount === 2);
    const settings = settingsWith("b");
    writeFileSync(users, broken);
    parts.threads.configure(settings);
    await until(() => clock.armed.filter((name) => /thread/.test(name)).length === 2);
    assert.deepEqual(
      [told(parts.lines, goesOn), told(parts.lines, /users:1:\d+: error/)],
      [1, 1],
      parts.lines.join("\n"),
    );
    for (let i = 0; i < 8; i++) assert.equal(await parts.ask("a", stationOf(i)), radiusCodes["Access-Accept"]);
    return { ...parts, clock };
  }

  test("at a reload: the threads go on as they were, and mend themselves", timed, async () => {
    const { threads, ask, lines, clock } = await outdated();
    clock.advance(seconds(1));
    await until(() => clock.armed.filter((name) => /thread/.test(name)).length === 2);
    assert.equal(told(lines, goesOn), 1);
    writeFileSync(users, '"b" MACACL "b"\n');
    clock.advance(seconds(2));
    for (let i = 0; i < 8; i++) {
      assert.equal(await ask("b", stationOf(i)), radiusCodes["Access-Accept"]);
      assert.equal(await ask("a", stationOf(i)), radiusCodes["Access-Reject"]);
    }
    assert.equal(threads.readyCount, 2);
  });

  test("at a reload: mended at the next; one that is still broken is said again", timed, async () => {
    const { threads, ask, lines } = await outdated();
    const settings = settingsWith("c");
    writeFileSync(users, broken);
    threads.configure(settings);
    await until(() => told(lines, goesOn) === 2);
    threads.configure(settingsWith("c"));
    for (let i = 0; i < 8; i++) assert.equal(await ask("c", stationOf(i)), radiusCodes["Access-Accept"]);
  });
});

test("none at all", async () => {
  const { threads, ask } = start(settingsWith("a"), { count: 0 });
  assert.equal(await ask("a", stationOf(1)), radiusCodes["Access-Accept"]);
  assert.equal(threads.value("accessRequests"), 1);
});

test(
  "a thread hears its socket itself, hands on what is another's, and is stood in for when it fails",
  timed,
  async () => {
    const reactor = new Reactor();
    const codes = new Mailbox<number>();
    // Everything to the first thread.
    const sockets = openUdpGroup(reactor, { local: { address: "127.0.0.1" } }, 2, [[0x06, 0, 0, 0]], {
      onMessage: (octets, from) => threads.receive(octets, from),
      onError: () => undefined,
    });
    const { local } = sockets[0] ?? assert.fail();
    const fails = join(folder, "fails");
    const { threads, lines } = start(settingsWith("a"), {
      sockets,
      send: (packet, to) => sockets[0]?.send(packet, to),
      entry: failingAt(fails),
    });
    const client = openUdpSocket(
      reactor,
      { peer: local },
      { onMessage: (octets) => codes.put(octets[0] ?? 0), onError: () => undefined },
    );
    const ask = async (i: number): Promise<void> => {
      client.send(requestOf("a", stationOf(i)));
      assert.equal(await codes.take(), radiusCodes["Access-Accept"]);
    };
    for (let i = 0; i < 8; i++) await ask(i);
    await until(() => threads.readyCount === 2);
    for (let i = 0; i < 16; i++) await ask(i);
    assert.equal(threads.value("accessAccepts"), 24);
    writeFileSync(fails, "");
    await until(() => threads.readyCount === 0);
    assert.ok(lines.some((line) => /failed and is started anew: Error: broken/.test(line)));
    for (let i = 0; i < 8; i++) await ask(i);
    await threads.close();
    for (const socket of [client, ...sockets]) socket.close();
    const again = openUdpSocket(reactor, { local }, { onMessage: () => undefined, onError: () => undefined });
    again.close();
    reactor.close();
  },
);
