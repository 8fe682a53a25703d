import assert from "node:assert/strict";
import { test } from "node:test";
import { commands, findCommand, helpText, requestText } from "./commands.ts";

/** What is sent to the daemon, or said instead. */
function sent(...[name = "", ...args]: string[]): string {
  const found = findCommand(name);
  assert.equal(found.type, "found", name);
  if (found.type !== "found") return "";
  const { does } = found.command;
  assert.equal(does.type, "request", name);
  if (does.type !== "request") return "";
  const result = requestText(does, args);
  return "text" in result ? result.text : result.refused;
}

test("names are unique", () => {
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
});

// What Debian's hostapd_cli 2.10 sends, seen at a socket that answers it.
test("requests are those of hostapd_cli", () => {
  assert.equal(sent("ping", "x"), "PING");
  assert.equal(sent("STAT"), "STATUS");
  assert.equal(sent("status", "driver"), "STATUS-DRIVER");
  assert.equal(sent("mib", "dot1x"), "MIB dot1x");
  assert.equal(sent("deauth", "02:00:00:00:01:00"), "DEAUTHENTICATE 02:00:00:00:01:00");
  assert.equal(sent("log_level", "a", "b", "c"), "LOG_LEVEL a");
  assert.equal(sent("log_level", "a", "1"), "LOG_LEVEL a 1");
  assert.equal(sent("get", "version"), "GET version");
  assert.equal(sent("set", "ssid", "a b"), "SET ssid a b");
  assert.equal(sent("fst", "TEST"), "FST-MANAGER TEST");
  assert.equal(
    sent("wps_config", "net", "WPA2PSK", "CCMP", "12345678"),
    "WPS_CONFIG 6e6574 WPA2PSK CCMP 3132333435363738",
  );
});

test("too few or too many arguments are not sent", () => {
  assert.equal(sent("sta"), "Invalid STA command - at least 1 argument is required.");
  assert.equal(sent("set", "ssid"), "Invalid SET command - exactly 2 arguments are required.");
  assert.equal(sent("set", "ssid", "a", "b"), "Invalid SET command - exactly 2 arguments are required.");
  assert.equal(sent("vendor", "1", "2", "3", "4", "5"), "Invalid VENDOR command - at most 4 arguments are required.");
});

test("a prefix is enough where no other command has it, and the whole name always is", () => {
  assert.deepEqual(findCommand("rel"), {
    type: "ambiguous",
    names: ["relog", "reload", "reload_bss", "reload_config", "reload_wpa_psk", "reload_rxkhs"],
  });
  assert.equal(sent("reload"), "RELOAD");
  assert.equal(sent("sta", "a"), "STA a");
  assert.deepEqual(findCommand("foo"), { type: "unknown" });
});

test("the help shows all commands, or those with a prefix", () => {
  assert.equal(
    helpText("")
      .split("\n  ")
      .filter((line) => /^\S/.test(line)).length,
    commands.length + 1,
  );
  assert.equal(helpText("pin"), "commands:\n  ping = ask whether the daemon is there\n");
});
