/** Every command in bad weather: no stack trace, a sentence, the right exit status, and nothing left behind. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { beaconDescription } from "../../src/cli/beacon.ts";
import { fakeControlSocket } from "../../testing/fake-control-socket.ts";
import { repositoryRoot } from "../../testing/repository.ts";
import { askingCommands, assertDecent, radioCommands, runCommands, writingCommands } from "../../testing/weather.ts";

const outer = mkdtempSync(join(tmpdir(), "weather-"));
after(() => rmSync(outer, { recursive: true, force: true }));
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
/** Mounts of its own, which nobody else sees. */
const inside = isRoot ? ["unshare", "-m"] : ["unshare", "-r", "-m"];

test("each command is tried here, but for those that need neither a daemon nor a radio nor a file", () => {
  const tried = [...askingCommands("x"), ...radioCommands, ...writingCommands("x")].map(({ args }) => args[0]);
  const others = ["down", "watch", "dhcp", "doctor", "sae-pk", "completion"];
  assert.deepEqual(
    (beaconDescription.commands ?? [])
      .map(({ name }) => name)
      .filter((name) => !tried.includes(name) && !others.includes(name)),
    [],
  );
});

describe("no daemon", () => {
  for (const [what, before] of [
    ["root", []],
    ["not root", asNobody],
  ] as const) {
    test(`${what}: whoever asks hears that nobody answers, and what to do`, async () => {
      const empty = mkdtempSync(join(outer, "empty-"));
      chmodSync(outer, 0o755);
      chmodSync(empty, 0o755);
      for (const where of [join(outer, "nowhere"), empty]) {
        for (const outcome of await runCommands(askingCommands(where), { before, together: true, watched: empty })) {
          assertDecent(outcome);
          assert.equal(outcome.status, 1, outcome.line);
          assert.match(outcome.errors, /no access point|control socket|Failed to connect/, outcome.line);
        }
      }
    });
  }

  test("down has nothing to do; watch and doctor say what they see", async () => {
    const outcomes = await runCommands([
      { args: ["down"] },
      { args: ["down", "nosuch0"] },
      { args: ["doctor", "nosuch0"] },
      { args: ["doctor", "--json"] },
    ]);
    for (const outcome of outcomes) assertDecent(outcome);
    assert.deepEqual(
      outcomes.slice(0, 2).map(({ status }) => status),
      [0, 0],
    );
  });
});

describe("no radio, or not root", () => {
  for (const [what, before] of [
    ["root", []],
    ["not root", asNobody],
  ] as const) {
    test(what, async () => {
      for (const outcome of await runCommands(radioCommands, { before })) {
        assertDecent(outcome);
        assert.equal(outcome.status, 1, `${outcome.line}: ${outcome.output}`);
      }
    });
  }

  test("who isn't root is told that that is what it takes", async () => {
    const [outcome] = await runCommands([{ args: ["up", "--open"] }], { before: asNobody });
    assert.match(outcome?.errors ?? "", /only root may take a radio: sudo beacon up/);
  });
});

describe("garbage on the sockets", () => {
  const garbage = new TextDecoder("latin1").decode(Uint8Array.from({ length: 600 }, (_, i) => (i * 7919) % 256));
  for (const [what, answer] of [
    ["octets", garbage],
    ["nothing in them", ""],
    ["very much", "A".repeat(8000)],
    ["JSON of something else", '{"state":[{"x":null}]}\n'],
    ["null", "null\n"],
    ["a list", "[[],{}]\n"],
    ["refusals", "FAIL\n"],
    ["unknown commands", "UNKNOWN COMMAND\n"],
  ] as const) {
    test(`${what}: two that answer so`, async () => {
      const folder = mkdtempSync(join(outer, "sockets-"));
      const servers = ["wlan0", "wlan1"].map((name) => fakeControlSocket(join(folder, name), () => answer));
      try {
        for (const outcome of await runCommands(askingCommands(folder), { together: true, watched: folder }))
          assertDecent(outcome);
      } finally {
        for (const server of servers) server.close();
      }
    });
  }

  test("silence: it is waited for a while, and then said", async () => {
    const folder = mkdtempSync(join(outer, "silent-"));
    const server = fakeControlSocket(join(folder, "wlan0"), () => undefined);
    try {
      for (const outcome of await runCommands(askingCommands(folder), { together: true })) {
        assertDecent(outcome);
        assert.equal(outcome.status, 1, `${outcome.line}: ${outcome.output}`);
      }
    } finally {
      server.close();
    }
  });
});

describe("a disk that takes nothing", () => {
  const prepared = join(outer, "prepared");
  before(() => {
    mkdirSync(prepared);
    writeFileSync(
      join(prepared, "hostapd.conf"),
      `interface=wlan0\nssid=x\nhw_mode=G\nchannel=1\n${"#\n".repeat(3000)}`,
    );
    writeFileSync(
      join(prepared, "dhcpd.conf"),
      "subnet 127.0.0.0 netmask 255.0.0.0 { range 127.0.0.10 127.0.0.20; }\n",
    );
    const beacon = join(repositoryRoot(), "bin", "beacon");
    execFileSync(beacon, ["pki", "init", join(prepared, "pki"), "--domain", "radius.example.org", "--ssid", "x"]);
    execFileSync(beacon, ["pki", "client", "carl", "-d", join(prepared, "pki")]);
  });

  for (const [what, then] of [
    ["full", "dd if=/dev/zero of=DISK/filler bs=4096 status=none 2>/dev/null || true"],
    ["read-only", "mount -o remount,ro DISK"],
  ] as const) {
    test(what, async () => {
      const disk = join(outer, what);
      mkdirSync(disk);
      const script = [
        "set -e",
        `mount -t tmpfs -o size=400k,mode=755 none ${disk}`,
        `cp -r ${prepared}/. ${disk}`,
        then.replace("DISK", disk),
        'exec "$@"',
      ].join("\n");
      const outcomes = await runCommands(writingCommands(disk), {
        before: [...inside, "sh", "-c", script, "sh"],
        watched: disk,
      });
      for (const outcome of outcomes) {
        assertDecent(outcome);
        assert.equal(outcome.status, 1, `${outcome.line}: ${outcome.output}${outcome.errors}`);
        assert.match(outcome.errors, /no space|ENOSPC|read-only|EROFS|can't be|could not|failed/i, outcome.line);
      }
    });
  }
});

describe("files that are none", () => {
  test("directories, devices, what isn't there and what nobody may read", async () => {
    const secret = join(outer, "secret");
    writeFileSync(secret, "x", { mode: 0o600 });
    chmodSync(outer, 0o755);
    const paths = ["/nowhere/x", "/tmp", "/dev/null", "/dev/zero", secret];
    const commands = paths.flatMap((path) => [
      { args: ["check", path] },
      { args: ["check", "--fix", path] },
      { args: ["qr", path] },
      { args: ["qr", "--ssid", "m", "--passphrase-file", path] },
      { args: ["explain", "--log", path] },
      { args: ["dhcp", "lo", "--config", path, "--leases", path] },
      { args: ["sae-pk", "--key", path, "m"] },
      { args: ["pki", "show", "-d", path] },
      { args: ["up", "--passphrase-file", path] },
      { args: ["doctor", "--config", path] },
    ]);
    for (const outcome of await runCommands(commands, { before: asNobody })) assertDecent(outcome);
  });
});

describe("nobody who reads, and nowhere to write to", () => {
  const beacon = join(repositoryRoot(), "bin", "beacon");
  for (const [what, script] of [
    [
      "a reader that has read enough",
      `"$0" man up | head -c 1 >/dev/null; "$0" --help | true; "$0" start --virtual --json | head -n 1 >/dev/null`,
    ],
    [
      "a full disk behind standard output",
      `"$0" --help >/dev/full; test $? = 1 && "$0" man up >/dev/full; test $? = 1 && "$0" channels --json >/dev/full; test $? = 1`,
    ],
    ["standard output that is closed", `"$0" --help >&-; "$0" man up >&- ; true`],
  ] as const) {
    test(what, () => {
      const said = execFileSync("sh", ["-c", `{ ${script}; } 2>&1`, beacon], { encoding: "utf8" });
      assert.doesNotMatch(said, /^\s+at .*:\d+:\d+\)?$/m);
    });
  }
});
