import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  acceptsWithPassword,
  addressOf,
  authServer,
  joins,
  psk,
  startNetwork,
  value,
} from "../../../testing/radius-access-point.ts";
import { utf8 } from "../../base/bytes.ts";
import { radius } from "../../wire/radius/attributes.ts";
import { AttributeList } from "../../wire/radius/values.ts";

describe("pre-shared keys from RADIUS", () => {
  const required = `${psk}\n${authServer}\nmacaddr_acl=2\nwpa_psk_radius=2`;

  test("a passphrase of its own for each station", async () => {
    const network = await startNetwork(required, (request) =>
      acceptsWithPassword(
        value(request, radius.callingStationId)?.endsWith("1") ? "first passphrase" : "a second one",
      )?.(request),
    );
    assert.ok(joins(network, 1, "first passphrase").station.isConnected);
    assert.ok(joins(network, 2, "a second one").station.isConnected);
    assert.ok(!joins(network, 3, "first passphrase").station.isConnected);
    network.stop();
  });

  test("a key in hexadecimal, and what is none", async () => {
    const network = await startNetwork(required, acceptsWithPassword("2".repeat(64)));
    const one = network.station({
      ssid: utf8("test"),
      address: addressOf(1),
      security: { secret: { psk: new Uint8Array(32).fill(0x22) } },
    });
    one.station.join();
    network.pass(2000);
    assert.ok(one.station.isConnected);
    network.stop();
    for (const wrong of ["q".repeat(64), "1234567"]) {
      const other = await startNetwork(required, acceptsWithPassword(wrong));
      assert.ok(!joins(other, 1, wrong.slice(0, 63).padEnd(8, "x")).station.isConnected);
      other.stop();
    }
  });

  test("accepted: the network's own passphrase counts too", async () => {
    const config = `${psk}\nwpa_passphrase=qwertyuiop\n${authServer}\nmacaddr_acl=2\nwpa_psk_radius=1`;
    const network = await startNetwork(config, acceptsWithPassword("from the server"));
    assert.ok(joins(network, 1, "qwertyuiop").station.isConnected);
    assert.ok(joins(network, 2, "from the server").station.isConnected);
    network.stop();
  });

  test("during the handshake: the server hears what was proved, and a refusal sends the station away", async () => {
    const config = `${psk}\n${authServer}\nwpa_psk_radius=3`;
    const network = await startNetwork(
      config,
      acceptsWithPassword("from the server", new AttributeList().add(radius.sessionTimeout, 60).list),
    );
    assert.ok(joins(network, 1, "from the server").station.isConnected);
    const [request] = network.radius.requests;
    assert.ok(request);
    assert.equal(value(request, radius.wlanAkmSuite), 0x000fac02);
    assert.equal(value(request, radius.freeRadiusAnonce)?.length, 32);
    assert.equal(value(request, radius.freeRadiusEapolKeyMsg)?.[1], 3, "EAPOL-Key");
    network.radius.servers.set("192.0.2.1:1812", (each) => each.answer("Access-Reject"));
    const two = joins(network, 2, "from the server");
    assert.ok(!two.station.isConnected);
    assert.ok(network.eventsOf(two).includes("station-left"));
    network.stop();
  });
});
