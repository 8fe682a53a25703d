import assert from "node:assert/strict";
import { test } from "node:test";
import { Workshop } from "../../testing/radio-workshop.ts";
import type { MacAddress } from "../base/mac-address.ts";
import type { Negotiated } from "../rsn/negotiated.ts";
import type { Bss } from "./bss.ts";

const closed = "ssid=somename\nhw_mode=g\nchannel=1\nwpa=2\nrsn_pairwise=CCMP\nwpa_passphrase=correct horse";
const security = { secret: { passphrase: "correct horse" } } as const;
const here = "02:00:00:00:66:00" as MacAddress;

/** As if the station had agreed on TKIP: the virtual radio has none. */
function withTkip(bss: Bss, station: MacAddress): void {
  const { authenticator } = bss.stations.get(station) ?? assert.fail("it is not here");
  assert.ok(authenticator);
  const agreed: Negotiated = { ...authenticator.agreed, pairwise: "TKIP", group: "TKIP" };
  Object.defineProperty(authenticator, "agreed", { value: agreed });
}

async function network(): Promise<{ shop: Workshop; bss: Bss; fail: () => void }> {
  const shop = await new Workshop(closed).up();
  const [bss] = shop.radio.bsses;
  assert.ok(bss);
  await shop.station({ address: here, security });
  withTkip(bss, here);
  shop.news();
  const fail = () => bss.onEvent({ type: "michael-mic-failure", station: here, group: false });
  return { shop, bss, fail };
}

test("two failures: everybody goes with reason 14, the group key changes, and nobody comes for a minute", async () => {
  const { shop, bss, fail } = await network();
  const other = await shop.station({ security });
  shop.news();
  const { key } = bss.authenticator?.groupKey ?? assert.fail();
  const before = key.slice();
  fail();
  assert.deepEqual(shop.news(), []);
  assert.deepEqual(bss.stations.get(here)?.authenticator?.michaelFailures, { local: 1, remote: 0 });
  fail();
  const left = shop.events.flatMap((event) =>
    event.type === "station-left" ? [`${event.station} ${event.reason}`] : [],
  );
  assert.deepEqual(left.sort(), [`${here} mic-failure`, `${other.address} mic-failure`].sort());
  assert.notDeepEqual(bss.authenticator?.groupKey.key, before);
  assert.ok(shop.said(/TKIP countermeasures initiated/));
  assert.equal(bss.countermeasures.invoked, 1);
  await shop.pass(1000);
  assert.equal(bss.stations.size, 0);

  shop.news();
  await assert.rejects(shop.station({ security }), "nobody comes");
  const refused = shop.events.findLast(({ type }) => type === "station-refused");
  assert.ok(refused?.type === "station-refused" && refused.status === "unspecified-failure");
  await shop.pass(60_000, 1000);
  assert.ok(shop.said(/TKIP countermeasures ended/));
  await shop.station({ security });
});

test("a failure a minute is not enough, nor are any of a station without TKIP or of nobody's", async () => {
  const { shop, bss, fail } = await network();
  for (let minute = 0; minute < 3; minute++) {
    fail();
    await shop.pass(60_100, 1000);
  }
  assert.equal(bss.countermeasures.invoked, 0);
  const { address } = await shop.station({ security });
  for (const station of [address, "02:00:00:00:99:99" as MacAddress]) {
    for (let i = 0; i < 5; i++) bss.onEvent({ type: "michael-mic-failure", station, group: false });
  }
  assert.equal(bss.countermeasures.invoked, 0);
  assert.equal(bss.tally.counts.get("Michael MIC failure of a station without TKIP"), 10);
});

test("a network that is taken down forgets them", async () => {
  const { shop, bss, fail } = await network();
  fail();
  fail();
  assert.ok(bss.countermeasures.inForce);
  shop.radio.disable();
  assert.ok(!bss.countermeasures.inForce);
  await shop.pass(1000);
  assert.deepEqual(
    shop.clock.armed.filter((name) => name === "TKIP countermeasures"),
    [],
  );
  assert.ok(!shop.said(/TKIP countermeasures ended/));
});
