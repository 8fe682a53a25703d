import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { beacon } from "./beacon.ts";
import { manPages } from "./man.ts";

async function run(...args: string[]) {
  const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
  const status = await beacon(args, terminal);
  return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
}

describe("manual pages", () => {
  const folder = mkdtempSync(join(tmpdir(), "man-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const pages = manPages("2026-08-01");
  for (const { name, section, roff } of pages) writeFileSync(join(folder, `${name}.${section}`), roff);

  for (const [program, args] of [
    ["mandoc", ["-T", "lint", "-W", "warning"]],
    ["groff", ["-man", "-ww", "-z", "-Tutf8"]],
  ] as const) {
    test(`${program} has nothing to say against any of them`, () => {
      for (const file of readdirSync(folder)) {
        const { stdout, stderr, status } = spawnSync(program, [...args, join(folder, file)], { encoding: "utf8" });
        assert.deepEqual({ stdout, stderr, status }, { stdout: "", stderr: "", status: 0 }, file);
      }
    });
  }

  test("a page shows what the help says", () => {
    const { stdout } = spawnSync("mandoc", ["-T", "ascii", join(folder, "beacon-up.1")], { encoding: "utf8" });
    const shown = stdout
      .split("")
      .map((part, i, all) => (i < all.length - 1 ? part.slice(0, -1) : part))
      .join("");
    assert.match(shown, /^NAME\n +beacon-up - make a working network/m);
    assert.match(shown, /^SYNOPSIS\n +beacon up \[--ssid NAME\] \[--passphrase P \| --passphrase-file FILE \|\n/m);
    assert.match(shown, /^ +--print-config\n +write the hostapd\.conf that it would run/m);
    assert.match(shown, /^EXIT STATUS\n +0 +ended by a signal/m);
    assert.match(shown, /^ +beacon up --ssid meadow/m);
    assert.match(shown, /beacond\(8\)/);
  });

  test("beacon man shows one, names all, and writes all", async () => {
    assert.match((await run("man", "up")).output, /^\.TH BEACON\\?-UP 1 /);
    assert.match((await run("man", "beacond")).output, /^\.TH BEACOND 8 /);
    assert.match((await run("man")).output, /^beacon-doctor\(1\) +walk the chain/m);
    const where = join(folder, "all");
    const { output } = await run("man", "--write", where, "--json");
    const written = output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(written.map(({ page, section }) => `${page}.${section}`).sort(), readdirSync(where).sort());
    rmSync(where, { recursive: true });
    assert.match((await run("man", "docter")).errors, /no page 'docter'; did you mean 'doctor'\?/);
    assert.equal((await run("man", "--write", "/proc/nowhere")).status, 1);
  });
});

describe("completion", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "a file.conf"), "");
  const shell = (program: string, args: readonly string[]) => {
    const { stdout, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: "utf8", timeout: 20_000 });
    assert.ifError(error);
    assert.equal(stderr, "");
    return stdout.split("\n").filter((line) => line !== "");
  };

  const cases: readonly (readonly [words: readonly string[], some: readonly string[], none: readonly string[]])[] = [
    [["d"], ["down", "dhcp", "doctor"], ["up"]],
    [["up", "--pass"], ["--passphrase", "--passphrase-file"], ["--ssid"]],
    [["up", "--band", ""], ["2.4", "5", "6"], ["lo"]],
    [["up", "--interface", ""], ["lo"], ["2.4"]],
    [["down", ""], ["lo"], ["up"]],
    [["check", "a"], ["a file.conf"], ["channels"]],
    [["check", "x", "a"], ["a file.conf"], []],
    [["completion", ""], ["bash", "zsh", "fish"], []],
    [["cli", "-i", "lo", "disassoc"], ["disassociate"], ["deauthenticate"]],
  ];

  test("bash", async () => {
    const { output: script } = await run("completion", "bash");
    const complete = (words: readonly string[]) =>
      shell("bash", [
        "-c",
        `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _beacon && printf '%s\\n' "\${COMPREPLY[@]}"`,
        "beacon",
        "beacon",
        ...words,
      ]);
    for (const [words, some, none] of cases) judge(words, complete(words), some, none);
    // bash splits at `=`
    judge(["--band="], complete(["up", "--band", "=", ""]), ["2.4", "5"], []);
    judge(["--band=2"], complete(["up", "--band", "=", "2"]), ["2.4"], ["5"]);
  });

  test("fish", async () => {
    writeFileSync(join(folder, "beacon.fish"), (await run("completion", "fish")).output);
    for (const [words, some, none] of cases) {
      const line = ["beacon", ...words].join(" ");
      const offered = shell("fish", ["--no-config", "-c", `source beacon.fish; complete -C "${line}"`]).map(
        (each) => each.split("\t")[0] ?? "",
      );
      judge(words, offered, some, none);
    }
  });

  test("zsh", async () => {
    writeFileSync(join(folder, "_beacon"), (await run("completion", "zsh")).output);
    // What a Tab shows can only be seen on a terminal: zsh's own.
    const driver = `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; fpath=($PWD \\$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=500; echo RE''ADY"
zpty -r -m z out '*READY*'
zpty -n -w z "beacon $1"$'\\t\\t'
sleep 0.5
zpty -n -w z $'\\x15'"echo DO''NE"$'\\n'
zpty -r -m z out '*DONE*'
print -r -- "$out"`;
    for (const [words, some] of cases.slice(0, 4)) {
      const text = shell("zsh", ["-f", "-c", driver, "driver", words.join(" ")]).join(" ");
      const offered = [...stripVTControlCharacters(text).matchAll(/[\w.-]+/g)].map(([word]) => word);
      judge(words, offered, some, []);
    }
  });

  function judge(
    words: readonly string[],
    offered: readonly string[],
    some: readonly string[],
    none: readonly string[],
  ): void {
    const shown = offered.map((each) => each.replaceAll("\\", "").trim());
    for (const each of some)
      assert.ok(shown.includes(each), `${words.join(" ")}: ${each} is missing in ${shown.join(", ")}`);
    for (const each of none) assert.ok(!shown.includes(each), `${words.join(" ")}: ${each} is offered`);
  }
});
