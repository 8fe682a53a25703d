/** Reloads of a radio that is up: who stays, who goes, and what happens when the kernel refuses half-way. */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { configurationOf } from "../../testing/observed-radio.ts";
import { open, refusalOf, Workshop } from "../../testing/radio-workshop.ts";
import { textOf, utf8 } from "../base/bytes.ts";
import { KernelRefusal } from "../base/errors.ts";
import type { VirtualStation } from "../virtual/station.ts";
import { ReloadFailure } from "./reload.ts";

const wpa2 = "wpa=2\nwpa_key_mgmt=WPA-PSK\nrsn_pairwise=CCMP";
const guests = (...lines: readonly string[]): string =>
  [open, "bss=wlan0_1", "ssid=guests", wpa2, "wpa_passphrase=first horse", ...lines].join("\n");

/** One in each network. */
async function occupied(): Promise<{ shop: Workshop; home: VirtualStation; guest: VirtualStation }> {
  const shop = await new Workshop(guests()).up();
  const home = await shop.station();
  const guest = await shop.station({ ssid: utf8("guests"), security: { secret: { passphrase: "first horse" } } });
  shop.news();
  return { shop, home, guest };
}

const reloaded = async (shop: Workshop, text: string): Promise<void> => {
  const done = shop.radio.reload(configurationOf(text));
  await shop.pass(300);
  await done;
};

describe("only those go whom it concerns", () => {
  test("another name, another cipher or other rates in one BSS", async () => {
    for (const change of [
      guests().replace("ssid=guests", "ssid=others"),
      guests("extended_key_id=1"),
      guests("dtim_period=3"),
    ]) {
      const { shop, home, guest } = await occupied();
      await reloaded(shop, change);
      assert.deepEqual([home.isConnected, guest.isConnected], [true, false]);
      assert.deepEqual(shop.news(), ["station-disconnected wlan0_1"]);
      assert.equal(shop.radio.bsses.length, 2);
      await reloaded(shop, guests());
      const again = await shop.station({ ssid: utf8("guests"), security: { secret: { passphrase: "first horse" } } });
      assert.ok(again.isConnected && home.isConnected);
      shop.radio.disable();
    }
  });

  test("another passphrase: those of that BSS, with the reason", async () => {
    const { shop, home, guest } = await occupied();
    await reloaded(shop, guests("wpa_passphrase=second horse"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await shop.pass(300);
    assert.deepEqual([home.isConnected, guest.isConnected], [true, false]);
    const other = await shop.station({ ssid: utf8("guests"), security: { secret: { passphrase: "second horse" } } });
    assert.ok(other.isConnected);
    shop.radio.disable();
  });

  test("a passphrase that stays beside others in a file: nobody", async () => {
    const { shop, home, guest } = await occupied();
    shop.pskEntries = [
      {
        station: undefined,
        secret: { type: "passphrase", octets: utf8("other horse") },
        keyId: undefined,
        vlanId: 0,
        wps: false,
        line: 1,
      },
    ];
    const to = configurationOf(guests());
    const bsses = to.bsses.map((bss, i) => (i === 1 ? { ...bss, wpa_psk_file: "/keys" } : bss));
    const done = shop.radio.reload({ ...to, bsses });
    await shop.pass(300);
    await done;
    assert.deepEqual([home.isConnected, guest.isConnected], [true, true]);
    const other = await shop.station({ ssid: utf8("guests"), security: { secret: { passphrase: "other horse" } } });
    assert.ok(other.isConnected);
    shop.radio.disable();
  });

  test("a BSS more, a BSS less", async () => {
    const { shop, home, guest } = await occupied();
    await reloaded(shop, `${guests()}\nbss=wlan0_2\nssid=third`);
    assert.deepEqual([home.isConnected, guest.isConnected, shop.radio.bsses.length], [true, true, 3]);
    assert.deepEqual(shop.news(), ["ap-enabled wlan0_2"]);
    await reloaded(shop, open);
    assert.deepEqual([home.isConnected, guest.isConnected, shop.radio.bsses.length], [true, false, 1]);
    assert.deepEqual(shop.news(), ["station-disconnected wlan0_1", "ap-disabled wlan0_1", "ap-disabled wlan0_2"]);
    shop.radio.disable();
  });

  test("whom the list denies", async () => {
    const { shop, home, guest } = await occupied();
    const to = configurationOf(guests());
    const entries = new Map([[home.address, 0]]);
    const bsses = to.bsses.map((bss, i) => (i === 0 ? { ...bss, deny_mac_file: { entries } } : bss));
    const done = shop.radio.reload({ ...to, bsses } as typeof to);
    await shop.pass(300);
    await done;
    assert.deepEqual([home.isConnected, guest.isConnected], [false, true]);
    shop.radio.disable();
  });

  test("everybody, where all BSSs have to begin anew, on the same interfaces", async () => {
    for (const change of [guests("beacon_int=50"), guests("driver_params=x")]) {
      const { shop, home, guest } = await occupied();
      await reloaded(shop, change);
      assert.deepEqual([home.isConnected, guest.isConnected], [false, false]);
      assert.deepEqual([shop.radio.state, shop.radio.bsses.length], ["ENABLED", 2]);
      assert.ok(shop.radio.bsses.every((bss) => bss.isBeaconing));
      shop.radio.disable();
    }
  });

  test("nobody for another channel: all come along", async () => {
    const { shop, home, guest } = await occupied();
    const done = shop.radio.reload(configurationOf(guests("max_num_sta=5").replace("channel=1", "channel=6")));
    await shop.pass(2000);
    assert.deepEqual(
      (await done).steps.map(({ type }) => type),
      ["switch-channel", "show-settings"],
    );
    assert.deepEqual([home.isConnected, guest.isConnected, shop.radio.plan?.channel], [true, true, 6]);
    assert.equal(shop.radio.settings.channel, 6);
    shop.radio.disable();
  });

  test("everybody for another channel that the driver can't announce, or doesn't go to", async () => {
    for (const announcement of [
      () => {
        throw new KernelRefusal("CHANNEL_SWITCH", "EOPNOTSUPP");
      },
      () => "silent" as const,
    ]) {
      const { shop, home, guest } = await occupied();
      shop.whims.switchChannel = announcement;
      const done = shop.radio.reload(configurationOf(guests().replace("channel=1", "channel=6")));
      await shop.pass(10_000);
      assert.deepEqual(
        (await done).steps.map(({ type }) => type),
        ["begin-all"],
      );
      assert.deepEqual([home.isConnected, guest.isConnected, shop.radio.plan?.channel], [false, false, 6]);
      shop.radio.disable();
    }
  });

  test("nobody for another country that allows the channel; the beacon names it", async () => {
    const { shop, home, guest } = await occupied();
    const beacons: Uint8Array[] = [];
    shop.medium.monitor((frame) => {
      if (frame[0] === 0x80) beacons.push(frame);
    });
    await reloaded(shop, guests("country_code=DE", "ieee80211d=1"));
    assert.deepEqual([home.isConnected, guest.isConnected], [true, true]);
    assert.equal(shop.radio.country, "DE");
    assert.ok(textOf(beacons.at(-1) ?? new Uint8Array()).includes("DE "));
    shop.radio.disable();
  });

  test("the first BSS goes, and the radio is called after the next one", async () => {
    const { shop, home, guest } = await occupied();
    const { radio, bsses } = configurationOf(guests());
    const done = shop.radio.reload({ radio, bsses: bsses.slice(1) });
    await shop.pass(300);
    await done;
    assert.deepEqual([home.isConnected, guest.isConnected, shop.radio.name], [false, true, "wlan0_1"]);
    shop.radio.disable();
  });
});

describe("the kernel refuses", () => {
  const no = (): never => {
    throw new KernelRefusal("START_AP", "EINVAL", "no");
  };

  test("a BSS with its new settings: it has the old ones again, and the others notice nothing", async () => {
    const { shop, home } = await occupied();
    let refusals = 1;
    shop.whims.startAp = () => {
      if (refusals-- > 0) no();
    };
    const refusal = await refusalOf(
      shop.radio.reload(configurationOf(guests("max_num_sta=5").replace("ssid=guests", "ssid=others"))),
    );
    assert.ok(refusal instanceof ReloadFailure);
    assert.match(refusal.message, /'begin-bss'.*START_AP: EINVAL \(no\); what ran before runs again/);
    await shop.pass(300);
    assert.ok(home.isConnected);
    assert.deepEqual(shop.radio.configuration, configurationOf(guests()));
    const again = await shop.station({ ssid: utf8("guests"), security: { secret: { passphrase: "first horse" } } });
    assert.ok(again.isConnected);
    shop.radio.disable();
  });

  test("a BSS that is new: nobody has gone, also not with the BSS that was to go", async () => {
    const { shop, home, guest } = await occupied();
    shop.whims.startAp = no;
    const to = `${open}\nmax_num_sta=3\nbss=wlan0_2\nssid=third`;
    assert.ok((await refusalOf(shop.radio.reload(configurationOf(to)))) instanceof ReloadFailure);
    await shop.pass(300);
    assert.deepEqual([home.isConnected, guest.isConnected], [true, true]);
    assert.deepEqual(
      shop.radio.bsses.map(({ name }) => name),
      ["wlan0", "wlan0_1"],
    );
    assert.equal(shop.radio.bsses[0]?.settings.max_num_sta, 2007);
    shop.radio.disable();
  });

  test("another channel: all are back on the old one", async () => {
    const { shop } = await occupied();
    let attempts = 0;
    shop.whims.startAp = () => {
      attempts += 1;
      if (attempts === 2) no();
    };
    shop.whims.switchChannel = () => {
      throw new KernelRefusal("CHANNEL_SWITCH", "EOPNOTSUPP");
    };
    const to = configurationOf(guests().replace("channel=1", "channel=6"));
    assert.ok((await refusalOf(shop.radio.reload(to))) instanceof ReloadFailure);
    assert.deepEqual([shop.radio.plan?.channel, shop.radio.settings.channel, shop.radio.state], [1, 1, "ENABLED"]);
    assert.ok(shop.radio.bsses.every((bss) => bss.isBeaconing));
    shop.radio.disable();
  });

  test("a beacon: the old one is on the air, and the step before it is taken back too", async () => {
    const { shop, home, guest } = await occupied();
    let beacons = 0;
    shop.whims.updateBeacon = () => {
      beacons += 1;
      if (beacons === 2) throw new KernelRefusal("SET_BEACON", "EMSGSIZE");
    };
    const to = guests().replace(open, `${open}\nrts_threshold=500\nvendor_elements=dd03001122`);
    const refusal = await refusalOf(shop.radio.reload(configurationOf(`${to}\nvendor_elements=dd03001122`)));
    assert.ok(refusal instanceof ReloadFailure && refusal.lost.length === 0);
    assert.equal(beacons, 4);
    assert.deepEqual([home.isConnected, guest.isConnected], [true, true]);
    assert.equal(shop.radio.settings.rts_threshold, undefined);
    shop.radio.disable();
  });

  test("even the old settings: what is lost is said", async () => {
    const { shop, home } = await occupied();
    shop.whims.startAp = no;
    const refusal = await refusalOf(shop.radio.reload(configurationOf(guests("dtim_period=3"))));
    assert.ok(refusal instanceof ReloadFailure);
    assert.match(refusal.message, /back to what ran before, but for wlan0_1: START_AP/);
    assert.ok(home.isConnected);
    shop.radio.disable();
  });
});

describe("reloads that something comes between", () => {
  test("one after the other", async () => {
    const { shop } = await occupied();
    const first = shop.radio.reload(configurationOf(guests("country_code=DE")));
    const second = shop.radio.reload(configurationOf(guests("country_code=DE", "max_num_sta=3")));
    assert.throws(() => shop.radio.removeBss("wlan0_1"), /being reloaded/);
    await shop.pass(300);
    await first;
    await second;
    assert.deepEqual([shop.radio.country, shop.radio.bsses[1]?.settings.max_num_sta], ["DE", 3]);
    shop.radio.disable();
  });

  test("disabled while the country is waited for: it stays disabled", async () => {
    const { shop } = await occupied();
    const attempt = refusalOf(shop.radio.reload(configurationOf(guests("country_code=ZW"))));
    await shop.pass(300);
    shop.radio.disable();
    assert.match((await attempt).message, /disabled while it was reloaded/);
    await shop.pass(6000);
    assert.equal(shop.radio.state, "DISABLED");
  });

  test("while the interface is down: it comes up with all that has changed", async () => {
    const { shop } = await occupied();
    for (const name of ["wlan0", "wlan0_1"]) shop.driver.setLink(name, "down");
    await reloaded(shop, `${guests().replace("ssid=guests", "ssid=others")}\nbss=wlan0_2\nssid=third`);
    assert.equal(shop.radio.state, "DISABLED");
    shop.driver.setLink("wlan0", "up");
    await shop.pass(300);
    assert.equal(shop.radio.state, "ENABLED");
    assert.deepEqual(
      shop.radio.bsses.map(({ settings }) => textOf(settings.ssid)),
      ["somename", "others", "third"],
    );
    shop.radio.disable();
  });
});

test("a radio and a BSS that could not start are tried at once with other settings", async () => {
  const shop = new Workshop(`${open.replace("channel=1", "channel=13")}\ncountry_code=US`);
  const refused = refusalOf(shop.radio.enable());
  await shop.pass(100);
  await refused;
  shop.radio.outages.persevere();
  await shop.pass(100_000, 1000);
  await shop.radio.reload(configurationOf(`${open}\nbss=wlan0_1\nssid=second`));
  shop.whims.startAp = (name) => {
    if (name === "wlan0_1") throw new KernelRefusal("START_AP", "EINVAL");
  };
  await shop.pass(100);
  assert.deepEqual([shop.radio.state, shop.radio.bsses.length], ["ENABLED", 1]);
  await shop.pass(100_000, 1000);
  delete shop.whims.startAp;
  await shop.radio.reload(configurationOf(`${open}\nbss=wlan0_1\nssid=other`));
  await shop.pass(1100);
  assert.deepEqual(shop.radio.bsses[1]?.settings.ssid, utf8("other"));
  shop.radio.disable();
  await shop.pass(10);
  assert.deepEqual(shop.clock.armed, []);
});

test("a dry run says what a reload then does, and does nothing", async () => {
  const { shop, guest } = await occupied();
  const to = configurationOf(guests("dtim_period=3", "ap_max_inactivity=7"));
  const dry = shop.radio.planReload(to);
  assert.deepEqual(shop.news(), []);
  assert.ok(guest.isConnected);
  assert.deepEqual(await shop.radio.reload(to), dry);
  assert.deepEqual(shop.radio.planReload(to), { changes: [], steps: [] });
  shop.radio.disable();
});
