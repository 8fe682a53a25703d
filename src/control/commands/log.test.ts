import assert from "node:assert/strict";
import { test } from "node:test";
import { ControlledNetwork, openText } from "../../../testing/controlled-network.ts";

test("the log's level, its timestamps, a note, and the end of it all", async () => {
  const network = new ControlledNetwork();
  await network.start(openText);
  assert.equal(network.ask("LOG_LEVEL"), "Current level: INFO\nTimestamp: 0\n");
  assert.equal(network.ask("LOG_LEVEL  MSGDUMP  1"), "OK\n");
  assert.equal(network.ask("LOG_LEVEL"), "Current level: MSGDUMP\nTimestamp: 1\n");
  assert.equal(network.ask("LOG_LEVEL FOO"), "FAIL\n");
  assert.equal(network.ask("LOG_LEVEL warning"), "OK\n");
  assert.equal(network.ask("LOG_LEVEL"), "Current level: WARNING\nTimestamp: 1\n");
  assert.equal(network.ask("NOTE a note\nof two lines"), "OK\n");
  assert.equal(network.records.at(-1)?.text, "NOTE: a note\\x0aof two lines");
  assert.equal(network.ask("RELOG"), "OK\n");
  assert.equal(network.askGlobal("RELOG"), "OK\n");
  assert.equal(network.logging.reopened, 2);
  assert.equal(network.ask("CLOSE_LOG"), "OK\n");
  assert.equal(network.logging.closed, 1);
  assert.equal(network.ask("TERMINATE"), "OK\n");
  assert.equal(network.askGlobal("TERMINATE"), "OK\n");
  assert.equal(network.terminated, 2);
});
