import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../base/bytes.ts";
import type { SurveyedInterface, SurveyedRadio } from "../../driver/nl80211/survey.ts";
import type { InterfaceType } from "../../driver/port.ts";
import { virtualCapabilities } from "../../driver/virtual/capabilities.ts";
import { channelsTogether, chooseForUp, type Wish } from "./choose-radio.ts";

const idle: SurveyedInterface = {
  name: "wlan0",
  type: "station",
  isUp: false,
  hasMaster: false,
  ssid: undefined,
  frequency: undefined,
};
const connected: SurveyedInterface = { ...idle, isUp: true, frequency: 2437, ssid: utf8("home") };

/** As `iw list` of brcmfmac and of ath9k says: at most so many, on so many channels. */
const together = (maxChannels: number, stations = 1) => ({
  maxInterfaces: 3,
  maxChannels,
  limits: [
    { max: stations, types: ["station"] as InterfaceType[] },
    { max: 1, types: ["ap"] as InterfaceType[] },
  ],
});

const radio = (only: SurveyedInterface, combinations = [together(1)]): SurveyedRadio => ({
  capabilities: { ...virtualCapabilities("phy0", "DE"), combinations },
  isBlocked: false,
  interfaces: [only],
});

const wish: Wish = { interfaceName: undefined, uplink: "eth0", letsGo: () => false };

test("a radio that is idle comes first, then one that is lent, then one beside its station", () => {
  const wlan1 = { ...idle, name: "wlan1" };
  const held = { ...idle, name: "wlan2", isUp: true };
  const radios = [radio(connected), radio(held), radio(wlan1)];
  const letsGo = (name: string): boolean => name === "wlan2" || name === "wlan0";
  assert.equal(chooseForUp(radios, { ...wish, letsGo }).kind, "whole");
  const first = chooseForUp(radios, { ...wish, letsGo });
  assert.ok(first.kind === "whole" && first.interfaceName === "wlan1");
  const second = chooseForUp(radios.slice(0, 2), { ...wish, letsGo });
  assert.ok(second.kind === "whole" && second.interfaceName === "wlan2");
  const third = chooseForUp(radios.slice(0, 1), { ...wish, letsGo });
  assert.ok(third.kind === "beside" && third.station === "wlan0" && third.frequency === 2437 && !third.mayDiffer);
  assert.match(third.why, /'home'/);
});

test("the way out is kept, whatever is asked for", () => {
  const asked = { ...wish, interfaceName: "wlan0" };
  assert.equal(chooseForUp([radio(connected)], asked).kind, "whole");
  const isWayOut = { ...asked, uplink: "wlan0" };
  assert.equal(chooseForUp([radio(connected)], isWayOut).kind, "beside");
  assert.throws(() => chooseForUp([radio(connected, [])], isWayOut), /own way out, and phy0 can't be an access point/);
  const onRadar = { ...connected, frequency: 5260 };
  assert.throws(
    () => chooseForUp([radio(onRadar)], isWayOut),
    /at the station's, 5260 MHz, no access point is allowed/,
  );
  const two = chooseForUp([radio(onRadar, [together(2)])], isWayOut);
  assert.ok(two.kind === "beside" && two.mayDiffer);
});

test("without any the reasons are told", () => {
  assert.throws(() => chooseForUp([], wish), /this machine has none/);
  assert.throws(() => chooseForUp([radio(connected, [])], wish), /wlan0 \(phy0\): is connected with 'home'/);
  assert.throws(() => chooseForUp([], { ...wish, interfaceName: "wlan9" }), /there is no Wi-Fi interface 'wlan9'/);
});

test("combinations count what is there already", () => {
  assert.equal(channelsTogether(radio(connected, [together(2)])), 2);
  const apToo: SurveyedRadio = {
    ...radio(connected, [together(2)]),
    interfaces: [connected, { ...idle, name: "ap0", type: "ap", isUp: true }],
  };
  assert.equal(channelsTogether(apToo), 0);
  assert.equal(
    channelsTogether(radio(connected, [{ maxInterfaces: 1, maxChannels: 1, limits: together(1).limits }])),
    0,
  );
});
