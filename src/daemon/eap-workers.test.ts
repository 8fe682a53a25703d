import assert from "node:assert/strict";
import { after, test } from "node:test";
import { VirtualClock } from "../../testing/virtual-clock.ts";
import { utf8 } from "../base/bytes.ts";
import { Log } from "../base/log.ts";
import { eapArithmeticHere } from "../crypto/eap-arithmetic.ts";
import { systemEntropy } from "../linux/entropy.ts";
import { eapGroups } from "./eap-groups.ts";
import { eapWorkers } from "./eap-workers.ts";

const said: string[] = [];
const workers = eapWorkers({ clock: new VirtualClock(), log: new Log(({ text }) => void said.push(text)) });
const here = eapArithmeticHere(eapGroups);
after(() => workers.close());

const names = { token: new Uint8Array(4), peerId: utf8("peer"), serverId: utf8("server") };
const bothWays = [workers, here] as const;

test("EAP-pwd: what one end commits to elsewhere, the other agrees on here", async () => {
  for (const group of [19, 21] as const) {
    const commits = await Promise.all(
      bothWays.map((way) => way.run("pwd-commit", { group, password: utf8("secret"), names }, systemEntropy)),
    );
    const [one, other] = commits;
    assert.ok(one && other);
    assert.deepEqual(one.pwe, other.pwe);
    const agree = (way: typeof here, mine: typeof one, peer: typeof one.own) =>
      way.run("pwd-agree", { group, pwe: mine.pwe, secrets: mine.secrets, peer }, systemEntropy);
    const agreed = await Promise.all([agree(workers, one, other.own), agree(here, other, one.own)]);
    assert.ok(agreed[0].kind === "agreed");
    assert.deepEqual(agreed[0], agreed[1]);
    const foreign = { scalar: one.own.scalar, element: one.own.element.slice().fill(1) };
    assert.deepEqual(await agree(workers, one, foreign), { kind: "not-of-the-group" });
  }
});

test("Diffie-Hellman: the same, and a key that is none", async () => {
  for (const name of ["modp14", "modp16"] as const) {
    const [one, other] = await Promise.all(
      bothWays.map((way) => way.run("modp-draw", { name, generator: 2 }, systemEntropy)),
    );
    assert.ok(one && other);
    const agreed = await Promise.all([
      workers.run("modp-agree", { name, privateKey: one.privateKey, peerKey: other.publicKey }, systemEntropy),
      here.run("modp-agree", { name, privateKey: other.privateKey, peerKey: one.publicKey }, systemEntropy),
    ]);
    assert.ok(agreed[0]);
    assert.deepEqual(agreed[0], agreed[1]);
    const none = { name, privateKey: one.privateKey, peerKey: new Uint8Array(one.publicKey.length) };
    assert.equal(await workers.run("modp-agree", none, systemEntropy), undefined);
  }
  assert.deepEqual(said, []);
});

test("the loop goes on while a password's element is looked for", async () => {
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  await Promise.all(
    Array.from({ length: 20 }, () =>
      workers.run("pwd-commit", { group: 21, password: utf8("secret"), names }, systemEntropy),
    ),
  );
  clearInterval(ticking);
  assert.ok(turns >= 10, `the loop turned ${turns} times`);
});
