/** Who is there and which method, with Debian's eapol_test for a peer and a RADIUS server in between. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../src/base/bytes.ts";
import { type Authenticated, authenticate, passwordOf, type TestUsers } from "../../testing/eap-server.ts";

const password = passwordOf("password");

/** @param network of eapol_test, without the password */
const asks = (outer: TestUsers, ...network: readonly string[]): Promise<Authenticated> =>
  authenticate({ outer, methods: [] }, { network: ['password="password"', ...network], arguments: ["-n"] });

const told = (lines: readonly string[], type: string): number =>
  lines.filter((line) => line.startsWith(`{"type":"${type}"`)).length;

test("a peer that wants another method gets it, if the user has it", async () => {
  const users: TestUsers = { user: { methods: ["GPSK", "MSCHAPV2", "GTC", "MD5"], credential: password } };
  const { succeeded, ends, lines, output } = await asks(users, "eap=MD5", 'identity="user"');
  assert.ok(succeeded, output);
  assert.ok(ends[0]?.kind === "success" && ends[0].method === "MD5");
  assert.equal(told(lines, "refused-by-peer"), 1);
  assert.equal(told(lines, "proposed"), 2);
});

test("the user's order counts, not the peer's", async () => {
  const users: TestUsers = { user: { methods: ["GTC", "MD5"], credential: password } };
  const { succeeded, ends } = await asks(users, "eap=MD5 GTC", 'identity="user"');
  assert.ok(succeeded);
  assert.ok(ends[0]?.kind === "success" && ends[0].method === "GTC");
});

test("a peer that speaks none of the user's methods is told no, and the log why", async () => {
  const users: TestUsers = { user: { methods: ["MD5", "GTC"], credential: password } };
  const { succeeded, ends } = await asks(users, "eap=PAX", 'identity="user"');
  assert.ok(!succeeded);
  assert.ok(ends[0]?.kind === "failure");
  assert.match(ends[0].reason, /does not speak MD5, and wants PAX/);
});

test("nobody knows a stranger", async () => {
  const { succeeded, ends, output } = await asks({}, "eap=MD5", 'identity="stranger"');
  assert.ok(!succeeded);
  assert.ok(ends[0]?.kind === "failure");
  assert.equal(ends[0].reason, "there is no user 'stranger'");
  assert.match(output, /EAP: Received EAP-Failure/);
});

test("identities of any octets, and long ones", async () => {
  const users: TestUsers = { "*": { methods: ["MD5"], credential: password } };
  const name = "é\u0001x".repeat(60).slice(0, 150);
  const hex = Buffer.from(name).toString("hex");
  const { succeeded, ends } = await asks(users, "eap=MD5", `identity=${hex}`);
  assert.ok(succeeded);
  assert.ok(ends[0]?.kind === "success");
  assert.equal(textOf(ends[0].identity), name);
});

test("a wrong password: MSCHAPV2 says which error it is", async () => {
  const users: TestUsers = { user: { methods: ["MSCHAPV2"], credential: passwordOf("another") } };
  const { succeeded, ends, output } = await asks(users, "eap=MSCHAPV2", 'identity="user"');
  assert.ok(!succeeded);
  assert.ok(ends[0]?.kind === "failure");
  assert.equal(ends[0].reason, "MSCHAPV2: the password is wrong");
  assert.match(output, /EAP-MSCHAPV2: error 691/);
});

test("MSCHAPV2: a name that isn't the identity", async () => {
  const users: TestUsers = { "*": { methods: ["MSCHAPV2"], credential: password } };
  const { succeeded, ends } = await asks(users, "eap=MSCHAPV2", 'identity="user"', 'anonymous_identity="other"');
  assert.ok(!succeeded);
  assert.ok(ends[0]?.kind === "failure");
  assert.match(ends[0].reason, /calls itself 'user', where its identity is 'other'/);
});

test("several authentications, one after the other", async () => {
  const users: TestUsers = { user: { methods: ["MD5"], credential: password } };
  const { succeeded, ends } = await authenticate(
    { outer: users, methods: [] },
    { network: ["eap=MD5", 'identity="user"', 'password="password"'], arguments: ["-n"], reauthentications: 3 },
  );
  assert.ok(succeeded);
  assert.deepEqual(
    ends.map(({ kind }) => kind),
    ["success", "success", "success", "success"],
  );
});

test("an entry that has the identity asked for once more", async () => {
  const users: TestUsers = {
    "*": { methods: ["Identity", "MD5"], credential: password },
    user: { methods: ["MD5"], credential: password },
  };
  const { succeeded, lines } = await asks(users, "eap=MD5", 'identity="user"', 'anonymous_identity="hint"');
  assert.ok(!succeeded);
  assert.ok(told(lines, "identified") >= 2);
});
