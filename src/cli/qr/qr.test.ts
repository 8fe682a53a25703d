import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeQR } from "qr/decode.js";
import { saePkVector } from "../../../test/vectors/sae.ts";
import { beacon } from "../beacon.ts";
import { type Modules, modulesOf, pngOctets, svgText, terminalText } from "./drawing.ts";
import { type WifiNetwork, wifiUri } from "./wifi-uri.ts";

/**
 * What Android 15's WifiUriParser makes of it: fields until a `;` with no backslash before it, a backslash takes the next
 * character as it is.
 */
function readAsAndroid(uri: string): Record<string, string> {
  assert.ok(uri.startsWith("WIFI:"));
  const fields: Record<string, string> = {};
  let at = 5;
  while (at < uri.length) {
    if (uri[at] === ";") {
      at++;
      continue;
    }
    const name = uri.slice(at, uri.indexOf(":", at));
    at += name.length + 1;
    let value = "";
    for (; uri[at] !== ";"; at++) {
      if (uri[at] === "\\") at++;
      value += uri[at];
    }
    fields[name] = value;
  }
  return fields;
}

/** ZXing's WifiResultParser: the field's value ends at a `;` behind an even number of backslashes. */
function readAsZxing(uri: string, name: string): string | undefined {
  const start = new RegExp(`(?:^WIFI:|;)${name}:`).exec(uri);
  if (start === null) return undefined;
  const from = start.index + start[0].length;
  let end = from;
  for (;;) {
    end = uri.indexOf(";", end);
    const backslashes = /\\*$/.exec(uri.slice(from, end))?.[0].length ?? 0;
    if (backslashes % 2 === 0) return uri.slice(from, end).replace(/\\(.)/gs, "$1");
    end++;
  }
}

const character = fc.oneof(
  fc.constantFrom("\\", ";", ",", ":", '"', " ", "S:", ";P:", "%3B"),
  fc.string({ maxLength: 2, unit: "grapheme" }),
);
const word = fc.array(character, { minLength: 1, maxLength: 20 }).map((parts) => parts.join(""));

test("whatever a name and a password are, phones read the same", () => {
  fc.assert(
    fc.property(word, word, word, fc.boolean(), fc.nat(15), (ssid, password, id, isHidden, transitionDisable) => {
      const network: WifiNetwork = {
        type: "WPA",
        ssid,
        password,
        isHidden,
        transitionDisable,
        passwordIdentifier: id,
        publicKey: Uint8Array.of(1, 2, 3),
      };
      const fields = readAsAndroid(wifiUri(network));
      const expected = {
        T: "WPA",
        ...(transitionDisable === 0 ? {} : { R: transitionDisable.toString(16) }),
        S: ssid,
        ...(isHidden ? { H: "true" } : {}),
        I: id,
        P: password,
        K: "AQID",
      };
      assert.deepEqual(fields, expected);
    }),
  );
  fc.assert(
    fc.property(word, word, (ssid, password) => {
      const uri = wifiUri({ type: "SAE", ssid, password, isHidden: false });
      assert.equal(readAsZxing(uri, "S"), ssid);
    }),
  );
});

test("what looks like hexadecimal digits is not put in quotation marks", () => {
  const uri = wifiUri({ type: "SAE", ssid: "ABCD", password: "12345678", isHidden: true });
  assert.equal(uri, "WIFI:T:SAE;S:ABCD;H:true;P:12345678;;");
  assert.equal(wifiUri({ type: "nopass", ssid: "x", isHidden: false }), "WIFI:T:nopass;S:x;;");
});

/** A picture of grey values, three octets a pixel. */
function decode(rows: readonly (readonly boolean[])[], scale = 6): string {
  const border = 4;
  const size = (rows.length + 2 * border) * scale;
  const data = new Uint8Array(size * size * 3).fill(255);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      if (rows[Math.floor(y / scale) - border]?.[Math.floor(x / scale) - border] === true)
        data.fill(0, (y * size + x) * 3, (y * size + x) * 3 + 3);
  return decodeQR({ width: size, height: size, data }, { timeLimit: 2000 });
}

/** Modules that a terminal's half blocks show: light is what is drawn. */
const modulesOnTerminal = (text: string): Modules =>
  text
    .replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, "g"), "")
    .trimEnd()
    .split("\n")
    .flatMap((line) => {
      const cells = [...line];
      return [cells.map((cell) => cell === " " || cell === "▄"), cells.map((cell) => cell === " " || cell === "▀")];
    });

describe("drawings", () => {
  const folder = mkdtempSync(join(tmpdir(), "qr-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const texts = [
    "WIFI:T:WPA;S:meadow;P:correct horse;;",
    wifiUri({ type: "SAE", ssid: 'a;"b', password: "p\\:ß€😀".repeat(20), isHidden: true }),
  ];

  for (const text of texts) {
    test(`${text.slice(0, 30)}: terminal, SVG and PNG are read`, async () => {
      const modules = await modulesOf(text);
      for (const coloured of [true, false]) {
        const shown = modulesOnTerminal(terminalText(modules, coloured));
        assert.ok(
          shown
            .slice(0, 2)
            .flat()
            .every((dark) => !dark),
          "quiet zone",
        );
        assert.equal(decode(shown), text);
      }
      const size = Number(/viewBox="0 0 (\d+)/.exec(svgText(modules))?.[1]);
      const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
      for (const [, x, y] of svgText(modules).matchAll(/M(\d+) (\d+)h1v1h-1z/g))
        (grid[Number(y)] ?? [])[Number(x)] = true;
      assert.equal(decode(grid), text);
      const file = join(folder, "code.png");
      writeFileSync(file, pngOctets(modules));
      const { stdout, error } = spawnSync("zbarimg", ["-q", "--raw", "-Sbinary", file], { encoding: "utf8" });
      assert.ifError(error);
      assert.equal(stdout, text);
    });
  }

  test("what is too much is refused in words", async () => {
    await assert.rejects(modulesOf("x".repeat(2400)), /too much for a code/);
  });
});

describe("beacon qr", () => {
  const folder = mkdtempSync(join(tmpdir(), "qr-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));

  async function run(args: readonly string[], typed = "") {
    const terminal = { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
    terminal.input.end(typed);
    const status = await beacon(["qr", ...args], terminal);
    return { status, output: `${terminal.output.read() ?? ""}`, errors: `${terminal.errors.read() ?? ""}` };
  }

  async function uriOf(lines: readonly string[], ...args: string[]) {
    const config = join(folder, "hostapd.conf");
    writeFileSync(config, ["interface=wlan0", "hw_mode=g", "channel=1", ...lines].join("\n"));
    const { output, errors } = await run([config, "--json", ...args]);
    return output === "" ? errors : JSON.parse(output).uri;
  }

  const wpa2 = ["ssid=meadow", "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=WPA-PSK"];
  const sae = ["ssid=meadow", "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=SAE", "ieee80211w=2"];

  for (const [what, lines, uri] of [
    ["WPA2", [...wpa2, "wpa_passphrase=correct horse"], "WIFI:T:WPA;S:meadow;P:correct horse;;"],
    ["a key", [...wpa2, `wpa_psk=${"0a".repeat(32)}`], `WIFI:T:WPA;S:meadow;P:${"0a".repeat(32)};;`],
    [
      "hidden",
      [...wpa2, "wpa_passphrase=correct horse", "ignore_broadcast_ssid=1"],
      "WIFI:T:WPA;S:meadow;H:true;P:correct horse;;",
    ],
    [
      "both",
      [...wpa2, "wpa_key_mgmt=WPA-PSK SAE", "ieee80211w=1", "wpa_passphrase=12345678"],
      "WIFI:T:WPA;S:meadow;P:12345678;;",
    ],
    ["WPA3", [...sae, "sae_password=s"], "WIFI:T:WPA;R:1;S:meadow;P:s;;"],
    ["an identifier", [...sae, "sae_password=s;t|id=me"], "WIFI:T:WPA;R:1;S:meadow;I:me;P:s\\;t;;"],
    ["WPA3 by wpa_passphrase", [...sae, "wpa_passphrase=12345678"], "WIFI:T:WPA;R:1;S:meadow;P:12345678;;"],
    ["open", ["ssid=meadow"], "WIFI:T:nopass;S:meadow;;"],
    [
      "OWE",
      ["ssid=meadow", "wpa=2", "rsn_pairwise=CCMP", "wpa_key_mgmt=OWE", "ieee80211w=2"],
      "WIFI:T:nopass;S:meadow;;",
    ],
    ["WEP", ["ssid=meadow", 'wep_key0="abcde"'], "WIFI:T:WEP;S:meadow;P:abcde;;"],
    [
      "UTF-8",
      ["utf8_ssid=1", 'ssid2=P"gr\\xc3\\xbcn"', ...wpa2.slice(1), "wpa_passphrase=12345678"],
      "WIFI:T:WPA;S:grün;P:12345678;;",
    ],
  ] as const) {
    test(`of a configuration: ${what}`, async () => {
      assert.equal(await uriOf(lines), uri);
    });
  }

  test("SAE-PK brings the access point's key along", async () => {
    const { ssid, passwords, modifier, privateKey } = saePkVector;
    const uri = await uriOf([
      `ssid=${ssid}`,
      ...sae.slice(1),
      `sae_password=${passwords[0]}|pk=${modifier}:${privateKey}`,
    ]);
    const fields = readAsAndroid(uri);
    assert.deepEqual([fields["T"], fields["R"], fields["P"]], ["WPA", "1", passwords[0]]);
    // SubjectPublicKeyInfo, P-256, compressed point: RFC 5480
    assert.match(
      Buffer.from(fields["K"] ?? "", "base64").toString("hex"),
      /^3039301306072a8648ce3d020106082a8648ce3d030107032200(02|03)[0-9a-f]{64}$/,
    );
  });

  test("what no camera can be told is said in words", async () => {
    assert.match(await uriOf([...wpa2, "wpa_psk_file=/dev/null"]), /passphrases are in '\/dev\/null'/);
    assert.match(
      await uriOf([...sae, "sae_password=s|mac=02:00:00:00:00:01"]),
      /each password of this network is for one station/,
    );
    assert.match(await uriOf(["ssid2=ff00ff", ...wpa2.slice(1), "wpa_passphrase=12345678"]), /the SSID is not UTF-8/);
    assert.match(
      await uriOf(["ssid=m", "bss=wlan0_1", "ssid=guests"], "-i", "wlan1"),
      /has no network on wlan1; it has wlan0, wlan0_1/,
    );
    assert.equal(await uriOf(["ssid=m", "bss=wlan0_1", "ssid=guests"], "-i", "wlan0_1"), "WIFI:T:nopass;S:guests;;");
    assert.match((await run([join(folder, "none")])).errors, /there is no such file/);
  });

  test("without a configuration: the passphrase comes from a file or from standard input, and files are the owner's alone", async () => {
    const secret = join(folder, "secret");
    writeFileSync(secret, "correct horse\nand more\n");
    assert.equal(
      JSON.parse((await run(["--ssid", "m", "--passphrase-file", secret, "--json"])).output).uri,
      "WIFI:T:WPA;S:m;P:correct horse;;",
    );
    const png = join(folder, "m.png");
    const svg = join(folder, "m.svg");
    writeFileSync(svg, "old", { mode: 0o644 });
    const args = ["--ssid", "m", "--passphrase-file", "-", "--wpa3-only", "--png", png, "--svg", svg];
    const { status, output } = await run(args, "staple;x\n");
    assert.equal(status, 0);
    assert.match(output, /m\.png: joins 'm'/);
    for (const file of [png, svg]) assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.match(readFileSync(svg, "utf8"), /^<svg /);
    assert.equal(
      spawnSync("zbarimg", ["-q", "--raw", "-Sbinary", png], { encoding: "utf8" }).stdout,
      "WIFI:T:WPA;R:1;S:m;P:staple\\;x;;",
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".new")),
      [],
    );
  });

  test("a wrong command line, and a file that can't be written", async () => {
    assert.equal((await run(["--ssid", "m"])).status, 2);
    assert.equal((await run(["--ssid", "m", "--open", "--passphrase-file", "x"])).status, 2);
    assert.match((await run(["--ssid", "m", "--passphrase-file", "-"], "short\n")).errors, /at least 8/);
    assert.match((await run(["--ssid", "m", "--passphrase-file", "-"])).errors, /no passphrase/);
    const { status, errors } = await run(["--ssid", "m", "--open", "--png", "/proc/x.png"]);
    assert.deepEqual([status, /'\/proc\/x\.png' can't be written/.test(errors)], [1, true]);
  });

  test("on a terminal its black and white are its own", async () => {
    const output = Object.assign(new PassThrough(), { isTTY: true });
    const errors = new PassThrough();
    await beacon(["qr", "--ssid", "m", "--open"], { input: new PassThrough(), output, errors });
    const text = `${output.read()}`;
    assert.match(text, new RegExp(`^${String.fromCharCode(27)}\\[38;5;231;48;5;16m█`));
    assert.equal(decode(modulesOnTerminal(text)), "WIFI:T:nopass;S:m;;");
    assert.equal(`${errors.read()}`, "joins 'm'\n");
  });
});
