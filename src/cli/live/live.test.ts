import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { type ControlledNetwork, protectedNetwork } from "../../../testing/controlled-network.ts";
import { fakeControlSocket } from "../../../testing/fake-control-socket.ts";
import { textOf } from "../../base/bytes.ts";
import type { MacAddress } from "../../base/mac-address.ts";
import { octetsOf, octetTextOfString } from "../../config/octets.ts";
import { beacon } from "../beacon.ts";

const csi = "\u001b";
/** What moves the cursor, or hides text. */
const unsafe = /[^\P{Cc}\n]|\p{Cf}/u;

process.env["RUNTIME_DIRECTORY"] = mkdtempSync(join(tmpdir(), "run-"));
process.env["STATE_DIRECTORY"] = mkdtempSync(join(tmpdir(), "state-"));

interface Ran {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

interface Machine {
  readonly folder: string;
  run(...args: string[]): Promise<Ran>;
}

/** A directory of control sockets, where whoever is asked answers so. */
function machine(t: TestContext, answers: Readonly<Record<string, (request: string) => string | undefined>>): Machine {
  const folder = mkdtempSync(join(tmpdir(), "live-"));
  const sockets = Object.entries(answers).map(([name, answer]) => fakeControlSocket(join(folder, name), answer));
  t.after(() => {
    for (const socket of sockets) socket.close();
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    async run(...args) {
      const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
      const status = await beacon([...args, "-p", folder], terminal);
      return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
    },
  };
}

const daemonOf =
  (network: ControlledNetwork, name = "wlan0") =>
  (request: string): string =>
    textOf(octetsOf(network.ask(octetTextOfString(request), { on: `/run/hostapd/${name}` })));

async function house(t: TestContext, stations = 2) {
  const { network, joined } = await protectedNetwork(stations);
  const addresses = joined.map(({ address }) => address);
  return { network, joined, addresses, ...machine(t, { wlan0: daemonOf(network) }) };
}

const commands: readonly (readonly string[])[] = [
  ["status"],
  ["stations"],
  ["watch"],
  ["explain", "last"],
  ["explain", "00:00:5e:00:53:01"],
  ["kick", "x"],
  ["ban"],
  ["ban", "x"],
  ["unban", "x"],
  ["rename", "x", "y"],
];

test("where no access point runs, each command says so, and what to do: 1", async (t) => {
  const empty = machine(t, {});
  for (const command of commands) {
    const { status, output, errors } = await empty.run(...command);
    assert.deepEqual([status, output], [1, ""], command.join(" "));
    assert.match(
      errors,
      /^no access point runs that can be asked: .*'beacon up' makes a network.*\n$/,
      command.join(" "),
    );
  }
  const gone = await empty.run("status", "-i", "wlan7");
  assert.match(gone.errors, /no access point runs/);
  const missing = await beacon(["status", "-p", "/nowhere"], {
    input: new PassThrough(),
    output: new PassThrough(),
    errors: new PassThrough(),
  });
  assert.equal(missing, 1);
});

test("another program behind a socket is told apart: 1", async (t) => {
  const other = machine(t, { wlan0: () => "UNKNOWN COMMAND\n" });
  for (const command of commands) {
    const { status, output, errors } = await other.run(...command);
    assert.deepEqual([status, output], [1, ""], command.join(" "));
    assert.match(errors, /wlan0: whoever answers there is not Beacond of this version/, command.join(" "));
  }
});

test("beside one that answers, a global socket or a file is no trouble", async (t) => {
  const { network } = await protectedNetwork(1);
  const both = machine(t, { wlan0: daemonOf(network), global: () => "FAIL\n" });
  writeFileSync(join(both.folder, "notes.txt"), "");
  mkdirSync(join(both.folder, "folder"));
  const { status, output, errors } = await both.run("status");
  assert.deepEqual([status, errors], [0, ""]);
  assert.match(output, /^wlan0 {2}'somename' {2}on the air for \d+s$/m);
  assert.match(output, /^ {2}Channel {5}1 \(2412 MHz, 20 MHz wide\), Wi-Fi 4, US$/m);
  assert.match(output, /^ {2}Protection {2}WPA2 \(WPA-PSK; CCMP\), no PMF$/m);
  assert.match(output, /^ {2}Stations {4}1$/m);
  const other = await both.run("status", "-i", "wlan9");
  assert.deepEqual([other.status, other.errors], [1, "no network runs on wlan9; those that do are on wlan0\n"]);
});

test("stations: a table for people, lines for programs, in the order that is asked for", async (t) => {
  const { network, run, addresses } = await house(t, 3);
  const [a = "", b = "", c = ""] = [...addresses].sort();
  network.devices.rename(c as MacAddress, "Zoë");
  network.devices.rename(b as MacAddress, "Anna");
  network.recordBook.note(a as MacAddress, "wlan0", { type: "address-taken", address: "192.168.7.9" });
  const { status, output, errors } = await run("stations");
  assert.deepEqual([status, errors], [0, ""]);
  const lines = output.trimEnd().split("\n");
  assert.match(lines[0] ?? "", /^NAME +STATION +ADDRESS +LEASE +SIGNAL +TX\/RX Mb\/s +FOR +PROTECTION/);
  assert.deepEqual(
    lines.slice(1, 4).map((line) => /[0-9a-f:]{17}/.exec(line)?.[0]),
    [b, c, a],
  );
  assert.match(lines[3] ?? "", /^- .*192\.168\.7\.9 +\? .*WPA2-PSK/);
  const columns = lines
    .slice(0, 4)
    .map((line) => line.indexOf(line === lines[0] ? "STATION" : ":") - (line === lines[0] ? 0 : 2));
  assert.equal(new Set(columns).size, 1, "not aligned");
  const byAddress = await run("stations", "--sort", "address", "--json");
  const rows = byAddress.output
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    rows.map(({ address }) => address),
    [a, b, c],
  );
  assert.deepEqual(
    [rows[1].name, rows[0].ip, rows[0].interface, rows[0].standing],
    ["Anna", "192.168.7.9", "wlan0", "in"],
  );
});

test("kick, ban, unban and rename: by any name, and what is said of it", async (t) => {
  const { network, run, addresses } = await house(t, 2);
  const [phone = "", tablet = ""] = addresses;
  assert.deepEqual(await run("rename", phone, "Anna's phone"), {
    status: 0,
    output: `${phone} is called 'Anna's phone'\n`,
    errors: "",
  });
  network.recordBook.nameItself(tablet as MacAddress, "annas-tablet");
  assert.match((await run("kick", "anna")).errors, /^'anna' may be one of several: /);
  assert.match((await run("kick", "anna's")).output, new RegExp(`^Anna's phone \\(${phone}\\) was sent away\n`));
  assert.match(
    (await run("kick", "annas-tablet", "--for", "10m")).output,
    /was sent away, and kept out for 10 minutes\n/,
  );
  assert.ok(network.devices.isBanned(tablet as MacAddress));
  const banned = await run("ban", "--json");
  assert.equal(JSON.parse(banned.output).station, tablet);
  assert.deepEqual((await run("unban", tablet)).status, 0);
  const again = await run("unban", tablet);
  assert.deepEqual([again.status, /was not banned\n$/.test(again.output)], [1, true]);
  const stranger = await run("kick", "00:00:5e:00:53:99");
  assert.deepEqual([stranger.status, stranger.output], [1, "00:00:5e:00:53:99 is not in\n"]);
  assert.match((await run("ban", "nobody")).errors, /no station is called 'nobody'/);
  assert.equal((await run("kick", phone, "--for", "soon")).status, 2);
  assert.equal((await run("kick", phone, "--for", "0")).status, 2);
  assert.equal((await run("rename", phone, "a\u001bb")).status, 2);
  assert.deepEqual(await run("rename", phone), {
    status: 0,
    output: `Anna's phone (${phone}) has no name any more\n`,
    errors: "",
  });
});

test("what can't be kept is done, and said on standard error", async (t) => {
  const { network, run, addresses } = await house(t, 1);
  network.deviceFile = "broken";
  const [phone = ""] = addresses;
  const { status, output, errors } = await run("ban", phone);
  assert.equal(status, 0);
  assert.match(output, /is banned\n/);
  assert.match(errors, /^That holds only until the access point ends: the list of devices means nothing/);
  assert.ok(network.devices.isBanned(phone as MacAddress));
});

test("explain: words, or all of it as JSON; the status says whether all is well", async (t) => {
  const { network, run, addresses } = await house(t, 2);
  const [phone = "", tablet = ""] = addresses;
  const well = await run("explain", phone);
  assert.equal(well.status, 0);
  assert.match(well.output, new RegExp(`^${phone}.*: well\n\n {2}All is well: `));
  network.recordBook.onEvent({ type: "psk-mismatch", station: tablet as MacAddress, bss: "wlan0", radio: "wlan0" });
  network.recordBook.onEvent({
    type: "station-left",
    by: "access-point",
    reason: "4-way-handshake-timeout",
    station: "00:00:5e:00:53:42" as MacAddress,
    bss: "wlan0",
    radio: "wlan0",
  });
  const last = await run("explain", "last", "--json");
  assert.equal(JSON.parse(last.output).station, "00:00:5e:00:53:42");
  assert.equal(last.status, 1);
  const none = await run("explain", "00:00:5e:00:53:99");
  assert.deepEqual([none.status, /unclear\n\n {2}Nothing has been heard of it/.test(none.output)], [1, true]);
  assert.equal((await run("explain")).status, 2);
  assert.equal((await run("explain", phone, "--log", "x")).status, 2);
});

test("what comes from the air can't move the cursor", async (t) => {
  const { network, run, addresses } = await house(t, 1);
  const [phone = ""] = addresses;
  network.recordBook.note(phone as MacAddress, "wlan0", { type: "eap-failed", reason: "\u001b[2J\u202ebad" });
  const { output } = await run("explain", phone);
  assert.doesNotMatch(output, unsafe);
});

/** Answers in which something is other than it should be. */
const garbage = (good: string): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom("", "OK\n", "FAIL\n", "FAIL: \u001b[2Jno\n", "<3>AP-STA-CONNECTED", "{}", "[]", "null", "0"),
    fc
      .tuple(fc.nat(Math.max(0, good.length - 1)), fc.string({ maxLength: 3 }))
      .map(([at, text]) => good.slice(0, at) + text + good.slice(at + 1)),
    fc.nat(good.length).map((length) => good.slice(0, length)),
  );

test("whatever a socket answers, there is an exit status and no exception", async (t) => {
  const { network } = await protectedNetwork(2);
  const daemon = daemonOf(network);
  let broken = "";
  let answer = "";
  const { run } = machine(t, { wlan0: (request) => (request.startsWith(broken) ? answer : daemon(request)) });
  const asked = [
    ["BEACON-STATUS", ["status"]],
    ["BEACON-STATIONS", ["stations"]],
    ["BEACON-RECORD", ["explain", "last"]],
    ["BEACON-RECORDS", ["kick", "x"]],
    ["BEACON-DEVICES", ["ban"]],
  ] as const;
  for (const [request, command] of asked) {
    const good = daemon(request === "BEACON-RECORD" ? "BEACON-RECORD last" : request);
    broken = request;
    await fc.assert(
      fc.asyncProperty(garbage(good), async (text) => {
        // An answer that looks like an event is none, and would be waited for.
        if (text === undefined || /^<|^IFNAME=/.test(text)) return;
        answer = text;
        const { status, output } = await run(...command);
        assert.ok(status === 0 || status === 1);
        assert.doesNotMatch(output, unsafe);
      }),
      { numRuns: 60 },
    );
  }
});

/** A terminal of that size; what was written to it since the last look. */
function screenOf(columns: number, rows: number) {
  const output = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const errors = new PassThrough();
  let all = "";
  output.on("data", (data) => {
    all += data;
  });
  const seen = async (pattern: RegExp): Promise<string> => {
    for (let i = 0; i < 500 && !pattern.test(all); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.match(all, pattern);
    const text = all;
    all = "";
    return text;
  };
  return { terminal: { input, output, errors }, raw, seen, input, output };
}

test("watch: a screen that is drawn anew, follows the terminal's size, and is given back at q", async (t) => {
  const { network, folder, addresses } = await house(t, 3);
  network.devices.rename(addresses[0] as MacAddress, "Anna's phone");
  const { terminal, raw, seen, input, output } = screenOf(60, 12);
  const watching = beacon(["watch", "-p", folder], terminal);
  const first = await seen(/Anna's phone[\s\S]*q ends/);
  assert.ok(first.startsWith("\u001b[?1049h\u001b[?25l"));
  for (const line of first.split(/\r\n/)) {
    const plain = line.replace(new RegExp(`${csi}\\[[?\\d;]*[a-zA-Z]`, "g"), "");
    assert.ok(plain.length <= 60, `${plain.length}: ${plain}`);
  }
  assert.ok(first.split("\r\n").length <= 12);
  output.columns = 140;
  output.emit("resize");
  await seen(/PROTECTION/);
  input.write("q");
  assert.equal(await watching, 0);
  assert.ok((await seen(/\[\?1049l/)).endsWith("\u001b[?25h\u001b[?1049l"));
  assert.deepEqual(raw, [true, false]);
});

test("watch: Ctrl-C ends it too, and an access point that goes away gives the screen back", async (t) => {
  const { folder } = await house(t, 1);
  const first = screenOf(80, 24);
  const watching = beacon(["watch", "-p", folder], first.terminal);
  await first.seen(/q ends/);
  first.input.write("\u0003");
  assert.equal(await watching, 0);

  const { network } = await protectedNetwork(1);
  const daemon = daemonOf(network);
  let isGone = false;
  const other = machine(t, { wlan0: (request) => (isGone ? "FAIL: it is gone\n" : daemon(request)) });
  const second = screenOf(80, 24);
  const until = beacon(["watch", "-p", other.folder], second.terminal);
  await second.seen(/q ends/);
  isGone = true;
  assert.equal(await until, 1);
  await second.seen(/\[\?1049l$/);
  assert.match(`${second.terminal.errors.read()}`, /it is gone/);
});
