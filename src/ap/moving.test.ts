import assert from "node:assert/strict";
import { test } from "node:test";
import { Workshop } from "../../testing/radio-workshop.ts";
import { utf8 } from "../base/bytes.ts";
import type { MacAddress } from "../base/mac-address.ts";
import { forgetElsewhere } from "./moving.ts";

const address = "02:00:00:00:77:00" as MacAddress;
type Kind = "open" | "closed";
const passphrase = "correct horse";
const wpa2 = ["wpa=2", "rsn_pairwise=CCMP", `wpa_passphrase=${passphrase}`];

/** A station in the first network, then in the second: is it still in the first? */
async function staysBehind(from: Kind, to: Kind, ...more: readonly string[]): Promise<boolean> {
  const lines = (kind: Kind): readonly string[] => (kind === "closed" ? wpa2 : []);
  const first = ["ssid=first", "hw_mode=g", "channel=1", ...lines(from), ...more];
  const shop = await new Workshop([...first, "bss=wlan0_1", "ssid=second", ...lines(to)].join("\n")).up();
  const [one, other] = shop.radio.bsses;
  assert.ok(one && other);
  const security = (kind: Kind) => (kind === "closed" ? { security: { secret: { passphrase } } } : {});
  const early = await shop.station({ address, ssid: utf8("first"), ...security(from) });
  assert.ok(one.stations.get(address)?.isAuthorized);
  early.vanish();
  await shop.station({ address, ssid: utf8("second"), ...security(to) });
  const event = shop.events.findLast(({ type }) => type === "station-connected");
  assert.ok(event);
  forgetElsewhere([shop.radio], event);
  assert.ok(other.stations.get(address)?.isAuthorized, "it is in the second");
  return one.stations.has(address);
}

test("who has moved to another BSS leaves nothing behind, whatever the networks are", async () => {
  assert.ok(!(await staysBehind("open", "open")));
  assert.ok(!(await staysBehind("open", "closed")));
  assert.ok(!(await staysBehind("closed", "closed")));
});

test("whoever joins an open network under a station's address doesn't throw it out of a protected one", async () => {
  assert.ok(await staysBehind("closed", "open"));
});

test("for tests, it may stay", async () => {
  assert.ok(await staysBehind("open", "open", "skip_prune_assoc=1"));
});
