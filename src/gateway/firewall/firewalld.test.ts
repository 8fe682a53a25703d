import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bus } from "../../linux/bus.ts";
import { joinZone, leaveZone, zoneForStations, zoneOf } from "./firewalld.ts";

/** As firewalld 1.3.3 of Debian 12 answers. */
function firewalld(zones: readonly string[], initially: Readonly<Record<string, string>> = {}) {
  const placed = new Map(Object.entries(initially));
  let runs = true;
  const bus: Bus = {
    has: (service) => runs && service === "org.fedoraproject.FirewallD1",
    call: ({ member }, signature, first = "", second = "") => {
      switch (`${member} ${signature ?? ""}`) {
        case "getZones ":
          return [zones];
        case "getZoneOfInterface s":
          return [placed.get(first) ?? ""];
        case "changeZoneOfInterface ss":
          placed.set(second, first);
          return [first];
        case "removeInterface ss":
          placed.delete(second);
          return [first];
      }
      throw new Error(`${member} ${signature}`);
    },
  };
  return {
    bus,
    placed,
    stop: () => {
      runs = false;
    },
  };
}

test("stations are joined to the zone for shared connections, an old firewalld's trust those", () => {
  assert.equal(zoneForStations(firewalld(["block", "nm-shared", "trusted"]).bus), "nm-shared");
  assert.equal(zoneForStations(firewalld(["block", "trusted"]).bus), "trusted");
  const gone = firewalld(["nm-shared"]);
  gone.stop();
  assert.equal(zoneForStations(gone.bus), undefined);
});

test("the interface goes back where it was, unless somebody has moved it since", () => {
  const { bus, placed, stop } = firewalld(["nm-shared", "home"], { wlan0: "home" });
  const before = zoneOf(bus, "wlan0");
  joinZone(bus, "nm-shared", "wlan0");
  leaveZone(bus, "nm-shared", before, "wlan0");
  assert.equal(placed.get("wlan0"), "home");
  joinZone(bus, "nm-shared", "wlan1");
  leaveZone(bus, "nm-shared", "", "wlan1");
  assert.equal(placed.has("wlan1"), false);
  leaveZone(bus, "nm-shared", "", "wlan1");
  joinZone(bus, "nm-shared", "wlan0");
  placed.set("wlan0", "block");
  leaveZone(bus, "nm-shared", before, "wlan0");
  assert.equal(placed.get("wlan0"), "block");
  stop();
  leaveZone(bus, "block", before, "wlan0");
  assert.equal(placed.get("wlan0"), "block");
});
