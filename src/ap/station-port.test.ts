import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { VirtualNetwork } from "../../testing/virtual-network.ts";
import { utf8 } from "../base/bytes.ts";
import { type Duration, seconds } from "../base/duration.ts";
import type { BackendAnswer, EapBackend, Granted } from "../dot1x/port.ts";
import { encodeEap } from "../wire/eap/packet.ts";
import { eapIdentity } from "../wire/eap/types.ts";
import { encodeEapol } from "../wire/eapol/eapol.ts";
import { onEapol } from "./eapol.ts";

const nothing: Granted = {
  identity: undefined,
  sessionTimeout: undefined,
  terminationAction: "end",
  idleTimeout: undefined,
  interimInterval: undefined,
  vlan: undefined,
  classes: [],
  chargeableUserIdentity: undefined,
};
const accept = (granted: Partial<Granted> = {}): BackendAnswer => ({
  kind: "accepted",
  packet: undefined,
  msk: undefined,
  sessionId: undefined,
  granted: { ...nothing, ...granted },
});

/** A backend that answers as it is told, and a network without keys, whose EAPOL frames the test plays. */
async function inside(answer: BackendAnswer, ...lines: readonly string[]) {
  const script = { answer, asked: 0, abandoned: 0 };
  const backend: EapBackend = {
    begin: (_, tell) => ({
      respond: () => {
        script.asked += 1;
        tell(script.answer);
      },
      abandon: () => {
        script.abandoned += 1;
      },
    }),
  };
  const text = ["ssid=test", "hw_mode=g", "channel=1", "ieee8021x=1", "eap_server=1", ...lines].join("\n");
  const network = await new VirtualNetwork(text, { backend }).start();
  const [bss] = network.radio.bsses;
  assert.ok(bss);
  bss.diversions.eapol = true;
  const { station } = network.station({ ssid: utf8("test") });
  station.join();
  network.pass(3000);
  const { address } = station;
  assert.ok(bss.stations.get(address)?.isAssociated);
  const identify = (): void => {
    const identifier = bss.stations.get(address)?.dot1x?.port.state.eap;
    assert.ok(identifier && identifier.kind === "asked");
    const response = { code: "response", type: eapIdentity, expanded: false, data: utf8("anna") } as const;
    const body = encodeEap({ ...response, identifier: identifier.identifier });
    onEapol(bss, address, encodeEapol({ version: 2, type: "eap-packet", body }), "control");
  };
  const isIn = (): boolean => bss.stations.get(address)?.isAuthorized === true;
  return { network, bss, address, identify, isIn, script };
}

test("the port is closed until the backend accepts", async () => {
  const { identify, isIn, network, script } = await inside(accept());
  assert.ok(!isIn());
  assert.ok(!network.events.some(({ type }) => type === "station-connected"));
  identify();
  assert.ok(isIn());
  assert.deepEqual([script.asked, script.abandoned], [1, 1]);
  network.stop();
});

test("RFC 2865, 5.27: a session has its end", async () => {
  const { identify, isIn, network } = await inside(accept({ sessionTimeout: seconds(60) }));
  identify();
  network.pass(59_000);
  assert.ok(isIn());
  network.pass(2000);
  assert.ok(!isIn());
  network.stop();
});

test("RFC 2865, 5.29: or it goes on, where the station proves itself anew", async () => {
  const granted = accept({ sessionTimeout: seconds(60), terminationAction: "reauthenticate" });
  const { identify, isIn, network, script } = await inside(granted);
  identify();
  network.pass(61_000);
  assert.ok(isIn());
  identify();
  network.pass(61_000);
  assert.equal(script.asked, 2);
  script.answer = { kind: "refused", packet: undefined, reason: "no more", reasonCode: 5 };
  identify();
  assert.ok(!isIn());
  network.stop();
});

test("RFC 5176: the server changes its mind about how long, and what happens then", async () => {
  const granted = accept({ sessionTimeout: seconds(60), terminationAction: "reauthenticate" });
  const { identify, isIn, network, script, bss, address } = await inside(granted);
  identify();
  const port = bss.stations.get(address)?.dot1x ?? assert.fail();
  const regrant = (after: number, terminationAction: "end" | "reauthenticate"): void =>
    port.regrant({ sessionEnds: (bss.clock.now() + seconds(after)) as Duration, terminationAction });
  regrant(200, "reauthenticate");
  network.pass(150_000);
  assert.equal(script.asked, 1);
  network.pass(52_000);
  identify();
  assert.equal(script.asked, 2);
  regrant(100, "end");
  network.pass(99_000);
  assert.ok(isIn());
  network.pass(2000);
  assert.deepEqual([isIn(), script.asked], [false, 2]);
  network.stop();
});

test("dynamic_vlan=2: the server has to name a VLAN, and one that there is", async () => {
  for (const vlan of [undefined, { untagged: 5000, tagged: [] }]) {
    const { identify, isIn, network, address } = await inside(accept({ vlan }), "dynamic_vlan=2");
    identify();
    assert.ok(!isIn());
    const told = network.events.find((event) => event.type === "eap-failed" && event.station === address);
    assert.match(told?.type === "eap-failed" ? told.reason : "", /VLAN/);
    network.stop();
  }
});

test("a server that is away for a moment ends no session", async () => {
  const { identify, isIn, network, script } = await inside(accept(), "eap_reauth_period=100");
  identify();
  network.pass(101_000);
  script.answer = { kind: "unreachable", reason: "no server answers" };
  identify();
  network.pass(20_000);
  assert.ok(isIn());
  network.pass(11_000);
  script.answer = accept();
  identify();
  assert.ok(isIn());
  network.stop();
});

test("whatever EAPOL a station sends, nothing throws, and nothing but the backend lets it in", async () => {
  const { network, bss, address, isIn } = await inside({ kind: "refused", packet: undefined, reason: "never" });
  const frame = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .tuple(fc.integer({ min: 0, max: 6 }), fc.uint8Array({ maxLength: 40 }))
      .map(([type, body]) => Uint8Array.from([2, type, 0, body.length, ...body])),
  );
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 20 }), fc.integer({ min: 0, max: 40_000 }), (frames, time) => {
      for (const each of frames) onEapol(bss, address, each, "control");
      network.pass(time);
      assert.ok(!isIn());
    }),
    { numRuns: 100 },
  );
  network.stop();
});
