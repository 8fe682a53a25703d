import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReloadPlan, Step } from "../ap/reload-plan.ts";
import { reportJson, reportOf, type Standing, sentencesOf } from "./reload-report.ts";

const standing: Standing = {
  radio: "wlan0",
  isUp: true,
  stations: new Map([
    ["wlan0", 3],
    ["wlan0_1", 1],
  ]),
};
const planOf = (...steps: Step[]): ReloadPlan => ({ changes: [], steps });

test("a sentence for each step, with how many stations that concerns", () => {
  const report = reportOf(
    planOf(
      { type: "set-country", keys: ["country_code"] },
      { type: "set-thresholds", keys: ["rts_threshold"] },
      { type: "restart-radio", keys: ["driver_params", "driver_params"] },
      { type: "add-bss", bss: "wlan0_2", keys: ["bss"] },
      { type: "remove-bss", bss: "wlan0_1", keys: ["bss"] },
      { type: "begin-bss", bss: "wlan0", keys: ["ssid", "wpa"] },
      { type: "reopen-bss", bss: "wlan0_3", keys: ["bssid"] },
      { type: "show-settings", bss: "wlan0", keys: ["max_num_sta"] },
      { type: "reopen-socket", bss: "wlan0", keys: ["ctrl_interface"] },
      { type: "change-keys", bss: "wlan0", keys: ["wpa_passphrase"] },
      { type: "check-admission", bss: "wlan0_1", keys: ["deny_mac_file"] },
    ),
    standing,
  );
  assert.deepEqual(sentencesOf(report), [
    "wlan0: country_code: the country's rules are put in force; where they forbid the channel, all stays as it is",
    "wlan0: rts_threshold: told to the driver; nobody notices",
    "wlan0: driver_params: the radio and all its interfaces start anew; its 4 stations have to go",
    "wlan0_2: is added; nobody notices",
    "wlan0_1: is removed; its station has to go",
    "wlan0: ssid, wpa: begins anew; its 3 stations have to go",
    "wlan0_3: bssid: begins anew, with its interface; there are no stations that would have to go",
    "wlan0: max_num_sta: in force at once; nobody has to go",
    "wlan0: ctrl_interface: the control socket is opened anew; nobody notices",
    "wlan0: wpa_passphrase: other keys; of 3 stations those go whose key is none any more",
    "wlan0_1: deny_mac_file: of 1 station those go who are not let in any more",
  ]);
  assert.deepEqual(JSON.parse(reportJson(report)), report);
});

test("nothing to do, and a radio that is down", () => {
  assert.deepEqual(sentencesOf(reportOf(planOf(), standing)), ["wlan0: nothing changes"]);
  const down = { ...standing, isUp: false };
  assert.deepEqual(sentencesOf(reportOf(planOf(), down)), ["wlan0: nothing changes"]);
  const changes = [{ bss: "wlan0", key: "ssid", cost: "stations" }] as const;
  assert.deepEqual(sentencesOf(reportOf({ changes, steps: [] }, down)), ["wlan0: ssid: in force when the radio is up"]);
});
