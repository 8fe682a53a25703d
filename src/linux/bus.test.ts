import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAnswer } from "./bus.ts";

test("busctl's answers: variants are unwrapped, whatever is no answer is none", () => {
  // busctl --json=short of systemd 252, asked of iwd 2.3 and NetworkManager 1.42.
  assert.deepEqual(parseAnswer('{"type":"v","data":[{"type":"u","data":30}]}'), [30]);
  assert.deepEqual(
    parseAnswer(
      '{"type":"a{oa{sa{sv}}}","data":[{"/a":{"x.Device":{"Name":{"type":"s","data":"wlan0"},"Powered":{"type":"b","data":true}}}}]}',
    ),
    [{ "/a": { "x.Device": { Name: "wlan0", Powered: true } } }],
  );
  assert.deepEqual(parseAnswer('{"type":"ao","data":[["/a","/b"]]}'), [["/a", "/b"]]);
  assert.deepEqual(parseAnswer(""), []);
  assert.deepEqual(parseAnswer("no JSON"), []);
});
